"""The real site at its tip: facts that a person counted, not text."""

import json
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.content.normalise import normalise
from pipeline.content.people import PeopleIndex, person_page
from pipeline.content.settings import Settings
from pipeline.content.values import Content, PersonRole
from pipeline.jekyll.config import parse_config
from pipeline.jekyll.item import Item
from pipeline.jekyll.rules import ReadOptions, Role, Rules
from pipeline.model import FileMode, Severity, TreeEntry

Site = list[tuple[Item, bytes, Content]]


def files(repository: Path, git: Path) -> Iterator[tuple[str, bytes]]:
    """Give every file of the tip with its bytes."""
    run = [str(git), "-C", str(repository)]
    tree = subprocess.run([*run, "ls-tree", "-r", "-z", "HEAD"], capture_output=True, check=True)
    entries = [entry.partition(b"\t") for entry in tree.stdout.split(b"\0") if entry]
    oids = b"".join(meta.split()[2] + b"\n" for meta, _, _ in entries)
    batch = subprocess.run(
        [*run, "cat-file", "--batch"], input=oids, capture_output=True, check=True
    )
    rest = batch.stdout
    for _, _, path in entries:
        head, _, rest = rest.partition(b"\n")
        size = int(head.split()[2])
        yield path.decode(), rest[:size]
        rest = rest[size + 1 :]


@pytest.fixture(scope="module")
def site(
    aicam_bundle: Path, tmp_path_factory: pytest.TempPathFactory, need: Callable[[str], Path]
) -> Site:
    git, clone = need("git"), tmp_path_factory.mktemp("clone")
    subprocess.run([str(git), "clone", "-q", "--bare", str(aicam_bundle), str(clone)], check=True)
    tree = dict(files(clone, git))
    config = parse_config([("_config.yml", tree["_config.yml"])], ReadOptions())
    rules = Rules(config, ReadOptions(), tree)
    made: Site = []
    for path, data in tree.items():
        placement = rules.place(TreeEntry(path=path, mode=FileMode.REGULAR, oid="0" * 40))
        if placement.role in {Role.DOCUMENT, Role.PAGE, Role.CANDIDATE}:
            item = rules.read(placement, data)
            made.append((item, data, normalise(item, data, Settings())))
    return made


def test_every_document_has_a_title_and_its_text(site: Site) -> None:
    documents = [(item, content) for item, _, content in site if item.path.endswith(".md")]
    assert len(documents) == 461
    assert all(content.title for _, content in documents)
    silent = Counter(item.collection for item, content in documents if not content.parts)
    stubs = {
        "people",
        *(f"{name}_categories" for name in ("call", "event", "policy", "project", "team")),
    }
    assert set(silent) <= stubs


def test_the_body_is_the_bytes_it_says(site: Site) -> None:
    for _, data, content in site:
        for part in content.parts:
            if part.offset is not None and part.length is not None:
                assert part.text.encode() == data[part.offset : part.offset + part.length]


def test_every_named_part_is_on_the_line_it_says(site: Site) -> None:
    for item, data, content in site:
        lines = data.decode().split("\n") if content.parts else []
        for part in content.parts:
            assert part.line is not None, (item.path, part.name)
            key = part.name.rpartition(".")[2].partition("[")[0]
            if part.name != "body" and not part.name.endswith("]"):
                assert f"{key}:" in lines[part.line - 1], (item.path, part.name)


def test_people_are_found_and_tied(site: Site) -> None:
    pages = [page for item, _, _ in site if (page := person_page(item, Settings()))]
    people = PeopleIndex(pages, Settings())
    assert people.findings() == ()
    mentions = [mention for _, _, content in site for mention in content.mentions]
    roles = Counter(mention.role for mention in mentions)
    assert roles == {
        PersonRole.AUTHOR: 193,
        PersonRole.ORGANIZER: 58,
        PersonRole.MEMBER: 10,
        PersonRole.SPEAKER: 2,
    }
    tied = Counter(mention.role for mention in mentions if people.find(mention))
    assert tied == {PersonRole.AUTHOR: 118, PersonRole.MEMBER: 10}
    assert all(json.loads(mention.raw) for mention in mentions)


def test_terms_links_and_dates_are_found(site: Site) -> None:
    contents = [content for _, _, content in site]
    categories = Counter(t.name for c in contents for t in c.terms)
    assert categories["Past Events"] == 82
    assert categories["Policy"] == 15
    assert sum(len(content.links) for content in contents) > 1300
    events = [content for item, _, content in site if item.collection == "events"]
    assert all(any(d.name == "event_date" and d.day for d in c.dates) for c in events)


def test_what_is_odd_is_told_and_nothing_is_an_error(site: Site) -> None:
    findings = [finding for _, _, content in site for finding in content.findings]
    assert {finding.severity for finding in findings} <= {Severity.INFO, Severity.WARNING}
    assert Counter(finding.code for finding in findings)["CONTENT-CLOCK-AS-NUMBER"] == 15
