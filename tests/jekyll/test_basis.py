"""The basis of an item: nothing that the rules read may be missing from it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from pipeline.jekyll.basis import PLACING, READING, TAKEN_APART
from pipeline.jekyll.config import DEFAULTS, parse_config
from pipeline.jekyll.item import ItemKind
from pipeline.jekyll.options import ReadOptions
from pipeline.jekyll.rules import PUBLISHABLE, Rules
from tests.jekyll.sites import entry, rules_of

FILES = {
    "_posts/2020-01-02-a.md": "---\ntags: a b\n---\ntext\n\nmore",
    "_drafts/b.md": "---\n---\n",
    "_notes/c.md": "---\n---\ntext\n\nmore",
    "_notes/d.yml": "a: 1\n",
    "_notes/e.png": "picture",
    "f.html": "---\nexcerpt_separator: x\n---\n",
    "g.png": "picture",
    "_data/h.yml": "a: 1",
}
CONFIG = """
title: t
collections: {notes: {output: true, permalink: '/:collection/:path', title: Notes}}
defaults: [{scope: {path: ''}, values: {layout: page}}]
"""


class Recording(Mapping[str, Any]):
    """The raw configuration, which remembers what it was asked for."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - the configuration decides
        self.asked.add(key)
        return self.raw[key]

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("the rules must name what they read")

    def __len__(self) -> int:
        return len(self.raw)


def test_all_settings_that_the_rules_read_are_in_the_basis() -> None:
    config = parse_config([("_config.yml", CONFIG.encode())], ReadOptions())
    recording = Recording(config.raw)
    rules = Rules(replace(config, raw=recording))
    for path, text in FILES.items():
        placement = rules.place(entry(path))
        if placement.role in PUBLISHABLE:
            rules.read(placement, text.encode())
    assert recording.asked <= {*PLACING, *READING, *TAKEN_APART}
    assert {"permalink", "include", "defaults", "future"} <= recording.asked


ALIKE = "title: other\nurl: https://x.example\nbaseurl: /b\npaginate: 5\nplugins: [jekyll-feed]\n"


def test_a_title_changes_no_basis() -> None:
    assert rules_of(CONFIG).basis == rules_of(CONFIG.replace("title: t\n", ALIKE)).basis


@pytest.mark.parametrize(
    ("change", "touched"),
    [
        ("permalink: pretty", {"post", "page", "note", "static"}),
        ("markdown_ext: text", {"post", "page", "note", "static"}),
        ("timezone: Asia/Tokyo", {"post", "page", "note", "static"}),
        ("plugins: [jekyll-textile-converter]", {"post", "page", "note", "static"}),
        ("exclude: [f.html]", {"page"}),
        ("collections: {notes: {permalink: /x/:title}}", {"note"}),
        ("collections: {notes: {output: true}}", {"note"}),
        ("defaults: [{scope: {type: posts}, values: {published: false}}]", {"post", "static"}),
        ("defaults: [{scope: {type: pages}, values: {permalink: /z}}]", {"page", "static"}),
    ],
)
def test_a_change_touches_the_files_that_it_concerns(change: str, touched: set[str]) -> None:
    base = "collections: {notes: {}}\n"
    changed = f"{change}\n" if change.startswith("collections") else f"{base}{change}\n"
    before, after = rules_of(base), rules_of(changed)
    paths = {"post": "_posts/2020-01-02-a.md", "page": "f.html", "note": "_notes/c.md"}
    found = {
        name
        for name, path in (*paths.items(), ("static", "g.png"))
        for one, other in [(before.place(entry(path)), after.place(entry(path)))]
        if before.basis_of(one, static=name == "static")
        != after.basis_of(other, static=name == "static")
    }
    assert found == touched
    assert before.basis != after.basis


@pytest.mark.parametrize("key", sorted(DEFAULTS))
def test_files_with_one_basis_are_one_item(key: str) -> None:
    """Whatever a setting is changed to: where the basis stays, so does all that is computed."""
    odd = {"timezone": "Asia/Tokyo", "markdown_ext": "html", "collections_dir": "sub"}
    value = odd.get(key, "pretty" if key == "permalink" else "true")
    texts = (CONFIG, f"{CONFIG}{key}: {value}\n") if f"\n{key}:" not in CONFIG else (CONFIG, CONFIG)
    before, after = (rules_of(text) for text in texts)
    for path, text in FILES.items():
        one, other = before.place(entry(path)), after.place(entry(path))
        if one.role not in PUBLISHABLE or other.role not in PUBLISHABLE:
            continue
        item = before.read(one, text.encode())
        static = item.kind is ItemKind.STATIC
        if before.basis_of(one, static=static) == after.basis_of(other, static=static):
            assert after.read(other, text.encode()) == item
