"""Which paths were the same document, why we say so, and what was published together."""

from sqlalchemy import CheckConstraint, Float, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.history.lineage.values import EvidenceKind, Manner, RelationKind
from pipeline.store.base import Base, Id, Name, one_of, reference


class StayRow(Base):
    """A stretch of history in which one path held one document."""

    __tablename__ = "stays"
    __table_args__ = (UniqueConstraint("document_id", "position"),)

    id: Mapped[Id]
    document_id: Mapped[int] = reference("documents.id", index=False)
    position: Mapped[int] = mapped_column(comment="among the document's stays, oldest first")
    path: Mapped[Name] = mapped_column(comment="as git shows it", index=True)
    path_raw: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="only where `path` is quoted"
    )
    collection: Mapped[str | None]
    since_commit_id: Mapped[int] = reference("commits.id")
    until_commit_id: Mapped[int | None] = reference(
        "commits.id", comment="the commit that ended it; None: it still stands"
    )


class JoinRow(Base):
    """Two stays of which a document was made, or, where a person should look, nearly was."""

    __tablename__ = "joins"
    __table_args__ = (
        UniqueConstraint("old_stay_id", "new_stay_id"),
        one_of("manner", Manner),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
    )

    id: Mapped[Id]
    old_stay_id: Mapped[int] = reference("stays.id", index=False)
    new_stay_id: Mapped[int] = reference("stays.id")
    commit_id: Mapped[int] = reference("commits.id", comment="the one that began the new stay")
    manner: Mapped[Name]
    confidence: Mapped[float] = mapped_column(Float, comment="0 to 1: that both are one document")
    joined: Mapped[bool] = mapped_column(comment="False: they were left two documents")
    decided: Mapped[bool] = mapped_column(comment="by a person, in `lineage.txt`")
    sentence: Mapped[Name] = mapped_column(comment="why, for people")


class ReasonRow(Base):
    """What speaks for or against a join."""

    __tablename__ = "reasons"
    __table_args__ = (UniqueConstraint("join_id", "position"), one_of("kind", EvidenceKind))

    id: Mapped[Id]
    join_id: Mapped[int] = reference("joins.id", index=False)
    position: Mapped[int]
    kind: Mapped[Name]
    weight: Mapped[float] = mapped_column(Float, comment="natural logarithm of odds")
    words: Mapped[Name]


class RelationRow(Base):
    """How two documents are related without being one: copied, split, merged, misnamed."""

    __tablename__ = "relations"
    __table_args__ = (
        UniqueConstraint("kind", "one_stay_id", "other_stay_id", "commit_id"),
        one_of("kind", RelationKind),
    )

    id: Mapped[Id]
    kind: Mapped[Name]
    one_stay_id: Mapped[int] = reference("stays.id")
    other_stay_id: Mapped[int] = reference("stays.id")
    commit_id: Mapped[int] = reference("commits.id")
    similarity: Mapped[float] = mapped_column(Float, comment="0 to 1")
    sentence: Mapped[Name] = mapped_column(comment="the relation, for people")


class SeriesRow(Base):
    """A landing document and the documents that it leads to, published together."""

    __tablename__ = "series"
    __table_args__ = (UniqueConstraint("site_id", "name"),)

    id: Mapped[Id]
    site_id: Mapped[int] = reference("sites.id", index=False)
    name: Mapped[Name]
    reason: Mapped[Name] = mapped_column(comment="why, for people")
    published_commit_id: Mapped[int | None] = reference("commits.id")
    settled: Mapped[bool] = mapped_column(comment="named in `jekyll-archive.toml`, not found")


class SeriesMemberRow(Base):
    """A document of a series."""

    __tablename__ = "series_members"

    series_id: Mapped[int] = reference("series.id", index=False, primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, comment="0: the landing document")
    document_id: Mapped[int] = reference("documents.id")
