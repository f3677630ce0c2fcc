"""The site with a past, and an archive of it, for the tests that break archives."""

import shutil
from pathlib import Path

import pytest

from tests.archives import archive
from tests.faults.weir import Weir, make_weir


@pytest.fixture(scope="session")
def weir(tmp_path_factory: pytest.TempPathFactory) -> Weir:
    """The site. Nobody changes it: make one with `make_weir` for that."""
    return make_weir(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="session")
def weir_archive(weir: Weir, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of it with its rendered pages. Nobody changes it."""
    folder = tmp_path_factory.mktemp("archives") / "weir"
    archive(weir.location, folder, rendered=weir.rendered)
    return folder


@pytest.fixture
def weir_copy(weir_archive: Path, tmp_path: Path) -> Path:
    """A copy of that archive, to be damaged."""
    return Path(shutil.copytree(weir_archive, tmp_path / "weir"))
