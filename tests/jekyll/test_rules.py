"""The rules where no real Jekyll is needed to know the answer, or where we do more than Jekyll."""

from datetime import UTC, datetime

import pytest

from pipeline.jekyll.generated import GeneratedKind
from pipeline.jekyll.item import DateSource, ItemKind
from pipeline.jekyll.options import YamlEngine
from tests.jekyll.sites import entry, item_of, outcome_of, rules_of

POST = "_posts/2020-01-02-a-post.md"
NOW = datetime(2024, 1, 1, tzinfo=UTC)


def test_a_post_knows_where_its_date_comes_from() -> None:
    named = item_of(POST, "---\n---\n")
    assert (named.date_source, named.date_raw) == (DateSource.FILE_NAME, "2020-01-02")
    written = item_of(POST, "---\ndate: May 3, 2019 5pm\n---\n", "timezone: Europe/Paris")
    assert (written.date_source, written.date_raw) == (DateSource.FRONT_MATTER, "May 3, 2019 5pm")
    assert written.date is not None
    assert written.date.isoformat() == "2019-05-03T17:00:00+02:00"
    defaulted = item_of(
        POST, "---\n---\n", "defaults: [{values: {date: 2018-01-01}, scope: {path: ''}}]"
    )
    assert defaulted.date_source is DateSource.DEFAULTS


def test_a_document_without_a_date_has_none_and_never_that_of_today() -> None:
    config = "collections: {notes: {output: true}}"
    item = item_of("_notes/a.md", "---\n---\n", config, now=NOW)
    assert (item.date, item.date_source, item.date_raw) == (None, DateSource.NONE, None)


def test_an_invalid_date_falls_back_to_the_file_name_and_keeps_its_text() -> None:
    item = item_of(POST, "---\ndate: someday\n---\n")
    assert item.date is not None
    assert item.date.date().isoformat() == "2020-01-02"
    assert [finding.code for finding in item.findings] == ["DATE-INVALID"]
    assert "someday" in item.findings[0].message


def test_the_clock_decides_only_when_it_is_given() -> None:
    future = {POST: "---\ndate: 2023-01-01\n---\n", "_notes/b.md": "---\ndate: 2023-01-01\n---\n"}
    config = "collections: {notes: {output: true}}"
    before = datetime(2022, 1, 1, tzinfo=UTC)
    assert all(item.written for item in outcome_of(future, config).items)
    note, post = outcome_of(future, config, now=before).items
    assert (note.written, note.left_out) == (False, "")
    assert (post.written, post.left_out) == (False, "its date is in the future")
    assert all(item.written for item in outcome_of(future, config, now=before, future=True).items)


def test_the_day_of_the_build_is_that_of_the_sites_time_zone() -> None:
    config = "timezone: America/New_York\ncollections: {notes: {permalink: '/:year/:month/:day/'}}"
    assert item_of("_notes/a.md", "---\n---\n", config, now=NOW).url == "/2023/12/31/"


def test_a_year_beyond_counting_is_in_the_future() -> None:
    item = item_of(POST, "---\ndate: 20203-01-01\n---\n", now=NOW)
    assert item.left_out == "its date is in the future"


def test_drafts_are_read_and_only_written_when_asked() -> None:
    draft = item_of("_drafts/a-draft.md", "---\ndate: 2020-01-01\n---\n")
    assert (draft.draft, draft.written, draft.left_out) == (True, False, "it is a draft")
    shown = item_of("_drafts/a-draft.md", "---\ndate: 2020-01-01\n---\n", drafts=True)
    assert (shown.draft, shown.written, shown.url) == (True, True, "/2020/01/01/a-draft.html")
    undated = item_of("_drafts/a-draft.md", "---\n---\n")
    assert (undated.url, [f.code for f in undated.findings]) == (None, ["URL-BUILD-TIME"])


@pytest.mark.parametrize(
    ("path", "written", "left_out"),
    [(POST, False, "it is not published"), ("a.md", False, "it is not published")],
)
def test_unpublished_items_are_left_out(path: str, written: bool, left_out: str) -> None:  # noqa: FBT001
    item = item_of(path, "---\npublished: false\n---\n")
    assert (item.written, item.left_out) == (written, left_out)
    assert item_of(path, "---\npublished: false\n---\n", unpublished=True).written


