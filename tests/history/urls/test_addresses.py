"""Addresses, held against reading every file of every commit; Jekyll's own rules are elsewhere."""

from pathlib import Path

import pytest

from pipeline.history.urls.addresses import Address
from pipeline.jekyll.config import CONFIG_NAMES, parse_config
from pipeline.jekyll.rules import PUBLISHABLE, ReadOptions, Rules
from tests.history.urls.past import Past, read_past
from tests.sources.workshop import Workshop

NOTES = "collections: {notes: {output: true, permalink: '/n/:title/'}}\n"
Where = tuple[str, str, str, bool]


def told_at(past: Past, position: int) -> set[Where]:
    """Give what the addresses say of one commit of the branch."""
    places = {oid: number for number, oid in enumerate(past.versions.graph.branch)}
    return {
        (a.entry.path, a.url, a.destination, a.written)
        for a in past.addresses
        if places[a.since] <= position and (a.until is None or position < places[a.until])
    }


def read_at(past: Past, commit: str) -> set[Where]:
    """Read the whole tree of a commit afresh."""
    tree = past.versions.tree_at(commit)
    configured = past.configurations.at(commit)
    assert configured is not None
    name = configured.entry.path
    config = parse_config([(name, past.content[configured.entry])], ReadOptions())
    rules = Rules(config, None, [entry.path for entry in tree])
    found = set()
    for entry in tree:
        placement = rules.place(entry)
        if placement.role in PUBLISHABLE and entry in past.content:
            item = rules.read(placement, past.content[entry])
            if item.url is not None:
                found.add((entry.path, item.url, item.destination or "", item.written))
    return found


def test_every_commit_of_the_sample_has_the_addresses_of_its_own_tree(sample_bundle: Path) -> None:
    past = read_past(str(sample_bundle))
    branch = past.versions.graph.branch
    assert len(branch) > 20
    for position, commit in enumerate(branch):
        assert told_at(past, position) == read_at(past, commit)


def test_the_real_site_at_its_turning_points(aicam_bundle: Path) -> None:
    """At both sides of each change of the rules, and at the tip; few files are read twice."""
    past = read_past(str(aicam_bundle))
    branch = past.versions.graph.branch
    turns = [era.since for era in past.configurations.eras()]
    assert len(turns) > 5
    for position in {0, len(branch) - 1, *turns[1::3], *(turn - 1 for turn in turns[2::3])}:
        assert told_at(past, position) == read_at(past, branch[position])
    assert len(past.again) < len(past.content) / 20


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    return Workshop.create(tmp_path / "site")


def of(past: Past, path: str) -> list[tuple[str, bool, str, str | None]]:
    """List the addresses of one path with their commits."""
    return [(a.url, a.written, a.since, a.until) for a in past.addresses if a.entry.path == path]


def test_a_url_changes_with_the_configuration_though_the_file_stays(shop: Workshop) -> None:
    note = "---\ntitle: A\n---\n"
    one = shop.commit({"_config.yml": NOTES, "_notes/a.md": note, "b.md": note})
    shop.commit({"_config.yml": f"{NOTES}title: New\n"})
    two = shop.commit({"_config.yml": NOTES.replace("/n/", "/notes/")})
    three = shop.commit({"_config.yml": NOTES.replace("true", "false")})
    past = read_past(str(shop.folder))
    assert of(past, "_notes/a.md") == [
        ("/n/a/", True, one, two),
        ("/notes/a/", True, two, three),
        ("/n/a/", False, three, None),
    ]
    assert of(past, "b.md") == [("/b.html", True, one, None)]
    assert [entry.path for entry in past.again] == ["_notes/a.md"]


