"""Rendered pages are captured beside their source, and tied to it."""

from pathlib import Path

from pipeline.jobs.verify import verify
from tests.archives import (
    LATER,
    archive,
    make_source,
    plain_site,
    rows,
    write_files,
)


def test_a_rendered_folder_that_changes(tmp_path: Path) -> None:
    source, folder = make_source(tmp_path / "source"), tmp_path / "archive"
    archive(source, folder, rendered=source.rendered)
    (source.rendered / "about.html").write_text("<title>About us</title>")
    again = archive(source, folder, rendered=source.rendered, now=LATER)
    assert again.rendered is not None
    assert (again.rendered.stored, again.rendered.skipped) == (1, 3)
    titles = [page["title"] for page in rows(folder)["pages"]]
    assert titles.count("About the mill") == 2
    assert titles.count("About us") == 1
    assert verify(folder).exit_code == 0


def test_a_rendered_page_is_tied_to_its_source(quay_archive: Path) -> None:
    table = rows(quay_archive)
    records = [row for row in table["captures"] if row["type"] == "metadata" and row["url_id"]]
    urls = {row["id"]: row["url"] for row in table["urls"]}
    assert {urls[row["url_id"]] for row in records} == {"/about.html", "/assets/gate.png"}
    page = next(row for row in table["pages"] if row["path"] == "about.html")
    version = next(row for row in table["versions"] if row["id"] == page["version_id"])
    assert version["title"] == "About the mill"


def test_a_site_that_does_not_say_its_address(tmp_path: Path) -> None:
    site = plain_site(tmp_path / "quay")
    (site / "_config.yml").write_text("title: Nowhere\n")
    rendered = write_files(tmp_path / "_site", {"index.html": "<p>no title"})
    summary = archive(site, tmp_path / "archive", rendered=rendered)
    assert [f.code for f in summary.findings if f.code == "RENDERED-NO-ADDRESS"]
    uris = [row["target_uri"] for row in rows(tmp_path / "archive")["captures"]]
    assert "http://archive.invalid/" in uris
