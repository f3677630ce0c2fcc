"""Ask what a site was at some time: its documents then, and one of them."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import Enum
from typing import Any

from pipeline.content.dates import Provenance, dated
from pipeline.content.normalise import normalise
from pipeline.content.values import Content, TermKind
from pipeline.errors import NotFoundError
from pipeline.jekyll.item import Item, ItemKind
from pipeline.jekyll.rules import PUBLISHABLE, ReadOptions
from pipeline.jobs.ask import asked, of_collection
from pipeline.jobs.place import Place
from pipeline.jobs.reading import FATES
from pipeline.jobs.survey import survey
from pipeline.jobs.then import ArchivedSource, stood_at
from pipeline.model import Finding
from pipeline.sources import Absent
from pipeline.store.answers import Detail, Entry, Site, StoredFile
from pipeline.store.auditing import real_path
from pipeline.store.describe import uid_of
from pipeline.store.evidence import called, of_file
from pipeline.store.former import Stays, find_ever
from pipeline.store.past import first_seen
from pipeline.store.reading import find_document
from pipeline.store.session import Connection
from pipeline.store.types import jsonable


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A document as it was then, at a path as git has it: its line in the list, what it said."""

    path: str
    entry: Entry
    item: Item
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """The documents of a site at a commit, read under the rules of that time.

    `unread` are the paths, as git has them, whose bytes are absent, each with why.
    """

    commit: str
    documents: tuple[Told, ...]
    findings: tuple[Finding, ...]
    unread: tuple[tuple[str, str], ...]
    public_url: str | None


def list_then(place: Place, when: str, collection: str | None = None) -> tuple[Entry, ...]:
    """List documents as they were. Raises as `stood_at` does, SourceErrors, NotFoundError."""
    with asked(place) as (connection, site):
        then = read_then(connection, site, stood_at(connection, site, place.archive, when))
        found = _known_again(Stays.of(connection, site), then)
    return of_collection(tuple(told.entry for told in found), collection)


def show_then(place: Place, name: str, when: str) -> Detail:
    """Tell all about one document as it was, by any name that it had then, or ever."""
    with asked(place) as (connection, site):
        then = read_then(connection, site, stood_at(connection, site, place.archive, when))
        stays = Stays.of(connection, site)
        known = {told.entry.path: told for told in _known_again(stays, then)}
        entries = tuple(told.entry for told in known.values())
        try:
            entry = find_document(entries, name)
        except NotFoundError:
            number = find_ever(connection, site, stays, name)
            entry = find_document(entries, stays.by_document[number][0].uid)
        return _detail(connection, site, known[entry.path])


def _known_again(stays: Stays, then: Then) -> tuple[Told, ...]:
    """Give the documents of then the uids that lineage knows them by, and all their paths."""
    found = []
    for told in then.documents:
        stay = stays.holder(told.entry.path, then.commit)
        if stay is not None:
            paths = stays.paths(stay.document_id)
            told = replace(told, entry=replace(told.entry, uid=stay.uid, paths=paths))  # noqa: PLW2901
        found.append(told)
    return tuple(found)


def read_then(connection: Connection, site: Site, source: ArchivedSource) -> Then:
    """Read the documents of a tree by Jekyll's rules and the configuration in it."""
    plan = survey(source, ReadOptions())
    wanted = [placement for placement in plan.placements if placement.role in PUBLISHABLE]
    created = first_seen(connection, site)
    told: list[Told] = []
    findings: list[Finding] = []
    unread: list[tuple[str, str]] = []
    contents = source.read(placement.entry for placement in wanted)
    for placement, (entry, data) in zip(wanted, contents, strict=True):
        if isinstance(data, Absent):
            findings.append(FATES[data.kind][2].at(entry.path, f"the file {data.reason}"))
            unread.append((entry.path, data.reason))
            continue
        item = plan.rules.read(placement, data)
        if item.kind is not ItemKind.STATIC:
            content = normalise(item, data, plan.settings)
            line = _entry(site, source.files[entry.path], item, content, created.get(entry.path))
            told.append(Told(path=entry.path, entry=line, item=item, content=content))
    told.sort(key=lambda each: (each.entry.collection or "", each.entry.path))
    return Then(
        commit=source.commit,
        documents=tuple(told),
        findings=tuple(findings),
        unread=tuple(unread),
        public_url=plan.public_url,
    )


def _entry(
    site: Site, file: StoredFile, item: Item, content: Content, created: datetime | None
) -> Entry:
    date = dated(item, created)
    local = created if date.source is Provenance.FIRST_COMMIT else item.date
    terms = {kind: [term.name for term in content.terms if term.kind is kind] for kind in TermKind}
    return Entry(
        uid=uid_of(site.key, real_path(file.path, file.path_raw)),
        version_id=0,
        file_id=file.file_id,
        kind=item.kind.value,
        collection=item.collection or None,
        path=file.path,
        title=item.title,
        slug=item.slug,
        date=local if date.at is not None else None,
        date_raw=item.date_raw,
        date_source=date.source.value,
        draft=item.draft,
        url=item.url,
        written=item.written,
        people=tuple(dict.fromkeys(mention.name for mention in content.mentions)),
        tags=tuple(dict.fromkeys(terms[TermKind.TAG])),
        categories=tuple(dict.fromkeys(terms[TermKind.CATEGORY])),
        sha256=file.sha256,
        size=file.size,
    )


def _detail(connection: Connection, site: Site, told: Told) -> Detail:
    """Tell of a document as `show` does; its parts have no ids, since they are no rows."""
    entry, item, content, split = told.entry, told.item, told.content, told.item.split
    name = called(f"file:{entry.file_id}", entry.title)
    return Detail(
        entry=entry,
        layout=item.layout,
        excerpt=item.excerpt,
        front_matter=jsonable(item.own),
        header=(split.yaml_start, split.yaml_end) if split else (0, 0),
        body_start=split.body_start if split else 0,
        parts=tuple(_row(part) for part in content.parts),
        mentions=tuple(_row(mention) | {"document": None} for mention in content.mentions),
        tags=tuple(_row(term) for term in content.terms),
        dates=tuple(_row(date) for date in content.dates),
        links=tuple(_row(link) | {"url": None} for link in content.links),
        redirects=tuple(
            {"id": None, "source": "redirect_from", "from_url": url, "target": item.url}
            for url in item.redirect_from
        ),
        pages=(),
        findings=tuple(_found(finding) for finding in (*item.findings, *content.findings)),
        evidence=next(iter(of_file(connection, site, entry.file_id, name))),
    )


def _row(value: Any) -> dict[str, Any]:  # noqa: ANN401 - one of the values of content
    row = {each.name: getattr(value, each.name) for each in fields(value)}
    return {"id": None} | {k: v.value if isinstance(v, Enum) else v for k, v in row.items()}


def _found(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "id": None,
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "line": place.line,
        "column": place.column,
        "field": place.field,
    }
