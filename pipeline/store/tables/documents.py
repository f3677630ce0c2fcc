"""Documents, their versions, the text of a version and its dates."""

from datetime import date as day_date
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.content.dates import Provenance
from pipeline.jekyll.item import ItemKind
from pipeline.model import Sha256
from pipeline.store.base import Base, Id, Name, Size, one_of, reference
from pipeline.store.types import Day, Json, Sha256Type, UtcDateTime


class DocumentRow(Base):
    """One thing the site published, whatever its file was called over time."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("site_id", "uid"), one_of("kind", ItemKind))

    id: Mapped[Id]
    site_id: Mapped[int] = reference("sites.id", index=False)
    uid: Mapped[Name] = mapped_column(
        comment="12 hex digits, from the path first seen; never changes"
    )
    kind: Mapped[Name]
    collection: Mapped[str | None] = mapped_column(comment="collection of the newest version")
    path: Mapped[Name] = mapped_column(comment="path of the newest version", index=True)


class VersionRow(Base):
    """One state of a document's source, and what Jekyll makes of it. All but the ids is derived."""

    __tablename__ = "versions"
    __table_args__ = (one_of("date_source", Provenance),)

    id: Mapped[Id]
    document_id: Mapped[int] = reference("documents.id")
    file_id: Mapped[int] = reference("files.id", index=False, unique=True)
    title: Mapped[str | None]
    slug: Mapped[str | None] = mapped_column(index=True)
    date: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="None: the author gave none")
    date_offset: Mapped[int | None] = mapped_column(comment="minutes east of UTC on the site")
    date_raw: Mapped[str | None] = mapped_column(comment="as the author wrote it")
    date_source: Mapped[Name] = mapped_column(comment="front matter, file name, first commit, none")
    draft: Mapped[bool]
    layout: Mapped[str | None]
    excerpt: Mapped[str | None]
    own: Mapped[Any] = mapped_column(Json, comment="front matter of the file")
    from_defaults: Mapped[Any] = mapped_column(
        Json, comment="keys that the site's defaults add or change; the rest is `own`"
    )
    yaml_engine: Mapped[Name]
    context: Mapped[Sha256] = mapped_column(
        Sha256Type, comment="of the rules that it was derived by"
    )
    yaml_start: Mapped[Size] = mapped_column(comment="byte offsets in the file: header and body")
    yaml_end: Mapped[Size]
    body_start: Mapped[Size]


class PartRow(Base):
    """A named piece of a version's text: its body, or a field of its front matter."""

    __tablename__ = "parts"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    id: Mapped[Id]
    version_id: Mapped[int] = reference("versions.id", index=False)
    position: Mapped[int]
    name: Mapped[Name] = mapped_column(comment="`body`, `event_content`, `faqs[2].answer`")
    format: Mapped[Name]
    text: Mapped[Name] = mapped_column(comment="as written")
    plain: Mapped[Name] = mapped_column(comment="without markup; approximate")
    offset: Mapped[Size | None] = mapped_column(comment="byte range in the file, where known")
    length: Mapped[Size | None]
    line: Mapped[int | None]


class DateRow(Base):
    """A date that a version names, beside its date of publication; raw text always kept."""

    __tablename__ = "dates"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    id: Mapped[Id]
    version_id: Mapped[int] = reference("versions.id", index=False)
    position: Mapped[int]
    name: Mapped[Name] = mapped_column(comment="the field: `event_date`, `report_date`, ...")
    raw: Mapped[Name] = mapped_column(comment="as the author wrote it")
    day: Mapped[day_date | None] = mapped_column(Day, comment="None: not a date that we understand")
    at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="only where the author wrote a time with a zone"
    )
    line: Mapped[int | None]
