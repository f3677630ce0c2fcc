"""The shipped HTML is what Jekyll makes of the bundle, and unpacking it harms nothing."""

import errno
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import DiskFullError, NotWritableError
from pipeline.sample import RENDERED_AT, SITE_URL, bundle_path, unpack_rendered
from tests.conftest import Need, absent
from tests.sample.build import build_zip, render

JEKYLL = "4.3.1"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("unpacked") / "_site"
    unpack_rendered(target)
    return target


@pytest.fixture
def jekyll(need: Need) -> None:
    answer = subprocess.run([need("jekyll"), "--version"], check=True, capture_output=True)
    version = answer.stdout.decode().split()[-1]
    if version != JEKYLL:
        absent(f"the sample was rendered by Jekyll {JEKYLL}, installed is {version}")


def contents(folder: Path) -> dict[str, bytes]:
    found = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in found}


@pytest.mark.usefixtures("jekyll")
def test_jekyll_renders_the_same_bytes(unpacked: Path, tmp_path: Path) -> None:
    render(bundle_path(), tmp_path / "_site")
    assert contents(tmp_path / "_site") == contents(unpacked)


@pytest.mark.usefixtures("jekyll")
def test_the_old_site_had_the_urls_that_the_new_one_lost(unpacked: Path, tmp_path: Path) -> None:
    render(bundle_path(), tmp_path / "_site", "before-redesign")
    old = {name for name in contents(tmp_path / "_site") if name.endswith("-wheel.html")}
    assert {name for name in old if name.startswith("journal/")} == {
        "journal/bram-oakhanger-zoe-ashgrove-wheel.html",
        "journal/ines-ferreira-holt-wheel.html",
        "journal/odo-penhallow-wheel.html",
        "journal/petra-saltmarsh-wheel.html",
        "journal/tomas-lindqvåg-wheel.html",
    }
    assert not old & contents(unpacked).keys()
    landing = (unpacked / "news/listening-at-the-wheel/index.html").read_text("utf-8")
    assert landing.count(f'href="{SITE_URL}/journal/') == 6


def test_zipping_is_deterministic_and_lossless(unpacked: Path, tmp_path: Path) -> None:
    build_zip(unpacked, tmp_path / "one.zip")
    build_zip(unpacked, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_the_pages_show_what_jekyll_does_with_the_traps(unpacked: Path) -> None:
    pages = {name: data.decode("utf-8", "replace") for name, data in contents(unpacked).items()}
    assert "from 37800" in pages["events/flour-day/index.html"]
    assert f"{RENDERED_AT:%Y-%m-%dT%H:%M:%S}" in pages["news/lost-cat-number-seven/index.html"]
    assert "<h1>/news/car-park-closed/</h1>" in pages["news/car-park-closed/index.html"]
    assert pages["people/:slug.md"].startswith("\ufeff---")
    assert "All four floors" in pages["events/spring-tide-open-day/index.html"]
    assert SITE_URL + "/events/flour-day/" in pages["open-day/index.html"]
    assert "journal/marée-d-équinoxe/index.html" in pages


def test_unpacked_files_carry_the_time_of_rendering(unpacked: Path) -> None:
    times = {file.stat().st_mtime for file in unpacked.rglob("*") if file.is_file()}
    assert {datetime.fromtimestamp(time, UTC) for time in times} == {RENDERED_AT}


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(NotWritableError, match="not empty"):
        unpack_rendered(tmp_path)
    assert contents(tmp_path) == {"mine.txt": b"mine"}


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    with pytest.raises(NotWritableError, match="file/_site: cannot be written: Not a directory"):
        unpack_rendered(tmp_path / "file" / "_site")


def test_a_full_disk_is_called_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.utime", full)
    with pytest.raises(DiskFullError, match="no space left"):
        unpack_rendered(tmp_path / "_site")
