"""What a run keeps of documents when the site's rules change around them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.audit.report import Verdict
from pipeline.jobs.ask import search, show
from pipeline.jobs.place import find_place
from pipeline.jobs.run import RunOptions, run

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "_posts").mkdir(parents=True)
    (folder / "_config.yml").write_text("plugins: [jekyll-redirect-from]\npermalink: /a/:title/\n")
    (folder / "_posts/2024-01-02-one.md").write_text(
        "---\ntitle: One\nredirect_from: [/old/]\n---\nBody\n"
    )
    return folder


def test_a_redirect_leads_where_the_newest_rules_put_its_document(
    site: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    run(RunOptions(source=str(site), now=NOW, archive=archive))
    (site / "_config.yml").write_text("plugins: [jekyll-redirect-from]\npermalink: /b/:title/\n")
    summary = run(RunOptions(source=str(site), now=NOW, archive=archive))
    found = show(find_place(archive, None), "One")
    assert found.entry.url == "/b/one/"
    assert [(r["from_url"], r["target"]) for r in found.redirects] == [("/old/", "/b/one/")]
    assert summary.verified is not None
    assert summary.verified.verdict is Verdict.PASS


def test_a_text_too_long_to_be_searched_whole_is_told(site: Path, tmp_path: Path) -> None:
    words = " ".join(f"word{number:07d}" for number in range(90_000))
    (site / "_posts/2024-01-03-long.md").write_text(f"---\ntitle: Long\n---\n{words}\n")
    archive = tmp_path / "archive"
    summary = run(RunOptions(source=str(site), now=NOW, archive=archive))
    (told,) = (finding for finding in summary.findings if finding.code == "SEARCH-CUT")
    assert told.place.path == "_posts/2024-01-03-long.md"
    place = find_place(archive, None)
    assert len(search(place, "word0000001", 5)) == 1
    assert search(place, "word0089999", 5) == ()
