"""Make the index of a WARC file, once: beside nothing of the archive, in a folder of its own."""

import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from pipeline.errors import NotWritableError
from pipeline.model import Severity
from pipeline.replay.survey import Counting, Survey
from pipeline.replay.volume import Volume
from pipeline.warc.asking import with_methods
from pipeline.warc.cdxj import entry_of, is_indexed
from pipeline.warc.damage import Damage
from pipeline.warc.http import HTTP, head_of
from pipeline.warc.indexing import http_head
from pipeline.warc.limits import HEADER_MOST
from pipeline.warc.reader import opened, scan
from pipeline.warc.record import Record
from pipeline.warc.rules import damages_of, record_of
from pipeline.warc.scan import Scanned
from pipeline.warc.sorting import Sorter

FORM: Final = "replay-2"
"""Part of each file's name: another form of the index is another file."""

EVERY: Final = 1_000
_OWNER_ONLY: Final = 0o700

Progress = Callable[[str, int, int], None]


def default_folder() -> Path:
    """Say where indexes are kept when nobody says otherwise."""
    said = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(said) if Path(said).is_absolute() else Path.home() / ".cache"
    return base / "jekyll-archive"


def indexed(volume: Volume, folder: Path, progress: Progress) -> tuple[Path, Survey]:
    """Give the index of a WARC file and what it holds; make them where they are not there.

    Raises NotVerifiableError where the WARC file cannot be read, NotWritableError.
    """
    lines = folder / f"{FORM}-{volume.key}.cdxj"
    about = lines.with_suffix(".json")
    try:
        if lines.is_file():
            survey = Survey.parse(about.read_text(encoding="utf-8"))
            with suppress(OSError):
                about.touch()  # it is in use, so it is not tidied away
            return lines, survey
    except (OSError, ValueError):
        pass  # half there, or not ours: it is made again
    sorter, counting = Sorter(), Counting()
    _read(volume, sorter, counting, progress)
    survey = counting.survey()
    try:
        folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        _put(lines, sorter.lines())
        _put(about, (survey.render().encode(),))
    except OSError as error:
        raise NotWritableError(str(folder), error.strerror or str(error)) from error
    return lines, survey


def _read(volume: Volume, sorter: Sorter, counting: Counting, progress: Progress) -> None:
    """Give each capture its line, also one whose digests do not hold: that is told when shown."""
    with opened(volume.where) as raw:
        size = raw.seek(0, 2)
        records = with_methods(scan(volume.where, keep=HEADER_MOST))
        for number, (found, method) in enumerate(records):
            if number % EVERY == 0:
                progress(f"indexing {volume.name}", found.offset, size)
            damages = (found,) if isinstance(found, Damage) else damages_of(found)
            for damage in damages:
                if damage.severity is Severity.ERROR:
                    counting.damage(f"{volume.name}:byte {damage.offset}: {damage.message}")
            record = None if isinstance(found, Damage) else _record(found)
            if record is None:
                continue
            counting.records += 1
            if is_indexed(record) and record.length:
                if method not in {"", "GET"}:
                    counting.answers += 1  # nobody who asks with GET is given it
                    continue
                entry = entry_of(record, volume.name, _head(raw, record), None)
                sorter.add(entry.line())
                counting.line(entry)


def _record(found: Scanned) -> Record | None:
    """Give the record, None where nobody can say of which moment it is."""
    try:
        return record_of(found)
    except ValueError:
        return None


def _head(raw: BinaryIO, record: Record) -> bytes:
    if not (record.content_type or "").lower().startswith(HTTP):
        return b""
    return http_head(raw, record) if record.held is None else head_of(record.held) or b""


def _put(path: Path, lines: Iterable[bytes]) -> None:
    """Write a file under another name first, so that nobody reads half of it."""
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix="replay-", suffix=".open", delete=False
    ) as file:
        try:
            file.writelines(lines)
        except OSError:
            Path(file.name).unlink()
            raise
    Path(file.name).replace(path)
