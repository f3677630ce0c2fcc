"""`run` reads every kind of source at the revision that is asked, and stores nothing twice."""

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.errors import UnknownRevisionError
from pipeline.jobs.ask import bytes_of, list_documents, show
from pipeline.jobs.place import Place, find_place
from pipeline.jobs.run import RunOptions, run
from pipeline.jobs.summary import Summary
from pipeline.jobs.verify import verify
from pipeline.model import Severity
from pipeline.sample import BEFORE_REDESIGN, TIP
from tests.archives import (
    FIRST,
    LATER,
    NOW,
    SECOND,
    Source,
    archive,
    kept_as_it_was,
    make_source,
    plain_site,
    rows,
    sealed,
)
from tests.sources.workshop import Workshop, run_git


def paths(place: Place) -> list[str]:
    return [entry.path for entry in list_documents(place)]


def adds_up(summary: Summary) -> bool:
    rows = [*summary.counts.values(), *([summary.rendered] if summary.rendered else [])]
    return all(r.found == r.stored + r.skipped + r.failed + r.absent for r in rows)


@pytest.fixture(params=["folder", "work tree", "bare", "bundle", "packed", "subfolder of git"])
def location(request: pytest.FixtureRequest, quay: Source, tmp_path: Path) -> Path:
    """The same files, told in every way in which a site can lie on a disk."""
    target = tmp_path / "quay"
    match request.param:
        case "folder":
            return plain_site(target)
        case "work tree":
            return Path(quay.location)
        case "bare":
            run_git(tmp_path, "clone", "--quiet", "--bare", quay.location, str(target))
            return target
        case "bundle":
            return quay.workshop.bundle(tmp_path / "quay.bundle")
        case "packed":
            run_git(tmp_path, "clone", "--quiet", quay.location, str(target))
            run_git(target, "gc", "--quiet")
            return target
    run_git(tmp_path, "clone", "--quiet", quay.location, str(target))
    return target / ".git"


def test_reads_every_kind_of_source(location: Path, tmp_path: Path) -> None:
    summary = archive(location, tmp_path / "archive")
    assert summary.site == "archive"
    assert summary.exit_code == 0
    assert adds_up(summary)
    assert summary.total.as_row() == {
        "found": 7, "stored": 7, "skipped": 0, "failed": 0, "absent": 0,
    }  # fmt: skip
    assert list(summary.counts) == [
        "(config)", "(layout)", "(page)", "(static)", "events", "people", "posts",
    ]  # fmt: skip
    place = find_place(tmp_path / "archive", None)
    for path, content in {**FIRST, **SECOND}.items():
        wanted = content.encode() if isinstance(content, str) else content
        if path in paths(place):
            assert bytes_of(place, path) == wanted
    assert len(paths(place)) == 4
    assert verify(tmp_path / "archive").exit_code == 0


def test_leaves_the_source_as_it_was(quay: Source, tmp_path: Path) -> None:
    with kept_as_it_was(quay.workshop.folder, quay.rendered):
        archive(quay, tmp_path / "archive", rendered=quay.rendered)


@pytest.mark.parametrize(
    ("rev", "commit"),
    [
        (None, TIP),
        ("main", TIP),
        (TIP, TIP),
        (TIP[:9], TIP),
        ("before-redesign", BEFORE_REDESIGN),
        ("before-redesign~0", BEFORE_REDESIGN),
        (BEFORE_REDESIGN[:12], BEFORE_REDESIGN),
    ],
)
def test_reads_the_revision_that_is_asked(
    rev: str | None, commit: str, sample_bundle: Path, tmp_path: Path
) -> None:
    assert archive(sample_bundle, tmp_path / "mill", rev=rev, dry_run=True).revision == commit


def test_reads_the_series_as_it_was_before_the_redesign(
    sample_bundle: Path, tmp_path: Path
) -> None:
    archive(sample_bundle, tmp_path / "mill", rev="before-redesign")
    listed = paths(find_place(tmp_path / "mill", None))
    assert sum(path.startswith("_posts/2024-05-14-") for path in listed) == 5
    assert not any(path.startswith("_stories/") for path in listed)


