"""URLs: what is published where, redirects, links, and rendered pages."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.model import Sha256
from pipeline.store.base import Base, Id, Name, reference
from pipeline.store.types import Sha256Type


class UrlRow(Base):
    """A URL of the site, relative to its address: `/news/tide/`."""

    __tablename__ = "urls"
    __table_args__ = (UniqueConstraint("site_id", "url"),)

    id: Mapped[Id]
    site_id: Mapped[int] = reference("sites.id", index=False)
    url: Mapped[Name]


class PublicationRow(Base):
    """A file published at a URL under the rules of some configuration; snapshots say when."""

    __tablename__ = "publications"
    __table_args__ = (UniqueConstraint("file_id", "url_id", "destination", "written"),)

    id: Mapped[Id]
    file_id: Mapped[int] = reference("files.id", index=False)
    url_id: Mapped[int] = reference("urls.id")
    destination: Mapped[Name] = mapped_column(comment="path in the rendered site; empty: none")
    written: Mapped[bool] = mapped_column(comment="False: Jekyll reads the file and writes nothing")


class AddressRow(Base):
    """A stretch of the branch in which a publication held, under the configuration of its time."""

    __tablename__ = "addresses"
    __table_args__ = (UniqueConstraint("publication_id", "since_commit_id"),)

    id: Mapped[Id]
    publication_id: Mapped[int] = reference("publications.id", index=False)
    since_commit_id: Mapped[int] = reference("commits.id")
    until_commit_id: Mapped[int | None] = reference(
        "commits.id", comment="the first commit at which it held no more; None: it holds"
    )


class RedirectRow(Base):
    """A redirect that a file's front matter declares."""

    __tablename__ = "redirects"
    __table_args__ = (UniqueConstraint("file_id", "from_url_id", "target"),)

    id: Mapped[Id]
    file_id: Mapped[int] = reference("files.id", index=False)
    source: Mapped[Name] = mapped_column(comment="`redirect_from` or `redirect_to`")
    from_url_id: Mapped[int] = reference("urls.id")
    target: Mapped[Name] = mapped_column(comment="URL as written, or the file's own")


class LinkRow(Base):
    """A link that a version's source contains."""

    __tablename__ = "links"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    id: Mapped[Id]
    version_id: Mapped[int] = reference("versions.id", index=False)
    position: Mapped[int]
    part: Mapped[Name] = mapped_column(comment="the part or field that holds it")
    kind: Mapped[Name]
    target: Mapped[Name] = mapped_column(comment="as written")
    text: Mapped[Name] = mapped_column(comment="its label, often empty")
    line: Mapped[int | None]
    url_id: Mapped[int | None] = reference("urls.id", comment="where it leads inside the site")


class PageRow(Base):
    """A rendered HTML page at one URL, tied to the version that it was made from, where known."""

    __tablename__ = "pages"
    __table_args__ = (UniqueConstraint("url_id", "sha256"),)

    id: Mapped[Id]
    url_id: Mapped[int] = reference("urls.id", index=False)
    version_id: Mapped[int | None] = reference("versions.id")
    path: Mapped[Name] = mapped_column(comment="path in the rendered folder")
    title: Mapped[str | None] = mapped_column(comment="text of `<title>`")
    sha256: Mapped[Sha256] = mapped_column(Sha256Type, comment="of the page's bytes")
