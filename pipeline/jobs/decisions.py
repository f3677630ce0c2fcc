"""A person's decisions about lineage: a small text file in the archive folder."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from pipeline.errors import ArchiveError
from pipeline.history.lineage.codes import Code
from pipeline.history.lineage.decisions import decision_line, parse_decisions
from pipeline.history.lineage.values import Decision, Lineage
from pipeline.model import Finding
from pipeline.warc.durable import open_path, storing, sync_folder

DECISIONS = "lineage.txt"
LARGEST = 16 * 1024 * 1024
TEXT = ("utf-8", "surrogateescape")


def read_decisions(folder: Path) -> tuple[tuple[Decision, ...], tuple[Finding, ...]]:
    """Read the file; a folder without one holds no decisions. Raises ArchiveError."""
    return parse_decisions(_read(folder / DECISIONS).decode(*TEXT), DECISIONS)


def write_decision(folder: Path, decision: Decision) -> bytes:
    """Add a decision to the end of the file, durably: all of the new file is there, or the old one.

    What a person wrote there stays as it is. Gives what was added. Raises StorageErrors.
    """
    place = folder / DECISIONS
    before = _read(place)
    line = decision_line(decision).encode(*TEXT)
    gap = b"" if not before or before.endswith(b"\n") else b"\n"
    added = gap + line + b"\n"
    with storing(place):
        try:
            with open_path(place).open("wb") as file:
                file.write(before + added)
                file.flush()
                os.fsync(file.fileno())
            open_path(place).replace(place)
            sync_folder(folder)
        except OSError:
            with suppress(OSError):
                open_path(place).unlink(missing_ok=True)
            raise
    return added


def strike_out(folder: Path, added: bytes) -> None:
    """Take from the end of the file what `write_decision` added; this needs no room on the disk.

    What is not there any more, or not at the end, is left alone. Raises OSError.
    """
    place = folder / DECISIONS
    before = _read(place)
    if not before.endswith(added):
        return
    if before == added:
        place.unlink()
    else:
        os.truncate(place, len(before) - len(added))
    sync_folder(folder)


def _read(place: Path) -> bytes:
    """Read the file, empty where there is none. A link, a pipe or a huge file is not read."""
    try:
        found = place.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise ArchiveError(str(place), "is not a plain file; lineage decisions are kept there")
        if found.st_size > LARGEST:
            raise ArchiveError(str(place), f"is larger than {LARGEST} bytes")
        return place.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        raise ArchiveError(str(place), f"cannot be read: {error.strerror or error}") from error


def unused(lineage: Lineage) -> tuple[Finding, ...]:
    """Tell of decisions that fit nothing in a history."""
    return tuple(
        Code.DECISION_UNUSED.at(
            DECISIONS, f"fits nothing in this history: {decision_line(each)}", line=each.line
        )
        for each in lineage.unused
    )
