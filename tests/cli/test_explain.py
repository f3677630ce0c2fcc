"""From any row to the bytes that prove it, read again; and what is not so is not proved."""

import json
import re
import sqlite3
from pathlib import Path

from pipeline.sample import TIP
from pipeline.store.kinds import KINDS
from tests.archives import NOW, archive, rows
from tests.cli.command import Ask, command, facts
from tests.sources.workshop import Workshop


def identifiers(folder: Path) -> list[str]:
    """Give an id of every kind, for the first and the last row of its table."""
    table = rows(folder)
    ends = [
        (kind, table[name][i]["id"]) for kind, name in KINDS.items() for i in (0, -1) if table[name]
    ]
    return [f"{kind}:{number}" for kind, number in ends]


def test_explain_proves_a_row_of_every_kind(ask: Ask, mill_archive: Path) -> None:
    for identifier in [
        *identifiers(mill_archive),
        "document:two-wheels",
        "two-wheels",
        "/visit/",
        f"commit:{TIP}",
        f"commit:{TIP[:7].upper()}",
    ]:
        ran = ask("explain", identifier)
        assert (ran.code, ran.err) == (0, ""), (identifier, ran.out)
        assert "proved    the record was read again" in ran.out, identifier
        assert "NOT PROVED" not in ran.out
    (proof,) = facts(ask("explain", "two-wheels", "--json"))
    assert proof["holds"] is True
    assert proof["recomputed"] == proof["sha256"]


def test_explain_names_the_place_of_a_part(ask: Ask, mill_archive: Path) -> None:
    table = rows(mill_archive)
    part = next(row for row in table["parts"] if row["name"] == "body" and row["offset"])
    (proof,) = facts(ask("explain", f"part:{part['id']}", "--json"))
    raw = ask("show", "--sha256", proof["sha256"], "--raw").raw
    text = raw[proof["offset"] : proof["offset"] + proof["length"]].decode()
    assert text == part["text"]
    ran = ask("explain", f"part:{part['id']}")
    assert f", bytes {part['offset']} to {part['offset'] + part['length']}" in ran.out


def test_explain_does_not_prove_what_is_not_so(quay_copy: Path) -> None:
    (warc,) = (quay_copy / "archive").iterdir()
    (proof,) = facts(command("explain", "about.md", "--archive", quay_copy, "--json"))
    data = bytearray(warc.read_bytes())
    data[proof["record_offset"] + proof["record_length"] - 30] ^= 1
    warc.write_bytes(data)
    ran = command("explain", "about.md", "--archive", quay_copy)
    assert ran.code == 1
    assert "NOT PROVED" in ran.out
    told = command("explain", "about.md", "--archive", quay_copy, "--json")
    assert (told.code, json.loads(told.out)[0]["holds"]) == (1, False)
    other = command("explain", "_events/open-day.md", "--archive", quay_copy)
    assert other.code == 0  # that record is whole
    raw = command("show", "about.md", "--raw", "--archive", quay_copy)
    raw.assert_refused(23, warc.name)
    warc.unlink()
    assert command("explain", "about.md", "--archive", quay_copy).code == 1
    export = command("export", "jekyll", quay_copy / "x", "--archive", quay_copy)
    assert (export.code, export.out) != (0, "")
    assert export.err.count("\n") == 1


def test_explain_does_not_prove_what_the_catalogue_says_falsely(quay_copy: Path) -> None:
    with sqlite3.connect(quay_copy / "catalogue.db") as database:
        database.execute("UPDATE blobs SET sha256 = zeroblob(32)")
        database.execute("UPDATE commits SET oid = substr(oid, 2)")
    database.close()
    ran = command("explain", "about.md", "--archive", quay_copy)
    assert (ran.code, "NOT PROVED  the record holds sha256:" in ran.out) == (1, True)
    raw = command("show", "about.md", "--raw", "--archive", quay_copy)
    raw.assert_refused(23, "run verify")
    assert command("explain", "commit:1", "--archive", quay_copy).code == 1
    export = command("export", "jekyll", quay_copy / "x", "--archive", quay_copy)
    export.assert_refused(23, "other bytes than the catalogue says")


def test_what_is_absent_is_shown_and_not_proved(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    workshop.commit({"_config.yml": "title: A\n", "a.md": "---\n---\n", "b.png": "b"})
    oid = workshop.git("rev-parse", "HEAD:b.png")
    (workshop.folder / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    archive(workshop.folder, tmp_path / "archive", now=NOW)
    lost = next(row for row in rows(tmp_path / "archive")["files"] if row["path"] == "b.png")
    ran = command("explain", f"file:{lost['id']}", "--archive", tmp_path / "archive")
    assert ran.code == 1
    assert "NOT PROVED  the archive has no record of these bytes" in ran.out
    assert re.search("^record +none: these bytes are not in the archive$", ran.out, re.MULTILINE)
