"""Walking a folder of somebody else's: what lies where, and of which sort; no link is followed."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from pipeline.errors import LimitError
from pipeline.sources.limits import Limits


class Sort(Enum):
    """What a name in a folder stands for."""

    FILE = auto()
    LINK = auto()
    GIT = auto()
    SPECIAL = auto()
    CLOSED_FOLDER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing in a folder; `path` is relative, in bytes, and empty for the folder itself."""

    path: bytes
    sort: Sort
    place: Path

    @property
    def name(self) -> str:
        """The path as text, bytes that are not UTF-8 kept as lone surrogates."""
        return self.path.decode("utf-8", "surrogateescape")


def walk(root: Path, location: str, limits: Limits) -> list[Found]:
    """List what is below a folder by path bytes, not looking into a `.git`. Raises LimitError."""
    found: list[Found] = []
    waiting = [b""]
    while waiting:
        prefix = waiting.pop()
        if prefix.count(b"/") > limits.depth:
            raise LimitError(location, "the nesting of folders", f"{limits.depth}")
        for item in _scan(root, prefix):
            if isinstance(item, Found):
                found.append(item)
            else:
                waiting.append(item)
        if len(found) > limits.entries:
            raise LimitError(location, "the number of files", f"{limits.entries}")
    return sorted(found, key=lambda each: each.path)


def _scan(root: Path, prefix: bytes) -> Iterator[Found | bytes]:
    """Give what lies in one folder; a folder inside it as its prefix."""
    folder = os.path.join(os.fsencode(root), prefix)  # noqa: PTH118 - a Path cannot hold bytes
    try:
        with os.scandir(folder) as items:
            for item in items:
                path = prefix + item.name
                sort = _sort(item)
                if sort is None:
                    yield path + b"/"
                else:
                    yield Found(path=path, sort=sort, place=Path(os.fsdecode(item.path)))
    except OSError:
        path = prefix.rstrip(b"/")
        yield Found(path=path, sort=Sort.CLOSED_FOLDER, place=Path(os.fsdecode(folder)))


def _sort(item: "os.DirEntry[bytes]") -> Sort | None:
    if item.name == b".git":
        return Sort.GIT
    if item.is_symlink():
        return Sort.LINK
    if item.is_dir(follow_symlinks=False):
        return None
    return Sort.FILE if item.is_file(follow_symlinks=False) else Sort.SPECIAL