def test_a_default_changes_only_the_files_in_its_scope(shop: Workshop) -> None:
    note = "---\n---\n"
    shop.commit({"_config.yml": NOTES, "_notes/x/a.md": note, "_notes/b.md": note, "c.png": "c"})
    scope = f"{NOTES}defaults: [{{scope: {{path: _notes/x}}, values: {{permalink: /x/:title}}}}]"
    two = shop.commit({"_config.yml": scope})
    past = read_past(str(shop.folder))
    assert [entry.path for entry in past.again] == ["_notes/x/a.md"]
    assert of(past, "_notes/x/a.md")[1] == ("/x/a", True, two, None)


def test_a_broken_or_lost_configuration_leaves_the_last_one_standing(shop: Workshop) -> None:
    one = shop.commit({"a.md": "---\n---\n"})
    two = shop.commit({"_config.yml": "permalink: pretty\n"})
    shop.commit({"_config.yml": "a: [\n"})
    shop.commit({"_config.yml": None})
    five = shop.commit({"_config.toml": 'permalink = "none"\n'})
    past = read_past(str(shop.folder))
    assert of(past, "a.md") == [("/a/", True, two, five), ("/a.html", True, five, None)]
    assert past.configurations.at(one) is None


def test_yml_goes_before_toml(shop: Workshop) -> None:
    one = shop.commit({"_config.toml": 'permalink = "pretty"\n', "a.md": "---\n---\n"})
    two = shop.commit({"_config.yml": "permalink: none\n"})
    past = read_past(str(shop.folder))
    assert of(past, "a.md") == [("/a/", True, one, two), ("/a.html", True, two, None)]
    names = [e.configured.entry.path for e in past.configurations.eras() if e.configured]
    assert names == list(reversed(CONFIG_NAMES[::2]))


def test_a_file_that_was_no_document_yet_is_read_when_it_becomes_one(shop: Workshop) -> None:
    shop.commit({"_config.yml": "title: t\n", "_notes/a.md": "---\n---\n", "_notes/b": "plain"})
    two = shop.commit({"_config.yml": NOTES})
    three = shop.commit({"_config.yml": "{exclude: [_notes/], collections: {notes: {}}}"})
    past = read_past(str(shop.folder))
    assert of(past, "_notes/a.md")[:1] == [("/n/a/", True, two, three)]
    assert of(past, "_notes/b")[0][0] == "/n"
    assert [entry.path for entry in past.again] == ["_notes/a.md", "_notes/b"]


def test_a_side_line_keeps_its_own_configuration_until_it_is_merged(shop: Workshop) -> None:
    one = shop.commit({"_config.yml": NOTES, "_notes/a.md": "---\n---\n"})
    shop.git("switch", "--quiet", "--create", "side")
    side = shop.commit({"_config.yml": NOTES.replace("/n/", "/s/")})
    last = shop.commit({"_notes/a.md": "---\n---\nmore\n"})
    shop.git("switch", "--quiet", "main")
    other = shop.commit({"_config.yml": f"{NOTES}title: main\n"})
    past = read_past(str(shop.folder))
    assert of(past, "_notes/a.md") == [("/n/a/", True, one, None)]
    shop.git("merge", "--quiet", "--no-ff", "--strategy-option=theirs", "-m", "merge", "side")
    past = read_past(str(shop.folder))
    configured = {oid: past.configurations.at(oid) for oid in (one, side, last, other)}
    templates = [c.config.collections["notes"]["permalink"] for c in configured.values() if c]
    assert templates == ["/n/:title/", "/s/:title/", "/s/:title/", "/n/:title/"]
    assert [(a.url, a.since == one) for a in addresses_of(past)] == [
        ("/n/a/", True),
        ("/s/a/", False),
    ]


def addresses_of(past: Past) -> list[Address]:
    """List the addresses of the note."""
    return [address for address in past.addresses if address.entry.path == "_notes/a.md"]


def test_what_cannot_be_read_has_no_address(shop: Workshop) -> None:
    shop.commit({"_config.yml": NOTES, "_notes/a.md": "---\npermalink: [x]\n---\n"})
    past = read_past(str(shop.folder))
    assert of(past, "_notes/a.md") == []
