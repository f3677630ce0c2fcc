"""The real site, the whole way: counted by git and by eye, never copied."""

import hashlib
import re
from collections import Counter
from pathlib import Path

import pytest

from pipeline.jobs.ask import bytes_of, explain, list_documents
from pipeline.jobs.place import Place, find_place
from pipeline.jobs.verify import verify
from pipeline.store.answers import Entry
from tests.archives import rows, sealed
from tests.cli.command import command
from tests.sources.workshop import run_git

HEADER = re.compile(
    rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE
)


@pytest.fixture(scope="module")
def repository(aicam_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same history, for git to answer."""
    folder = tmp_path_factory.mktemp("oracle")
    run_git(folder, "clone", "--quiet", "--bare", str(aicam_bundle), "site.git")
    return folder / "site.git"


@pytest.fixture(scope="module")
def tip(repository: Path) -> dict[str, bytes]:
    """Every file of the tip with its bytes, as git has them."""
    names = run_git(repository, "ls-tree", "-r", "-z", "--name-only", "HEAD").split(b"\0")[:-1]
    asked = b"".join(b"HEAD:" + name + b"\n" for name in names)
    rest = run_git(repository, "cat-file", "--batch", stdin=asked)
    found: dict[str, bytes] = {}
    for name in names:
        head, _, rest = rest.partition(b"\n")
        size = int(head.split()[2])
        found[name.decode()], rest = rest[:size], rest[size + 1 :]
    return found


@pytest.fixture(scope="module")
def place(aicam_archive: Path) -> Place:
    return find_place(aicam_archive, None)


@pytest.fixture(scope="module")
def documents(place: Place) -> dict[str, Entry]:
    return {entry.path: entry for entry in list_documents(place)}


def test_the_run_ends_with_0_and_the_archive_verifies(
    aicam_archive: Path, aicam_bundle: Path
) -> None:
    before = sealed(aicam_archive)
    ran = command("run", aicam_bundle, "--archive", aicam_archive, "--dry-run")
    assert (ran.code, ran.err) == (0, "")
    assert "total                4141       0     4141       0       0" in ran.lines
    assert verify(aicam_archive).exit_code == 0
    assert sealed(aicam_archive) == before


def test_every_markdown_file_of_every_collection_is_a_document(
    tip: dict[str, bytes], documents: dict[str, Entry]
) -> None:
    marked = {path for path in tip if path.startswith("_") and path.endswith(".md")}
    assert set(documents) == marked
    assert len(marked) == 461
    counted = Counter(path.split("/")[0].removeprefix("_") for path in marked)
    assert Counter(entry.collection for entry in documents.values()) == counted
    for entry in documents.values():
        assert entry.title, entry.path
        assert entry.slug, entry.path
        assert entry.url, entry.path
        assert entry.url.startswith("/")


def test_no_date_is_made_up(tip: dict[str, bytes], documents: dict[str, Entry]) -> None:
    for path, entry in documents.items():
        header = HEADER.match(tip[path])
        assert header is not None
        written = re.search(rb"^date:[ \t]*(\S.*?)[ \t]*\r?$", header[1], re.MULTILINE)
        wanted = "front matter" if written else "first commit"
        assert entry.date_source == wanted, path
        assert entry.date is not None
        if written:
            raw = written[1].decode().strip("'\"")
            assert (entry.date_raw or "").strip("'\"") == raw, path
        else:
            assert entry.date_raw is None, path


def test_dates_of_first_commits_are_git_s(repository: Path, documents: dict[str, Entry]) -> None:
    undated = [path for path, entry in documents.items() if entry.date_source == "first commit"]
    for path in sorted(undated)[::40]:
        log = run_git(
            repository, "log", "--format=%aI", "--diff-filter=A", "--full-history", "--", path
        )
        moments = log.decode().split()
        date = documents[path].date
        assert date is not None
        assert date.astimezone().isoformat() in {
            date.fromisoformat(moment).astimezone().isoformat() for moment in moments
        }, path


def test_people_and_tags_are_there(place: Place, documents: dict[str, Entry]) -> None:
    assert sum(bool(entry.people) for entry in documents.values()) > 100
    assert sum(bool(entry.tags or entry.categories) for entry in documents.values()) > 150
    table = rows(place.archive)
    tied = [person for person in table["people"] if person["document_id"] is not None]
    assert len(table["people"]) > 150
    assert len(tied) > 50


def test_every_version_is_proved_by_its_bytes(
    place: Place, tip: dict[str, bytes], documents: dict[str, Entry]
) -> None:
    for entry in documents.values():
        (proof,) = explain(place, f"version:{entry.version_id}")
        assert proof.holds, entry.path
        assert proof.data == tip[entry.path]
        assert proof.evidence.path == entry.path


def test_every_part_of_a_text_is_where_it_says(place: Place, tip: dict[str, bytes]) -> None:
    table = rows(place.archive)
    files = {row["id"]: row["path"] for row in table["files"]}
    versions = {row["id"]: files[row["file_id"]] for row in table["versions"]}
    placed = [part for part in table["parts"] if part["offset"] is not None]
    assert len(placed) > 100
    for part in placed:
        data = tip[str(versions[part["version_id"]])]
        start = int(part["offset"])
        text = data[start : start + int(part["length"])].decode("utf-8", "replace")
        assert text.replace("\0", "\ufffd") == part["text"]


def test_every_content_is_had_by_its_digest(place: Place, tip: dict[str, bytes]) -> None:
    for path in sorted(tip)[::9]:
        digest = hashlib.sha256(tip[path]).hexdigest()
        assert bytes_of(place, f"sha256:{digest}") == tip[path], path
