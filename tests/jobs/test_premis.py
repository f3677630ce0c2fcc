"""Preservation metadata, valid by the schema of the Library of Congress."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from pipeline.jobs.keys import keygen, load_key
from pipeline.jobs.place import Place, find_place
from pipeline.jobs.premis import export_premis
from pipeline.jobs.signing import sign_archive
from pipeline.jobs.verify import verify
from pipeline.jobs.verify_record import record_reports
from pipeline.store import events
from pipeline.store.auditing import site_ids
from pipeline.store.session import writing
from pipeline.warc.signing.keys import Algorithm
from tests.archives import LATER, NOW
from tests.cli.command import command

SCHEMA = Path(__file__).parents[1] / "schemas" / "premis-v3-0.xsd"
NAMES = {"p": "http://www.loc.gov/premis/v3"}
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


class Told:
    """A file of PREMIS, valid."""

    def __init__(self, path: Path) -> None:
        self.tree = etree.parse(path)
        etree.XMLSchema(etree.parse(SCHEMA)).assertValid(self.tree)

    def texts(self, path: str) -> list[str]:
        return [each.text for each in self.tree.iterfind(path, NAMES)]


@pytest.fixture
def place(quay_copy: Path) -> Place:
    return find_place(quay_copy, None)


def test_every_file_is_an_object_with_its_digest(place: Place, tmp_path: Path) -> None:
    done = export_premis(place, tmp_path / "p.xml")
    told = Told(tmp_path / "p.xml")
    files = [each for each in told.tree.iterfind("p:object", NAMES) if each.get(TYPE) == "file"]
    assert len(files) == done.objects == 3
    for each in files:
        name = each.findtext("p:originalName", None, NAMES)
        data = (place.archive / name).read_bytes()
        first = each.find("p:objectCharacteristics", NAMES)
        digest = first.findtext("p:fixity/p:messageDigest", None, NAMES)
        assert digest == hashlib.sha256(data).hexdigest()
        assert first.findtext("p:size", None, NAMES) == str(len(data))
    warc = files[0].findall("p:objectCharacteristics", NAMES)
    keys = [each.findtext(".//p:formatRegistryKey", None, NAMES) for each in warc]
    assert keys == ["x-fmt/266", "fmt/1281"]


def test_the_log_is_told_in_the_words_of_the_vocabulary(place: Place, tmp_path: Path) -> None:
    report = verify(place.archive)
    record_reports([place.archive], None, None, [report], LATER)
    more: dict[str, dict[str, Any]] = {
        events.RECOVERED: {"quarantined": ["archive/x"], "rolled_back": True, "finished": False},
        "lineage": {"run": {"outcome": "stored"}, "manifest": {}},
        events.PACK: {"series": "wheel\x1b & <b>"},
        "unheard": {},
    }
    with writing(place.database) as connection:
        (site_id,) = site_ids(connection).values()
        for kind, payload in more.items():
            events.append(connection, site_id, kind=kind, at=LATER, payload=payload)
    done = export_premis(place, tmp_path / "p.xml")
    told = Told(tmp_path / "p.xml")
    assert told.texts("p:event/p:eventType") == [
        "ingestion",
        "fixity check",
        "validation",
        "recovery",
        "quarantine",
        "metadata modification",
        "information package splitting",
        "execution",
    ]
    assert done.events == 8
    assert told.texts("p:event/p:eventOutcomeInformation/p:eventOutcome")[:3] == [
        "stored",
        "pass",
        "pass",
    ]
    assert told.texts("p:event/p:eventDateTime")[0] == f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
    assert told.texts("p:agent/p:agentName") == ["jekyll-archive"]
    values = {each.get("valueURI") for each in told.tree.iterfind("p:event/p:eventType", NAMES)}
    assert "http://id.loc.gov/vocabulary/preservation/eventType/fix" in values


def test_signatures_are_told_of_what_they_sign(place: Place, tmp_path: Path) -> None:
    keygen(tmp_path / "key", Algorithm.ED25519)
    sign_archive(place, load_key(tmp_path / "key"))
    export_premis(place, tmp_path / "p.xml")
    told = Told(tmp_path / "p.xml")
    signed = [
        each.findtext("p:originalName", None, NAMES)
        for each in told.tree.iterfind("p:object", NAMES)
        if each.find("p:signatureInformation", NAMES) is not None
    ]
    assert signed == ["manifests/000001.txt", "signatures/events-000001.txt"]


def test_the_command_and_the_same_bytes(mill_archive: Path, tmp_path: Path) -> None:
    for name in ("a.xml", "b.xml"):
        ran = command("export", "premis", tmp_path / name, "--archive", mill_archive)
        assert ran.lines == [f"{tmp_path / name}: 3 files, 1 events"]
    assert (tmp_path / "a.xml").read_bytes() == (tmp_path / "b.xml").read_bytes()
    again = command("export", "premis", tmp_path / "a.xml", "--archive", mill_archive)
    again.assert_refused(23, "exists already")
    ran = command("export", "premis", tmp_path / "c.xml", "--archive", mill_archive, "--json")
    assert '"objects": 3' in ran.out
