"""Gather the evidence for one document into a small folder that proves itself, or a zip of it."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pipeline.jobs.ask import asked
from pipeline.jobs.dossier import Gathered, gather
from pipeline.jobs.newfolder import new_folder, write_new
from pipeline.jobs.place import Place
from pipeline.model import Sha256
from pipeline.report.dossier import Dossier, checker, dossier_page
from pipeline.warc.durable import write_durably

SUMS: Final = "SHA256SUMS"
ZIP: Final = ".zip"
EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name: none is meant
_MODE: Final = 0o100644 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeEvidence:
    """What was written. `size` is of all files together; `missing` are states without bytes."""

    path: str
    document: str
    title: str
    states: int
    pages: int
    records: int
    files: int
    size: int
    missing: int


def make_evidence(place: Place, name: str, to: Path | None, now: datetime) -> MadeEvidence:
    """Write what proves a document, by any name that it has or ever had, to a folder or `.zip`.

    Raises NotFoundError, UsageError where several answer, ArchiveError where the archive is not
    what it says, StorageErrors.
    """
    with asked(place) as (connection, site):
        found = gather(connection, site, place.archive, name, now)
    told = found.dossier
    contents = _listed(dict(_files(found)))
    target = to or Path(f"evidence-{told.document}")
    if target.suffix == ZIP:
        write_durably(target, _zipped(contents, f"evidence-{told.document}"))
    else:
        with new_folder(target) as draft:
            for path, data in contents.items():
                write_new(draft / path, data)
    return MadeEvidence(
        path=str(target),
        document=told.document,
        title=told.title,
        states=len(told.states),
        pages=len(told.pages),
        records=len(told.records),
        files=len(contents),
        size=sum(map(len, contents.values())),
        missing=sum(state.record is None for state in told.states),
    )


def _files(found: Gathered) -> Iterator[tuple[str, bytes]]:
    told = found.dossier
    yield "index.html", dossier_page(told, found.texts).encode()
    yield "check.py", checker()
    yield "evidence.json", _as_json(told)
    yield from found.files.items()


def _as_json(told: Dossier) -> bytes:
    text = json.dumps(asdict(told), default=_plain, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode("utf-8", "replace")


def _plain(value: Any) -> str:  # noqa: ANN401 - the only values that JSON lacks are times
    moment: datetime = value
    return moment.isoformat()


def _listed(contents: dict[str, bytes]) -> dict[str, bytes]:
    sums = (f"{Sha256.of(contents[path]).hex}  {path}\n" for path in sorted(contents))
    return contents | {SUMS: "".join(sums).encode()}


def _zipped(contents: dict[str, bytes], top: str) -> bytes:
    """Zip without times, compression or anything else that differs between machines."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as packed:
        for path, data in sorted(contents.items()):
            entry = zipfile.ZipInfo(f"{top}/{path}", EPOCH)
            entry.create_system, entry.external_attr = 3, _MODE
            packed.writestr(entry, data)
    return buffer.getvalue()
