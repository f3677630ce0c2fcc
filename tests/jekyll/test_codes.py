"""Every finding code has an input that yields exactly that code, and no other."""

import pytest

from pipeline.jekyll.codes import CODES
from pipeline.jekyll.config import parse_config
from pipeline.jekyll.links import follow_links
from pipeline.jekyll.options import ReadOptions
from pipeline.model import FileMode
from tests.jekyll.sites import entry, outcome_of

NOTES = "collections: {notes: {output: true, permalink: '/n/:year/:title/'}}"
REDIRECTS = "plugins: [jekyll-redirect-from]"
BROKEN: dict[str, tuple[dict[str, str | bytes], str]] = {
    "FM-YAML": ({"a.md": "---\na: [\n---\n"}, ""),
    "FM-LIMIT": ({"a.md": "---\na: " + "[" * 60 + "\n---\n"}, ""),
    "FM-NOT-A-MAPPING": ({"a.md": "---\n- a\n---\n"}, ""),
    "FM-VALUE": (
        {"_posts/2020-01-01-a.md": "---\ncategories: {a: 1}\n---\n"},
        "permalink: /:title",
    ),
    "TEXT-ENCODING": ({"a.md": b"---\na: b\n---\n\xff"}, ""),
    "DATE-INVALID": ({"_posts/2020-01-01-a.md": "---\ndate: soon\n---\n"}, ""),
    "DATE-BUILD-TIME": ({"_posts/2020-01-01-a.md": "---\ndate: May 3\n---\n"}, ""),
    "URL-BUILD-TIME": ({"_notes/a.md": "---\n---\n"}, NOTES),
    "URL-INVALID": ({"_posts/2020-01-01-a.md": "---\npermalink: /:nothing\n---\n"}, ""),
    "URL-CONFLICT": ({"a.md": "---\n---\n", "a.html": "x"}, ""),
    "URL-CASE": ({"a.md": "---\n---\n", "A.html": "x"}, ""),
    "REDIRECT-SELF": ({"a.md": "---\nredirect_from: [/b, /a.html]\n---\n"}, REDIRECTS),
    "REDIRECT-LOOP": (
        {"a.md": "---\nredirect_to: /b.html\n---\n", "b.md": "---\nredirect_to: /a.html\n---\n"},
        REDIRECTS,
    ),
    "REDIRECT-HIDDEN": (
        {"a.md": "---\nredirect_from: /b.html\n---\n", "b.md": "---\n---\n"},
        REDIRECTS,
    ),
    "REDIRECT-TWICE": (
        {"a.md": "---\nredirect_from: /c\n---\n", "b.md": "---\nredirect_from: /c\n---\n"},
        REDIRECTS,
    ),
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_site_yields_its_code(code: str) -> None:
    files, config = BROKEN[code]
    outcome = outcome_of(files, config)
    found = [*outcome.findings, *(finding for item in outcome.items for finding in item.findings)]
    assert {finding.code for finding in found} == {code}
    assert all(finding.severity is CODES[finding.code].severity for finding in found)
    assert all(finding.place.path in files for finding in found)


def test_a_setting_that_stops_jekyll_yields_its_code() -> None:
    config = parse_config(
        [("_config.yml", b"exclude: top\nlimit_posts: -1\ncollections: 5\n")], ReadOptions()
    )
    assert [finding.code for finding in config.findings] == ["CONFIG-VALUE"] * 3
    assert [finding.place.field for finding in config.findings] == [
        "exclude",
        "collections",
        "limit_posts",
    ]


@pytest.mark.parametrize("folder", ["/etc", "/", "~/site", "..", "../other", "a/../../b", "./.."])
def test_a_source_out_of_the_tree_yields_its_code_and_the_tree_is_read(folder: str) -> None:
    files = {"_posts/2020-01-01-a.md": "---\n---\n"}
    outcome = outcome_of(files, f"source: {folder!r}")
    assert [item.url for item in outcome.items] == ["/2020/01/01/a.html"]
    config = parse_config([("_config.yml", f"source: {folder!r}".encode())], ReadOptions())
    (found,) = config.findings
    assert (found.code, found.place.field) == ("CONFIG-SOURCE-OUTSIDE", "source")
    assert repr(folder) in found.message


@pytest.mark.parametrize("folder", [".", "./", "sub", "sub/../other", "..site", ""])
def test_a_source_within_the_tree_is_none(folder: str) -> None:
    config = parse_config([("_config.yml", f"source: {folder!r}".encode())], ReadOptions())
    assert config.findings == ()


def test_a_link_out_of_the_tree_yields_its_code() -> None:
    link = entry("out", FileMode.SYMLINK)
    followed = follow_links([link], lambda _: b"../../etc/passwd")
    assert [finding.code for finding in followed.findings] == ["LINK-OUTSIDE"]


def test_no_code_is_without_its_input() -> None:
    assert set(CODES) == {*BROKEN, "CONFIG-VALUE", "CONFIG-SOURCE-OUTSIDE", "LINK-OUTSIDE"}
