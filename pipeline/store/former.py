"""Find documents by any name that they ever had, and say which document a path held when."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection, select

from pipeline.errors import NoHistoryError, NotFoundError, UsageError
from pipeline.history.lineage.past import line_up
from pipeline.history.lineage.whereabouts import Whereabouts
from pipeline.store.answers import Entry, Site
from pipeline.store.lineage import Stayed, stays
from pipeline.store.past import graph
from pipeline.store.reading import entries, find_document
from pipeline.store.tables import (
    DocumentRow,
    FileRow,
    PublicationRow,
    UrlRow,
    VersionRow,
)

LISTED = 5


@dataclass(frozen=True, slots=True)
class Stays:
    """Every stay of a site, and the order of its commits: which document a path held when."""

    all: tuple[Stayed, ...]
    order: Mapping[str, int]
    whereabouts: Whereabouts[Stayed]
    by_document: Mapping[int, Sequence[Stayed]]
    by_path: Mapping[str, Sequence[Stayed]]

    @classmethod
    def of(cls, connection: Connection, site: Site) -> "Stays":
        """Read them. Raises NoHistoryError."""
        found = stays(connection, site)
        if not found:
            raise NoHistoryError
        by_document: dict[int, list[Stayed]] = defaultdict(list)
        by_path: dict[str, list[Stayed]] = defaultdict(list)
        for stay in found:
            by_document[stay.document_id].append(stay)
            by_path[stay.path].append(stay)
        past = graph(connection, site)
        order = {oid: number for number, oid in enumerate(line_up(past))}
        return cls(found, order, Whereabouts.among(past, found), by_document, by_path)

    def paths(self, document_id: int) -> tuple[str, ...]:
        """Give every path that a document ever had, in order, each once."""
        return tuple(dict.fromkeys(stay.path for stay in self.by_document.get(document_id, ())))

    def gone(self, document_id: int) -> bool:
        """Whether no file holds it any more."""
        return all(stay.until is not None for stay in self.by_document[document_id])

    def holder(self, path: str, commit: str) -> Stayed | None:
        """Give the stay that a file belongs to which stood at a path at a commit, on any line.

        A state in which Jekyll saw no document (its YAML was broken) belongs to the stay before
        it, or to the first one.
        """
        return self.whereabouts.holder(path, commit) if commit in self.order else None


def find_ever(connection: Connection, site: Site, known: Stays, name: str) -> int:
    """Find a document by a name of today, or else by one that it ever had; give its row id.

    Former names are uid, path, URL, slug, title, and the end of a path, in this order. Raises
    NotFoundError, or UsageError where several answer.
    """
    today = entries(connection, site)
    if name not in known.by_path or any(entry.path == name for entry in today):
        try:
            return _document_of(connection, find_document(today, name))
        except NotFoundError:
            pass  # it may be a former name
    by_uid = {stay.uid: stay.document_id for stay in known.all}
    if name in by_uid:
        return by_uid[name]
    found = _by_former_name(known, _said(connection, site), name) if name else {}
    if len(found) == 1:
        return next(iter(found))
    if found:
        shown = ", ".join(f"{known.by_document[i][0].uid} ({why})" for i, why in _few(found))
        more = f" and {len(found) - LISTED} more" if len(found) > LISTED else ""
        raise UsageError(
            f"{name!r} was the name of {len(found)} documents; say which: {shown}{more}"
        )
    raise NotFoundError("document, today or ever,", name)


def _few(found: Mapping[int, str]) -> Iterable[tuple[int, str]]:
    return list(found.items())[:LISTED]


def _document_of(connection: Connection, entry: Entry) -> int:
    statement = select(VersionRow.document_id).where(VersionRow.id == entry.version_id)
    return int(connection.execute(statement).scalar_one())


@dataclass(frozen=True, slots=True)
class _Said:
    """What one version of a document called itself."""

    document_id: int
    path: str
    slug: str | None
    title: str | None
    url: str | None


def _said(connection: Connection, site: Site) -> list[_Said]:
    statement = (
        select(VersionRow.document_id, FileRow.path, VersionRow.slug, VersionRow.title, UrlRow.url)
        .join(FileRow, FileRow.id == VersionRow.file_id)
        .join(DocumentRow, DocumentRow.id == VersionRow.document_id)
        .outerjoin(PublicationRow, PublicationRow.file_id == FileRow.id)
        .outerjoin(UrlRow, UrlRow.id == PublicationRow.url_id)
        .where(DocumentRow.site_id == site.id)
        .order_by(VersionRow.id, PublicationRow.id)
    )
    return [_Said(*row) for row in connection.execute(statement)]


def _by_former_name(known: Stays, said: Sequence[_Said], name: str) -> dict[int, str]:
    """Give the documents that had this name by the first kind of name that any had, with a path."""
    url = _url_path(name) or None
    tests: tuple[Callable[[Any], bool], ...] = (
        lambda each: each.path == name,
        lambda each: each.url is not None and unquote(each.url).strip("/") == url,
        lambda each: each.slug == name,
        lambda each: each.title is not None and each.title.casefold() == name.casefold(),
        lambda each: each.path.endswith("/" + name) or each.path.rsplit(".", 1)[0].endswith(name),
    )
    names = [_Said(stay.document_id, stay.path, None, None, None) for stay in known.all]
    for test in tests:
        found = {each.document_id: each.path for each in (*names, *said) if test(each)}
        found = {number: path for number, path in found.items() if number in known.by_document}
        if found:
            return found
    return {}


def _url_path(name: str) -> str:
    """Take the path of a whole URL; the host is not looked at."""
    try:
        parts = urlsplit(name)
    except ValueError:  # "[" in the host
        return name.strip("/")
    return unquote(parts.path if parts.scheme in {"http", "https"} else name).strip("/")