def test_a_second_run_stores_nothing_and_says_so(quay: Source, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    archive(quay, folder, rendered=quay.rendered)
    first, first_rows = sealed(folder), rows(folder)
    again = archive(quay, folder, rendered=quay.rendered, now=LATER)
    assert again.unchanged
    assert again.written == ()
    assert again.total.as_row() == {
        "found": 7, "stored": 0, "skipped": 7, "failed": 0, "absent": 0,
    }  # fmt: skip
    assert again.rendered is not None
    assert again.rendered.skipped == again.rendered.found == 4
    assert sealed(folder) == first
    changed = {name for name, now in rows(folder).items() if now != first_rows[name]}
    assert changed == {"runs", "run_counts", "events"}  # that it ran is told, nothing else
    assert verify(folder).exit_code == 0


def test_a_run_after_a_new_commit_records_only_what_is_new(tmp_path: Path) -> None:
    source, folder = make_source(tmp_path / "source"), tmp_path / "archive"
    archive(source, folder, rendered=source.rendered)
    before, captures = sealed(folder), rows(folder)["captures"]
    commit = source.workshop.commit({"about.md": "---\ntitle: About\n---\nThree wheels.\n"})
    summary = archive(source, folder, rendered=source.rendered, now=LATER)
    assert (summary.total.stored, summary.total.skipped) == (1, 7)  # one of them in the past
    assert {name: data for name, data in sealed(folder).items() if name in before} == before
    new = [row for row in rows(folder)["captures"] if row not in captures]
    targets = [str(row["target_uri"]) for row in new]
    assert len(targets) == 2  # the commit, and the file
    assert any(f"swh:1:rev:{commit}" in target for target in targets)
    assert any(target.endswith("path=/about.md") for target in targets)
    assert bytes_of(find_place(folder, None), "about.md").endswith(b"Three wheels.\n")
    assert verify(folder).exit_code == 0


def test_a_run_at_an_older_revision_and_back(quay: Source, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    archive(quay, folder)
    place = find_place(folder, None)
    newest = list_documents(place)
    old = archive(quay, folder, rev=quay.first, now=LATER)
    assert (old.total.stored, old.total.skipped) == (0, 5)
    assert "_events/open-day.md" not in paths(place)
    back = archive(quay, folder, now=LATER + timedelta(days=1))
    assert back.total.stored == 0
    assert [file for file in back.written if file.endswith(".warc.gz")] == []
    assert list_documents(place) == newest
    assert archive(quay, folder, now=LATER + timedelta(days=2)).unchanged
    assert verify(folder).exit_code == 0


def test_an_older_revision_with_another_configuration_and_back(tmp_path: Path) -> None:
    source, folder = make_source(tmp_path / "source"), tmp_path / "archive"
    config = str(FIRST["_config.yml"]).replace("people: {output: true}", "people: {output: false}")
    source.workshop.commit({"_config.yml": config})
    for turn, rev in enumerate([None, source.first, None, source.first, None]):
        archive(source, folder, rev=rev, now=NOW + timedelta(days=turn))
        shown = show(find_place(folder, None), "_people/mara-quill.md")
        assert shown.entry.written is (rev is not None)
        assert [part["name"] for part in shown.parts] == ["biography"]
        assert verify(folder).exit_code == 0
    assert len(rows(folder)["captures"]) == 7 + 1 + 3  # files, the other configuration, commits


def test_a_plain_folder_that_changes_and_changes_back(tmp_path: Path) -> None:
    site, folder = plain_site(tmp_path / "quay"), tmp_path / "archive"
    place = Place(folder=folder, database=f"sqlite:///{folder / 'catalogue.db'}")
    first = (site / "about.md").read_bytes()
    assert archive(site, folder).total.stored == 7
    (site / "about.md").write_bytes(b"---\ntitle: Shut\n---\n")
    assert archive(site, folder, now=LATER).total.stored == 1
    assert show(place, "about.md").entry.title == "Shut"
    (site / "about.md").write_bytes(first)
    back = archive(site, folder, now=LATER + timedelta(days=1))
    assert back.unchanged
    assert show(place, "about.md").entry.title == "About the mill"
    assert len(rows(folder)["snapshots"]) == 2
    assert verify(folder).exit_code == 0


def test_a_plain_folder_has_no_revision(tmp_path: Path) -> None:
    site = plain_site(tmp_path / "quay")
    with pytest.raises(UnknownRevisionError):
        archive(site, tmp_path / "archive", rev="main")
    summary = archive(site, tmp_path / "archive")
    assert summary.revision is None
    assert {row["date_source"] for row in rows(tmp_path / "archive")["versions"]} == {
        "front matter",
        "file name",
        "none",
    }


def test_people_are_tied_to_a_page_that_comes_later(tmp_path: Path) -> None:
    source, folder = make_source(tmp_path / "source"), tmp_path / "archive"
    page = "_people/bram-oakhanger.md"

    def tied() -> str | None:
        mentions = show(find_place(folder, None), "the-sluice-gate").mentions
        (mention,) = (m for m in mentions if m["name"] == "Bram Oakhanger")
        return None if mention["document"] is None else str(mention["document"])

    archive(source, folder)
    assert tied() is None
    source.workshop.commit({page: "---\ntitle: Bram Oakhanger\n---\n"})
    archive(source, folder, now=LATER)
    assert tied() == page
    assert verify(folder).exit_code == 0


def test_a_clean_repository_is_read_at_its_tip_not_as_the_disk_has_it(tmp_path: Path) -> None:
    source = make_source(tmp_path / "source")
    source.workshop.write("about.md", "not committed")
    archive(source, tmp_path / "archive")
    found = bytes_of(find_place(tmp_path / "archive", None), "about.md")
    assert found == str(FIRST["about.md"]).encode()


def test_the_progress_is_told_from_reading_to_verifying(quay: Source, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    options = RunOptions(
        source=quay.location, archive=tmp_path / "a", now=NOW, rendered=quay.rendered
    )
    run(options, lambda stage, done, total: told.append((stage, done, total)))
    stages = list(dict.fromkeys(stage for stage, _, _ in told))
    assert stages == [
        "reading", "reading the past", "tracing documents", "cataloguing",
        "capturing the rendered site", "sealing", "verifying",
    ]  # fmt: skip
    assert [done for stage, done, total in told if stage == "reading"] == list(range(1, 8))


def test_findings_are_told_and_kept(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "source")
    workshop.commit({"_config.yml": "title: A\n", "a.md": "---\nb: [\n---\n"})
    summary = archive(workshop.folder, tmp_path / "archive")
    assert [(f.code, f.severity, f.place.path) for f in summary.findings] == [
        ("FM-YAML", Severity.WARNING, "a.md")
    ]
    assert summary.exit_code == 0
    kept = rows(tmp_path / "archive")["findings"]
    assert [(row["code"], row["path"]) for row in kept] == [("FM-YAML", "a.md")]
