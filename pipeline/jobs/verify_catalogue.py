"""Verify the inside: rows against the ledgers, runs against their events, trees against git."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.audit.codes import AuditCode
from pipeline.audit.report import Level, Looked, Verdict
from pipeline.errors import ArchiveError
from pipeline.jobs.durable import read_lines
from pipeline.jobs.found_at import CATALOGUE
from pipeline.jobs.place import LEDGERS
from pipeline.jobs.tree import tree_of
from pipeline.jobs.verify_part import Part
from pipeline.model import Finding
from pipeline.store import auditing, events
from pipeline.store.described import pages_not_kept
from pipeline.store.ledger import Deviation, Expected
from pipeline.store.session import Connection
from pipeline.store.types import UnreadableValueError, canonical
from pipeline.warc.manifests import Filed, manifest_path

NO_RUN = canonical({"run": None, "counts": None})
NO_LEDGERS = "the ledgers are in the archive folder, which was not named"
ROW_CODES = {
    Deviation.MISSING: (AuditCode.ROW_MISSING, "the row is gone"),
    Deviation.CHANGED: (AuditCode.ROW_CHANGED, "the row is not what the run wrote"),
    Deviation.UNKNOWN: (AuditCode.ROW_UNKNOWN, "no run wrote this row"),
}


def look_at_catalogue(
    folder: Path | None,
    filed: tuple[Filed, ...],
    connection: Connection,
    site_id: int,
    part: Part | None = None,
) -> dict[Level, Looked]:
    """Look at rows, events and trees; a value that is none of ours does not hide the rest.

    `folder` None: only the database is known. A pack holds a part of a site and says nothing about
    whole trees: that level does not apply.
    """
    looks: dict[Level, Callable[[], Looked]] = {
        Level.CATALOGUE: lambda: _rows(folder, filed, connection, site_id, part),
        Level.EVENTS: lambda: look_at_events(filed if folder else None, connection, site_id),
        Level.TREES: lambda: _trees(connection, site_id, part),
    }
    looked = {level: readable_look(look) for level, look in looks.items()}
    if looked[Level.EVENTS].verdict is Verdict.PASS and _is_pack(connection, site_id):
        looked[Level.TREES] = Looked(does_not_apply="a pack holds a part of a site, no whole trees")
    return looked


def _is_pack(connection: Connection, site_id: int) -> bool:
    """Tell whether nothing ever happened here but packing, by the log, which holds together."""
    kinds = {event.kind for event in events.log(connection, site_id)}
    return kinds - {events.VERIFIED, events.RECOVERED} == {events.PACK}


def readable_look(look: Callable[[], Looked]) -> Looked:
    """Look; a value in the catalogue that is none of ours is a finding."""
    try:
        return look()
    except UnreadableValueError as error:
        message = f"it holds a value that is none of ours: {error}"
        return Looked(checked=1, findings=(AuditCode.DATABASE_DAMAGED.at(CATALOGUE, message),))


def without_site(key: str) -> dict[Level, Looked]:
    """Say that the row of the site itself is gone, without which there is no other row to find."""
    gone = AuditCode.ROW_MISSING.at("sites", f"no row is the site {key!r}")
    nothing = Looked(not_verified=f"the catalogue has no site {key!r}")
    return {
        Level.CATALOGUE: Looked(checked=1, findings=(gone,)),
        Level.EVENTS: nothing,
        Level.TREES: nothing,
    }


def _rows(
    folder: Path | None,
    filed: tuple[Filed, ...],
    connection: Connection,
    site_id: int,
    part: Part | None,
) -> Looked:
    sound = [
        AuditCode.DATABASE_DAMAGED.at(CATALOGUE, why) for why in auditing.integrity(connection)
    ]
    if folder is None or not filed:
        why = "no manifest names a ledger" if folder else NO_LEDGERS
        sound += _rows_alone(connection, site_id)
        return Looked(findings=tuple(sound), not_verified=why)
    expected = Expected()
    ledgers = [f.path for f in filed[-1].manifest.files if f.path.startswith(f"{LEDGERS}/")]
    for path in ledgers:
        if part is not None and path not in part.files:
            continue
        try:
            for line in read_lines(folder / path):
                expected.apply(line)
        except (ArchiveError, ValueError, KeyError) as error:
            finding = AuditCode.FILE_CHANGED.at(path, f"the ledger cannot be read: {error}")
            return Looked(checked=1, findings=(*sound, finding))
    checked = len(expected)
    findings = [*sound]
    for difference in expected.differences(connection, site_id, whole=part is None):
        code, message = ROW_CODES[difference.deviation]
        findings.append(code.at(str(difference), message))
    findings += _rows_alone(connection, site_id)
    why = part.why if part else ""
    return Looked(checked=checked, findings=tuple(findings), not_verified=why)


def _rows_alone(connection: Connection, site_id: int) -> Iterator[Finding]:
    """Find what no run could have left, whatever the ledgers say."""
    for key, row_id in auditing.sites_without_events(connection):
        yield AuditCode.ROW_UNKNOWN.at(f"sites:{row_id}", f"no event tells of a site {key!r}")
    for row in auditing.orphans(connection):
        yield AuditCode.ROW_UNKNOWN.at(row, "the row belongs to nothing")
    if auditing.keeps_records(connection, site_id):
        for oid, path in auditing.contents_not_kept(connection, site_id):
            yield AuditCode.CONTENT_NOT_KEPT.at(path, f"no record holds the content {oid}")


def with_pages(contents: Looked, connection: Connection, site_id: int) -> Looked:
    """Say of how many rendered pages there are no bytes to read: imports describe, runs archive."""
    count = pages_not_kept(connection, site_id)
    if not count:
        return contents
    lacking = f"rendered pages that are described and not archived: {count}"
    return replace(contents, not_verified="; ".join(filter(None, [contents.why, lacking])))


def look_at_events(filed: tuple[Filed, ...] | None, connection: Connection, site_id: int) -> Looked:
    """Look at the log. `filed` None: the folder with the manifests is not known."""
    findings: list[Finding] = []
    previous = None
    told: list[str] = []
    count = 0
    for count, event in enumerate(events.log(connection, site_id), start=1):
        place = f"event:{event.sequence}"
        if event.sequence != count or event.previous != previous:
            findings.append(AuditCode.EVENT_BROKEN.at(place, "does not follow the event before it"))
        if events.digest_of(event) != event.digest:
            findings.append(AuditCode.EVENT_BROKEN.at(place, "is not what its digest says"))
        else:
            told.append(event.payload)
        previous = event.digest
    findings += _runs(told, connection, site_id)
    findings += _manifests(filed, told, connection, site_id)
    return Looked(checked=count, findings=tuple(findings))


def _runs(told: list[str], connection: Connection, site_id: int) -> Iterator[Finding]:
    """Hold the rows of runs against the events: the same runs, in the same order."""
    said = [events.facts(payload, "run", "counts") for payload in told]
    said = [each for each in said if each != NO_RUN]  # an event of something else: a pack
    found = [canonical(run) for run in auditing.runs(connection, site_id)]
    for run in found:
        if run not in said:
            yield AuditCode.RUN_DIFFERS.at("runs", f"no event tells of this run: {run:.120}")
    for run in said:
        if run not in found:
            yield AuditCode.RUN_DIFFERS.at("runs", f"a run of the event log is gone: {run:.120}")


def _manifests(
    filed: tuple[Filed, ...] | None, told: list[str], connection: Connection, site_id: int
) -> Iterator[Finding]:
    """Hold the manifests on disk against the catalogue's rows and against the event log."""
    disk = {each.manifest.sequence: each for each in filed or ()}
    rows = auditing.manifests(connection, site_id)
    logged = dict(filter(None, (events.manifest(payload) for payload in told)))
    for number in sorted(disk.keys() | rows.keys() | logged.keys()):
        place, here, row = manifest_path(number), disk.get(number), rows.get(number)
        facts = {
            "folder": (here.path, here.sha256) if here else None,
            "catalogue": (row.path, row.sha256) if row else None,
            "event log": logged.get(number),
        }
        if filed is None:
            del facts["folder"]
        if lacking := [name for name, fact in facts.items() if fact is None]:
            why = f"not in the {' and the '.join(lacking)}"
            yield AuditCode.MANIFEST_UNKNOWN.at(place, why)
        elif len(set(facts.values())) > 1:
            yield AuditCode.MANIFEST_UNKNOWN.at(place, "digests differ")
        elif here and row and (here.manifest.previous, here.manifest.created) != row.head:
            why = "the catalogue has another time, or another manifest before it"
            yield AuditCode.MANIFEST_UNKNOWN.at(place, why)


def _trees(connection: Connection, site_id: int, part: Part | None) -> Looked:
    findings: list[Finding] = []
    checked, cut = 0, "" if part is None else part.why
    for snapshot in auditing.snapshots(connection, site_id, part.snapshots if part else None):
        place = f"snapshot:{snapshot.id}"
        if snapshot.cut:
            cut = f"{place} is not a whole tree: {snapshot.cut}"
            continue
        checked += 1
        found = tree_of(snapshot.entries, snapshot.tree_oid)
        if found != snapshot.tree_oid:
            message = f"the files make tree {found}, not {snapshot.tree_oid}"
            findings.append(AuditCode.TREE_DIFFERS.at(place, message))
        if snapshot.commit_tree is not None and snapshot.commit_tree != snapshot.tree_oid:
            message = f"the commit records tree {snapshot.commit_tree}, not {snapshot.tree_oid}"
            findings.append(AuditCode.TREE_DIFFERS.at(place, message))
    return Looked(checked=checked, findings=tuple(findings), not_verified=cut)
