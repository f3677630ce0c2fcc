"""Judge the records of a file as they pass: by every rule, and by what only shows over all."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model import Severity, Sha256
from pipeline.warc.damage import ID_REPEATED, MORE, NO_WARCINFO, Damage
from pipeline.warc.limits import DAMAGES_MOST
from pipeline.warc.proving import Proving
from pipeline.warc.record import Proved, RecordType
from pipeline.warc.revisit import Originals, key_of
from pipeline.warc.rules import damages_of
from pipeline.warc.scan import Scanned


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is wrong with the records of a file, and what they could be held against."""

    records: int
    damages: tuple[Damage, ...]
    proved: Proved

    @property
    def sound(self) -> bool:
        """Whether nothing of severity error was found."""
        return all(map(_is_bearable, self.damages))


class Trail:
    """Digests over the records of a file in order, made alike while writing and while reading.

    Header and block are all of a record that can differ: whoever reads it holds its end to the one
    form that there is. So equal trails are equal records, each of their bytes, in equal places.
    """

    def __init__(self) -> None:
        self._order, self._trail = hashlib.sha256(), hashlib.sha256()
        self.records = 0

    def add(self, record_id: str, offset: int, length: int, head: bytes, block: Sha256) -> None:
        """Take the next record; `head` is its header with the blank line."""
        self.records += 1
        self._order.update(f"{record_id}\n".encode())
        self._trail.update(f"{offset} {length} {block.hex}\n".encode() + head)

    @property
    def order_sha256(self) -> Sha256:
        """The digest over the record ids in order, each followed by LF."""
        return Sha256(self._order.digest())

    @property
    def trail_sha256(self) -> Sha256:
        """The digest over places, blocks and headers in order."""
        return Sha256(self._trail.digest())


class Judging:
    """Takes what `scan` gives of one file.

    With `originals` revisits may refer to records of files that were judged with it before; whoever
    gives it calls its `finish`.
    """

    def __init__(self, originals: Originals | None) -> None:
        self._own = originals is None
        self._originals = Originals() if originals is None else originals
        self._dangling = self._originals.dangling
        self._proving = Proving()
        self._damages: list[Damage] = []
        self._more = 0
        self._reached = 0
        self.trail = Trail()

    def take(self, found: Scanned | Damage) -> bool:
        """Take the next record or damage; tell whether there is nothing of severity error."""
        here = tuple(_judge(found, self.trail, self._originals))
        if isinstance(found, Scanned):
            self._proving.add(found, here)
        room = DAMAGES_MOST - len(self._damages)
        self._damages += here[:room]
        self._more += len(here[room:])
        self._reached = found.offset
        return all(map(_is_bearable, here))

    def judged(self) -> Judged:
        """Say what came of it."""
        damages = [*self._damages, *(self._originals.finish() if self._own else ())]
        if self._more:
            message = f"{self._more} more damages are not listed"
            damages.append(Damage(rule=MORE, offset=self._reached, message=message))
        return Judged(
            records=self.trail.records,
            damages=tuple(damages),
            proved=self._proving.proved(self._originals.dangling - self._dangling),
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
    trail.add(record_id, found.offset, found.length, found.head, found.sha256)
