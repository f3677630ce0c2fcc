"""The shipped bundle is what the readable history says, and holds the traps it promises."""

from pathlib import Path

import pytest

from pipeline.sample import BEFORE_REDESIGN, TIP, bundle_path
from tests.conftest import Need
from tests.sample.build import build_bundle, build_repository, run
from tests.sample.history import read_history


@pytest.fixture(scope="module")
def clone(need: Need, tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("clone")
    git = need("git")
    run([git, "clone", "--quiet", "--no-checkout", bundle_path(), top / "site"], home=top)
    return top / "site"


def blob(repository: Path, name: str) -> bytes:
    return run(["git", "-C", repository, "cat-file", "blob", name], home=repository)


def git(repository: Path, *arguments: str) -> str:
    return run(["git", "-C", repository, *arguments], home=repository).decode("utf-8")


def test_the_bundle_is_small_and_whole(clone: Path) -> None:
    assert bundle_path().stat().st_size < 60_000
    git(clone, "bundle", "verify", "--quiet", str(bundle_path()))
    git(clone, "fsck", "--strict", "--full")


def test_building_again_gives_the_same_commits(clone: Path, tmp_path: Path) -> None:
    build_repository(tmp_path / "again.git")
    listing = ("rev-list", "--topo-order", "--objects", "main", "before-redesign")
    assert git(tmp_path / "again.git", *listing) == git(clone, *listing)
    assert git(tmp_path / "again.git", "rev-parse", "main").strip() == TIP


def test_a_bundle_built_again_holds_the_same_refs(clone: Path, tmp_path: Path) -> None:
    build_repository(tmp_path / "again.git")
    build_bundle(tmp_path / "again.git", tmp_path / "again.bundle")
    heads = git(clone, "bundle", "list-heads", str(bundle_path()))
    assert git(clone, "bundle", "list-heads", str(tmp_path / "again.bundle")) == heads
    assert set(heads.splitlines()) == {
        f"{TIP} HEAD",
        f"{TIP} refs/heads/main",
        f"{BEFORE_REDESIGN} refs/tags/before-redesign",
    }


def test_the_readable_history_matches_what_git_tells(clone: Path) -> None:
    told = {
        (commit.message, commit.author, commit.date.isoformat(), len(commit.parents))
        for commit in read_history()
    }
    log = git(clone, "log", "--format=%s%x00%an <%ae>%x00%aI%x00%P", "main")
    rows = [line.split("\0") for line in log.splitlines()]
    seen = {(row[0], row[1], row[2].replace("Z", "+00:00"), len(row[3].split())) for row in rows}
    assert seen == told
    assert len(rows) == 33


def test_the_redesign_deletes_the_series_and_adds_it_under_other_names(clone: Path) -> None:
    redesign = git(clone, "rev-list", "main", "--grep=Replace the site", "--max-count=1").strip()
    raw = git(clone, "show", "--no-renames", "--name-status", "--format=", "-z", redesign)
    words = raw.rstrip("\0").split("\0")
    changes = set(zip(words[::2], words[1::2], strict=True))
    gone = {path for status, path in changes if status == "D" and path.startswith("_posts/")}
    come = {path for status, path in changes if status == "A" and path.startswith("_stories/")}
    assert len(gone) == len(come) == 5
    assert ("D", "_news/2024-05-14-conversations-at-the-wheel.md") in changes
    assert ("A", "_news/listening-at-the-wheel.md") in changes
    for path in gone:
        assert b"\nauthor: " in blob(clone, f"{redesign}~1:{path}")
    for path in come:
        data = blob(clone, f"{redesign}:{path}")
        assert b"author" not in data
        assert data.rstrip().splitlines()[-1].startswith(b"[](https://twitter.com/intent/tweet?")


def test_one_story_is_clean_at_the_tip_and_four_still_end_in_share_buttons(clone: Path) -> None:
    listed = git(clone, "grep", "-l", "-F", "](https://www.facebook.com/sharer", "main")
    assert "main:_stories/can-slow-bread-feed-a-fast-town.md" not in listed.splitlines()
    assert len(listed.splitlines()) == 4


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("_people/bram-oakhanger.md", b"\xef\xbb\xbf---\n"),
        ("_posts/2023-09-18-the-sluice-gate.md", b"---\r\nlayout: post\r\n"),
        ("_news/car-park-closed.md", b"---\nlayout: page\ntitle: Car park: closed"),
    ],
)
def test_the_bytes_of_the_traps_survive(clone: Path, path: str, start: bytes) -> None:
    assert blob(clone, f"main:{path}").startswith(start)


def test_paths_go_beyond_ascii(clone: Path) -> None:
    paths = git(clone, "ls-tree", "-r", "-z", "--name-only", "main").split("\0")
    assert {path for path in paths if not path.isascii()} == {
        "_people/łucja-wrzos.md",
        "_posts/2024-02-29-marée-d-équinoxe.md",
    }


def test_every_picture_but_the_promised_ones_is_there(clone: Path) -> None:
    asked = git(clone, "grep", "-hoE", "/assets/images/[a-z0-9/.-]+", "main").split()
    there = git(clone, "ls-tree", "-r", "--name-only", "main", "assets/images/").split()
    assert {name for name in asked if name.lstrip("/") not in there} == {
        "/assets/images/uploads/coast.jpg",
        "/assets/images/uploads/eels.jpg",
        "/assets/images/uploads/ines-1-.jpg",
        "/assets/images/uploads/oilcloth.jpg",
        "/assets/images/uploads/tomas.jpg",
    }