def test_limit_posts_keeps_the_newest() -> None:
    files = {f"_posts/202{n}-01-01-p.md": "---\n---\n" for n in range(4)}
    items = outcome_of(files, "limit_posts: 2").items
    assert [item.path for item in items if not item.left_out] == list(files)[2:]
    broken = {"_posts/2020-01-01-z.md": "---\na: [\n---\n", **files}
    kept = [item.path for item in outcome_of(broken, "limit_posts: 1").items if not item.left_out]
    assert kept == ["_posts/2020-01-01-z.md"]


def test_titles_slugs_and_tags_come_out_as_text() -> None:
    item = item_of(
        POST, "---\ntitle: 2023\nslug: 1.50\nlayout: 5\ntags: [1, b]\nexcerpt: [x]\n---\n"
    )
    assert (item.title, item.slug, item.layout, item.excerpt) == ("2023", "1.5", "5", '["x"]')
    assert item.tags == (1, "b")
    assert item.front_matter["title"] == 2023
    assert [finding.code for finding in item.findings] == ["URL-INVALID"]


def test_own_front_matter_stands_beside_the_merged_one() -> None:
    config = "defaults: [{scope: {path: ''}, values: {layout: base, x: {a: 1}}}]"
    item = item_of("a.md", "---\nx: {b: 2}\n---\n", config)
    assert item.own == {"x": {"b": 2}}
    assert item.front_matter == {"layout": "base", "x": {"a": 1, "b": 2}}
    assert item.layout == "base"


def test_static_files_and_the_text_engine() -> None:
    item = item_of("dir/a%20b.txt", "plain")
    assert (item.kind, item.url, item.destination) == (
        ItemKind.STATIC,
        "/dir/a%20b.txt",
        "/dir/a b.txt",
    )
    psych = item_of("a.md", "---\nclock: 17:30\n---\n", yaml_engine=YamlEngine.PSYCH)
    assert psych.own == {"clock": 63000}


def test_encodings_other_than_utf8_are_read() -> None:
    item = item_of("a.md", "---\ntitle: caf\xe9\n---\n".encode("latin-1"), "encoding: iso-8859-1")
    assert item.title == "café"
    assert item_of("a.md", "---\ntitle: é\n---\n", "encoding: no-such-thing").title == "é"


def test_redirects_lead_to_their_documents() -> None:
    files = {
        "a.md": "---\nredirect_from: [/old, older/, ~]\nredirect_to: [~, 'https://example.org/']\n---\n"
    }
    outcome = outcome_of(files, "plugins: [jekyll-redirect-from]\nredirect_from: {json: false}")
    assert [(extra.url, extra.destination, extra.target) for extra in outcome.generated] == [
        ("/old", "/old.html", "/a.html"),
        ("/older/", "/older/index.html", "/a.html"),
    ]
    assert outcome.items[0].redirect_to == "https://example.org/"
    assert outcome_of(files).generated == ()


def test_feeds_sitemap_and_further_pages_are_known() -> None:
    files = {f"_posts/2020-01-0{n}-p.md": "---\ntags: [a, b-c]\n---\n" for n in range(1, 6)}
    files |= {
        "index.html": "---\n---\n",
        "feed/x.xml": "",
        "robots.txt": "",
        "blog/index.html": "---\n---\n",
    }
    config = """
plugins: [jekyll-feed, jekyll-sitemap, jekyll-paginate]
paginate: 2
paginate_path: /blog/page:num/
feed: {categories: [x, y], tags: true, collections: {notes: {path: /n.xml}, things: }}
"""
    found = {(extra.kind, extra.url) for extra in outcome_of(files, config).generated}
    assert found == {
        (GeneratedKind.FEED, "/feed/y.xml"),
        (GeneratedKind.FEED, "/feed.xml"),
        (GeneratedKind.FEED, "/n.xml"),
        (GeneratedKind.FEED, "/feed/things.xml"),
        (GeneratedKind.FEED, "/feed/by_tag/a.xml"),
        (GeneratedKind.SITEMAP, "/sitemap.xml"),
        (GeneratedKind.PAGINATION, "/blog/page2/"),
        (GeneratedKind.PAGINATION, "/blog/page3/"),
    }


