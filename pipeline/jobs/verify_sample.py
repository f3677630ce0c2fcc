"""Verify a sample of the records of an archive: which, anybody can find out again from the seed."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from pipeline.audit.codes import AuditCode
from pipeline.audit.report import Level, Looked
from pipeline.errors import NotVerifiableError
from pipeline.jobs.comparing import Comparison, is_sound
from pipeline.jobs.verify_levels import levels_of
from pipeline.jobs.verify_records import LEVELS
from pipeline.model import Finding
from pipeline.store.auditing import CaptureFacts
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.fields import first
from pipeline.warc.reader import read_record
from pipeline.warc.record import Proved, Record, RecordType

_DIGESTS = ("WARC-Block-Digest", "WARC-Payload-Digest")


def sample_of(captures: Sequence[CaptureFacts], count: int, seed: int) -> tuple[CaptureFacts, ...]:
    """Choose captures: those of which the SHA-256 of `SEED RECORD-ID` is smallest, in file order.

    No record can be sure to be left out: whoever changes one does not know the next seed.
    """

    def lot(row: CaptureFacts) -> bytes:
        return hashlib.sha256(f"{seed} {row.record_id}".encode("utf-8", "replace")).digest()

    chosen = sorted(captures, key=lot)[:count]
    return tuple(sorted(chosen, key=lambda row: (str(row.warc_path), str(row.offset).zfill(20))))


def look_at_sample(
    folder: Path, captures: Sequence[CaptureFacts] | None, count: int, seed: int
) -> dict[Level, Looked]:
    """Read the records of a sample, each by itself, and hold them against their rows."""
    if captures is None:
        why = "the catalogue, which tells where the records are, cannot be read"
        return dict.fromkeys(LEVELS, Looked(not_verified=why))
    chosen = sample_of(captures, count, seed)
    comparison = Comparison(folder, captures, {row.id for row in chosen})
    outside: list[Finding] = []
    proved, records = Proved(), 0
    for row in chosen:
        if not is_sound(row):
            continue  # told as a row without a record
        try:
            record = read_record(folder / row.warc_path, row.offset, row.length)
        except DamagedRecordError as error:
            outside.append(error.damage.finding(row.warc_path))
        except NotVerifiableError as error:
            outside.append(AuditCode.FILE_MISSING.at(row.warc_path, str(error)))
        else:
            records += 1
            proved += _proved(record)
            comparison.take(row.warc_path, record)
    why = f"a sample: {len(chosen)} of {len(captures)} records, --seed {seed}"
    return levels_of(records, proved, outside, comparison, why)


def _proved(record: Record) -> Proved:
    if record.type is RecordType.REVISIT:
        return Proved(revisits=1)
    has_digest = any(first(record.headers, name) for name in _DIGESTS)
    return Proved(payloads=1) if has_digest else Proved(unvouched=int(record.block_size > 0))
