"""The tables, one module a subject. Importing this package registers all of them."""

from pipeline.store.tables.archive import CaptureRow, ManifestRow, WarcFileRow
from pipeline.store.tables.documents import DateRow, DocumentRow, PartRow, VersionRow
from pipeline.store.tables.history import CommitParentRow, CommitRow, SpanRow
from pipeline.store.tables.people import MentionRow, PersonRow
from pipeline.store.tables.runs import EventRow, FindingRow, RunCountRow, RunRow, SiteRow
from pipeline.store.tables.sources import AssetRow, BlobRow, FileRow, SnapshotFileRow, SnapshotRow
from pipeline.store.tables.tags import TaggingRow, TagRow
from pipeline.store.tables.web import LinkRow, PageRow, PublicationRow, RedirectRow, UrlRow

__all__ = [
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
    "LinkRow",
    "ManifestRow",
    "MentionRow",
    "PageRow",
    "PartRow",
    "PersonRow",
    "PublicationRow",
    "RedirectRow",
    "RunCountRow",
    "RunRow",
    "SiteRow",
    "SnapshotFileRow",
    "SnapshotRow",
    "SpanRow",
    "TagRow",
    "TaggingRow",
    "UrlRow",
    "VersionRow",
    "WarcFileRow",
]
