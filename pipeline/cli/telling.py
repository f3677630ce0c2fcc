"""How documents, hits and proofs are told to a person."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from pipeline.cli.output import as_json, columns, plain, say, say_line
from pipeline.jobs.ask import Hit, Proof
from pipeline.store.answers import Detail, Entry, Evidence

TITLE_WIDTH = 60
RAW_WIDTH = 70


def when(entry: Entry) -> str:
    """Write a document's date, in brackets where it is not the author's."""
    if entry.date is None:
        return "(no date)"
    day = f"{entry.date:%Y-%m-%d}"
    return f"({day})" if entry.date_source == "first commit" else day


def cut(text: str, width: int) -> str:
    """Shorten a text for a column."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"


def tell_entries(entries: Sequence[Entry], *, paths: bool = False) -> None:
    """Print documents by collection; with `paths` every path that each ever had, below it."""
    for collection, group in groupby(entries, key=lambda entry: entry.collection):
        found = list(group)
        say(collection or "pages")
        rows = [
            [f"  {when(entry)}", cut(entry.title or "(no title)", TITLE_WIDTH), _address(entry)]
            for entry in found
        ]
        for entry, line in zip(found, columns(rows), strict=True):
            say(line)
            for path in entry.paths if paths else ():
                say_line(f"      {path}")
    say()
    say(f"{len(entries)} documents; a date in brackets is the first commit's, not the author's")


def _address(entry: Entry) -> str:
    if entry.written and entry.url:
        return entry.url
    return f"{entry.path} ({'draft' if entry.draft else 'not published'})"


def tell_detail(found: Detail) -> None:
    """Print everything about a document."""
    entry = found.entry
    say(entry.title or "(no title)")
    say()
    rows = [
        ["uid", entry.uid],
        [
            "kind",
            f"{entry.kind}, collection {entry.collection}" if entry.collection else entry.kind,
        ],
        ["path", entry.path],
        ["url", _address(entry)],
        ["date", _dated(entry)],
        ["slug", entry.slug or ""],
        ["layout", found.layout or ""],
        ["bytes", f"{entry.size}, {entry.sha256}"],
        *_people(found.mentions),
        *([tag["kind"], f"{tag['name']}{_id('tagging', tag)}"] for tag in found.tags),
        *([date["name"], f"{date['raw']}{_id('date', date)}"] for date in found.dates),
        *(
            [r["source"], f"{r['from_url']} → {r['target']}{_id('redirect', r)}"]
            for r in found.redirects
        ),
        *(["page", f"{page['url']}{_id('page', page)}"] for page in found.pages),
    ]
    for line in columns([row for row in rows if row[1]]):
        say(line)
    for part in found.parts:
        say()
        row = f", part:{part['id']}" if part["id"] is not None else ""
        say(f"── {part['name']} ({part['format']}{row})")
        say(part["text"].strip("\n"))
    for finding in found.findings:
        say()
        place = f"{entry.path}:{finding['line']}" if finding["line"] else entry.path
        say(f"{place}: {finding['severity']}: {finding['message']} [{finding['code']}]")
    say()
    tell_evidence(found.evidence)


def _id(kind: str, row: Mapping[str, Any]) -> str:
    """Name a row for `explain`; what was told of an earlier time has no row."""
    return f"  ({kind}:{row['id']})" if row["id"] is not None else ""


def _dated(entry: Entry) -> str:
    if entry.date is None:
        return "none: the author gave none, and none is made up"
    stamp = entry.date.isoformat(sep=" ", timespec="minutes")
    raw = f", written {entry.date_raw!r}" if entry.date_raw else ""
    return f"{stamp} ({entry.date_source}{raw})"


def _people(mentions: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    return [
        [
            mention["role"],
            f"{mention['name']}{_profile(mention)}{_id('mention', mention)}",
        ]
        for mention in mentions
    ]


def _profile(mention: Mapping[str, Any]) -> str:
    return f" → {mention['document']}" if mention["document"] else ""


def tell_hits(hits: Sequence[Hit]) -> None:
    """Print what a search found."""
    for hit in hits:
        say(f"{when(hit.entry)}  {hit.entry.title or '(no title)'}  {_address(hit.entry)}")
        if hit.snippet:
            say(f"    {hit.part}: … {hit.snippet} …")
    say(f"{len(hits)} found")


def tell_proofs(proofs: Sequence[Proof], *, in_json: bool) -> None:
    """Print evidence and what came of checking it."""
    if in_json:
        as_json([_facts(proof) for proof in proofs])
        return
    for number, proof in enumerate(proofs):
        if number:
            say()
        tell_evidence(proof.evidence)
        say(_verdict(proof))


def _facts(proof: Proof) -> dict[str, Any]:
    facts: dict[str, Any] = plain(proof.evidence)
    return facts | {"holds": proof.holds, "recomputed": plain(proof.sha256), "why": proof.why}


def _verdict(proof: Proof) -> str:
    if proof.holds:
        return "proved    the record was read again: SHA-256 and git id are as the catalogue says"
    if proof.sha256 is None:
        return f"NOT PROVED  {proof.why}"
    return f"NOT PROVED  the record holds {proof.sha256}, git id {proof.oid}"


def tell_evidence(claim: Evidence) -> None:
    """Print where the bytes are, from the row to the record."""
    span = ""
    if claim.offset is not None:
        span = f", bytes {claim.offset} to {claim.offset + (claim.length or 0)}"
    rows = [
        ["row", f"{claim.row}  {cut(claim.says, RAW_WIDTH)}"],
        ["field", claim.field or ""],
        ["file", f"{claim.path}{span}" if claim.path else ""],
        ["git id", claim.oid or ""],
        ["sha256", claim.sha256.hex if claim.sha256 else ""],
        ["revision", claim.revision or ""],
        ["since", f"{claim.since_commit} of {claim.since_at:%Y-%m-%d}" if claim.since_at else ""],
        ["record", _record(claim)],
        ["address", claim.target_uri or ""],
        ["revisit", _revisit(claim)],
        ["stood at", claim.revisit.target_uri or "" if claim.revisit else ""],
    ]
    for line in columns([row for row in rows if row[1]]):
        say(line)


def _revisit(claim: Evidence) -> str:
    if claim.revisit is None:
        return ""
    again = claim.revisit
    return f"{again.warc_path}, byte {again.record_offset}, {again.record_id}: the same bytes"


def _record(claim: Evidence) -> str:
    if claim.warc_path is None:
        return "none: these bytes are not in the archive"
    return f"{claim.warc_path}, byte {claim.record_offset}, {claim.record_id}"
