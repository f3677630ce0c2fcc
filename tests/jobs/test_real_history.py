"""The whole history of the real site in catalogue and archive, held against git; never copied."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.jobs.ask import bytes_of, explain
from pipeline.jobs.place import Place, find_place
from tests.archives import rows
from tests.history.lineage.truth import NONE, read_truth
from tests.sources.workshop import run_git

ADDED = "c38ec735b12e6260a719b3678def4492e98769178fcc7bcc5d90c6015f51099a"
FIRST_PATH = "_news/2023-01-11-cambridge-perspectives-genAI-governance"
LANDING = "_news/perspectives-on-progress-in-generative-ai.md"
REDESIGN = "a3b5cff564fd"
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def place(aicam_archive: Path) -> Place:
    return find_place(aicam_archive, None)


@pytest.fixture(scope="module")
def table(place: Place) -> Rows:
    return {name: list(found) for name, found in rows(place.archive).items()}


@pytest.fixture(scope="module")
def repository(aicam_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("oracle")
    run_git(folder, "clone", "--quiet", "--bare", str(aicam_bundle), "site.git")
    return folder / "site.git"


def test_every_state_that_git_knows_is_kept(repository: Path, table: Rows) -> None:
    log = run_git(
        repository, "log", "-m", "--raw", "-z", "--no-renames", "--no-abbrev", "--format=", "HEAD"
    )
    fields = iter(log.split(b"\0"))
    states = set()
    for head in fields:
        if head.startswith(b":"):
            _, mode, _, oid, status = head[1:].split()
            path = next(fields)
            if status != b"D":
                states.add((path.decode(), int(mode, 8), oid.decode()))
    oids = {row["id"]: row["oid"] for row in table["blobs"]}
    kept = {(str(row["path"]), row["mode"], oids[row["blob_id"]]) for row in table["files"]}
    assert kept == states
    assert len(kept) == 4_141
    assert len(table["commits"]) == int(run_git(repository, "rev-list", "--count", "HEAD"))


def test_every_version_is_proved_by_its_bytes(place: Place, table: Rows) -> None:
    """The same as `explain` for each: the record is read, SHA-256 and git id computed again."""
    ids = [f"version:{row['id']}" for row in table["versions"]]
    assert len(ids) > 3_500
    proofs = explain(place, *ids)
    assert [proof.evidence.row for proof in proofs] == ids
    assert [str(proof.evidence) for proof in proofs if not proof.holds] == []


def test_the_version_that_the_redesign_added_is_of_the_document_of_the_first_day(
    place: Place, table: Rows
) -> None:
    assert len(bytes_of(place, f"sha256:{ADDED}")) == 4_447
    (blob,) = (row for row in table["blobs"] if row["sha256"] == ADDED)
    (file,) = (row for row in table["files"] if row["blob_id"] == blob["id"])
    assert file["path"] == LANDING
    (version,) = (row for row in table["versions"] if row["file_id"] == file["id"])
    paths = {row["path"] for row in table["stays"] if row["document_id"] == version["document_id"]}
    assert {FIRST_PATH, f"{FIRST_PATH}.md", LANDING} <= paths


def test_what_people_found_by_reading_is_what_the_catalogue_says(table: Rows) -> None:
    """The ground truth of the redesign, asked of the rows: its move is in the document's stays."""
    oids = {row["id"]: str(row["oid"]) for row in table["commits"]}
    ended = {
        (row["path"], oids[row["until_commit_id"]][: len(REDESIGN)]): row["document_id"]
        for row in table["stays"]
        if row["until_commit_id"] is not None
    }
    began = {
        (row["path"], oids[row["since_commit_id"]][: len(REDESIGN)]): row["document_id"]
        for row in table["stays"]
    }
    moves = [
        move
        for name in ("moves_tuned.tsv", "moves_held_out.tsv")
        for move in read_truth(name)
        if move.commit == REDESIGN and (move.old, REDESIGN) in ended
    ]
    assert len(moves) > 100
    told = [move for move in moves if (move.new, REDESIGN) in began]
    right = [move for move in told if ended[move.old, REDESIGN] == began[move.new, REDESIGN]]
    assert len(right) >= 0.95 * len(told) > 70
    lost = [move for move in moves if move.new == NONE]
    starts = set(began.values())
    later = {key for key, document in began.items() if document in starts}
    wrong = [
        move
        for move in lost
        if any(began[key] == ended[move.old, REDESIGN] for key in later if key[1] == REDESIGN)
    ]
    assert len(lost) > 20
    assert wrong == []


def test_broken_front_matter_is_a_version_too(table: Rows) -> None:
    told = [row for row in table["findings"] if row["code"] == "PAST-UNREADABLE"]
    assert len(told) == 6
    paths = {row["id"]: row["path"] for row in table["files"]}
    versions = {paths[row["file_id"]] for row in table["versions"]}
    assert {row["path"] for row in told} <= versions


def test_urls_are_those_of_their_time(repository: Path, table: Rows) -> None:
    """On 2 November 2023 the five interviews stood at /blog/…, by the permalink of that day."""
    files = {row["id"]: str(row["path"]) for row in table["files"]}
    urls = {row["id"]: str(row["url"]) for row in table["urls"]}
    published = {
        row["id"]: (files[row["file_id"]], urls[row["url_id"]]) for row in table["publications"]
    }
    oids = {row["id"]: str(row["oid"]) for row in table["commits"]}
    branch = run_git(repository, "rev-list", "--first-parent", "--reverse", "HEAD").decode().split()
    order = {oid: number for number, oid in enumerate(branch)}
    day = run_git(
        repository, "rev-list", "--first-parent", "-1", "--before=2023-11-02T23:59:59Z", "HEAD"
    )
    here = order[day.decode().strip()]
    then = {
        published[row["publication_id"]]
        for row in table["addresses"]
        if order[oids[row["since_commit_id"]]] <= here
        and (row["until_commit_id"] is None or order[oids[row["until_commit_id"]]] > here)
    }
    series = {path: url for path, url in then if path.startswith("_posts/2023-11-01-")}
    assert len(series) == 5
    for path, url in series.items():
        assert url == "/blog/" + path.removeprefix("_posts/2023-11-01-").removesuffix(".md")
