"""Viewers that others make, each installed once into a folder of its own in the checkout.

Their clients fetch them where this machine is set to fetch packages from. What is installed stays
for the next time; a lock keeps the workers of one run from doing it twice.
"""

import fcntl
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Need, absent

PLACE = Path(__file__).resolve().parents[1] / ".viewers"
PYWB = "pywb>=2.8,<3"
WEBPAGE = "replaywebpage@2"
MINUTES = 5


def _installed(name: str, install: Callable[[Path], None]) -> Path:
    """Give the folder of a viewer; install it where that was not done yet."""
    PLACE.mkdir(exist_ok=True)
    home = PLACE / name
    with (PLACE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "whole").exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            install(home)
            (home / "whole").touch()
    return home


def _do(*command: str | Path) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60 * MINUTES, check=False, cwd=PLACE
    )
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines()
        absent(
            f"{Path(command[0]).name} installs nothing here: {words[-1] if words else 'no word'}"
        )


@pytest.fixture(scope="session")
def pywb() -> Path:
    """The folder with the programs of pywb, in an environment of its own."""

    def install(home: Path) -> None:
        _do(sys.executable, "-m", "venv", home / "venv")
        _do(home / "venv" / "bin" / "pip", "install", "--quiet", PYWB)

    return _installed("pywb", install) / "venv" / "bin"


@pytest.fixture(scope="session")
def webpage(need: Need) -> Path:
    """The folder with the scripts of ReplayWeb.page."""
    npm = need("npm")

    def install(home: Path) -> None:
        _do(npm, "pack", "--silent", "--pack-destination", home, WEBPAGE)
        with tarfile.open(next(home.glob("*.tgz"))) as packed:
            packed.extractall(home, filter="data")

    return _installed("replaywebpage", install) / "package"
