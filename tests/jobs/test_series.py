"""What was published together, then and now."""

import json
from pathlib import Path

import pytest

from pipeline.errors import NotFoundError, UsageError
from pipeline.jobs.ask import bytes_of, explain
from pipeline.jobs.place import Place, find_place
from pipeline.jobs.series import list_series, show_series
from pipeline.model import Sha256
from tests.archives import archive
from tests.cli.command import command
from tests.sources.workshop import Workshop

AUTHORS = {"Ines Ferreira-Holt", "Tomas Lindqvåg"}


@pytest.fixture(scope="module")
def mill(mill_archive: Path) -> Place:
    return find_place(mill_archive, None)


def test_the_series_of_the_sample_site_is_found(mill: Place) -> None:
    (line,) = list_series(mill)
    assert (line.title, line.documents, line.gone) == ("Listening at the wheel", 6, 0)
    assert not line.settled
    assert "links to 5 documents" in line.reason


@pytest.mark.parametrize(
    "name",
    ["conversations", "CONVERSATIONS-AT", "who owns the tide", "tomas-lindqv", "/journal/"],
)
def test_it_is_shown_by_any_part_of_what_it_was_called(mill: Place, name: str) -> None:
    assert show_series(mill, name).series.name == "conversations-at-the-wheel-2024"


def test_each_member_is_told_then_and_now_with_proof(mill: Place) -> None:
    told = show_series(mill, "listening")
    landing, *members = told.members
    assert (landing.landing, [member.landing for member in members]) == (True, [False] * 5)
    assert {person.name for person in told.lost_people} >= AUTHORS
    assert all(person.roles[0] == "author" for person in told.lost_people[:5])
    for member in members:
        then, now = member.first.side, member.now.side
        assert then is not None
        assert now is not None
        assert {person.role for person in then.people} == {"author"}
        assert not now.people
        assert {person.name for person in member.lost_people} == {p.name for p in then.people}
        assert member.changes is not None
        assert "authors: lost" in member.sentence
        assert [url.today for url in member.urls] == ["gone", "served"]
        assert then.url in {url.url for url in member.urls}
        for state in (member.first, member.now):
            proof = state.proof
            assert proof.sha256 is not None
            (held,) = explain(mill, proof.row)
            assert held.holds
            assert held.evidence.warc_path == proof.warc_path
            assert held.evidence.record_offset == proof.record_offset
            assert Sha256.of(bytes_of(mill, f"sha256:{proof.sha256}")).hex == proof.sha256
            assert proof.swhid == f"swh:1:cnt:{proof.oid}"


def test_what_no_series_is_called_is_refused(mill: Place) -> None:
    for name in ("no such words anywhere", " "):
        with pytest.raises(NotFoundError, match="there are: conversations-at-the-wheel"):
            show_series(mill, name)


def test_a_person_reads_who_is_no_longer_named(mill: Place) -> None:
    where = ("--archive", str(mill.archive))
    ran = command("series", "show", "listening", *where)
    assert ran.code == 0
    assert ran.lines[0] == "Listening at the wheel"
    head = ran.out.partition("─")[0]
    assert "NO LONGER NAMED" in head
    assert all(name in head for name in AUTHORS)
    assert max(map(len, ran.lines)) <= 130
    assert command("series", "listening", *where).out == ran.out
    assert command("series", *where).out == command("series", "list", *where).out
    assert "conversations-at-the-wheel" in command("series", *where).out
    facts = json.loads(command("series", "show", "listening", "--json", *where).out)
    assert len(facts["members"]) == 6
    assert facts["members"][1]["first"]["side"]["people"][0]["role"] == "author"
    assert json.loads(command("series", "--json", *where).out)[0]["documents"] == 6
    command("series", "show", "nothing", *where).assert_refused(24, "nothing")


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("named")
    workshop = Workshop.create(folder / "site")
    settings = """\
[series.lights]
landing = "/lamps/"
members = ["a.md", "/b.html", "/never/"]

[series.nights]
landing = "a.md"
members = ["b.md"]
"""
    pages = {f"{name}.md": f"---\ntitle: Light {name}\n---\n{name}\n" for name in "ab"}
    lamps = "---\ntitle: Lamps\npermalink: /lamps/\n---\n"
    workshop.commit({"_config.yml": "title: x\n", "jekyll-archive.toml": settings, **pages})
    workshop.commit({"lamps.md": lamps, "b.md": "---\ntitle: [\n---\nbroken\n"})
    workshop.commit({"lamps.md": None})
    archive(workshop.folder, folder / "a")
    return find_place(folder / "a", None)


def test_what_the_site_names_is_honoured_and_what_it_names_in_vain_is_told(named: Place) -> None:
    assert [(line.name, line.settled, line.gone) for line in list_series(named)] == [
        ("lights", True, 1),
        ("nights", True, 0),
    ]
    told = show_series(named, "lights")
    assert [member.paths for member in told.members] == [("lamps.md",), ("a.md",), ("b.md",)]
    assert told.members[0].gone
    ran = command("series", "show", "lights", "--archive", str(named.archive))
    assert "GONE: no file of today is this document" in ran.out
    with pytest.raises(UsageError, match="is said of 2 series: lights, nights"):
        show_series(named, "light a")
    found = command("findings", "--archive", str(named.archive))
    assert "jekyll-archive.toml:1: warning: series lights: no document ever was at /never/" in (
        found.out
    )
