"""`import --rendered`: pages are described as a run describes them, and no bytes are archived."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.audit.report import Level, Verdict
from pipeline.errors import UsageError
from pipeline.jobs.place import find_place
from pipeline.jobs.reconcile import reconcile
from pipeline.jobs.summary import Summary
from pipeline.jobs.verify import verify
from pipeline.reconciliation.values import How, Kind, Made
from pipeline.sample import unpack_rendered
from tests.archives import (
    LATER,
    archive,
    kept_as_it_was,
    logical,
    make_source,
    plain_site,
    rows,
    write_files,
)
from tests.cli.command import command
from tests.reconciliation.sites import AT, CONFIG, POST, adds_up, rendered, source

SITE = Path(__file__).parents[1] / "warc" / "payloads" / "site"
#: Only what says which records there are, what was done, and that it was not archived, may differ.
OF_RECORDS = {"captures", "warc_files", "manifests", "runs", "run_counts", "events", "findings"}


def imported(source: object, folder: Path, **asked: Any) -> Summary:  # noqa: ANN401
    return archive(source, folder, records=False, **asked)  # type: ignore[arg-type]


def described(folder: Path, files: dict[str, str], pages: dict[str, str]) -> Path:
    site = write_files(folder / "site", {"_config.yml": CONFIG, **files})
    imported(site, folder / "a", rendered=write_files(folder / "_site", pages))
    return folder / "a"


@pytest.mark.parametrize("way", ["folder", "wget.warc.gz", "py-wacz.wacz"])
def test_the_catalogue_is_that_of_a_run(way: str, sample_bundle: Path, tmp_path: Path) -> None:
    site: Path = SITE / way
    if way == "folder":
        site = tmp_path / "_site"
        unpack_rendered(site)
    asked: dict[str, Any] = {"rendered": site, "history": False}
    summary = imported(sample_bundle, tmp_path / "1" / "mill", **asked)
    archive(sample_bundle, tmp_path / "2" / "mill", **asked)
    ours, theirs = rows(tmp_path / "1" / "mill"), rows(tmp_path / "2" / "mill")
    assert {name for name in theirs if ours[name] != theirs[name]} <= OF_RECORDS
    assert len(ours["pages"]) == 40
    assert (ours["captures"], ours["warc_files"]) == ([], [])
    assert summary.rendered is not None
    assert (summary.rendered.found, summary.rendered.stored) == (52, 40)
    (told,) = (f.message for f in summary.findings if f.code == "RENDERED-NOT-ARCHIVED")
    assert told == (
        "the bytes of the rendering are not archived: its 40 pages are described in the"
        " catalogue, its 12 other files passed over; `run --rendered` archives them all"
    )
    assert not (tmp_path / "1" / "mill" / "archive").exists()
    assert not (tmp_path / "1" / "mill" / "foreign").exists()
    again = imported(sample_bundle, tmp_path / "1" / "mill", now=LATER, **asked)
    assert again.unchanged
    assert again.rendered is not None
    assert again.rendered.skipped == again.rendered.found == 52
    report = verify(tmp_path / "1" / "mill")
    assert report.levels[Level.CATALOGUE].verdict is Verdict.PASS
    contents = report.levels[Level.CONTENTS]
    assert contents.verdict is Verdict.NOT_VERIFIED
    assert contents.why.endswith("rendered pages that are described and not archived: 40")


def test_it_is_reconciled_as_far_as_the_catalogue_goes(
    sample_bundle: Path, mill_archive: Path, tmp_path: Path
) -> None:
    unpack_rendered(tmp_path / "_site")
    imported(sample_bundle, tmp_path / "a", rendered=tmp_path / "_site")
    place = find_place(tmp_path / "a", None)
    with kept_as_it_was(tmp_path / "a"):
        found = reconcile(place)
    whole = reconcile(find_place(mill_archive, None))
    assert adds_up(found)
    assert found.totals.pages_sum == whole.totals.pages_sum
    assert found.totals.documents_sum == whole.totals.documents_sum
    assert {(p.url, p.source, p.how, p.made) for p in found.pages} == {
        (p.url, p.source, p.how, p.made) for p in whole.pages
    }
    assert [(finding.code, finding.severity.value) for finding in found.findings] == [
        ("RECONCILE-NOT-ARCHIVED", "warning")
    ]
    assert (found.archived, found.rendered_at, found.exit_code) == (False, None, 0)
    assert found.totals.differences == {Kind.TITLE: 0}
    assert found.totals.missing_assets is found.totals.made_up_dates is None
    with pytest.raises(UsageError, match="leave --render out"):
        reconcile(place, render=True)


def test_what_differs_by_the_catalogue_is_told(tmp_path: Path) -> None:
    files = {
        POST: source(),
        "_posts/2024-05-02-gone.md": source(title="Gone"),
        "_posts/2024-05-03-moved.md": source(title="Moved", front="permalink: /new/\n"),
        "_posts/2999-01-01-later.md": source(title="Later"),
        "_posts/2024-05-04-named.md": source(title="Named"),
        "_posts/2024-05-05-named.md": source(title="Named, too"),
        "list.xml": "---\n---\n<a/>",
        "copied.html": "<title>As it is</title>",
        "old.md": "---\ntitle: Old\nredirect_from: /older/\n---\n",
    }
    pages = {
        AT: rendered(title="Another"),
        "posts/moved.html": rendered(title="Moved | x"),
        "2024/05/04/named.html": rendered(title="x"),
        "2024/05/05/named.html": rendered(title="x"),
        "stray.html": rendered(title="Stray"),
        "copied.html": "<title>As it is</title>",
        "old.html": rendered(title="Old"),
        "older/index.html": rendered(title="Redirecting"),
        "list.xml": "<a/>",
    }
    found = reconcile(find_place(described(tmp_path, files, pages), None))
    assert adds_up(found)
    told = {page.url: page for page in found.pages}
    assert told[f"/{AT}"].differences == {
        Kind.TITLE: "the source says 'The mill', the page 'Another'"
    }
    moved = told["/posts/moved.html"]
    assert (moved.source, moved.how) == ("_posts/2024-05-03-moved.md", How.PATH)
    assert moved.differences == {}
    assert not told["/2024/05/04/named.html"].compared  # what two pages are called is no title
    assert told["/copied.html"].source == "copied.html"
    assert told["/older/"].made is Made.REDIRECT
    why = {line.path: line.why for line in found.documents}
    assert why["_posts/2024-05-02-gone.md"] == ""
    assert "after the rendering" in why["_posts/2999-01-01-later.md"]
    assert why["list.xml"] == "it is no HTML page, and an import describes pages alone"
    codes = [finding.code for finding in found.findings]
    assert {"RECONCILE-NO-PAGE", "RECONCILE-NO-SOURCE", "RECONCILE-TITLE"} < set(codes)
    assert found.exit_code == 1


def test_a_page_that_changed_is_a_second_one_at_its_url(tmp_path: Path) -> None:
    folder = described(tmp_path, {POST: source()}, {AT: rendered(title="First")})
    write_files(tmp_path / "_site", {AT: rendered()})
    second = imported(tmp_path / "site", folder, rendered=tmp_path / "_site", now=LATER)
    assert second.rendered is not None
    assert second.rendered.stored == 1
    found = reconcile(find_place(folder, None))
    assert found.totals.differences == {Kind.TITLE: 0}
    assert "at 1 URLs the catalogue knows more than one page" in found.findings[0].message


def test_a_run_archives_what_was_described(tmp_path: Path) -> None:
    site = make_source(tmp_path)
    imported(site, tmp_path / "a", rendered=site.rendered)
    archive(site, tmp_path / "a", now=LATER)
    half = verify(tmp_path / "a")  # the source is archived now, the rendering is not
    assert half.levels[Level.CONTENTS].verdict is Verdict.NOT_VERIFIED
    assert (half.verdict, half.exit_code) == (Verdict.NOT_VERIFIED, 3)
    assert not reconcile(find_place(tmp_path / "a", None)).archived
    archive(site, tmp_path / "a", rendered=site.rendered, now=LATER)
    assert verify(tmp_path / "a").verdict is Verdict.PASS
    assert reconcile(find_place(tmp_path / "a", None)).archived
    with pytest.raises(UsageError, match="keeps records"):
        imported(site, tmp_path / "a", rendered=site.rendered)


def test_the_rows_are_the_same_in_any_database(database_url: str, tmp_path: Path) -> None:
    site = make_source(tmp_path)
    imported(site, tmp_path / "a", rendered=site.rendered, database=database_url)
    imported(site, tmp_path / "b" / "a", rendered=site.rendered)
    assert logical(database_url) == rows(tmp_path / "b" / "a")
    found = reconcile(find_place(tmp_path / "a", None))
    assert (found.totals.tied, found.archived) == (1, False)


def test_the_commands_say_it_in_one_line(tmp_path: Path) -> None:
    site = plain_site(tmp_path / "quay")
    built = write_files(tmp_path / "_site", {"about.html": "<title>About the \x1b[31mmill</title>"})
    folder = tmp_path / "a"
    dry = command("import", site, "--rendered", built, "--archive", folder, "--dry-run")
    assert "info RENDERED-NOT-ARCHIVED (1)" in dry.lines
    assert not folder.exists()
    ran = command("import", site, "--rendered", built, "--archive", folder)
    assert ["(rendered)", "1", "1", "0", "0", "0"] in [line.split() for line in ran.lines]
    assert "info RENDERED-NOT-ARCHIVED (1)" in ran.lines
    report = tmp_path / "report.html"
    told = command("reconcile", "--archive", folder, "--html", report)
    assert told.lines[0].startswith("The rendering of an import, whose bytes are not archived,")
    assert sum("bytes of the rendering are not archived" in line for line in told.lines) == 3
    assert "\x1b" not in told.out
    assert "The bytes of the rendering are not archived:" in report.read_text(encoding="utf-8")
    said = json.loads(command("reconcile", "--archive", folder, "--json").out)
    assert (said["archived"], said["totals"]["dead_links"]) == (False, None)
