"""What the catalogue answers: plain values, ready to print or to write as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.model import Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site of the catalogue, and what the newest run read."""

    id: int
    key: str
    title: str | None
    origin: str | None
    url: str | None
    timezone: str | None
    snapshot_id: int
    revision: str
    tree_oid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSite:
    """A site of the catalogue, whether a run read it or it came as a part of another archive."""

    id: int
    key: str
    title: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document of the newest snapshot, in one line. `date` is aware, with the site's offset.

    `paths` are all that it ever had, oldest first; empty where lineage was not asked.
    """

    uid: str
    version_id: int
    file_id: int
    kind: str
    collection: str | None
    path: str
    title: str | None
    slug: str | None
    date: datetime | None
    date_raw: str | None
    date_source: str
    draft: bool
    url: str | None
    written: bool
    people: tuple[str, ...]
    tags: tuple[str, ...]
    categories: tuple[str, ...]
    sha256: Sha256 | None
    size: int | None
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisit:
    """A record that says of some content that it was found here too, and holds no bytes."""

    warc_path: str
    record_id: str
    record_offset: int
    record_length: int
    target_uri: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where the bytes behind a row are, and how far that can be followed.

    `record_*` is the WARC record that holds the bytes; None where they are not in the archive. The
    row's own record is `revisit`, where that one holds no bytes but refers to the other. `offset`
    and `length` are the row's own place within the file, where it has one.
    """

    row: str
    says: str
    path: str | None
    field: str | None
    offset: int | None
    length: int | None
    oid: str | None
    sha256: Sha256 | None
    size: int | None
    revision: str | None
    since_commit: str | None
    since_at: datetime | None
    warc_path: str | None
    record_id: str | None
    record_offset: int | None
    record_length: int | None
    target_uri: str | None
    revisit: Revisit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """Everything about one document of the newest snapshot."""

    entry: Entry
    layout: str | None
    excerpt: str | None
    front_matter: Mapping[str, Any]
    header: tuple[int, int]
    body_start: int
    parts: tuple[Mapping[str, Any], ...]
    mentions: tuple[Mapping[str, Any], ...]
    tags: tuple[Mapping[str, Any], ...]
    dates: tuple[Mapping[str, Any], ...]
    links: tuple[Mapping[str, Any], ...]
    redirects: tuple[Mapping[str, Any], ...]
    pages: tuple[Mapping[str, Any], ...]
    findings: tuple[Mapping[str, Any], ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file of a tree, with the record that holds its bytes."""

    file_id: int
    path: str
    path_raw: bytes | None
    mode: int
    oid: str
    state: str
    sha256: Sha256 | None
    size: int | None
    warc_path: str | None
    record_offset: int | None
    record_length: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """One state of a path and a stretch of history in which it stood.

    `since` and `until` are commits with their committer's times; `until` is None for what stands at
    the end. `line` 0 is the branch. `by` and `subject` are of the commit that made the state.
    `title` and `url` are what Jekyll made of it then. `moved_from` is the path that the document
    had before, where this is the first state of a stay.
    """

    path: str
    line: int
    kind: str
    since: str
    since_at: datetime | None
    until: str | None
    until_at: datetime | None
    written: str
    by: str
    subject: str
    file_id: int
    oid: str
    sha256: Sha256 | None
    size: int | None
    version_id: int | None = None
    title: str | None = None
    url: str | None = None
    moved_from: str | None = None
