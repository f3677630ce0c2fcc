import random
import shlex
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import (
    EmptyRepositoryError,
    LimitError,
    PipelineError,
    SourceError,
    UnknownRevisionError,
    UnreachableError,
)
from pipeline.sources import Limits, SourceKind, open_source
from tests.sources.conftest import Make
from tests.sources.server import Certificate, Dumb, Guarded, Redirecting, Smart, serve
from tests.sources.workshop import Workshop, run_git

Need = Callable[[str], Path]


@pytest.fixture(scope="session")
def certificate(need: Need, tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate that our server shows and our client trusts."""
    return Certificate.make(need("openssl"), tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def trusting(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Limits:
    """Limits that trust the test's certificate, without the proxy of this machine."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    return Limits(certificates=certificate.certificate, connect_seconds=20)


@pytest.fixture
def served(site: Workshop, tmp_path: Path) -> Path:
    """A folder that holds the site as `site.git`, ready for both protocols."""
    site.git("tag", "v1", "HEAD~1")
    run_git(tmp_path, "clone", "--quiet", "--bare", str(site.folder), "served/site.git")
    run_git(tmp_path / "served" / "site.git", "update-server-info")
    return tmp_path / "served"


def failure(location: str, limits: Limits) -> PipelineError:
    with pytest.raises(SourceError) as caught, open_source(location, limits=limits):
        pass
    assert str(caught.value).isprintable()
    return caught.value


@pytest.mark.parametrize("handler", [Smart, Dumb])
def test_clones_over_https(
    handler: type[Dumb], served: Path, site: Workshop, certificate: Certificate, trusting: Limits
) -> None:
    with serve(handler, served, certificate) as url:
        location = f"{url}/site.git"
        with open_source(location, limits=trusting) as source:
            assert (source.kind, source.name) == (SourceKind.URL, "site")
            assert (source.location, source.origin) == (location, location)
            assert source.revision is not None
            assert source.revision.oid == site.git("rev-parse", "HEAD")
            read = {entry.path: data for entry, data in source.read(source.entries)}
            assert len(source.first_and_last()) == 3
        with open_source(location, rev="v1", limits=trusting) as source:
            assert source.revision is not None
            assert source.revision.message == "second\n"
        with pytest.raises(UnknownRevisionError), open_source(location, rev="v9", limits=trusting):
            pass
    assert read["index.md"] == b"---\n---\nHello again\n"


def test_clones_with_a_password_and_never_shows_it(
    served: Path, certificate: Certificate, trusting: Limits
) -> None:
    with serve(Guarded, served, certificate) as url:
        bare = url.removeprefix("https://")
        with open_source(f"https://reader:hunter2@{bare}/site.git", limits=trusting) as source:
            assert source.location == source.origin == f"{url}/site.git"
            assert len(source.entries) == 3
        wrong = failure(f"https://reader:wr0ng@{bare}/site.git?token=t0ken", trusting)
        missing = failure(f"{url}/site.git", trusting)
    assert isinstance(wrong, UnreachableError)
    assert "wr0ng" not in str(wrong)
    assert "t0ken" not in str(wrong)
    assert isinstance(missing, UnreachableError)
    assert "could not read Username" in str(missing)


def test_says_that_there_is_nothing_to_clone(
    make: Make, served: Path, certificate: Certificate, trusting: Limits, tmp_path: Path
) -> None:
    make("empty")
    run_git(tmp_path, "clone", "--quiet", "--bare", "empty", "served/empty.git")
    with serve(Smart, served, certificate) as url:
        assert isinstance(failure(f"{url}/empty.git", trusting), EmptyRepositoryError)
        gone = failure(f"{url}/nowhere.git", trusting)
    assert isinstance(gone, UnreachableError)
    assert "not found" in str(gone)


def test_trusts_no_certificate_by_itself(
    served: Path, certificate: Certificate, trusting: Limits
) -> None:
    assert trusting.certificates is not None
    with serve(Smart, served, certificate) as url:
        error = failure(f"{url}/site.git", Limits())
    assert isinstance(error, UnreachableError)
    assert "certificate" in str(error)


def test_is_not_led_from_https_to_http(
    served: Path, certificate: Certificate, trusting: Limits
) -> None:
    with serve(Redirecting, served, certificate) as url:
        error = failure(f"{url}/site.git", trusting)
    assert isinstance(error, UnreachableError)
    assert "http" in str(error)


def test_gives_up_on_a_server_that_never_answers(need: Need) -> None:
    ps = need("ps")
    with socket.create_server(("localhost", 0)) as listening:
        location = f"https://localhost:{listening.getsockname()[1]}/a-silent-site"
        begun = time.monotonic()
        error = failure(location, Limits(connect_seconds=0.4))
        assert time.monotonic() - begun < 10
    assert isinstance(error, UnreachableError)
    assert str(error).endswith("no answer for 0.4 seconds")
    running = subprocess.run([ps, "-eo", "args"], capture_output=True, check=True).stdout
    assert b"a-silent-site" not in running


def test_says_why_a_port_is_closed(trusting: Limits) -> None:
    with socket.create_server(("localhost", 0)) as listening:
        port = listening.getsockname()[1]
    error = failure(f"https://localhost:{port}/site.git", trusting)
    assert isinstance(error, UnreachableError)
    assert "connect" in str(error).lower()


def test_stops_at_the_limits_of_size_and_time(
    make: Make, served: Path, certificate: Certificate, trusting: Limits, tmp_path: Path
) -> None:
    workshop = make("big")
    workshop.commit({"noise": random.Random(1).randbytes(300_000)})  # noqa: S311 - not a secret
    run_git(tmp_path, "clone", "--quiet", "--bare", "big", "served/big.git")
    certificates = trusting.certificates
    with serve(Smart, served, certificate) as url:
        large = failure(f"{url}/big.git", Limits(certificates=certificates, total_bytes=200_000))
        slow = failure(f"{url}/big.git", Limits(certificates=certificates, total_seconds=0))
    assert isinstance(large, LimitError)
    assert "the clone is over the limit of 200000 bytes" in str(large)
    assert isinstance(slow, LimitError)


@pytest.fixture
def ssh_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An `ssh` on the PATH that runs the command here and writes down how it was called."""
    log = tmp_path / "ssh.log"
    program = tmp_path / "bin" / "ssh"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n"
        f'printf "%s\\n" "$*" >> {shlex.quote(str(log))}\n'
        'for last; do :; done\ncase "$last" in *refused*) '
        'echo "ssh: connect to host localhost port 22: Connection refused" >&2; exit 255;; esac\n'
        'exec sh -c "$last"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    return log


@pytest.mark.parametrize("form", ["ssh://git@localhost{}/site.git", "git@localhost:{}/site.git"])
def test_clones_over_ssh_without_asking_a_person(form: str, served: Path, ssh_log: Path) -> None:
    with open_source(form.format(served)) as source:
        assert source.name == "site"
        assert source.origin == f"ssh://git@localhost{served}/site.git"
        assert len(source.entries) == 3
    called = ssh_log.read_text()
    assert "BatchMode=yes" in called
    assert "ConnectTimeout=30" in called
    assert "git@localhost" in called


def test_gives_the_words_of_ssh_when_it_fails(ssh_log: Path) -> None:
    error = failure("git@localhost:refused/site.git", Limits())
    assert ssh_log.exists()
    assert isinstance(error, UnreachableError)
    assert "Connection refused" in str(error)
