"""The records that revisits refer to: by id, by URI and date, by the digest of their payload.

Only keys that some revisit asked for are kept, each as a short digest.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.warc.dates import parse_warc_date
from pipeline.warc.digest import Labelled, parse_digest
from pipeline.warc.payloads.message import NoMessageError, read_message
from pipeline.warc.scan import Scanned

if TYPE_CHECKING:
    from pipeline.warc.payloads.reading import WarcSource

_KEY: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a record lies."""

    file: "WarcSource"
    offset: int
    length: int


class Originals:
    """Learns what is wanted from the revisits, then from all records where it is."""

    def __init__(self) -> None:
        self._wanted: set[bytes] = set()
        self._known: dict[bytes, Standing] = {}

    def want(self, revisit: Scanned) -> None:
        """Take note of what a revisit refers to."""
        self._wanted.update(_asked(revisit))

    def take(self, file: "WarcSource", found: Scanned) -> None:
        """Take note of a record that holds a payload, if somebody asked for it."""
        for key in _keys(found):
            if key in self._wanted:
                place = Standing(file=file, offset=found.offset, length=found.length)
                self._known.setdefault(key, place)

    def of(self, revisit: Scanned) -> Iterator[Standing]:
        """Give the records that a revisit may mean, the surest first."""
        for key in _asked(revisit):
            if key in self._known:
                yield self._known[key]

    @staticmethod
    def agree(revisit: Scanned, original: Scanned) -> bool:
        """Tell whether the original has the payload that the revisit declares, if it does."""
        said = _digest(revisit.word("WARC-Payload-Digest"))
        if said is None or original.block is None:
            return True
        for computed in (original.payload_digests, original.coded_digests):
            if computed.get(said.algorithm) == said.raw:
                return True
        try:
            entity = read_message(original.block, original.word("Content-Type")).entity
        except NoMessageError:
            return False
        return hashlib.new(said.algorithm, entity, usedforsecurity=False).digest() == said.raw


def _asked(revisit: Scanned) -> Iterator[bytes]:
    refers = revisit.word("WARC-Refers-To")
    if refers:
        yield _key("id", refers.strip("<>"))
    date = _moment(revisit.word("WARC-Refers-To-Date"))
    uri = revisit.word("WARC-Refers-To-Target-URI") or revisit.target_uri
    if uri and date:
        yield _key("at", f"{uri.strip('<>')} {date}")
    said = _digest(revisit.word("WARC-Payload-Digest"))
    if said is not None:
        yield _key(said.algorithm, said.raw.hex())
    elif not (refers or date) and uri:  # a bare 304: the first capture of the same URL
        yield _key("uri", uri)


def _keys(found: Scanned) -> Iterator[bytes]:
    yield _key("id", found.record_id)
    uri, date = found.target_uri or "", _moment(found.word("WARC-Date"))
    yield _key("uri", uri)
    if date:
        yield _key("at", f"{uri} {date}")
    for computed in (found.payload_digests, found.coded_digests):
        for algorithm, raw in computed.items():
            yield _key(algorithm, raw.hex())


def _key(kind: str, value: str) -> bytes:
    text = f"{kind} {value}".encode("utf-8", "surrogateescape")
    return hashlib.blake2b(text, digest_size=_KEY).digest()


def _moment(value: str | None) -> str:
    """Write a date so that both versions of WARC agree on it: to the second."""
    try:
        return f"{parse_warc_date(value or ''):%Y%m%d%H%M%S}"
    except ValueError:
        return ""


def _digest(value: str | None) -> Labelled | None:
    try:
        return parse_digest(value or "")
    except ValueError:
        return None
