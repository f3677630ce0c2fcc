"""Tags and categories, and where the documents use them."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.base import Base, Id, Name, reference


class TagRow(Base):
    """A tag or a category by name."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("site_id", "kind", "key"),)

    id: Mapped[Id]
    site_id: Mapped[int] = reference("sites.id", index=False)
    kind: Mapped[Name] = mapped_column(comment="`tag` or `category`")
    key: Mapped[Name] = mapped_column(comment="name folded for matching")
    name: Mapped[Name]


class TaggingRow(Base):
    """A tag on a version, with what exactly stood there."""

    __tablename__ = "taggings"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    id: Mapped[Id]
    version_id: Mapped[int] = reference("versions.id", index=False)
    position: Mapped[int]
    tag_id: Mapped[int] = reference("tags.id")
    field: Mapped[str | None] = mapped_column(comment="None: from the path or from defaults")
    raw: Mapped[Name] = mapped_column(comment="JSON of what exactly stood there")
    line: Mapped[int | None]
