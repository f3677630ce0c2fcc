"""What the records of a file can be held against: those without a digest are not proved by it."""

import hashlib
from collections.abc import Sequence
from typing import Final

from pipeline.warc.damage import UNCHECKED, Damage
from pipeline.warc.digest import ALGORITHMS, algorithm_of
from pipeline.warc.record import Proved, RecordType
from pipeline.warc.scan import Scanned

_NOTHING: Final = hashlib.sha256().digest()
_WITHOUT_PAYLOAD: Final = frozenset({RecordType.WARCINFO, RecordType.METADATA, RecordType.REVISIT})


class Proving:
    """Counts them while the records pass."""

    def __init__(self) -> None:
        self._payloads = self._unvouched = self._revisits = 0

    def add(self, found: Scanned, damages: Sequence[Damage]) -> None:
        """Take the next record and what is wrong with it."""
        if found.type is RecordType.REVISIT:
            self._revisits += 1
        elif _is_vouched(found, damages):
            self._payloads += 1
        elif found.type not in _WITHOUT_PAYLOAD and found.payload_digests["sha256"] != _NOTHING:
            self._unvouched += 1

    def proved(self, dangling: int) -> Proved:
        """Give what has passed; `dangling` is how many revisits could not be compared."""
        return Proved(
            payloads=self._payloads,
            unvouched=self._unvouched,
            revisits=self._revisits,
            dangling=dangling,
        )


def _is_vouched(found: Scanned, damages: Sequence[Damage]) -> bool:
    """Tell whether a digest of the record was computed again, whatever came of it."""
    if _is_known(found.values.get("warc-block-digest")):
        return True
    if not _is_known(found.values.get("warc-payload-digest")):
        return False
    return found.type not in _WITHOUT_PAYLOAD and all(d.rule is not UNCHECKED for d in damages)


def _is_known(declared: str | None) -> bool:
    return declared is not None and (
        declared.startswith("sha256:") or algorithm_of(declared) in ALGORITHMS
    )
