"""How pages are tied, what is explained, and what is no difference to a reader."""

from pathlib import Path

import pytest

from pipeline.errors import NotFoundError
from pipeline.jobs.place import find_place
from pipeline.jobs.reconcile import path_of, reconcile, visible_text
from pipeline.reconciliation.values import How, Kind, Made
from pipeline.reconciliation.words import Bag, words
from tests.archives import archive, kept_as_it_was, plain_site, write_files
from tests.reconciliation.sites import AT, CONFIG, POST, TEXT, URL, adds_up, held, rendered, source
from tests.warc.payloads.making import record

LONG = " ".join(f"word{number} of the tide" for number in range(40))
REFRESH = '<meta http-equiv="refresh" content="0; url=/about.html">'


def test_the_sample_says_the_same_where_it_should(mill_archive: Path) -> None:
    with kept_as_it_was(mill_archive):
        found = reconcile(find_place(mill_archive, None))
    totals = found.totals
    assert adds_up(found)
    assert (totals.unexplained, totals.without, totals.unread) == (0, 0, 0)
    assert totals.made_up_dates == 2
    made_up = {page.source for page in found.pages if page.made_up_date}
    assert made_up == {"_news/car-park-closed.md", "_news/lost-cat-number-seven.md"}
    assert sum(link.url.startswith("/journal/") for link in found.links) == 5
    assert totals.differences[Kind.TEXT] == totals.differences[Kind.TITLE] == 0
    assert totals.made == {Made.REDIRECT: 4}
    assert found.exit_code == 0


def test_a_page_names_its_source(tmp_path: Path) -> None:
    edit = f'<a href="https://github.example/o/r/edit/main/{POST}">Edit</a>'
    found = held(tmp_path, {POST: source()}, {"elsewhere.html": rendered(edit)})
    assert [(page.source, page.how) for page in found.pages] == [(POST, How.PATH)]
    assert found.totals.by_path == 1


def test_a_page_is_known_by_its_text(tmp_path: Path) -> None:
    pages = {
        "moved/far.html": rendered(text=f"<p>{LONG}</p>"),
        "x.html": rendered(text="<p>Something that is quite another thing altogether, really.</p>"),
    }
    found = held(tmp_path, {POST: source(body=LONG)}, pages)
    assert {page.url: page.how for page in found.pages} == {
        "/moved/far.html": How.CONTENT,
        "/x.html": None,
    }
    assert adds_up(found)


def test_what_has_no_page_is_explained(tmp_path: Path) -> None:
    config = "title: x\nurl: https://x.example\ncollections:\n  notes:\n    output: false\n"
    files = {
        "_config.yml": config,
        POST: source(),
        "_posts/2999-01-01-later.md": source(),
        "_posts/2024-05-02-no.md": source("published: false\n"),
        "_drafts/idea.md": source(),
        "_notes/a.md": source(),
        "b.md": source("permalink: /2024/05/01/mill.html\n"),
    }
    found = held(tmp_path, files, {AT: rendered()})
    why = {each.path: each.why for each in found.documents}
    assert all(why.values()), why
    assert set(why) == set(files) - {"_config.yml", POST}
    assert "after the rendering" in why["_posts/2999-01-01-later.md"]
    assert "written in its place" in why["b.md"]
    assert "output: false" in why["_notes/a.md"]
    assert found.findings == ()
    assert adds_up(found)


def test_a_draft_that_was_built_all_the_same_is_tied(tmp_path: Path) -> None:
    page = "2999/01/01/later.html"
    files = {POST: source(), "_posts/2999-01-01-later.md": source()}
    found = held(tmp_path, files, {AT: rendered(), page: rendered()})
    assert (found.totals.by_url, found.documents, found.findings) == (2, (), ())


def test_generated_pages_are_told_apart(tmp_path: Path) -> None:
    pages = {
        AT: rendered(),
        "old/index.html": f"<html><head>{REFRESH}</head></html>",
        "about.html": "<p>static</p>",
        "index.html": rendered(title="Home", text="<p>List</p>"),
        "page2/index.html": rendered(text="<p>More</p>"),
        "tag/tides/index.html": rendered(text="<p>All of it</p>"),
        "2024/index.html": rendered(text="<p>All of it</p>"),
    }
    files = {
        POST: source("tags: [Tides]\n"),
        "about.html": "<p>static</p>",
        "index.md": source(title="Home", body="List"),
    }
    found = held(tmp_path, files, pages)
    assert {page.url: page.made for page in found.pages if page.made} == {
        "/old/": Made.REDIRECT,
        "/page2/": Made.PAGINATION,
        "/tag/tides/": Made.ARCHIVE,
        "/2024/": Made.ARCHIVE,
    }
    assert {page.source for page in found.pages if page.source} == {POST, "about.html", "index.md"}
    assert adds_up(found)


def test_what_a_reader_does_not_see_is_no_difference(tmp_path: Path) -> None:
    body = '"Well" -- she said... *it\'s* [here](/2024/05/01/mill.html#a).\n\n- [x] done'
    text = (
        "<p>\u201cWell\u201d \u2013 she said\u2026 <em>it\u2019s</em> <a href='/2024/05/01/mill'>"
        "here</a>.</p><ul><li><input type=checkbox> done</li></ul>"
    )
    pages = {AT: rendered(title="The \u201cmill\u201d | Site", text=text)}
    found = held(tmp_path, {POST: source(body=body, title="The mill")}, pages)
    assert found.findings == ()
    assert [page.compared for page in found.pages] == [True]


