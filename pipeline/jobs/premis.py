"""Tell of an archive as PREMIS 3.0: its files, and what the event log says of them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipeline.errors import ArchiveError
from pipeline.jobs.keeping import Kept, kept_files, read_chain
from pipeline.jobs.place import Place
from pipeline.jobs.signing import SIG, SIGNATURES, TSR
from pipeline.model import Sha256
from pipeline.report.premis import (
    Collection,
    EventType,
    Format,
    Layer,
    PremisEvent,
    PremisFile,
    Signature,
    premis_xml,
)
from pipeline.store import events
from pipeline.store.answers import NamedSite
from pipeline.store.events import Event
from pipeline.store.reading import named_site
from pipeline.store.session import reading
from pipeline.store.types import readable
from pipeline.warc.durable import write_durably
from pipeline.warc.manifest import FOREIGN
from pipeline.warc.manifests import FOLDER

RULES: Final = "ssh-keygen -Y verify (OpenSSH, PROTOCOL.sshsig)"
_SUFFIXES: Final = {
    ".warc.gz": (Format.GZIP, Format.WARC),
    ".jsonl.gz": (Format.GZIP, Format.JSON_LINES),
    ".warc": (Format.WARC,),
    SIG: (Format.SSHSIG,),
    TSR: (Format.TIMESTAMP,),
    ".db": (Format.SQLITE,),
}
#: Of other tools; which version of the standard their records have is not looked up.
_FOREIGN: Final = {
    ".gz": (Format.GZIP, Format.ANY_WARC),
    ".warc": (Format.ANY_WARC,),
    ".wacz": (Format.WACZ,),
}
_TYPES: Final = {
    "run": EventType.INGESTION,
    "lineage": EventType.METADATA,
    events.PACK: EventType.SPLITTING,
    events.VERIFIED: EventType.FIXITY,
    events.RECOVERED: EventType.RECOVERY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Premis:
    """What was written: how many files and events it tells of."""

    path: str
    size: int
    sha256: Sha256
    objects: int
    events: int


def export_premis(place: Place, path: Path) -> Premis:
    """Write a new file that tells of an archive. Raises ArchiveError, StorageErrors."""
    archive = place.archive
    filed = read_chain(archive)
    kept = tuple(kept_files(archive, filed))
    with reading(place.database) as connection:
        site = named_site(connection, place.site)
        log = tuple(events.log(connection, site.id))
    told = collection(archive, kept, site, log)
    data = premis_xml(told).encode()
    write_durably(path, data)
    return Premis(
        path=str(path),
        size=len(data),
        sha256=Sha256.of(data),
        objects=len(told.files),
        events=len(told.events),
    )


def collection(
    archive: Path,
    kept: Sequence[Kept],
    site: NamedSite,
    log: Iterable[Event],
    also: Iterable[PremisEvent] = (),
) -> Collection:
    """Tell of an archive's files and of its event log; `also` tells of what is done just now."""
    software = read_chain(archive)[0].manifest.software
    happened = [each for event in log for each in _told(event, kept, site.key, software)]
    happened += also
    by_path = {file.path: file for file in kept}
    return Collection(
        identifier=site.key,
        title=site.title or site.key,
        files=[_file(archive, file, by_path, site.key, happened) for file in kept],
        events=happened,
    )


def object_of(site: str, path: str) -> str:
    """Name a file of a site's archive for PREMIS."""
    return f"{site}/{path}"


def _file(
    archive: Path,
    file: Kept,
    others: Mapping[str, Kept],
    site: str,
    happened: Sequence[PremisEvent],
) -> PremisFile:
    name = object_of(site, file.path)
    signed = others.get(f"{SIGNATURES}/{file.path.removeprefix(f'{FOLDER}/')}{SIG}")
    if file.path.startswith(f"{SIGNATURES}/"):
        signed = others.get(f"{file.path}{SIG}")
    return PremisFile(
        identifier=name,
        path=file.path,
        layers=tuple(_layers(file)),
        signatures=(_signature(archive, signed),) if signed else (),
        events=tuple(event.identifier for event in happened if name in event.objects),
    )


def _layers(file: Kept) -> Iterator[Layer]:
    """Give what a file is from the outside in: a compressed one is two things."""
    known = _FOREIGN if file.path.startswith(f"{FOREIGN}/") else _SUFFIXES
    formats = next((f for end, f in known.items() if file.path.endswith(end)), (Format.TEXT,))
    outer, *inner = formats
    yield Layer(level=len(inner), format=outer, digest=file.sha256, size=file.size)
    if inner:
        stream = file.facts.stream_sha256 if file.facts else None
        records = file.facts.records if file.facts else None
        note = f"{records} records" if records is not None else ""
        yield Layer(level=0, format=inner[0], digest=stream, note=note)


def _signature(archive: Path, signed: Kept) -> Signature:
    try:
        value = (archive / signed.path).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ArchiveError(signed.path, f"is no signature: {error}") from error
    return Signature(value=value, method="OpenSSH signature, version 1", rules=RULES)


def _told(event: Event, kept: Sequence[Kept], site: str, software: str) -> Iterator[PremisEvent]:
    """Tell of one entry of the log; what did two things is told as two events."""
    with readable(event.payload):
        payload: dict[str, Any] = json.loads(event.payload)
        run = payload.get("run") or {}
        sealed = payload.get("manifest") or {}
        new = [file.path for file in kept if file.since and file.since == sealed.get("sequence")]
        aside = payload.get("quarantined") or []
        happened = [(_TYPES.get(event.kind, EventType.EXECUTION), *_outcome(event, payload, run))]
        if event.kind == events.VERIFIED:
            happened.append((EventType.VALIDATION, *happened[0][1:]))
            new = [file.path for file in kept]
        if aside:
            happened.append((EventType.QUARANTINE, f"{len(aside)} files", "; ".join(aside)))
        agent = payload.get("software") or run.get("software") or software
    for type_, outcome, note in happened:
        quarantine = type_ is EventType.QUARANTINE
        yield PremisEvent(
            identifier=f"{site}/event/{event.sequence}/{type_.value[0]}",
            type=type_,
            at=event.at,
            detail=f"entry {event.sequence} of the event log, {event.kind}; {event.digest}",
            outcome=outcome,
            note=note,
            agent=str(agent),
            objects=(site,) if quarantine or not new else tuple(object_of(site, p) for p in new),
        )


def _outcome(event: Event, payload: Mapping[str, Any], run: Mapping[str, Any]) -> tuple[str, str]:
    """Give an outcome in a word, and what there is to say of it."""
    if event.kind == events.VERIFIED:
        levels = payload.get("levels") or {}
        said = [f"{name}: {level.get('verdict')}" for name, level in levels.items()]
        return str(payload.get("verdict")), "; ".join(said)
    if event.kind == events.RECOVERED:
        done = [name for name in ("rolled_back", "finished") if payload.get(name)]
        return "recovered", ", ".join(done).replace("_", " ")
    fates = ("found", "stored", "skipped", "failed", "absent")
    counted = ", ".join(f"{name} {run[name]}" for name in fates if name in run)
    series = f"the series {payload['series']}" if "series" in payload else ""
    return str(run.get("outcome") or "done"), series or counted
