"""What came out of a build, held against what Jekyll's rules say should have come."""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import NotWritableError
from pipeline.jekyll.config import Config, inside
from pipeline.jekyll.item import DateSource, Item, ItemKind
from pipeline.model import Finding, TreeEntry
from pipeline.sources.building import BuildCode, Built
from pipeline.warc.durable import storing


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How many of the files that Jekyll should write are there, failed, or are simply not there."""

    built: int
    failed: int
    absent: int
    findings: tuple[Finding, ...]


def compare_built(items: Sequence[Item], built: Built, destination: Path) -> Compared:
    """Look for every file that should be there, and tell the dates that only the build made."""
    findings: list[Finding] = []
    done = failed = absent = 0
    for item in items:
        where = str(item.destination).lstrip("/")
        if item.path in built.failed:
            failed += 1
        elif (destination / where).is_file() or _elsewhere(item, built, destination):
            done += 1
            findings += _dates(item)
        else:
            absent += 1
            findings.append(BuildCode.ABSENT.at(item.path, f"{where} was not written"))
    return Compared(built=done, failed=failed, absent=absent, findings=tuple(findings))


def _elsewhere(item: Item, built: Built, destination: Path) -> bool:
    """Tell whether Jekyll says that it wrote the file, where only the build knows its URL."""
    where = built.written.get(item.path)
    return where is not None and (destination / where).is_file()


def _dates(item: Item) -> Iterator[Finding]:
    if item.kind is ItemKind.DOCUMENT and item.date_source is DateSource.NONE:
        yield BuildCode.DATE.at(item.path, "no date of its own: Jekyll gives it that of the build")


def own_plugins(entries: Iterable[TreeEntry], config: Config) -> Iterator[Finding]:
    """Tell the plugins that lie in the tree: none of them was run."""
    given = config.raw.get("plugins_dir")
    names = given if isinstance(given, list) else [given]
    folders = {inside(name) for name in names if isinstance(name, str)} | {"_plugins"}
    for entry in entries:
        if entry.path.endswith(".rb") and any(entry.path.startswith(f"{f}/") for f in folders if f):
            yield BuildCode.PLUGIN.at(entry.path, "a plugin in the tree; never run")


def refuse_full(folder: Path) -> None:
    """Refuse a folder that has something in it. Raises NotWritableError."""
    with storing(folder):
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise NotWritableError(str(folder), "it is not a folder")
        if folder.exists() and any(folder.iterdir()):
            raise NotWritableError(str(folder), "it is not empty; render into a new folder")


def bring(built: Path, folder: Path) -> tuple[int, int]:
    """Copy the plain files that were built into a folder; give their number and bytes."""
    files = size = 0
    with storing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for above, names, found in os.walk(built):
            names.sort()
            target = folder / Path(above).relative_to(built)
            target.mkdir(exist_ok=True)
            for name in sorted(found):
                place = Path(above, name)
                if place.is_symlink() or not place.is_file():
                    continue
                shutil.copyfile(place, target / name)
                files, size = files + 1, size + place.stat().st_size
    return files, size