@pytest.mark.parametrize(
    ("config", "count"),
    [
        ("paginate: 2", 0),
        ("paginate: x", 0),
        ("paginate: 2\npaginate_path: /p", 0),
        ("paginate: 1", 1),
    ],
)
def test_pagination_needs_posts_a_number_and_a_template(config: str, count: int) -> None:
    files = {f"_posts/2020-01-0{n}-p.md": "---\n---\n" for n in (1, 2)} | {
        "index.html": "---\n---\n"
    }
    assert len(outcome_of(files, f"plugins: [jekyll-paginate]\n{config}").generated) == count
    assert (
        outcome_of({POST: "---\n---\n"}, "plugins: [jekyll-paginate]\npaginate: 1").generated == ()
    )


def test_feed_settings_in_their_other_shapes() -> None:
    files = {POST: "---\ntags: [a, b]\n---\n"}
    plugin = "plugins: [jekyll-feed]\n"
    tags = "tags: {only: [a, b], except: [b], path: /t/}"
    outcome = outcome_of(files, f"{plugin}feed: {{collections: [notes], {tags}}}")
    urls = [extra.url for extra in outcome.generated]
    assert urls == ["/feed/notes.xml", "/feed.xml", "/t/a.xml"]
    assert [extra.url for extra in outcome_of(files, plugin).generated] == ["/feed.xml"]


def test_two_sources_of_one_destination_are_told() -> None:
    outcome = outcome_of(
        {"a.md": "---\n---\n", "a.html": "x", "b.md": "---\npermalink: /A.html\n---\n"}
    )
    assert sorted(finding.code for finding in outcome.findings) == ["URL-CASE", "URL-CONFLICT"]
    assert "a.html, a.md" in "".join(finding.message for finding in outcome.findings)


def redirects_of(files: dict[str, str | bytes], config: str = "") -> list[tuple[str, str]]:
    outcome = outcome_of(files, f"plugins: [jekyll-redirect-from]\n{config}")
    return [(finding.code, str(finding.place.path)) for finding in outcome.findings]


def test_a_redirect_that_is_hidden_or_hides_is_told_with_the_file_that_declares_it() -> None:
    notes = "collections: {notes: {output: true, permalink: '/n/:title/'}}"
    page = "---\n---\n"
    over = "---\nredirect_from: [/a.html, /n/b/, /n/other/]\n---\n"
    files: dict[str, str | bytes] = {"a.md": page, "_notes/b.md": page, "_notes/o.md": over}
    outcome = outcome_of(files, f"plugins: [jekyll-redirect-from]\n{notes}")
    assert [finding.message for finding in outcome.findings] == [
        "the redirect from /a.html hides a.md, which is written there too",
        "the redirect from /n/b/ is hidden by _notes/b.md, which is written there too",
    ]


def test_a_redirect_from_another_spelling_of_its_own_address_is_hidden_by_its_file() -> None:
    notes = "collections: {notes: {output: true, permalink: '/n/:title/'}}"
    files: dict[str, str | bytes] = {"_notes/é.md": "---\nredirect_from: /n/é/\n---\n"}
    assert redirects_of(files, notes) == [("REDIRECT-HIDDEN", "_notes/é.md")]


def test_redirects_that_lead_on_but_not_in_a_circle_are_fine() -> None:
    files: dict[str, str | bytes] = {
        "a.md": "---\nredirect_to: /b.html\n---\n",
        "b.md": "---\nredirect_to: https://elsewhere.example/\n---\n",
        "c.md": "---\nredirect_to: /nowhere/\n---\n",
    }
    assert redirects_of(files) == []
    files["d.md"] = "---\nredirect_to: /d.html\n---\n"
    assert redirects_of(files) == [("REDIRECT-SELF", "d.md")]


def test_a_circle_of_redirects_is_told_once_wherever_it_is_entered() -> None:
    files: dict[str, str | bytes] = {
        "a.md": "---\nredirect_to: /b.html\n---\n",
        "b.md": "---\nredirect_to: https://www.quay.example/c.html\n---\n",
        "c.md": "---\nredirect_to: /b.html\n---\n",
    }
    assert redirects_of(files, "url: https://quay.example") == [("REDIRECT-LOOP", "b.md")]


