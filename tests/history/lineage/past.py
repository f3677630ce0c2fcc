"""The lives of a repository's content paths, read with git and this project's own rules.

A small reader for these tests: every commit, parents first; a merge shows what it changed against
its first parent. Each file is read under the `_config.yml` that stood at its commit.
"""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from pipeline.content.normalise import normalise
from pipeline.content.settings import Settings
from pipeline.content.values import Content, LinkKind
from pipeline.errors import PipelineError
from pipeline.history.lineage.values import Life, Point, State
from pipeline.jekyll.config import parse_config
from pipeline.jekyll.item import Item, ItemKind
from pipeline.jekyll.placement import Role
from pipeline.jekyll.rules import PUBLISHABLE, ReadOptions, Rules
from pipeline.model import FileMode, TreeEntry

LOG = (
    "log --topo-order --reverse --no-renames --no-abbrev --raw -z -m --first-parent"
    " --format=%x01%H%x02%ct%x02%x00"
)
SKIPPED = ("assets/", "_data/", "_includes/", "_layouts/", "_sass/", "node_modules/")
TEXTUAL = (".md", ".markdown", ".html", ".htm", ".textile")
LARGEST = 400_000
FALLBACK = b"title: none\n"


@dataclass(frozen=True, slots=True)
class Change:
    """What one commit did to one path; `oid` is None for a deletion."""

    point: Point
    path: str
    oid: str | None
    added: bool = False


@dataclass(slots=True)
class Reader:
    """Blobs and the rules of each configuration."""

    git_dir: Path
    blobs: dict[str, bytes] = field(default_factory=dict)

    def load(self, oids: set[str]) -> None:
        asked = sorted(oids - self.blobs.keys())
        done = subprocess.run(
            ["git", "-C", str(self.git_dir), "cat-file", "--batch"],  # noqa: S607
            input="\n".join(asked).encode() + b"\n",
            capture_output=True,
            check=True,
        )
        rest, at = done.stdout, 0
        while at < len(rest):
            end = rest.index(b"\n", at)
            oid, *kind = rest[at:end].decode().split()
            at = end + 1
            if kind and kind[0] != "missing":
                size = int(kind[1])
                self.blobs[oid] = rest[at : at + size]
                at += size + 1


def lives(git_dir: Path, revision: str = "HEAD", *, all_commits: bool = True) -> tuple[Life, ...]:
    """Read the lives of all documents and pages."""
    changes = list(_changes(git_dir, revision, all_commits=all_commits))
    wanted = [each for each in changes if _may_be_content(each.path) or each.path == "_config.yml"]
    reader = Reader(git_dir)
    reader.load({each.oid for each in wanted if each.oid})
    configs = [FALLBACK]
    spans: dict[str, list[tuple[str, Point, Point | None, int, bool]]] = {}
    for change in wanted:
        if change.path == "_config.yml":
            configs.append(reader.blobs.get(change.oid or "", FALLBACK))
            continue
        past = spans.setdefault(change.path, [])
        if past and past[-1][2] is None:
            if past[-1][0] == change.oid:
                continue
            past[-1] = (*past[-1][:2], change.point, *past[-1][3:])
        if change.oid in reader.blobs:
            past.append((change.oid or "", change.point, None, len(configs) - 1, change.added))
    found = (_life(path, past, reader, configs) for path, past in sorted(spans.items()))
    return tuple(life for life in found if life and life.states)


def _changes(git_dir: Path, revision: str, *, all_commits: bool) -> Iterator[Change]:
    options = LOG if not all_commits else LOG.replace("-m --first-parent", "--diff-merges=1")
    command = ["git", "-C", str(git_dir), *options.split(), revision]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    for order, chunk in enumerate(raw.split(b"\x01")[1:]):
        head, _, rest = chunk.partition(b"\x00")
        oid, seconds, _ = head.decode().split("\x02")
        point = Point(order=order, commit=oid, at=datetime.fromtimestamp(int(seconds), UTC))
        fields = rest.strip(b"\n\0").split(b"\0")
        for meta, name in zip(fields[::2], fields[1::2], strict=False):
            _, mode, _, blob, status = meta.lstrip(b"\n:").decode().split()
            path = name.decode("utf-8", "surrogateescape")
            gone = status == "D" or mode not in {"100644", "100755"}
            yield Change(point, path, None if gone else blob, status == "A")


def _may_be_content(path: str) -> bool:
    name = path.rpartition("/")[2]
    return not path.startswith(SKIPPED) and (
        path.endswith(TEXTUAL) or (path.startswith("_") and "." not in name)
    )


@lru_cache(maxsize=64)
def _rules(config: bytes) -> Rules:
    options = ReadOptions()
    try:
        return Rules(parse_config([("_config.yml", config)], options), options)
    except PipelineError:
        return Rules(parse_config([("_config.yml", FALLBACK)], options), options)


@lru_cache(maxsize=1 << 16)
def _read(path: str, data: bytes, config: bytes) -> tuple[Item, Content] | None:
    rules = _rules(config)
    placement = rules.place(TreeEntry(path=path, mode=FileMode.REGULAR, oid="0" * 40))
    if placement.role not in PUBLISHABLE or len(data) > LARGEST:
        return None
    if (
        placement.role not in {Role.DOCUMENT, Role.CANDIDATE, Role.PAGE}
        and not placement.collection
    ):
        return None
    item = rules.read(placement, data)
    if item.kind is ItemKind.STATIC and item.collection is None:
        return None
    return item, normalise(item, data, Settings())


def _life(
    path: str,
    past: list[tuple[str, Point, Point | None, int, bool]],
    reader: Reader,
    configs: list[bytes],
) -> Life | None:
    """A file in a folder that is no collection yet, or no more, is read as when it was one."""
    states, collection = [], None
    for oid, since, until, number, added in past:
        near = sorted(range(len(configs)), key=lambda each: (abs(each - number), each))
        tried = dict.fromkeys(configs[each] for each in near)
        read = next(filter(None, (_read(path, reader.blobs[oid], each) for each in tried)), None)
        if read is None:
            continue
        collection = read[0].collection or collection
        states.append(state(read[0], read[1], reader.blobs[oid], since))
        states[-1] = replace(states[-1], blob=oid, until=until, added=added)
    return Life(path=path, collection=collection, states=tuple(states)) if states else None


def state(item: Item, content: Content, source: bytes, since: Point) -> State:
    """What lineage wants to know of one version."""
    text = "\n".join(part.plain or "" for part in content.parts)
    if item.kind is ItemKind.STATIC:
        text = source.decode("utf-8", "replace")
    return State(
        blob="",
        since=since,
        title=content.title,
        slug=item.slug,
        day=item.date.date() if item.date else None,
        url=item.url,
        redirect_from=item.redirect_from,
        links=tuple(link.target for link in content.links if link.kind is not LinkKind.IMAGE),
        images=tuple(link.target for link in content.links if link.kind is LinkKind.IMAGE),
        people=tuple(mention.key for mention in content.mentions),
        text=text,
        source=source,
    )
