"""Check a whole WARC file: every record by every rule, and what only shows when all are seen."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.errors import NotVerifiableError
from pipeline.model import Severity, Sha256
from pipeline.warc.damage import ID_REPEATED, MORE, NO_WARCINFO, Damage
from pipeline.warc.limits import DAMAGES_MOST
from pipeline.warc.proving import Proving
from pipeline.warc.reader import scan
from pipeline.warc.record import Proved, Record, RecordType
from pipeline.warc.revisit import Originals, key_of
from pipeline.warc.rules import damages_of, record_of
from pipeline.warc.scan import Scanned
from pipeline.warc.within import Readable


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a file is and what is wrong with it.

    The digests are as in `SealedFile`; `trail_sha256` is over one line a record: its id, offset,
    length and the hex SHA-256 of its block. With damages of severity error they describe what could
    be read.
    """

    records: int
    size: int
    sha256: Sha256
    order_sha256: Sha256
    stream_sha256: Sha256
    trail_sha256: Sha256
    damages: tuple[Damage, ...]
    proved: Proved

    @property
    def sound(self) -> bool:
        """Whether nothing of severity error was found."""
        return all(map(_is_bearable, self.damages))


class Trail:
    """Digests over the records of a file in order, made alike while writing and while reading."""

    def __init__(self) -> None:
        self._order, self._trail = hashlib.sha256(), hashlib.sha256()
        self.records = 0

    def add(self, record_id: str, offset: int, length: int, block: Sha256) -> None:
        """Take the next record."""
        self.records += 1
        self._order.update(f"{record_id}\n".encode())
        self._trail.update(f"{record_id} {offset} {length} {block.hex}\n".encode())

    @property
    def order_sha256(self) -> Sha256:
        """The digest over the record ids in order, each followed by LF."""
        return Sha256(self._order.digest())

    @property
    def trail_sha256(self) -> Sha256:
        """The digest over ids, places and blocks in order."""
        return Sha256(self._trail.digest())


def check(
    path: Readable,
    *,
    show: Callable[[Record], object] | None = None,
    keep: int = 0,
    originals: Originals | None = None,
) -> Checked:
    """Check every byte of a WARC file, compressed or plain. Raises NotVerifiableError.

    `show` is given each record without errors as it passes, so that whoever compares records with
    something else need not read the file again; blocks longer than `keep` bytes are digested but
    not held. With `originals` revisits may refer to records of files that were checked with it
    before; whoever gives it calls its `finish`.
    """
    trail, stream, proving = Trail(), hashlib.sha256(), Proving()
    known = Originals() if originals is None else originals
    dangling = known.dangling
    damages: list[Damage] = []
    more = 0
    for found in scan(path, keep=keep, tap=stream.update):
        here = tuple(_judge(found, trail, known))
        if isinstance(found, Scanned):
            proving.add(found, here)
        room = DAMAGES_MOST - len(damages)
        damages += here[:room]
        more += len(here[room:])
        if show and isinstance(found, Scanned) and all(map(_is_bearable, here)):
            show(record_of(found))
    if originals is None:
        damages += known.finish()
    size, digest = digest_file(path)
    if more:
        damages.append(
            Damage(rule=MORE, offset=size, message=f"{more} more damages are not listed")
        )
    return Checked(
        records=trail.records,
        size=size,
        sha256=digest,
        order_sha256=trail.order_sha256,
        stream_sha256=Sha256(stream.digest()),
        trail_sha256=trail.trail_sha256,
        damages=tuple(damages),
        proved=proving.proved(known.dangling - dangling),
    )


def _is_bearable(damage: Damage) -> bool:
    return damage.severity is not Severity.ERROR


def _judge(found: Scanned | Damage, trail: Trail, originals: Originals) -> Iterator[Damage]:
    if isinstance(found, Damage):
        yield found
        return
    yield from damages_of(found)
    record_id = found.record_id
    if not trail.records and found.type is not RecordType.WARCINFO:
        yield Damage(
            rule=NO_WARCINFO, offset=found.offset, message="the first record is no warcinfo"
        )
    key = key_of(record_id)
    if key in originals:
        message = f"the id {record_id[:80]} was used before"
        yield Damage(rule=ID_REPEATED, offset=found.offset, message=message, record_id=record_id)
    yield from originals.take(found, key)
    trail.add(record_id, found.offset, found.length, found.sha256)


def digest_file(path: Readable) -> tuple[int, Sha256]:
    """Give the size and SHA-256 of a file. Raises NotVerifiableError."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
            return file.tell(), Sha256(digest)
    except OSError as error:
        raise NotVerifiableError(str(path), error.strerror or str(error)) from error
