"""What each state said, under the configuration of its time."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.content.normalise import normalise
from pipeline.content.settings import Settings, parse_settings
from pipeline.history.graph import Node, arrange
from pipeline.history.lineage.reading import Reader, Seen, lives
from pipeline.history.lineage.trace import trace
from pipeline.history.versions import Version, Versions
from pipeline.history.versions import trace as spans_of
from pipeline.model import Finding, TreeEntry
from tests.history.lineage.reading import read_past
from tests.history.test_versions import change, since, step

Commit = Mapping[str, bytes | None]

CONFIG = b"title: Mill\ncollections:\n  news:\n    output: true\n    permalink: /news/:title/\n"
NEWS = b"""---
title: The pond
author: Ada Archer
people: [Bo Barker, {name: Cy Carter}]
link: https://mill.example/tide
cover: /pond.png
summary: >
  It is wet and it is deep, and nobody
  who fell into it was ever dry again.

  Nor warm.
faqs:
  - question: Is it deep?
    answer: It is.
---
The body, with [a link](/rye).
"""


@dataclass(frozen=True, slots=True)
class Told:
    versions: Versions
    seen: dict[TreeEntry, Seen]
    findings: tuple[Finding, ...] = ()

    def first(self, path: str) -> Seen:
        return next(seen for entry, seen in self.seen.items() if entry.path == path)


def told(*commits: Commit, site: Settings | None = None) -> Told:
    """Read a history of one line; None deletes a file. The content of a file is its id."""
    contents: dict[TreeEntry, bytes] = {}
    tree: dict[str, str] = {}
    steps = []
    nodes = [
        Node(oid=f"c{n}", tree="", parents=(f"c{n - 1}",) if n else (), seconds=n)
        for n in range(len(commits))
    ]
    for number, commit in enumerate(commits):
        changes = []
        for path, data in commit.items():
            after = None if data is None else f"{number}"
            made = change(path, tree.get(path), after)
            changes.append(made)
            if made.after is not None and data is not None and after is not None:
                contents[made.after] = data
                tree[path] = after
            else:
                tree.pop(path)
        steps.append(step(f"c{number}", since(f"c{number - 1}" if number else None, *changes)))
    versions = spans_of(arrange(nodes, nodes[-1].oid), steps)
    configs = {e: data for e, data in contents.items() if e.path.startswith("_config.")}
    reader = Reader(versions, configs, site or Settings())
    found = {v.entry: reader.read(v, contents[v.entry]) for v in versions.states()}
    seen = {entry: each for entry, each in found.items() if each}
    return Told(versions, seen, reader.findings)


def test_a_state_is_read_under_the_configuration_that_stood_when_it_came() -> None:
    moved = CONFIG.replace(b"/news/", b"/stories/")
    past = told(
        {"_config.yml": CONFIG, "_news/a.md": NEWS},
        {"_config.yml": moved},
        {"_news/b.md": NEWS},
    )
    assert {seen.item.url for seen in past.seen.values() if seen.item} == {
        "/news/a/",
        "/stories/b/",
    }
    first, second = past.first("_news/a.md"), past.first("_news/b.md")
    assert first.context != second.context
    assert first.configured is not None
    assert first.configured.entry.oid == "0"


def test_where_a_configuration_cannot_be_read_the_one_before_it_counts() -> None:
    past = told({"_config.yml": CONFIG}, {"_config.yml": b"a: [\n"}, {"_news/a.md": NEWS})
    seen = past.first("_news/a.md")
    assert seen.item is not None
    assert seen.item.url == "/news/a/"
    assert seen.configured is not None
    assert seen.configured.entry.oid == "0"
    (finding,) = past.findings
    assert finding.code == "LINEAGE-CONFIG-UNREADABLE"
    assert finding.message.startswith("a former state, from commit c1: _config.yml:")


@pytest.mark.parametrize("name", ["_config.yaml", "_config.toml"])
def test_the_configuration_may_have_another_name(name: str) -> None:
    toml = b"[collections.news]\noutput = true\npermalink = '/news/:title/'\n"
    past = told({name: toml if name.endswith("toml") else CONFIG, "_news/a.md": NEWS})
    item = past.first("_news/a.md").item
    assert item is not None
    assert item.url == "/news/a/"


def test_before_there_was_a_configuration_nothing_was_published_but_it_is_followed() -> None:
    past = told({"_news/a.md": NEWS, "b.png": b"x"}, {"_config.yml": CONFIG})
    (seen,) = past.seen.values()
    assert seen.item is None
    assert seen.configured is None
    assert (seen.collection, seen.facts.title) == ("news", "The pond")


def test_what_was_in_no_collection_yet_is_followed_until_it_was() -> None:
    past = told(
        {"_config.yml": b"title: Mill\n", "_news/a.md": NEWS},
        {"_config.yml": CONFIG, "_news/a.md": None, "_news/b.md": NEWS},
    )
    early = past.first("_news/a.md")
    assert early.item is None
    assert early.configured is not None
    assert early.facts == past.first("_news/a.md").facts
    found = trace(lives(past.versions, past.seen))
    assert [document.paths for document in found.documents] == [("_news/a.md", "_news/b.md")]


def test_a_post_without_an_extension_is_followed_by_its_text() -> None:
    past = told({"_config.yml": CONFIG, "_posts/2024-01-02-a": NEWS, "_layouts/x.html": NEWS})
    (seen,) = past.seen.values()
    assert (seen.item, seen.collection) == (None, "posts")
    assert seen.facts.text[-1].endswith("[a link](/rye).")


def test_files_that_are_copied_as_they_are_are_nothing_to_follow() -> None:
    files = {"a.png": b"x", "notes.txt": b"no front matter", "_data/a.yml": b"---\n---\n"}
    past = told({"_config.yml": CONFIG, "_news/a.txt": b"plain", "feed.xml": NEWS, **files})
    assert {entry.path for entry in past.seen} == {"_news/a.txt", "feed.xml"}
    assert past.first("_news/a.txt").facts.text == ("plain",)


def test_the_facts_are_those_that_parsing_finds() -> None:
    facts = told({"_config.yml": CONFIG, "_news/a.md": NEWS}).first("_news/a.md").facts
    assert facts.text == (
        "The body, with [a link](/rye).",
        "It is wet and it is deep, and nobody who fell into it was ever dry again.\nNor warm.",
        "Is it deep?",
        "It is.",
    )
    assert facts.links == ("https://mill.example/tide",)
    assert facts.people == ("ada archer", "bo barker", "cy carter")
    assert b"".join(facts.source) == NEWS


def test_the_settings_of_the_site_say_which_fields_hold_text_and_people() -> None:
    toml = b"[collections.news]\ntext = ['faqs[].answer']\n[people]\nfields_remove = ['people']\n"
    past = told({"_config.yml": CONFIG, "_news/a.md": NEWS}, site=parse_settings(toml))
    facts = past.first("_news/a.md").facts
    assert facts.text == ("The body, with [a link](/rye).", "It is.")
    assert facts.people == ("ada archer",)


def test_a_front_matter_that_stands_for_too_much_says_nothing() -> None:
    many = b"---\nauthor: Ada\na: [" + b"1," * 25_000 + b"]\n---\nwords\n"
    past = told({"_config.yml": CONFIG, "a.md": many})
    facts = past.first("a.md").facts
    assert (facts.text, facts.people) == (("words",), ())


def test_states_share_what_they_have_in_common() -> None:
    more = NEWS + b"\nAnd a passage more.\n"
    past = told({"_config.yml": CONFIG, "_news/a.md": NEWS}, {"_news/a.md": more})
    one, other = (seen.facts for seen in past.seen.values())
    assert one.text[0] is other.text[0]
    assert one.people is other.people
    assert all(mine is theirs for mine, theirs in zip(one.source, other.source, strict=False))


def test_every_state_of_the_sample_site_names_the_people_that_parsing_finds(
    sample_bundle: Path,
) -> None:
    past = read_past(str(sample_bundle))
    assert len(past.seen) > 50
    for entry, seen in past.seen.items():
        if seen.item is not None:
            content = normalise(seen.item, b"".join(seen.facts.source), Settings())
            named = tuple(mention.key for mention in content.mentions)
            assert seen.facts.people == named, entry.path
            assert seen.facts.title == content.title


def test_versions_are_read_in_any_order() -> None:
    commits = {"_config.yml": CONFIG, "_news/a.md": NEWS, "_news/b.md": NEWS}
    past = told(commits)
    configs = {v.entry: CONFIG for v in past.versions.states() if v.entry.path == "_config.yml"}
    reader = Reader(past.versions, configs, Settings())
    turned: list[Version] = list(reversed(past.versions.states()))
    again = {v.entry: reader.read(v, NEWS) for v in turned if v.entry not in configs}
    assert {entry: (seen.item, seen.facts) for entry, seen in again.items() if seen} == {
        entry: (seen.item, seen.facts) for entry, seen in past.seen.items()
    }
