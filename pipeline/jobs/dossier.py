"""Put together what proves one document: records, trees, manifests, events, decisions, rows."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline.errors import NoHistoryError, NotVerifiableError
from pipeline.jobs.keeping import kept_files, read_chain
from pipeline.jobs.lineage import ToldJoin, states_of_document, told_joins
from pipeline.jobs.quoting import Wanted, quote
from pipeline.jobs.sealing import SOFTWARE
from pipeline.jobs.signing import SIG, SIGNATURES
from pipeline.jobs.taking import Taking
from pipeline.jobs.treeproof import TreeProof, prove_trees
from pipeline.report.dossier import Decision, Dossier, State, Told
from pipeline.store import events
from pipeline.store.answers import Site, Stood, StoredFile
from pipeline.store.events import Event
from pipeline.store.former import Stays, find_ever
from pipeline.store.past import whole
from pipeline.store.reading import entries, find_document
from pipeline.store.session import Connection
from pipeline.store.states import files_by_id
from pipeline.store.types import canonical
from pipeline.warc.manifests import FOLDER

FORMAT = "jekyll-archive evidence 1"
#: What no such folder can prove, however it was made.
NEVER: tuple[str, ...] = (
    "that the times of commits are true: they are what the clock of whoever made the commit said",
    "that authors are who they are called: git asks nobody",
    "that the archive was made when it says: that is its clock, unless a time stamp says so too",
    "that the site had these URLs: they follow from Jekyll's rules; only a captured page shows one",
    "that nothing stood between the commits named here: that takes the history in the archive",
    "that these paths are one document: that is a judgement, its reasons are in evidence.json",
    "that the rows in rows.jsonl are those of the sealed ledgers: that takes the ledgers",
    "that index.html and evidence.json tell it well: what is proved is what check.py says OK to",
    "that this was not all made up: compare commits and manifest with what you have elsewhere",
)
NO_HISTORY = "which commit the bytes are from: this archive was made without the history"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What is told, the sources by git id as text, and the files that prove it."""

    dossier: Dossier
    texts: Mapping[str, str]
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the catalogue tells of a document. `rows` are the rows of the ledger about it."""

    uid: str
    states: tuple[State, ...]
    joins: tuple[ToldJoin, ...]
    rows: dict[str, dict[str, Collection[int | str]]]


def gather(connection: Connection, site: Site, archive: Path, name: str, now: datetime) -> Gathered:
    """Gather what proves a document. Raises as `make_evidence` does."""
    filed = read_chain(archive)
    made = Taking(connection, site, archive)
    try:
        told, never = _over_time(made, name), NEVER
    except NoHistoryError:
        told, never = _today(made, name), (NO_HISTORY, *NEVER)
    pages, origins = made.pages(state.url for state in told.states if state.url)
    trees = _trees(made, told.states)
    sealed = {file.path: file for file in filed[-1].manifest.files}
    orders = made.copies.orders(connection, site, sealed)
    names = {path: f"order/{number:06}.ids" for number, path in enumerate(orders, start=1)}
    records = made.copies.records()
    log = tuple(events.log(connection, site.id))
    kept = [file.path for file in kept_files(archive, filed)]
    chain = [path for path in kept if path.startswith((f"{FOLDER}/", f"{SIGNATURES}/"))]
    rows = Wanted(by=told.rows | {"captures": {"record_id": {record.id for record in records}}})
    return Gathered(
        dossier=Dossier(
            format=FORMAT,
            site=site.key,
            site_title=site.title or site.key,
            document=told.uid,
            title=next((s.title for s in reversed(told.states) if s.title), told.uid),
            made=now,
            software=SOFTWARE,
            manifest=str(filed[-1].sha256),
            states=tuple(_with_trees(state, trees) for state in told.states),
            pages=pages,
            origins=origins,
            decisions=tuple(map(_decision, told.joins)),
            commits=made.commits,
            records=records,
            orders=names,
            events=tuple(map(_event, log)),
            signatures=tuple(path for path in chain if path.endswith(SIG)),
            not_proved=never,
        ),
        texts=made.texts,
        files={
            "records.warc.gz": b"".join(made.copies.chunks()),
            "events.jsonl": b"".join(map(_line, log)),
            "rows.jsonl": b"".join(quote(archive, sealed, rows)),
            **{path: _read(archive / path) for path in chain},
            **{names[path]: data for path, data in orders.items()},
            **{f"git/{oid}": data for oid, data in sorted(trees.objects.items())},
        },
    )


def _over_time(made: Taking, name: str) -> _Told:
    """Tell of a document by any name that it ever had. Raises NoHistoryError."""
    connection, site = made.connection, made.site
    known = Stays.of(connection, site)
    number = find_ever(connection, site, known, name)
    mine = known.by_document[number]
    stays = {stay.id for stay in mine}
    joins = tuple(
        each
        for each in told_joins(connection, site, known)
        if each.join.joined and {each.join.old_stay_id, each.join.new_stay_id} <= stays
    )
    stood = states_of_document(connection, site, known, number)
    files = {file.file_id: file for file in files_by_id(connection, site, _ids(stood))}
    states = tuple(_stood(made, state, files[state.file_id]) for state in stood)
    for state in stood:
        for oid in (state.since, state.written, state.until):
            if oid is not None:
                made.commit(oid)
    join_ids = {each.join.id for each in joins}
    rows: dict[str, dict[str, Collection[int | str]]] = {
        "stays": {"document_id": {number}},
        "joins": {"id": join_ids},
        "reasons": {"join_id": join_ids},
        **_rows(number, set(files)),
    }
    return _Told(uid=mine[0].uid, states=states, joins=joins, rows=rows)


def _today(made: Taking, name: str) -> _Told:
    """Tell of a document as it is, where nothing is known of the past."""
    connection, site = made.connection, made.site
    entry = find_document(entries(connection, site), name)
    (file,) = files_by_id(connection, site, {entry.file_id})
    state = replace(made.state(file), title=entry.title, url=entry.url)
    return _Told(uid=entry.uid, states=(state,), joins=(), rows=_rows(0, {entry.file_id}))


def _rows(document: int, files: Collection[int]) -> dict[str, dict[str, Collection[int | str]]]:
    return {
        "documents": {"id": {document}},
        "versions": {"document_id": {document}, "file_id": set(files)},
        "files": {"id": set(files)},
        "spans": {"file_id": set(files)},
    }


def _ids(states: Iterable[Stood]) -> set[int]:
    return {state.file_id for state in states}


def _stood(made: Taking, state: Stood, file: StoredFile) -> State:
    return replace(
        made.state(file),
        title=state.title,
        url=state.url,
        since=state.since,
        since_at=state.since_at,
        until=state.until,
        until_at=state.until_at,
        by=state.by,
        subject=state.subject,
        moved_from=state.moved_from,
    )


def _trees(made: Taking, states: Sequence[State]) -> TreeProof:
    asked = [
        (commit, os.fsdecode(bytes.fromhex(state.path_hex)))
        for state in states
        for commit in (state.since, state.until)
        if commit is not None
    ]
    if not asked:
        return TreeProof()
    return prove_trees(whole(made.connection, made.site), made.raw_commits, asked)


def _with_trees(state: State, trees: TreeProof) -> State:
    path = os.fsdecode(bytes.fromhex(state.path_hex))
    pairs = [(commit, path) for commit in (state.since, state.until) if commit is not None]
    return replace(state, trees=tuple(trees.held[pair] for pair in pairs if pair in trees.held))


def _decision(told: ToldJoin) -> Decision:
    join = told.join
    return Decision(
        old_path=told.old_path,
        new_path=told.new_path,
        commit=join.commit,
        sentence=join.sentence,
        confidence=join.confidence,
        decided=join.decided,
        reasons=tuple((reason.weight, reason.words) for reason in join.reasons),
    )


def _event(event: Event) -> Told:
    return Told(sequence=event.sequence, kind=event.kind, at=event.at, digest=str(event.digest))


def _line(event: Event) -> bytes:
    """Write an event with all that its digest is about."""
    sealed = {
        "at": event.at.strftime(events.TIME_FORMAT),
        "digest": event.digest.hex,
        "kind": event.kind,
        "payload": event.payload,
        "previous": event.previous.hex if event.previous else None,
        "sequence": event.sequence,
    }
    return f"{canonical(sealed)}\n".encode()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotVerifiableError(str(path), error.strerror or str(error)) from error
