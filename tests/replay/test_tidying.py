"""The folder of indexes does not grow for ever, and nothing else in it is touched."""

import os
from pathlib import Path

import pytest

from pipeline.replay import tidying
from pipeline.replay.tidying import tidy
from tests.replay.warcs import Crawl, held

NOW = 2_000_000_000
DAY = 86_400


def put(folder: Path, name: str, days: float, size: int = 10) -> str:
    path = folder / name
    path.write_bytes(b"x" * size)
    os.utime(path, (NOW - days * DAY,) * 2)
    return name


def index(folder: Path, number: int, days: float, size: int = 10) -> set[str]:
    """Put the two files of an index there; the one that says what is in it is newer."""
    stem = f"replay-1-{number:032x}"
    return {
        put(folder, f"{stem}.cdxj", days + 300, size),
        put(folder, f"{stem}.json", days),
    }


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_nobody_used_for_long_goes(tmp_path: Path) -> None:
    kept = index(tmp_path, 1, 80) | index(tmp_path, 2, 0)
    index(tmp_path, 3, 100)
    put(tmp_path, "replay-ab_c1.open", 100)
    kept |= {put(tmp_path, name, 999) for name in ("mine.cdxj", "replay-1-0.json", "a.open")}
    kept |= {put(tmp_path, "replay-abc2.open", 0.01)}
    folder = tmp_path / f"replay-1-{9:032x}.cdxj"
    folder.mkdir()
    os.utime(folder, (0, 0))
    tidy(tmp_path, NOW)
    assert names(tmp_path) == kept | {folder.name}
    tidy(tmp_path / "none", NOW)


@pytest.mark.parametrize(("bound", "most"), [("COUNT_MOST", 2), ("SIZE_MOST", 50)])
def test_the_oldest_go_where_there_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, most: int
) -> None:
    monkeypatch.setattr(tidying, bound, most)
    kept = index(tmp_path, 1, 1) | index(tmp_path, 2, 2)
    index(tmp_path, 3, 3)
    tidy(tmp_path, NOW)
    assert names(tmp_path) == kept


def test_what_was_just_used_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidying, "COUNT_MOST", 0)
    kept = index(tmp_path, 1, 0.01)
    index(tmp_path, 2, 1)
    tidy(tmp_path, NOW)
    assert names(tmp_path) == kept


def test_an_index_that_is_used_again_counts_as_new(tmp_path: Path) -> None:
    path = Crawl().response("https://a.example/", b"a").write(tmp_path / "a.warc.gz")
    with held(path):
        made = names(tmp_path / "cache")
    for name in made:
        os.utime(tmp_path / "cache" / name, (0, 0))
    with held(path):
        pass
    newest = max(each.stat().st_mtime for each in (tmp_path / "cache").iterdir())
    tidy(tmp_path / "cache", newest)
    assert names(tmp_path / "cache") == made
    tidy(tmp_path / "cache", newest + 100 * DAY)
    assert names(tmp_path / "cache") == set()
