"""One tree of odd names and front matters under many configurations, against Jekyll."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.jekyll_parity.conftest import CompareFolder

STYLES = (
    "date",
    "pretty",
    "ordinal",
    "weekdate",
    "none",
    "/:categories/:title/",
    "/:year/:i_month/:i_day/:slug",
    "/blog/:short_year/:short_month/:long_month/:title.html",
    "/:w_year/:week/:w_day/:short_day/:long_day/:y_day/:name:output_ext",
    "/:hour:minute:second/:slugified_categories/:title:output_ext",
    "/a/../b/./:collection/:path/",
    "/:year_:month_:day_/x",
    "no-slash/:title",
    "",
)
COLLECTION_PERMALINKS = (
    None,
    "/:collection/:path:output_ext",
    "/c/:name/",
    "/c/:title",
    "/c/:slug.html",
    "/:categories/:year/:title/",
    "/c/:path",
)
SETTINGS: tuple[dict[str, Any], ...] = (
    {"timezone": "America/New_York"},
    {"timezone": "Asia/Kolkata", "future": True},
    {"timezone": "Nowhere/Land"},
    {"collections_dir": "gathered"},
    {"include": ["_pages", ".htaccess", "folder/.hidden.md"], "exclude": ["folder/in*", "top"]},
    {"exclude": ["*.txt", "folder/", "/page.md", "_notes/s*", "_posts/2020-01-0?-*"]},
    {"include": []},
    {"markdown_ext": "markdown,TXT,html"},
    {"limit_posts": 3},
    {"show_drafts": True},
    {"unpublished": True},
    {"excerpt_separator": ""},
    {"excerpt_separator": "<!--more-->", "page_excerpts": True},
    {"collections": ["notes", "things"]},
    {
        "collections": {
            "posts": {"output": False, "permalink": "/p/:title"},
            "no te!s": {"output": 1},
        }
    },
    {"collections": None, "permalink": None},
    {
        "plugins": ["jekyll-redirect-from", "jekyll-feed", "jekyll-sitemap", "jekyll-paginate"],
        "paginate": 2,
    },
    {"plugins": ["jekyll-paginate"], "paginate": 1, "paginate_path": "folder/p:num/"},
    {"encoding": "iso-8859-1"},
    {"layouts_dir": "top", "data_dir": "folder/data", "includes_dir": "inc"},
    {"time": "2020-01-02 10:00", "permalink": "date"},
    {
        "defaults": [
            {
                "scope": {"path": "", "type": "posts"},
                "values": {"tags": "x y", "layout": "post", "m": {"a": 1}},
            },
            {
                "scope": {"path": "_posts/sub"},
                "values": {"categories": ["d1", "d2"], "m": {"b": 2}},
            },
            {"scope": {"path": "_p*s"}, "values": {"starred": True}},
            {
                "scope": {"path": "**/sub/*.md"},
                "values": {"deep": True, "permalink": "/deep/:title/"},
            },
            {
                "scope": {"path": "_posts/*/*.md", "type": "post"},
                "values": {"title": "From defaults"},
            },
            {
                "scope": {"type": "pages"},
                "values": {"title": "A page", "permalink": "/all/:basename/"},
            },
            {"scope": {"path": "/folder"}, "values": {"published": False}},
            {"scope": {"path": "folder", "type": ""}, "values": {"never": 1}},
            {"scope": {"path": None}, "values": {"everywhere": [1, 2]}},
            {
                "scope": {"path": "_notes", "type": "notes"},
                "values": {"date": "2019-05-06", "slug": "same"},
            },
            {"scope": {"path": ""}, "values": "nothing"},
            "nothing",
        ]
    },
)
BODY = (
    "First {% if x %} line.\n\nSecond [a][l].\n{% endif %}\n<!--more-->\nrest\n\n"
    "[l]: /there\n  [First]: x\n"
)
FRONT_MATTERS = (
    "",
    "title: Given\ncategories: A b\n",
    "date: 2020-02-30 23:30\ncategories: [X/Y, 'ü ö', 1, 1.5, true]\ntags: one two\n",
    "date: 2021-03-04T23:30:00-08:00\ncategory: Solo\ntag: t\ntags: [u]\n",
    "slug: A Slug! Ünï\ntags: [a, null, [b, [c]]]\ncategories: [one, [two, three]]\n",
    "permalink: /own/:title:output_ext\nlayout: none\nexcerpt: mine\n",
    "permalink: own/:categories/x.json\ncategories: [p q, p q, P Q]\n",
    "permalink: pretty\nexcerpt_separator: line\n",
    "permalink: /same/\nredirect_from: [/old, /older/, oldest.html]\n",
    "permalink: /same/\nredirect_to: /elsewhere\nredirect_from: /x/y\n",
    "title: ~\nslug: ~\ndate: 2099-01-01\n",
    "published: false\n",
    "published: ~\ntitle: 2023-01-01\n",
    "categories: {a: 1}\n",
    "categories: 2020\ntags: 2020\n",
    "tags: {a: 1}\ncategory: [x, [y]]\n",
    "title: [a, {b: 1.5}]\nlayout: 5\n",
    "title: 'a: b'\nbad: [\n",
    "- a\n- b\n",
    "date: Nov 5, 2019 3:04 pm PST\next: .foo\ndraft: true\n",
)
NAMES = (
    "_posts/2020-01-{n:02d}-plain.md",
    "_posts/2020-01-{n:02d}-Ünï códe 'q' & more.markdown",
    "_posts/2020-1-{n}-dots...in.name.html",
    "_posts/sub/Dir One/20-01-{n}-nested.md",
    "Top/cat two/_posts/2020-01-{n:02d}-a-{n}--b.txt",
    "_notes/{n}-plain.md",
    "_notes/2020-01-{n:02d}-dated.md",
    "_notes/sub/Über {n}.html",
    "_drafts/draft {n}.md",
    "folder/page {n}.md",
    "page{n}.html",
)
PLAIN_FILES = (
    "index.html", "folder/index.md", "folder/in.md", "folder/.hidden.md", "top.txt", "top~",
    "#top", "top.",
    "style.scss", "folder/a..b.css", "folder/100%25.txt", "_notes/pic.ture.png", "_notes/sub/x~",
    "_notes/.d/e.md",
    "_notes/sub/.d/e.md", "_notes/sub/_u/e.md", "_notes/.e", "_things/t", "_things/v1.0/noext",
    "_pages/p.md",
    "folder/_posts/2020-01-01-x.md", "gathered/_notes/g.md", "gathered/_posts/2020-01-01-g.md",
    "gathered/page.md", "gathered/_notes/g.png", "_posts/_x/2020-01-01-u.md",
    "_posts/.x/2020-01-01-h.md",
    "_posts/a/_x/2020-01-01-u.md", "_posts/2020-01-01-noext", "_posts/readme.md", "_data/d.yml",
    ".htaccess",
    "vendor/bundle/v.md", "vendor/own.md", "node_modules/n.md", "node_modules.md", "Gemfile",
    "_site/s.html",
    "sitemap.xml", "folder/data/x.yml", "inc/i.html", "folder/robots.txt",
)  # fmt: skip


def _write(folder: Path, path: str, text: str) -> None:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _site(folder: Path, settings: dict[str, Any]) -> Path:
    """Write the tree of odd files under one configuration."""
    for number, front_matter in enumerate(FRONT_MATTERS, 1):
        for index, name in enumerate(NAMES):
            if (number + index) % 2 or number > 15 or index == 0:
                content = f"---\n{front_matter}---\n{BODY}"
                if "redirect_to" in front_matter and name.startswith("_drafts"):
                    continue
                if name.endswith((".html", "page {n}.md")) and front_matter.startswith("- a"):
                    continue  # a list in a page stops Jekyll: tested by itself
                _write(folder, name.format(n=number), content)
    for path in PLAIN_FILES:
        _write(folder, path, "---\n---\n" if path.endswith((".md", ".html")) else "x\n")
    _write(folder, "_config.yml", json.dumps(settings))
    return folder


def _settings() -> list[dict[str, Any]]:
    """Every style, every permalink of a collection, every other setting, mixed."""
    every: list[dict[str, Any]] = []
    notes = [
        {"output": True} if permalink is None else {"output": True, "permalink": permalink}
        for permalink in COLLECTION_PERMALINKS
    ]
    for index, style in enumerate(STYLES):
        collections = {"notes": notes[index % len(notes)], "things": {"output": index % 2 == 0}}
        every.append({"permalink": style, "collections": collections})
    for index, settings in enumerate(SETTINGS):
        base = {"permalink": STYLES[index % 5], "collections": {"notes": notes[index % len(notes)]}}
        every.append({**base, **settings})
    return every


@pytest.mark.parametrize("settings", _settings(), ids=lambda settings: json.dumps(settings)[:70])
def test_jekyll_agrees_under_every_configuration(
    settings: dict[str, Any], compare_folder: CompareFolder, tmp_path: Path
) -> None:
    compared = compare_folder(_site(tmp_path / "site", settings))
    assert compared.answer.error == ""
    assert [str(difference) for difference in compared.result.differences] == []
