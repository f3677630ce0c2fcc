"""People, and where the documents name them."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.base import Base, Id, Name, reference


class PersonRow(Base):
    """A person by name; tied to a document of a people collection where one has that name."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("site_id", "key"),)

    id: Mapped[Id]
    site_id: Mapped[int] = reference("sites.id", index=False)
    key: Mapped[Name] = mapped_column(comment="name folded for matching")
    name: Mapped[Name]
    document_id: Mapped[int | None] = reference("documents.id")


class MentionRow(Base):
    """A person named in a version's front matter, with what exactly stood there."""

    __tablename__ = "mentions"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    id: Mapped[Id]
    version_id: Mapped[int] = reference("versions.id", index=False)
    position: Mapped[int]
    person_id: Mapped[int] = reference("people.id")
    role: Mapped[Name] = mapped_column(comment="author, speaker, ...: as the field says")
    kind: Mapped[Name] = mapped_column(comment="named by name, or by title or slug of a document")
    name: Mapped[Name] = mapped_column(comment="as written here")
    field: Mapped[Name] = mapped_column(comment="`author`, `authors[1].name`")
    raw: Mapped[Name] = mapped_column(comment="JSON of what exactly stood there")
    line: Mapped[int | None]
