"""Small trees, read by Jekyll's rules, to be compared."""

from collections.abc import Mapping
from datetime import UTC, datetime

from pipeline.content.normalise import normalise
from pipeline.content.settings import Settings
from pipeline.history.comparison.compare import Frame, compare
from pipeline.history.comparison.pairing import Ties
from pipeline.history.comparison.reading import ReadVersion
from pipeline.history.comparison.values import (
    Compared,
    Comparison,
    Effect,
    Field,
    FieldChange,
    Moment,
    Timeline,
    Unread,
)
from pipeline.history.gitobject import ObjectFormat, blob_id
from pipeline.jekyll.config import parse_config
from pipeline.jekyll.rules import PUBLISHABLE, ReadOptions, Rules
from pipeline.model import FileMode, TreeEntry

CONFIG = """\
title: Sallow Quay
url: https://quay.example
timezone: Europe/London
collections:
  news: {output: true, permalink: "/news/:slug/"}
  talks: {output: true, permalink: "/talks/:name/"}
  people: {output: true, permalink: "/people/:name/"}
  notes: {output: false}
"""
WHEN = datetime(2024, 5, 1, tzinfo=UTC)

Files = Mapping[str, str]


def read(files: Files, config: str = CONFIG) -> list[ReadVersion]:
    options = ReadOptions()
    rules = Rules(parse_config([("_config.yml", config.encode())], options), options)
    found = []
    for path, text in files.items():
        data = text.encode()
        oid = blob_id(data, ObjectFormat.SHA1)
        placement = rules.place(TreeEntry(path=path, mode=FileMode.REGULAR, oid=oid))
        assert placement.role in PUBLISHABLE, path
        item = rules.read(placement, data)
        content = normalise(item, data, Settings())
        found.append(ReadVersion(path=path, item=item, content=content, size=len(data)))
    return found


def moment(name: str, documents: int) -> Moment:
    return Moment(
        asked=name, commit=name * 40, at=WHEN, subject="", on_branch=True, documents=documents
    )


def compared(
    before: Files,
    after: Files,
    *,
    moves: Mapping[str, str] | None = None,
    config: str = CONFIG,
    collection: str | None = None,
    unread: tuple[Unread, ...] = (),
) -> Comparison:
    """Compare two trees; `moves` says which path became which."""
    homes = {new: old for old, new in (moves or {}).items()}
    frame = Frame(
        site="quay",
        before=moment("a", len(before)),
        after=moment("b", len(after)),
        timeline=Timeline(commits=1, undone=0, since=WHEN, until=WHEN),
        collection=collection,
        public_url="https://quay.example",
        unread=unread,
        unread_documents=frozenset(homes.get(each.path, each.path) for each in unread),
    )
    return compare(frame, read(before), read(after, config), Ties(after=homes))


def page(body: str = "", **fields: str) -> str:
    header = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"---\n{header}---\n{body}\n"


def became(old: str, new: str, config: str = CONFIG) -> Compared:
    """Compare one news item with what it became."""
    (found,) = compared({"_news/a.md": old}, {"_news/a.md": new}, config=config).documents
    return found


def change(document: Compared, field: Field) -> FieldChange:
    (found,) = [each for each in document.changes if each.field is field]
    return found


def effects(document: Compared) -> dict[str, str]:
    return {each.field.value: each.effect.value for each in document.changes}


__all__ = [
    "CONFIG",
    "Effect",
    "Field",
    "became",
    "change",
    "compared",
    "effects",
    "moment",
    "page",
    "read",
]
