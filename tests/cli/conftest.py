"""Where commands run: a place of their own, and an archive that asking must not change."""

from pathlib import Path

import pytest

from tests.archives import kept_as_it_was, write_files
from tests.cli.command import SITE, Ask, Ran, command


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, empty: nothing may be left in it."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write_files(tmp_path / "site", SITE)


@pytest.fixture
def ask(mill_archive: Path) -> Ask:
    """`ask("list")` asks the sample's archive, and holds that it stays as it was."""

    def asked(*arguments: str) -> Ran:
        with kept_as_it_was(mill_archive):
            return command(*arguments, "--archive", mill_archive)

    return asked
