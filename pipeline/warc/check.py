"""Check a whole WARC file: every record by every rule, and what only shows when all are seen."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import NotVerifiableError
from pipeline.model import Sha256
from pipeline.warc.damage import Damage
from pipeline.warc.judging import Judged, Judging
from pipeline.warc.reader import scan
from pipeline.warc.record import Record
from pipeline.warc.revisit import Originals
from pipeline.warc.rules import record_of
from pipeline.warc.scan import Scanned
from pipeline.warc.within import Readable

Show = Callable[[Record], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(Judged):
    """What a file is and what is wrong with it.

    The digests are as in `SealedFile`. With damages of severity error they describe what could be
    read.
    """

    size: int
    sha256: Sha256
    order_sha256: Sha256
    stream_sha256: Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread(Judged):
    """What the disk gives back of a file just written, and what is wrong with it.

    `trail_sha256` is that of `Trail`: whoever wrote the file has made its own.
    """

    size: int
    sha256: Sha256
    trail_sha256: Sha256


def check(
    path: Readable,
    *,
    show: Show | None = None,
    keep: int = 0,
    originals: Originals | None = None,
) -> Checked:
    """Check every byte of a WARC file, compressed or plain. Raises NotVerifiableError.

    `show` is given each record without errors as it passes, so that whoever compares records with
    something else need not read the file again; blocks longer than `keep` bytes are digested but
    not held. With `originals` revisits may refer to records of files that were checked with it
    before; whoever gives it calls its `finish`.
    """
    stream, judging = hashlib.sha256(), Judging(originals)
    _take_all(judging, scan(path, keep=keep, tap=stream.update), show)
    size, digest = digest_file(path)
    judged, trail = judging.judged(), judging.trail
    return Checked(
        records=judged.records,
        damages=judged.damages,
        proved=judged.proved,
        size=size,
        sha256=digest,
        order_sha256=trail.order_sha256,
        stream_sha256=Sha256(stream.digest()),
    )


def reread(path: Path, *, show: Show | None = None, keep: int = 0) -> Reread:
    """Check every byte of a file just written, as `check` does. Raises NotVerifiableError.

    The stream of its records is not digested a second time: the trail tells whether it is as it was
    written.
    """
    judging = Judging(None)
    _take_all(judging, scan(path, keep=keep), show)
    size, digest = digest_file(path)
    judged = judging.judged()
    return Reread(
        records=judged.records,
        damages=judged.damages,
        proved=judged.proved,
        size=size,
        sha256=digest,
        trail_sha256=judging.trail.trail_sha256,
    )


def _take_all(judging: Judging, found: Iterable[Scanned | Damage], show: Show | None) -> None:
    for each in found:
        is_whole = judging.take(each)
        if show and is_whole and isinstance(each, Scanned):
            show(record_of(each))


def judge(path: Readable) -> Judged:
    """Check every byte of a WARC file that nothing is known of to compare it with.

    It finds what `check` finds, and spares what only a manifest asks for: the digests of the file
    and of its stream of records. Raises NotVerifiableError.
    """
    judging = Judging(None)
    for found in scan(path):
        judging.take(found)
    return judging.judged()


def digest_file(path: Readable) -> tuple[int, Sha256]:
    """Give the size and SHA-256 of a file. Raises NotVerifiableError."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
            return file.tell(), Sha256(digest)
    except OSError as error:
        raise NotVerifiableError(str(path), error.strerror or str(error)) from error
