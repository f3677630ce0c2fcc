"""One document over time: its states and names, what is gone, and a person's word about it."""

import os
import shutil
from pathlib import Path

import pytest

from pipeline.audit.report import Verdict as Verified
from pipeline.errors import ArchiveError, NotFoundError, UsageError
from pipeline.history.lineage.values import Decision, Verdict
from pipeline.jobs.ask import explain, list_documents
from pipeline.jobs.deciding import decide, decision_of
from pipeline.jobs.decisions import read_decisions, write_decision
from pipeline.jobs.lineage import history, line_of, list_gone, overview
from pipeline.jobs.looking_back import list_then, show_then
from pipeline.jobs.place import Place, find_place
from pipeline.jobs.verify import verify
from pipeline.sample import BEFORE_REDESIGN
from tests.archives import LATER, NOW, archive, logical, make_source, sealed
from tests.sources.workshop import Workshop

FIRST = "_posts/2024-01-14-tomas-lindqvåg-wheel.md"
OLD = "_posts/2024-05-14-tomas-lindqvåg-wheel.md"
NEW = "_stories/the-lease-of-the-sea.md"


@pytest.fixture(scope="module")
def mill(mill_archive: Path) -> Place:
    return find_place(mill_archive, None)


@pytest.fixture
def copy(mill_archive: Path, tmp_path: Path) -> Place:
    return find_place(Path(shutil.copytree(mill_archive, tmp_path / "mill")), None)


def refused(old: str, new: str) -> Decision:
    return Decision(verdict=Verdict.REFUSE, old=old, new=new)


def accepted(old: str, new: str) -> Decision:
    return Decision(verdict=Verdict.ACCEPT, old=old, new=new)


@pytest.mark.parametrize(
    "name",
    [
        NEW,
        OLD,
        FIRST,
        "/stories/the-lease-of-the-sea/",
        "/journal/tomas-lindqvåg-wheel",
        "https://tidemill.example/journal/tomas-lindqvåg-wheel",
        "The lease of the sea",
        "who owns the tide?",
        "the-lease-of-the-sea",
        "tomas-lindqvåg-wheel",
        "2024-05-14-tomas-lindqvåg-wheel.md",
    ],
)
def test_a_document_is_found_by_any_name_that_it_ever_had(mill: Place, name: str) -> None:
    line = line_of(mill, name)
    assert line.paths == (FIRST, OLD, NEW)
    assert line_of(mill, line.uid) == line
    assert history(mill, name)[-1].path == NEW


def test_a_line_has_its_stays_joins_and_reasons_and_all_are_proved(mill: Place) -> None:
    line = line_of(mill, NEW)
    assert not line.gone
    assert [stay.path for stay in line.stays] == [FIRST, OLD, NEW]
    assert [stay.until for stay in line.stays[:-1]] == [stay.since for stay in line.stays[1:]]
    assert line.stays[-1].until is None
    assert [(told.old_path, told.new_path) for told in line.joins] == [(FIRST, OLD), (OLD, NEW)]
    for told in line.joins:
        assert told.join.joined
        assert 0.9 < told.join.confidence <= 1
        assert NEW in told.join.sentence or OLD in told.join.sentence
        assert sum(reason.weight for reason in told.join.reasons) > 0
        assert all(proof.holds for proof in explain(mill, f"join:{told.join.id}"))
    for stay in line.stays:
        proofs = explain(mill, f"stay:{stay.id}")
        assert all(proof.holds for proof in proofs)
        assert {proof.evidence.path for proof in proofs} == {stay.path, None}


def test_a_name_of_nothing_is_refused(mill: Place) -> None:
    for name in ("never-was", "", "https://["):
        with pytest.raises(NotFoundError):
            line_of(mill, name)