@pytest.mark.parametrize(
    "header",
    ["permalink: [a]", "permalink: 5", "permalink: ''", "permalink: 'x:y'"],
)
def test_a_page_whose_permalink_stops_jekyll_is_read_all_the_same(header: str) -> None:
    item = item_of("dir/a.md", f"---\n{header}\n---\n")
    assert item.url in {"/dir/a.html", "/x:y"}


def test_a_document_whose_permalink_is_no_text_has_no_url() -> None:
    item = item_of(POST, "---\npermalink: [a]\n---\n")
    assert (item.url, item.destination) == (None, None)
    assert [finding.code for finding in item.findings] == ["URL-INVALID"]


def test_a_category_that_is_no_part_of_a_url_is_told() -> None:
    item = item_of(POST, "---\ncategories: ['10:30']\n---\n")
    assert item.url is None
    assert [finding.code for finding in item.findings] == ["URL-INVALID"]
    static = item_of(
        "_notes/a:b.png", "x", "collections: {notes: {output: true, permalink: ':name'}}"
    )
    assert static.written


def test_yaml_documents_hold_their_data_and_nothing_else() -> None:
    config = "collections: {notes: {output: true}}"
    item = item_of("_notes/a.yml", "---\ntitle: T\ndate: 2020-01-02\n", config)
    assert dict(item.front_matter) == {"title": "T", "date": item.own["date"]}
    assert item.url == "/notes/a.yml"
    assert item.date is not None
    listed = item_of("_notes/a.yml", "---\n- a\n", config)
    assert [finding.code for finding in listed.findings] == ["FM-NOT-A-MAPPING"]
    assert [f.code for f in item_of("_notes/a.yml", b"---\n\xff", config).findings] == [
        "TEXT-ENCODING"
    ]
    assert item_of("_posts/2020-01-02-a.yml", "---\na: 1\n").left_out != ""


@pytest.mark.parametrize(
    ("plugin", "ext", "output"),
    [
        ("jekyll-coffeescript", ".coffee", ".js"),
        ("jekyll-asciidoc", ".adoc", ".html"),
        ("none", ".adoc", ".adoc"),
    ],
)
def test_converters_of_plugins_decide_the_extension(plugin: str, ext: str, output: str) -> None:
    assert item_of(f"a{ext}", "---\n---\n", f"plugins: [{plugin}]").url == f"/a{output}"


def test_defaults_that_are_none_are_passed_over() -> None:
    config = "defaults: [x, {values: 5}, {scope: x, values: {a: 1}}, {values: {date: soon, b: 2}}]"
    item = item_of("a.md", "---\n---\n", config)
    assert item.front_matter == {"a": 1, "b": 2}


def test_scopes_with_a_star_work_without_a_list_of_paths() -> None:
    config = "collections_dir: c\ncollections: {n: {output: true}}\ndefaults:\n"
    config += (
        "- {scope: {path: 'c/_n/*.md'}, values: {x: 1}}\n- {scope: {path: 'p/*'}, values: {y: 1}}\n"
    )
    assert item_of("c/_n/a.md", "---\n---\n", config).front_matter["x"] == 1
    assert item_of("p/a.md", "---\n---\n", config).front_matter == {"y": 1}
    assert "x" not in item_of("c/_n/a.html", "---\n---\n", config).front_matter


def test_scopes_with_a_star_are_relative_to_the_source() -> None:
    config = "source: src\ndefaults: [{scope: {path: 'd*/x'}, values: {y: 1}}]"
    rules = rules_of(config, paths=["src/dir/x.md", "src/dir/a.md", "dir/xa.md"])
    items = [
        rules.read(rules.place(entry(path)), b"---\n---\n")
        for path in ("src/dir/x.md", "src/dir/a.md")
    ]
    assert [dict(item.front_matter) for item in items] == [{}, {}]
    globbed = rules_of(config.replace("d*/x", "d*/x.md"), paths=["src/dir/x.md"])
    item = globbed.read(globbed.place(entry("src/dir/x.md")), b"---\n---\n")
    assert item.front_matter == {"y": 1}


def test_page_excerpts_only_when_the_site_wants_them() -> None:
    text = "---\n---\nfirst\n\nsecond\n"
    assert item_of("a.md", text).excerpt is None
    assert item_of("a.md", text, "page_excerpts: true").excerpt == "first"
