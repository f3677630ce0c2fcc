import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sources.workshop import Workshop

Make = Callable[..., Workshop]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """`make("name", *init_options)` gives an empty repository of that name."""

    def create(name: str = "my-site", *options: str) -> Workshop:
        return Workshop.create(tmp_path / name, *options)

    return create


@pytest.fixture
def site(make: Make) -> Workshop:
    """A small site: three commits, two files changed."""
    workshop = make()
    workshop.commit({"_config.yml": "title: A\n", "index.md": "---\n---\nHello\n"}, "first")
    workshop.commit({"index.md": "---\n---\nHello again\n", "about/us.md": "Us\n"}, "second")
    workshop.commit({"about/us.md": "---\n---\nAll of us\n"}, "third")
    return workshop


@pytest.fixture(scope="session")
def git_version() -> tuple[int, ...]:
    """The installed git, for features that came late."""
    said = subprocess.run(["git", "--version"], capture_output=True, check=True)  # noqa: S607
    return tuple(int(part) for part in said.stdout.split()[2].split(b".")[:2])