def test_text_beside_the_article_is_on_the_page(tmp_path: Path) -> None:
    page = rendered().replace("<article>", f"<aside>{LONG}</aside><article>")
    files = {POST: source(f"subtitle: {LONG}\n")}
    found = held(tmp_path, files, {AT: page})
    assert found.findings == ()
    assert found.pages[0].missing == 0


def test_a_date_that_a_field_gives_is_not_made_up(tmp_path: Path) -> None:
    config = "title: x\nurl: https://x.example\ncollections:\n  talks:\n    output: true\n"
    files = {"_config.yml": config, "_talks/a.md": source("event_date: 2025-03-04\n")}
    page = rendered('<time datetime="2025-03-04T10:00:00+01:00">4 March</time>')
    found = held(tmp_path, files, {"talks/a.html": page})
    assert found.totals.made_up_dates == 0


def test_an_archive_without_a_rendering_is_refused(tmp_path: Path) -> None:
    archive(plain_site(tmp_path / "quay"), tmp_path / "archive")
    with pytest.raises(NotFoundError, match="--rendered"):
        reconcile(find_place(tmp_path / "archive", None))


def test_the_newest_capture_of_a_url_counts(tmp_path: Path) -> None:
    held(tmp_path, {POST: source()}, {AT: rendered(text="<p>Nothing yet.</p>")})
    (tmp_path / "_site" / AT).write_text(rendered(), encoding="utf-8")
    archive(tmp_path / "site", tmp_path / "archive", rendered=tmp_path / "_site")
    found = reconcile(find_place(tmp_path / "archive", None))
    assert (found.totals.pages, found.findings) == (1, ())


def test_hostile_pages_are_only_read(tmp_path: Path) -> None:
    bad = rendered('<a href="http://[">x</a><img src="https://[::"><base href="http://[x">')
    deep = "<div>" * 5_000 + f"<p>{TEXT}</p>"
    found = held(tmp_path, {POST: source()}, {AT: bad, "deep.html": deep, "none.html": ""})
    assert adds_up(found)
    assert found.totals.pages == 3


def test_words_that_are_missing_are_counted() -> None:
    page = Bag.of("one two two three")
    assert page.lacks(["one two", "two two two", "four"]) == ("two", "four")
    assert page.lacks(["two three"]) == ()
    assert page.says("TWO Three")
    assert not page.says("three two")
    assert words("don\u2019t -- \u00adstop\u2026 it_is") == ("don", "t", "stop", "it", "is")


@pytest.mark.parametrize(
    ("url", "address", "path"),
    [
        ("https://x.example/a%20b/", "https://x.example", "/a b/"),
        ("https://x.example/base/a?q=1", "https://x.example/base", "/a?q=1"),
        ("https://x.example/base", "https://x.example/base", "/"),
        ("https://x.example/other", "https://x.example/base", ""),
    ],
)
def test_the_path_of_a_capture_within_the_site(url: str, address: str, path: str) -> None:
    assert path_of(url, address) == path


def test_scripts_and_styles_are_not_seen() -> None:
    page = b"<p>a<script>b</script><!-- c --><style>d</style> e</p><template>f</template>"
    assert visible_text(page, None).split() == ["a", "e"]
    assert visible_text(b"", None) == ""
    assert URL


def test_what_captures_of_another_tool_hold_of_other_hosts_is_there(tmp_path: Path) -> None:
    page = rendered(head='<script src="https://y.example/a.js"></script>')
    capture = tmp_path / "made.warc"
    capture.write_bytes(
        record("resource", page.encode(), url=f"https://x.example{URL}")
        + record("resource", b"1", url="https://y.example/a.js", number=2)
    )
    site = write_files(tmp_path / "site", {"_config.yml": CONFIG, POST: source()})
    archive(site, tmp_path / "archive", rendered=capture)
    place = find_place(tmp_path / "archive", None)
    assert reconcile(place).findings == ()
    (kept,) = (tmp_path / "archive" / "foreign").iterdir()
    kept.chmod(0o600)
    kept.write_bytes(b"no WARC")
    damaged = reconcile(place)
    assert damaged.exit_code == 1
    assert damaged.totals.third_party_pages == 1


def test_the_site_s_own_selectors_are_used(tmp_path: Path) -> None:
    page = rendered(
        text=f"<div class=promo><p>{LONG}</p></div>",
        body=f"<div class=tale><p>{TEXT}</p></div><h2 class=name>The old mill</h2>",
    )
    files = {
        POST: source(title="The old mill"),
        "jekyll-archive.toml": '[html]\narticle = [".tale"]\ntitle = [".name"]\n',
    }
    with_them = held(tmp_path / "with", files, {AT: page})
    del files["jekyll-archive.toml"]
    without = held(tmp_path / "without", files, {AT: page})
    assert [line.differences.get(Kind.TITLE) for line in with_them.pages] == [None]
    assert Kind.TITLE in without.pages[0].differences
    assert (with_them.pages[0].outside, without.pages[0].outside) == (0, 11)


def test_a_page_that_no_selector_fits_is_told(tmp_path: Path) -> None:
    settings = '[html]\narticle = [".nowhere"]\n'
    found = held(tmp_path, {POST: source(), "jekyll-archive.toml": settings}, {AT: rendered()})
    told = [(each.code, each.place.path) for each in found.findings]
    assert told == [("HTML-SELECTOR", URL)]
