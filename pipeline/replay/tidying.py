"""Keep the folder of indexes small: those that nobody asked for in a long time go.

Only files that are named as ours are looked at: the folder may be anybody's.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

AGE_MOST: Final = 90 * 86_400
COUNT_MOST: Final = 200
SIZE_MOST: Final = 1 << 31
IN_USE: Final = 3_600
"""Seconds in which an index may just have been found by another process that will open it."""

_OURS: Final = re.compile(r"replay-[0-9]+-[0-9a-f]{32}")
_UNFINISHED: Final = re.compile(r"replay-\w+\.open")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """The files of one index."""

    used: float
    size: int
    files: tuple[Path, ...]


def tidy(folder: Path, now: float) -> None:
    """Remove what was not used for 90 days, and the oldest beyond 200 indexes or 2 GiB.

    `now` is in seconds since 1970, as files have their times. What cannot be removed stays.
    """
    count = size = 0
    for each in sorted(_indexes(folder), key=lambda each: -each.used):
        count, size = count + 1, size + each.size
        idle = now - each.used
        is_over = count > COUNT_MOST or size > SIZE_MOST or idle > AGE_MOST
        if is_over and idle > IN_USE:
            for file in each.files:
                with suppress(OSError):
                    file.unlink()


def _indexes(folder: Path) -> Iterator[_Kept]:
    """Find the indexes, and beginnings of such that a crash left."""
    groups: dict[str, list[Path]] = {}
    with suppress(OSError):
        for path in folder.iterdir():
            if _OURS.fullmatch(path.stem) and path.suffix in {".cdxj", ".json"}:
                groups.setdefault(path.stem, []).append(path)
            elif _UNFINISHED.fullmatch(path.name):
                groups[path.name] = [path]
    for files in groups.values():
        with suppress(OSError):
            told = [path.lstat() for path in files]
            used = max(each.st_mtime for each in told)
            size = sum(each.st_size for each in told)
            yield _Kept(used=used, size=size, files=tuple(files))
