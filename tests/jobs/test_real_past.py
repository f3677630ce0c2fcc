"""The real site's past: the lost series, its interviews, who wrote them, and what it was called."""

import hashlib
import re
import shutil
from pathlib import Path

import pytest

from pipeline.history.lineage.values import Decision, Verdict
from pipeline.jobs.ask import explain, list_documents
from pipeline.jobs.deciding import decide
from pipeline.jobs.diffing import diff
from pipeline.jobs.lineage import history, line_of, list_gone, overview
from pipeline.jobs.packing import pack_series
from pipeline.jobs.place import Place, find_place
from pipeline.jobs.series import list_series, show_series
from pipeline.jobs.verify import verify
from tests.archives import LATER
from tests.cli.command import command
from tests.sources.workshop import run_git

LANDING = "_news/perspectives-on-progress-in-generative-ai.md"
FIRST = "_news/2023-01-11-cambridge-perspectives-genAI-governance"
REDESIGN = "a3b5cff564fd"
ADDED = "c38ec735b12e6260a719b3678def4492e98769178fcc7bcc5d90c6015f51099a"


@pytest.fixture(scope="module")
def place(aicam_archive: Path) -> Place:
    return find_place(aicam_archive, None)


@pytest.fixture(scope="module")
def authors(aicam_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The `author` field of each interview before the redesign, as git has it."""
    folder = tmp_path_factory.mktemp("oracle")
    run_git(folder, "clone", "--quiet", "--bare", str(aicam_bundle), "site.git")
    before = f"{REDESIGN}^"
    listed = run_git(folder / "site.git", "ls-tree", "--name-only", before, "_posts/")
    paths = [p for p in listed.decode().split("\n") if re.match("_posts/2023-11-01-.*-gen", p)]
    found = {}
    for path in paths:
        text = run_git(folder / "site.git", "show", f"{before}:{path}").decode()
        author = re.search(r"^author: (.*)$", text, re.MULTILINE)
        assert author is not None, path
        found[path] = author[1]
    return found


def test_the_lost_series_is_shown_with_its_authors(place: Place, authors: dict[str, str]) -> None:
    assert len(authors) == 5
    told = show_series(place, "bletchley")
    landing, *interviews = told.members
    assert landing.landing
    assert (landing.paths[0], landing.paths[-1]) == (FIRST, LANDING)
    assert {member.paths[-2] for member in interviews} == set(authors)
    assert all(member.paths[-1].startswith("_blog_posts/") for member in interviews)
    for member in interviews:
        names = [person.name for person in member.lost_people if "author" in person.roles]
        assert names
        assert all(name in authors[member.paths[-2]] for name in names)
        now = member.now.side
        assert now is not None
        assert not now.people
        assert "authors: lost" in member.sentence
        assert [url.today for url in member.urls] == ["gone", "served"]
        for state in (member.first, member.now):
            (proof,) = explain(place, state.proof.row)
            assert proof.holds
    page = command("series", "show", "BLETCHLEY", "--archive", place.archive).out
    head = page.partition("─")[0]
    for person in told.lost_people[: len(authors)]:
        assert "author" in person.roles
        assert person.name in head
    assert [line.settled for line in list_series(place)] == [False] * len(list_series(place))


def test_the_landing_page_is_one_document_since_its_first_file(place: Place) -> None:
    line = line_of(place, FIRST)
    assert line.paths[-1] == LANDING
    assert len(line.paths) == 4
    assert all(told.join.confidence > 0.9 for told in line.joins)
    states = history(place, "/news/2023-11-01-cambridge-perspectives-genAI-governance.html")
    assert {state.path for state in states} == set(line.paths)
    (added,) = (s for s in states if s.sha256 is not None and s.sha256.hex == ADDED and not s.line)
    assert added.written.startswith(REDESIGN)
    (proof,) = explain(place, f"file:{added.file_id}")
    assert proof.data is not None
    assert hashlib.sha256(proof.data).hexdigest() == ADDED
    for told in line.joins:
        assert all(each.holds for each in explain(place, f"join:{told.join.id}"))


def test_before_and_after_the_redesign_the_authors_differ(
    place: Place, authors: dict[str, str]
) -> None:
    for path, author in authors.items():
        found = diff(place, path, (f"before:{REDESIGN}", f"after:{REDESIGN}"))
        lost = [name for change in found.changes.fields for name in change.lost]
        assert any(name in author for name in lost), path
        assert found.before.path == path
        assert found.after.path.startswith("_blog_posts/")


def test_what_is_gone_and_what_is_doubtful_can_be_counted(place: Place) -> None:
    told = overview(place)
    assert told.documents > 550
    assert told.gone == len(list_gone(place)) > 100
    assert {gone.collection for gone in list_gone(place)} >= {"research"}
    assert all(len(entry.paths) for entry in list_documents(place))
    for each in told.doubtful:
        assert 0.3 <= each.join.confidence <= 1
        assert each.old_path
        assert each.new_path


def test_a_doubt_is_decided_from_the_archive_alone(
    place: Place, aicam_archive: Path, tmp_path: Path
) -> None:
    (each, *_) = overview(place).doubtful
    folder = Path(shutil.copytree(aicam_archive, tmp_path / "aicam"))
    verdict = Verdict.REFUSE if each.join.joined else Verdict.ACCEPT
    done = decide(
        find_place(folder, None),
        Decision(verdict=verdict, old=each.old_path, new=each.new_path),
        LATER,
    )
    assert done.joins[1] - done.joins[0] == (-1 if each.join.joined else 1)
    assert verify(folder).exit_code == 0
    again = overview(find_place(folder, None))
    assert (each.old_path, each.new_path) not in {(t.old_path, t.new_path) for t in again.doubtful}


def test_the_series_is_packed_and_verifies(place: Place, tmp_path: Path) -> None:
    done = pack_series(place, "bletchley", tmp_path / "pack", LATER)
    assert done.verified.exit_code == 0
    assert done.documents == 6
    assert done.files > 50
    assert verify(tmp_path / "pack").exit_code == 0
