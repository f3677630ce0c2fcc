"""A tree on disk for Jekyll: plain files alone, with the names and bytes that they have in git."""

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

from pipeline.jekyll.links import follow_links
from pipeline.model import FileMode, Finding, TreeEntry
from pipeline.sources.building.codes import BuildCode
from pipeline.sources.source import Absent, Source
from pipeline.warc.durable import storing

_NEVER = frozenset({"", ".", "..", ".git"})


def lay_out(
    source: Source, folder: Path, now: datetime, tell: Callable[[Finding], None]
) -> Iterator[tuple[TreeEntry, bytes]]:
    """Write the files of a source below a folder, and give each with its bytes.

    A link inside the tree becomes the file that it leads to; any other link is told and left out,
    so Jekyll never sees one. Every file has the time `now`, which pages can show.
    """
    followed = follow_links(source.entries, lambda link: _target(source, link))
    plain = []
    for entry in followed.entries:
        why = _refused(entry)
        if why:
            tell(BuildCode.LEFT_OUT.at(entry.path, why))
        else:
            plain.append(entry)
    seconds = now.timestamp()
    for entry, data in _contents(source, plain):
        if isinstance(data, Absent):
            tell(BuildCode.LEFT_OUT.at(entry.path, f"the file {data.reason}"))
            continue
        target = folder / PurePosixPath(entry.path)
        with storing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.write(data)
            os.utime(target, (seconds, seconds))
        yield entry, data


def _refused(entry: TreeEntry) -> str:
    if entry.mode is FileMode.SYMLINK:
        return "a symbolic link that leads nowhere in the tree; not followed"
    if entry.mode is FileMode.SUBMODULE:
        return "a submodule: a repository of its own"
    if entry.path.startswith("/") or _NEVER & {part.lower() for part in entry.path.split("/")}:
        return "its name must not reach a disk"
    return ""


def _contents(
    source: Source, entries: Iterable[TreeEntry]
) -> Iterator[tuple[TreeEntry, bytes | Absent]]:
    """Read contents where they are: a file of the tree holds what stands under a link to it."""
    files = {
        entry.oid: entry for entry in reversed(source.entries) if entry.mode is not FileMode.SYMLINK
    }
    wanted = list(entries)
    for entry, (_, data) in zip(wanted, source.read(files[e.oid] for e in wanted), strict=True):
        yield entry, data


def _target(source: Source, link: TreeEntry) -> bytes:
    ((_, data),) = source.read([link])
    return b"" if isinstance(data, Absent) else data
