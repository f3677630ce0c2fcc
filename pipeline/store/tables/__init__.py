"""The tables, one module a subject. Importing this package registers all of them."""

from pipeline.store.tables.archive import CaptureRow, ManifestRow, WarcFileRow
from pipeline.store.tables.documents import DateRow, DocumentRow, PartRow, VersionRow
from pipeline.store.tables.history import AbsenceRow, CommitParentRow, CommitRow, SpanRow
from pipeline.store.tables.lineage import (
    JoinRow,
    ReasonRow,
    RelationRow,
    SeriesMemberRow,
    SeriesRow,
    StayRow,
)
from pipeline.store.tables.people import MentionRow, PersonRow
from pipeline.store.tables.runs import EventRow, FindingRow, RunCountRow, RunRow, SiteRow
from pipeline.store.tables.sources import AssetRow, BlobRow, FileRow, SnapshotFileRow, SnapshotRow
from pipeline.store.tables.tags import TaggingRow, TagRow
from pipeline.store.tables.web import (
    AddressRow,
    LinkRow,
    PageRow,
    PublicationRow,
    RedirectRow,
    UrlRow,
)

__all__ = [
    "AbsenceRow",
    "AddressRow",
    "AssetRow",
    "BlobRow",
    "CaptureRow",
    "CommitParentRow",
    "CommitRow",
    "DateRow",
    "DocumentRow",
    "EventRow",
    "FileRow",
    "FindingRow",
    "JoinRow",
    "LinkRow",
    "ManifestRow",
    "MentionRow",
    "PageRow",
    "PartRow",
    "PersonRow",
    "PublicationRow",
    "ReasonRow",
    "RedirectRow",
    "RelationRow",
    "RunCountRow",
    "RunRow",
    "SeriesMemberRow",
    "SeriesRow",
    "SiteRow",
    "SnapshotFileRow",
    "SnapshotRow",
    "SpanRow",
    "StayRow",
    "TagRow",
    "TaggingRow",
    "UrlRow",
    "VersionRow",
    "WarcFileRow",
]
