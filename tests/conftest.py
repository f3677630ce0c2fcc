"""What every room's tests share: the outside parts, and walls around git and the network.

A test that needs a part of the system asks for it (`need("jekyll")`, `shared`, `aicam_bundle`) and
is skipped with a sentence where the part is absent. With `CI=true` nothing may skip: it fails.
"""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Never

import pytest

pytest_plugins = (
    "tests.databases",
    "tests.archives",
    "tests.browsers",
    "tests.checker",
    "tests.viewers",
)

Need = Callable[[str], Path]

SHARED = Path(__file__).resolve().parents[2] / "shared"
IDENTITY = {"NAME": "Test Author", "EMAIL": "author@example.org"}


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name bytes that are no plain text by their number: packed ones hold the second of packing.

    Workers collect at different seconds, and pytest-xdist refuses a run whose tests differ in name.
    """
    if isinstance(val, bytes) and not (val.isascii() and val.decode().isprintable()):
        return f"{len(val)} bytes"
    return None


def absent(sentence: str) -> Never:
    """Skip the test with this sentence; fail it where everything has to be present."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{sentence} (CI=true: nothing may be skipped)", pytrace=False)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def need() -> Need:
    """`need("jekyll")` gives the program's path, or skips the test."""

    def find(program: str) -> Path:
        found = shutil.which(program)
        if found is None:
            absent(f"the program {program} is not installed")
        return Path(found)

    return find


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the checkout that holds real data too large or not ours to ship."""
    if not SHARED.is_dir():
        absent("the shared folder beside the checkout is absent")
    return SHARED


@pytest.fixture(scope="session")
def aicam_bundle(shared: Path) -> Path:
    """The real site's content history. Other people's text: read it, never copy it."""
    bundle = shared / "data" / "ai-cam-content.bundle"
    if not bundle.is_file():
        absent("the shared folder has no data/ai-cam-content.bundle")
    return bundle


@pytest.fixture(scope="session")
def sample_bundle() -> Path:
    """The bundle of the sample site that the package ships."""
    from pipeline.sample import bundle_path  # noqa: PLC0415 - other rooms run without the sample

    return bundle_path()


@pytest.fixture(scope="session", autouse=True)
def _git_is_isolated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Git sees neither this machine's configuration nor the repository that the tests run in."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            patch.delenv(name)
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("GIT_TERMINAL_PROMPT", "0")
        for key, value in IDENTITY.items():
            patch.setenv(f"GIT_AUTHOR_{key}", value)
            patch.setenv(f"GIT_COMMITTER_{key}", value)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield


def _is_loopback(address: Any) -> bool:  # noqa: ANN401 - the shape depends on the family
    host = str(address[0]).partition("%")[0]
    if host in {"", "localhost"}:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False  # a name: resolving it would already be a question to the network


@pytest.fixture(scope="session", autouse=True)
def _network_is_off() -> Iterator[None]:
    """A connection to anything but this machine raises, so that no test depends on it."""

    def guarded(method: str) -> Callable[[socket.socket, Any], Any]:
        real = getattr(socket.socket, method)

        def connect(self: socket.socket, address: Any) -> Any:  # noqa: ANN401 - as socket has it
            inside = self.family not in {socket.AF_INET, socket.AF_INET6} or _is_loopback(address)
            if not inside:
                pytest.fail(f"a test tried to reach {address!r}; the network is off")
            return real(self, address)

        return connect

    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex"):
            patch.setattr(socket.socket, method, guarded(method))
        yield