def test_a_name_of_several_documents_that_are_gone_is_refused(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    workshop.commit({"_config.yml": "title: x\n", "a.md": "---\ntitle: One\n---\nThe sluice.\n"})
    workshop.commit({"a.md": None, "b.md": "---\ntitle: B\n---\n"})
    workshop.commit({"a.md": "---\ntitle: Another\n---\nCats and kites over the marsh.\n"})
    workshop.commit({"a.md": None})
    archive(workshop.folder, tmp_path / "a")
    place = find_place(tmp_path / "a", None)
    with pytest.raises(UsageError, match="was the name of 2 documents"):
        line_of(place, "a.md")
    assert {line_of(place, gone.uid).title for gone in list_gone(place)} == {"One", "Another"}
    assert line_of(place, "another").uid != line_of(place, "one").uid


def test_the_history_of_a_document_runs_through_all_its_paths(mill: Place) -> None:
    states = history(mill, NEW)
    assert list(dict.fromkeys(state.path for state in states)) == [FIRST, OLD, NEW]
    assert states[-1].until is None
    assert {s.path: s.moved_from for s in states if s.moved_from} == {OLD: FIRST, NEW: OLD}
    assert [s.url for s in states if not s.line] == [
        "/journal/tomas-lindqv%C3%A5g-wheel",
        "/stories/the-lease-of-the-sea/",
    ]
    assert states[-1].title == "The lease of the sea"
    assert all(state.by and state.subject and state.sha256 for state in states)
    for state in states:
        (proof,) = explain(mill, f"file:{state.file_id}")
        assert proof.sha256 == state.sha256
    assert {state.path for state in history(mill, "_config.yml")} == {"_config.yml"}


def test_the_overview_counts_what_the_documents_say(mill: Place) -> None:
    told = overview(mill)
    documents = list_documents(mill)
    assert told.gone == len(list_gone(mill)) == 1
    assert told.documents >= len(documents)
    assert told.moved == sum(len(entry.paths) > 1 for entry in documents)
    assert sum(told.manners.values()) == sum(
        len(line_of(mill, entry.uid).joins) for entry in documents
    )
    assert told.decided == 0


def test_what_is_gone_is_told_as_it_was_last(mill: Place) -> None:
    (gone,) = list_gone(mill)
    assert gone.path not in {entry.path for entry in list_documents(mill)}
    line = line_of(mill, gone.uid)
    assert line.gone
    assert line.paths == gone.paths
    assert gone.until == line.stays[-1].until
    assert gone.states == len({s.oid for s in history(mill, gone.uid)})
    assert list_gone(mill, gone.collection or "pages") == (gone,)
    with pytest.raises(NotFoundError, match="lost document"):
        list_gone(mill, "people")


def test_documents_of_then_are_known_by_the_names_of_now(mill: Place) -> None:
    now = {entry.uid: entry for entry in list_documents(mill)}
    then = {entry.path: entry for entry in list_then(mill, BEFORE_REDESIGN)}
    assert now[then[OLD].uid].path == NEW
    assert then[OLD].paths == now[then[OLD].uid].paths == (FIRST, OLD, NEW)
    found = show_then(mill, "/stories/the-lease-of-the-sea/", BEFORE_REDESIGN)
    assert found.entry.path == OLD
    with pytest.raises(NotFoundError):
        show_then(mill, "/stories/", BEFORE_REDESIGN)


def test_an_archive_without_history_says_so(tmp_path: Path) -> None:
    source = make_source(tmp_path / "s")
    archive(source, tmp_path / "a", history=False)
    place = find_place(tmp_path / "a", None)
    for ask in (overview, list_gone):
        with pytest.raises(UsageError, match="run again"):
            ask(place)
    assert all(entry.paths == (entry.path,) for entry in list_documents(place))


def test_what_is_refused_is_told_apart_and_accepted_again(copy: Place) -> None:
    before = logical(copy.database)
    done = decide(copy, refused(OLD, NEW), LATER)
    assert done.documents[1] == done.documents[0] + 1
    assert done.joins[1] == done.joins[0] - 1
    assert line_of(copy, NEW).paths == (NEW,)
    assert line_of(copy, OLD).gone
    assert verify(copy.archive).levels
    assert {entry.path: entry.paths for entry in list_documents(copy)}[NEW] == (NEW,)
    again = decide(copy, accepted(OLD, NEW), LATER)
    assert again.documents == done.documents[::-1]
    line = line_of(copy, NEW)
    assert line.paths == (FIRST, OLD, NEW)
    assert [told.join.decided for told in line.joins] == [False, True]
    report = verify(copy.archive)
    assert report.exit_code == 0
    assert report.verdict is Verified.PASS
    kept = ("files", "versions", "spans", "captures", "urls", "addresses")
    after = logical(copy.database)
    assert {name: len(after[name]) for name in kept} == {name: len(before[name]) for name in kept}
    assert overview(copy).decided == 1


def test_a_run_tells_the_same_as_the_decision_did(copy: Place, sample_bundle: Path) -> None:
    decide(copy, refused(OLD, NEW), LATER)
    told, files = logical(copy.database), sealed(copy.archive)
    assert archive(sample_bundle, copy.archive, now=LATER).exit_code == 0
    assert sealed(copy.archive) == files
    outside = ("runs", "run_counts", "events")
    again = logical(copy.database)
    assert {n: r for n, r in again.items() if n not in outside} == {
        n: r for n, r in told.items() if n not in outside
    }
    decided = [run for run in again["runs"] if run["job"] == "lineage"]
    assert [run["options"]["decision"].split()[0] for run in decided] == ["refuse"]


def test_a_file_written_by_hand_is_honoured_by_the_next_run(
    copy: Place, sample_bundle: Path
) -> None:
    (copy.archive / "lineage.txt").write_text(
        f"# by hand\nrefuse {OLD} {NEW}\nnonsense\naccept a.md b.md\n", encoding="utf-8"
    )
    summary = archive(sample_bundle, copy.archive, now=LATER)
    codes = {finding.code for finding in summary.findings}
    assert {"LINEAGE-DECISION-UNREADABLE", "LINEAGE-DECISION-UNUSED"} <= codes
    assert line_of(copy, NEW).paths == (NEW,)
    done = decide(copy, accepted(OLD, NEW), LATER)
    assert {finding.code for finding in done.findings} >= {"LINEAGE-DECISION-UNREADABLE"}
    text = (copy.archive / "lineage.txt").read_text(encoding="utf-8")
    assert text.startswith("# by hand\n")
    assert text.endswith(f"\naccept {OLD} {NEW}\n")
    assert verify(copy.archive).exit_code == 0


def test_a_decision_that_fits_nothing_changes_nothing(copy: Place) -> None:
    files = sealed(copy.archive)
    with pytest.raises(UsageError, match="fits nothing"):
        decide(copy, accepted(NEW, OLD), LATER)
    with pytest.raises(NotFoundError, match=r"never\.md"):
        decide(copy, accepted(OLD, "never.md"), LATER)
    assert sealed(copy.archive) == files
    assert not (copy.archive / "lineage.txt").exists()
    assert verify(copy.archive).exit_code == 0


def test_a_decision_that_changes_nothing_is_still_written_down(copy: Place) -> None:
    done = decide(copy, refused(NEW, "about.md"), LATER)
    assert done.changed == 0
    assert read_decisions(copy.archive)[0] == (
        Decision(verdict=Verdict.REFUSE, old=NEW, new="about.md", line=1),
    )
    assert verify(copy.archive).exit_code == 0


def test_an_import_has_no_bytes_to_decide_by(tmp_path: Path) -> None:
    source = make_source(tmp_path / "s")
    archive(source, tmp_path / "a", records=False)
    place = find_place(tmp_path / "a", None)
    with pytest.raises(UsageError, match="imported without an archive"):
        decide(place, refused("about.md", "_events/open-day.md"), NOW)


def test_damaged_bytes_are_not_decided_by(copy: Place) -> None:
    (warc,) = (copy.archive / "archive").iterdir()
    warc.write_bytes(warc.read_bytes()[:2000])
    with pytest.raises(ArchiveError, match="run verify"):
        decide(copy, refused(OLD, NEW), LATER)
    assert not (copy.archive / "lineage.txt").exists()


def test_a_file_of_decisions_that_is_no_file_is_refused(tmp_path: Path) -> None:
    made = accepted("a.md", "b.md")
    for name in ("link", "pipe", "folder"):
        (tmp_path / name).mkdir()
    (tmp_path / "link" / "lineage.txt").symlink_to("/etc/hostname")
    os.mkfifo(tmp_path / "pipe" / "lineage.txt")
    (tmp_path / "folder" / "lineage.txt").mkdir()
    for name in ("link", "pipe", "folder"):
        for attempt in (read_decisions, lambda folder: write_decision(folder, made)):
            with pytest.raises(ArchiveError, match="not a plain file"):
                attempt(tmp_path / name)
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(17 * 1024 * 1024)
    (tmp_path / "folder" / "lineage.txt").rmdir()
    (tmp_path / "huge").rename(tmp_path / "folder" / "lineage.txt")
    with pytest.raises(ArchiveError, match="larger than"):
        read_decisions(tmp_path / "folder")


def test_what_a_person_wrote_stays_byte_for_byte(tmp_path: Path) -> None:
    odd = b"# caf\xe9 without a line end"
    (tmp_path / "lineage.txt").write_bytes(odd)
    (tmp_path / "lineage.txt.open").write_bytes(b"left by a crash")
    made = decision_of(Verdict.ACCEPT, "two words.md", '"\\303\\251 \\377.md"')
    write_decision(tmp_path, made)
    assert (tmp_path / "lineage.txt").read_bytes() == (
        odd + b'\naccept "two words.md" "\xc3\xa9 \\377.md"\n'
    )
    assert not (tmp_path / "lineage.txt.open").exists()
    (read,), findings = read_decisions(tmp_path)
    assert (read.old, read.new) == (made.old, made.new) == ("two words.md", "é \udcff.md")
    assert not findings


def test_odd_paths_are_told_as_git_shows_them(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    text = "---\ntitle: Odd\n---\n" + "A long enough text about the wheel. " * 9
    workshop.commit({"_config.yml": "title: x\n", 'a "b".md': text})
    workshop.commit({'a "b".md': None, "plain.md": text})
    archive(workshop.folder, tmp_path / "a")
    place = find_place(tmp_path / "a", None)
    line = line_of(place, "plain.md")
    assert line.paths == ('"a \\"b\\".md"', "plain.md")
    assert line_of(place, '"a \\"b\\".md"') == line
    decide(place, decision_of(Verdict.REFUSE, line.paths[0], "plain.md"), LATER)
    assert line_of(place, "plain.md").paths == ("plain.md",)
    assert verify(place.archive).exit_code == 0
