"""Whatever a file holds, reading it gives an item: content never raises."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.jekyll.options import YamlEngine
from pipeline.jekyll.rules import PUBLISHABLE, Rules
from tests.jekyll.sites import entry, rules_of

CONFIG = """
collections: {notes: {output: true, permalink: '/:categories/:year/:title:output_ext'}}
plugins: [jekyll-redirect-from, jekyll-feed, jekyll-sitemap, jekyll-paginate]
paginate: 1
page_excerpts: true
defaults:
- {scope: {path: '', type: posts}, values: {categories: [a, {b: c}], tags: x y, m: {n: 1}}}
"""
PATHS = (
    "_posts/2020-01-02-a.md",
    "_notes/b.html",
    "_notes/c.yml",
    "d/e.md",
    "f.bin",
    "_drafts/g.md",
)
SCALARS = st.sampled_from(
    (
        "", "~", "x", "[]", "{}", "[a, [b, {c: d}], ~]", "{a: {b: [1]}}", "1", "1.5", "1e400",
        ".inf", ".nan", "-0.0",
        "yes", "2020-01-02", "2020-01-02 10:00:00 -0800", "10:30", "'10:30'", "/:title/", ":x",
        "'//x'", "a:b", "%zz",
        "*a", "&a x", "!!binary aGk=", "!!binary '@'", "! x", "<<", "|\n  x",
        "9999999999999999999999", "0x", "'\\'",
        '"\\0\\x85\\u2028"', "99999-01-01", "0000-00-00", "-5", "12345678901:00",
        "'2020-01-02 25:61 +99:99'",
    )
)  # fmt: skip
KEYS = st.sampled_from(
    (
        "title", "slug", "date", "permalink", "categories", "category", "tags", "tag",
        "layout", "excerpt", "ext",
        "excerpt_separator", "published", "draft", "redirect_from", "redirect_to", "hidden",
        "<<", "1", "~", "? [x]\n",
    )
)  # fmt: skip
HEADERS = st.lists(st.tuples(KEYS, SCALARS), max_size=6).map(
    lambda pairs: "".join(f"{key}: {value}\n" for key, value in pairs).encode()
)
CONTENTS = st.one_of(
    st.binary(max_size=80),
    st.tuples(HEADERS, st.binary(max_size=30)).map(
        lambda pair: b"---\n" + pair[0] + b"---\n" + pair[1]
    ),
    st.text(max_size=60).map(lambda text: f"---\n{text}\n---\n".encode("utf-8", "surrogatepass")),
)


@pytest.fixture(scope="module", params=list(YamlEngine))
def rules(request: pytest.FixtureRequest) -> Rules:
    return rules_of(CONFIG, yaml_engine=request.param, drafts=True)


@settings(
    derandomize=True, deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow]
)
@given(files=st.dictionaries(st.sampled_from(PATHS), CONTENTS, min_size=1))
@example(files={PATHS[0]: b"---\ndate: 12345678901:00\n---\n"})
@example(files={PATHS[3]: b"---\npermalink: ''\nredirect_from: {a: [b]}\n---\n"})
def test_any_content_gives_an_item(rules: Rules, files: dict[str, bytes]) -> None:
    items = []
    for path, data in files.items():
        item = rules.read(rules.place(entry(path)), data)
        assert item.path == path
        assert (item.url is None) == (item.destination is None)
        assert item.url is not None or item.findings
        items.append(item)
    outcome = rules.finish(items)
    assert [item.path for item in outcome.items] == list(files)


SETTINGS = st.sampled_from(
    (
        "source", "destination", "collections_dir", "collections", "include", "exclude",
        "plugins", "permalink",
        "timezone", "time", "encoding", "markdown_ext", "limit_posts", "defaults",
        "excerpt_separator", "paginate",
        "paginate_path", "feed", "redirect_from", "data_dir", "layouts_dir", "show_drafts",
        "future", "page_excerpts",
    )
)  # fmt: skip
ODD = st.sampled_from(
    (
        "~", "5", "-1", "1.5", "true", "x", "''", "'/'", "'..'", "'../x'", "'a/./b/'", "[]",
        "[~, 5, [x], {a: b}, '']",
        "{}", "{a: ~, b: 5, c: [x], posts: [x], '': {}}",
        "{collections: 5, tags: 5, categories: x, path: 5}", "[jekyll-feed]",
        "[jekyll-redirect-from, jekyll-paginate, jekyll-sitemap, jekyll-feed]", "'**[a-'",
        "[{scope: 5, values: {a: 1}}]",
        "[{scope: {path: [x], type: {a: b}}, values: {date: [x]}}, 5]", "2020-01-01", "pretty",
        "utf-16", "Europe/Paris",
        "{posts: {permalink: [x]}, notes: {permalink: 5, output: x}}", "{json: 5}",
        "{tags: {only: x, except: 5, path: [x]}}",
    )
)  # fmt: skip


@settings(
    derandomize=True, deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow]
)
@given(chosen=st.dictionaries(SETTINGS, ODD, max_size=6))
def test_any_configuration_that_is_a_mapping_reads_a_site(chosen: dict[str, str]) -> None:
    config = "".join(f"{key}: {value}\n" for key, value in chosen.items())
    rules = rules_of(config, paths=PATHS, drafts=None)
    items = []
    for path in (*PATHS, "index.html"):
        placement = rules.place(entry(path))
        if placement.role in PUBLISHABLE:
            items.append(rules.read(placement, b"---\nredirect_from: /x\ntags: [a]\n---\nx\n"))
    outcome = rules.finish(items)
    assert len(outcome.items) == len(items)
