"""The whole history in catalogue and archive: every state, and the site as it was."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.audit.report import Verdict
from pipeline.errors import NoHistoryError, NotFoundError, UsageError
from pipeline.jobs.ask import bytes_of, explain, findings
from pipeline.jobs.export import export_jekyll
from pipeline.jobs.lineage import history, list_gone
from pipeline.jobs.looking_back import list_then, show_then
from pipeline.jobs.place import Place, find_place
from pipeline.jobs.urls import Choice, urls
from pipeline.sample import BEFORE_REDESIGN, TIP
from pipeline.sources import open_source
from tests.archives import LATER, NOW, Source, archive, contents, logical, make_source, sealed
from tests.sources.workshop import Workshop, run_git

REDESIGN = "c38ec735b12e6260a719b3678def4492e98769178fcc7bcc5d90c6015f51099a"
INTERVIEWS = 5


@pytest.fixture(scope="session")
def mill_past(sample_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("past") / "mill"
    archive(sample_bundle, folder)
    return find_place(folder, None)


@pytest.fixture(scope="session")
def aicam_past(aicam_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("past") / "aicam"
    archive(aicam_bundle, folder)
    return find_place(folder, None)


def checkout(bundle: Path, revision: str, folder: Path) -> dict[str, object]:
    """Give what git itself has at a commit of a bundle."""
    repository = folder.parent / f"{folder.name}.git"
    run_git(folder.parent, "clone", "--quiet", "--bare", str(bundle), str(repository))
    folder.mkdir()
    run_git(repository, f"--work-tree={folder}", "checkout", "--quiet", revision, "--", ".")
    return contents(folder)


def test_every_state_is_kept_once_and_verifies(database_url: str, tmp_path: Path) -> None:
    source = make_source(tmp_path)
    summary = archive(source, tmp_path / "a", database=database_url)
    assert "(past)" not in summary.counts
    source.workshop.commit({"about.md": "---\ntitle: About\n---\nThree wheels.\n"})
    summary = archive(source, tmp_path / "a", now=LATER, database=database_url)
    assert summary.counts["(past)"].as_row() == dict.fromkeys(("stored", "failed", "absent"), 0) | {
        "found": 1,
        "skipped": 1,
    }
    assert summary.verified is not None
    assert summary.verified.verdict is Verdict.PASS
    spans = [row for row in logical(database_url)["spans"] if row["until_commit_id"]]
    assert len(spans) == 1
    before = sealed(tmp_path / "a")
    assert archive(source, tmp_path / "a", now=LATER, database=database_url).unchanged
    assert sealed(tmp_path / "a") == before


def test_both_engines_get_the_same_rows(
    both_urls: tuple[str, str], sample_bundle: Path, tmp_path: Path
) -> None:
    for number, url in enumerate(both_urls):
        archive(sample_bundle, tmp_path / str(number) / "a", database=url)
    sqlite, postgresql = (logical(url) for url in both_urls)
    assert sqlite == postgresql
    assert len(sqlite["spans"]) > len(sqlite["snapshot_files"])


@pytest.mark.parametrize("revision", [BEFORE_REDESIGN, TIP, BEFORE_REDESIGN[:9]])
def test_the_tree_at_a_commit_comes_back_byte_for_byte(
    mill_past: Place, sample_bundle: Path, tmp_path: Path, revision: str
) -> None:
    export_jekyll(mill_past, tmp_path / "out", revision)
    assert contents(tmp_path / "out") == checkout(sample_bundle, revision, tmp_path / "git")


def test_every_commit_of_the_branch_has_its_tree(
    mill_past: Place, sample_bundle: Path, tmp_path: Path
) -> None:
    with open_source(str(sample_bundle)) as source:
        branch = source.history().graph.branch
    assert len(branch) > 20
    for number, revision in enumerate(branch[::5]):
        export_jekyll(mill_past, tmp_path / f"out{number}", revision)
        wanted = checkout(sample_bundle, revision, tmp_path / f"git{number}")
        assert contents(tmp_path / f"out{number}") == wanted


def test_documents_are_listed_as_they_were(mill_past: Place) -> None:
    then = {entry.path: entry for entry in list_then(mill_past, BEFORE_REDESIGN)}
    series = [e for path, e in then.items() if path.startswith("_posts/2024-05-14-")]
    assert len(series) == INTERVIEWS
    assert all(entry.people and entry.categories for entry in series)
    assert {entry.url for entry in series} >= {"/journal/ines-ferreira-holt-wheel"}
    now = {entry.path for entry in list_then(mill_past, TIP)}
    assert not [path for path in now if path.startswith("_posts/2024-05-14-")]


def test_one_collection_can_be_listed(mill_past: Place) -> None:
    posts = list_then(mill_past, BEFORE_REDESIGN, "posts")
    assert {entry.collection for entry in posts} == {"posts"}
    with pytest.raises(NotFoundError, match="stories"):
        list_then(mill_past, BEFORE_REDESIGN, "stories")


def test_a_document_is_shown_as_it_was_with_its_evidence(mill_past: Place) -> None:
    found = show_then(mill_past, "ines-ferreira-holt-wheel", BEFORE_REDESIGN)
    assert found.entry.collection == "posts"
    assert [mention["name"] for mention in found.mentions] == list(found.entry.people)
    assert found.parts[0]["name"] == "body"
    (proof,) = explain(mill_past, f"file:{found.entry.file_id}")
    assert proof.holds
    assert found.entry.sha256 is not None
    assert found.entry.size == len(bytes_of(mill_past, f"sha256:{found.entry.sha256.hex}"))


@pytest.mark.parametrize(
    ("when", "title"),
    [
        ("2024-01-10", "First"),
        ("2024-01-10T23:30:00+00:00", "First"),
        ("2024-01-10T23:30:00", "First"),
        ("2024-01-10T20:00:00-08:00", "Second"),
        ("2024-01-11", "Second"),
        ("2030-01-01", "Second"),
    ],
)
def test_a_moment_is_the_commit_that_stood(tmp_path: Path, when: str, title: str) -> None:
    workshop = Workshop.create(tmp_path / "site")
    workshop.clock = 1_704_880_800 - 60  # 2024-01-10 10:00 UTC
    config = "title: x\ntimezone: Europe/London\n"
    workshop.commit({"_config.yml": config, "a.md": "---\ntitle: First\n---\n"})
    workshop.clock = 1_704_934_800 - 60  # 2024-01-11 01:00 UTC
    workshop.commit({"a.md": "---\ntitle: Second\n---\n"})
    archive(workshop.folder, tmp_path / "a")
    (entry,) = list_then(find_place(tmp_path / "a", None), when)
    assert entry.title == title


@pytest.mark.parametrize("when", ["soon", "", "2024-13-01", "abcdef", "zzzzzzzzzz", "0" * 40])
def test_what_is_no_moment_is_refused(mill_past: Place, when: str) -> None:
    with pytest.raises(UsageError, match="neither a day"):
        list_then(mill_past, when)


def test_before_the_history_nothing_stood(mill_past: Place) -> None:
    with pytest.raises(NotFoundError, match="begins later"):
        list_then(mill_past, "1999-12-31")


def test_rules_are_those_of_the_time(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    post = "---\ntitle: One\n---\nBody\n"
    old = workshop.commit(
        {"_config.yml": "permalink: /a/:title/\n", "_posts/2024-01-02-x.md": post}
    )
    new = workshop.commit({"_config.yml": "permalink: /b/:title/\n"})
    archive(workshop.folder, tmp_path / "a")
    place = find_place(tmp_path / "a", None)
    urls = [list_then(place, revision)[0].url for revision in (old, new)]
    assert urls == ["/a/x/", "/b/x/"]


def test_a_rewritten_branch_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    source = make_source(tmp_path)
    archive(source, tmp_path / "a")
    source.workshop.git("reset", "--quiet", "--hard", source.first)
    third = source.workshop.commit({"about.md": "---\ntitle: Other\n---\n"})
    summary = archive(source, tmp_path / "a", now=LATER)
    assert summary.verified is not None
    assert summary.verified.verdict is Verdict.PASS
    place = find_place(tmp_path / "a", None)
    with pytest.raises(UsageError, match="neither"):
        list_then(place, source.second)
    assert "Other" in {entry.title for entry in list_then(place, third)}


def test_an_archive_without_history_says_so(quay: Source, tmp_path: Path) -> None:
    archive(quay, tmp_path / "a", history=False)
    place = find_place(tmp_path / "a", None)
    questions: tuple[Callable[[], object], ...] = (
        lambda: list_then(place, "2030-01-01"),
        lambda: list_gone(place),
        lambda: urls(place, Choice()),
        lambda: export_jekyll(place, tmp_path / "out", "2030-01-01"),
    )
    for question in questions:
        with pytest.raises(NoHistoryError, match="run again on the git repository, without --no-h"):
            question()
    assert not (tmp_path / "out").exists()


def test_a_plain_folder_has_no_past(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "_config.yml").write_text("title: x\n")
    summary = archive(site, tmp_path / "a")
    assert "(past)" not in summary.counts
    with pytest.raises(NoHistoryError):
        list_then(find_place(tmp_path / "a", None), "2030-01-01")


def test_a_dry_run_reads_the_past_and_writes_nothing(sample_bundle: Path, tmp_path: Path) -> None:
    summary = archive(sample_bundle, tmp_path / "a", dry_run=True)
    assert summary.counts["(past)"].stored > 20
    assert not (tmp_path / "a").exists()


def test_former_states_that_a_clone_lacks_are_absent(tmp_path: Path) -> None:
    source = make_source(tmp_path)
    source.workshop.commit({"about.md": "---\ntitle: About\n---\nThree wheels.\n"})
    source.workshop.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    run_git(
        tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{source.location}", str(clone)
    )
    summary = archive(clone, tmp_path / "a")
    assert summary.counts["(past)"].as_row()["absent"] == 1
    assert "a former state of the file" in " ".join(f.message for f in summary.findings)
    assert summary.verified is not None
    assert summary.verified.verdict is Verdict.PASS


def test_history_can_be_added_to_an_archive_later(sample_bundle: Path, tmp_path: Path) -> None:
    archive(sample_bundle, tmp_path / "at once" / "a")
    archive(sample_bundle, tmp_path / "later" / "a", history=False)
    summary = archive(sample_bundle, tmp_path / "later" / "a")
    assert summary.verified is not None
    assert summary.verified.verdict is Verdict.PASS
    first, second = (
        logical(find_place(tmp_path / name / "a", None).database) for name in ("at once", "later")
    )
    for table in ("commits", "files", "blobs", "spans"):
        assert len(first[table]) == len(second[table])


def test_what_is_found_in_a_history_that_is_added_later_is_kept(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    workshop.commit({"_config.yml": "title: x\n", "a.md": "---\ntitle: [\n---\n"})
    workshop.commit({"a.md": "---\ntitle: A\n---\nText\n"})
    archive(workshop.folder, tmp_path / "a", history=False)
    place = find_place(tmp_path / "a", None)
    assert findings(place) == ()
    assert archive(workshop.folder, tmp_path / "a", now=LATER).verified is not None
    assert [finding.code for finding in findings(place)] == ["PAST-UNREADABLE"]
    assert archive(workshop.folder, tmp_path / "a", now=LATER, history=False).unchanged
    assert [finding.code for finding in findings(place)] == ["PAST-UNREADABLE"]


def test_the_real_site_in_the_week_of_bletchley(
    aicam_past: Place, aicam_bundle: Path, tmp_path: Path
) -> None:
    entries = {entry.path: entry for entry in list_then(aicam_past, "2023-11-02")}
    series = [e for path, e in entries.items() if path.startswith("_posts/2023-11-01-")]
    assert len(series) == INTERVIEWS
    assert all(entry.people for entry in series)
    assert "/blog/diane-coyle-generative-ai" in {entry.url for entry in series}
    export_jekyll(aicam_past, tmp_path / "out", "2023-11-02")
    revision = "82e71da8606ee1135015c4af9ede5498650843a4"
    assert contents(tmp_path / "out") == checkout(aicam_bundle, revision, tmp_path / "git")


def test_any_state_of_the_real_site_is_found_by_its_digest(aicam_past: Place) -> None:
    assert len(bytes_of(aicam_past, f"sha256:{REDESIGN}")) == 4_447
    states = history(aicam_past, "_news/2023-01-11-cambridge-perspectives-genAI-governance")
    assert f"{states[0].since_at:%Y-%m-%d}" == "2023-11-01"


def test_the_clock_is_the_only_thing_that_changes_the_bytes(
    sample_bundle: Path, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        archive(sample_bundle, tmp_path / name / "a", now=NOW)
    assert sealed(tmp_path / "one" / "a") == sealed(tmp_path / "two" / "a")


def test_the_history_of_every_ref_is_read_and_asked(tmp_path: Path) -> None:
    """What only another branch has is a document too, and each of its commits has its tree."""
    workshop = Workshop.create(tmp_path / "site")
    config = "title: A\nurl: https://a.example\n"
    first = workshop.commit({"_config.yml": config, "about.md": "---\ntitle: About\n---\nOne.\n"})
    main = workshop.git("branch", "--show-current").strip()
    workshop.git("checkout", "--quiet", "-b", "proposal")
    post = "---\ntitle: Proposed\n---\nNever merged.\n"
    aside = workshop.commit({"_posts/2024-01-02-proposed.md": post, "about.md": None})
    workshop.git("checkout", "--quiet", main)
    tip = workshop.commit({"about.md": "---\ntitle: About\n---\nTwo.\n"})
    archive(workshop.folder, tmp_path / "one")
    with pytest.raises(NotFoundError):
        history(find_place(tmp_path / "one", None), "_posts/2024-01-02-proposed.md")
    summary = archive(workshop.folder, tmp_path / "all", all_refs=True)
    assert summary.verified is not None
    assert summary.verified.verdict is Verdict.PASS
    place = find_place(tmp_path / "all", None)
    (state,) = history(place, "_posts/2024-01-02-proposed.md")
    assert (state.since, state.line != 0) == (aside, True)
    for number, revision in enumerate((first, aside, tip)):
        export_jekyll(place, tmp_path / f"out{number}", revision)
        given = contents(tmp_path / f"out{number}").items()
        files = {name: data for name, data in given if data is not None}
        assert files == _tree(workshop, revision)


def _tree(workshop: Workshop, revision: str) -> dict[str, object]:
    names = workshop.git("ls-tree", "-r", "--name-only", revision).split()
    return {name: run_git(workshop.folder, "show", f"{revision}:{name}") for name in names}
