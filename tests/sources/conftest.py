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
    """A small site: three commits, one of them a merge's side."""
    workshop = make()
    workshop.commit("first", _config__yml="title: A\n", index__md="---\n---\nHello\n")
    workshop.commit("second", index__md="---\n---\nHello again\n", about__md="---\n---\nUs\n")
    workshop.commit("third", **{"about__md": "---\n---\nAll of us\n"})
    return workshop


@pytest.fixture(scope="session")
def git_version() -> tuple[int, ...]:
    """The installed git, for features that came late."""
    said = subprocess.run(["git", "--version"], capture_output=True, check=True)  # noqa: S607
    return tuple(int(part) for part in said.stdout.split()[2].split(b".")[:2])
