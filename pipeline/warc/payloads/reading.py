"""Stream the payloads of any WARC files: what is whole is given, what is not is told.

Revisits come last, when the records that they refer to are known; of these only places are kept.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pipeline.model import Finding, Severity, Sha256
from pipeline.warc.asking import with_methods
from pipeline.warc.damage import BLOCK_DIGEST, PAYLOAD_DIGEST, Damage
from pipeline.warc.dates import parse_warc_date
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.http import head_of
from pipeline.warc.payloads.codes import PayloadCode
from pipeline.warc.payloads.message import (
    Message,
    NoMessageError,
    fields_of,
    media_of,
    read_message,
    status_of,
)
from pipeline.warc.payloads.originals import Originals
from pipeline.warc.payloads.values import Payload, Spot
from pipeline.warc.reader import scan, scan_at
from pipeline.warc.record import RecordType
from pipeline.warc.rules import damages_of
from pipeline.warc.scan import Scanned
from pipeline.warc.within import Readable

PAYLOAD_MOST: Final = 1 << 26
REVISITS_MOST: Final = 1_000_000
HOLDING: Final = frozenset({
    RecordType.RESPONSE,
    RecordType.RESOURCE,
    RecordType.CONVERSION,
    RecordType.REVISIT,
})  # fmt: skip
_NOT_MODIFIED: Final = 304

Tell = Callable[[Finding], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcSource:
    """A WARC file, and what it is called in findings."""

    name: str
    where: Readable


_Later = tuple[WarcSource, int, int]


def payloads(files: Sequence[WarcSource], tell: Tell) -> Iterator[Payload]:
    """Give every payload of the files in order, then those of revisits. Raises NotVerifiableError.

    One whose digest does not hold is told and not given.
    """
    originals = Originals()
    revisits: list[_Later] = []
    for file, found in _given_to_get(files, tell):
        if found.type is not RecordType.REVISIT:
            payload = _payload(file, found, tell)
            if payload is not None:
                yield payload
        elif len(revisits) < REVISITS_MOST:
            revisits.append((file, found.offset, found.length))
            originals.want(found)
        else:
            tell(_lost(file, found, "there are too many revisits"))
    if revisits:
        yield from _revisits(files, revisits, originals, tell)


def _revisits(
    files: Sequence[WarcSource], revisits: Sequence[_Later], originals: Originals, tell: Tell
) -> Iterator[Payload]:
    for file in files:
        for found in scan(file.where):
            if isinstance(found, Scanned) and found.type in HOLDING - {RecordType.REVISIT}:
                originals.take(file, found)
    for file, offset, length in revisits:
        yield from _revisit(file, scan_at(file.where, offset, length), originals, tell)


def _given_to_get(files: Sequence[WarcSource], tell: Tell) -> Iterator[tuple[WarcSource, Scanned]]:
    for file in files:
        for found, method in with_methods(scan(file.where, keep=PAYLOAD_MOST)):
            if isinstance(found, Damage):
                tell(found.finding(file.name))
            elif method not in {"", "GET"}:
                tell(_at(PayloadCode.ASKED, file, found, f"answers {method}: {_url(found)}"))
            elif found.type in HOLDING:
                yield file, found


def _payload(file: WarcSource, found: Scanned, tell: Tell) -> Payload | None:
    date = _sound(file, found, tell)
    if date is None or found.target_uri is None:
        return None
    if found.word("WARC-Segment-Number") is not None:
        tell(_at(PayloadCode.SEGMENTED, file, found, "one of several segments; not read"))
        return None
    if found.block is None:
        large = f"{found.size} bytes, over the limit of {PAYLOAD_MOST}; not read"
        tell(_at(PayloadCode.LARGE, file, found, large))
        return None
    try:
        message = read_message(found.block, found.word("Content-Type"))
    except NoMessageError:
        tell(_at(PayloadCode.NOT_HTTP, file, found, f"no HTTP header: {_url(found)}"))
        return None
    return _given(file, found, date, message, tell)


def _given(
    file: WarcSource, found: Scanned, date: datetime, message: Message, tell: Tell
) -> Payload:
    cut = (found.word("WARC-Truncated") or "")[:80]
    if message.early and not cut:
        cut = "its coding ends too early"
    if cut:
        tell(_at(PayloadCode.CUT, file, found, f"not whole ({cut}): {_url(found)}"))
    if message.coded:
        why = f"the coding {message.coded} was left: {message.why}: {_url(found)}"
        tell(_at(PayloadCode.CODED, file, found, why))
    return Payload(
        url=str(found.target_uri),
        date=date,
        kind=found.type,
        status=message.status,
        media_type=message.media_type,
        charset=message.charset,
        body=message.body,
        coded=message.coded,
        cut=cut,
        sha256=Sha256.of(message.entity),
        spot=_spot(file, found),
    )


def _revisit(
    file: WarcSource, found: Scanned, originals: Originals, tell: Tell
) -> Iterator[Payload]:
    date = _sound(file, found, tell)
    if date is None or found.target_uri is None:
        return
    for place in originals.of(found):
        try:
            original = scan_at(place.file.where, place.offset, place.length)
        except DamagedRecordError:
            continue  # told when it was read for itself
        if not originals.agree(found, original):
            continue
        payload = _payload(place.file, original, _silently)
        if payload is None:
            continue
        yield _as_revisited(replace(payload, date=date, kind=found.type), file, found)
        return
    tell(_lost(file, found, "the record that it refers to is not here"))


def _as_revisited(payload: Payload, file: WarcSource, found: Scanned) -> Payload:
    """Put the revisit's own header over that of its original, but for what a 304 leaves out."""
    own = replace(
        payload, url=str(found.target_uri), spot=_spot(file, found), original=payload.spot
    )
    head = head_of(found.block or b"")
    status = status_of(head) if head else None
    if head is None or status in {None, _NOT_MODIFIED}:
        return own
    media_type, charset = media_of(fields_of(head).get("content-type", ""))
    if not media_type:
        return replace(own, status=status)
    return replace(own, status=status, media_type=media_type, charset=charset)


def _sound(file: WarcSource, found: Scanned, tell: Tell) -> datetime | None:
    """Tell the errors of a record; give its date where its payload can be believed all the same.

    The digest of the payload counts: some tools lay the header out anew and break that of the
    block alone. A revisit has no payload of its own.
    """
    broken = [each for each in damages_of(found) if each.severity is Severity.ERROR]
    date = _date_of(found, broken)
    for damage in broken:
        if date is None:
            tell(damage.finding(file.name))
        else:
            tell(_at(PayloadCode.FORM, file, found, f"{damage.message} [{damage.code}]"))
    return date


def _date_of(found: Scanned, broken: Sequence[Damage]) -> datetime | None:
    rules = {each.rule for each in broken}
    proved = found.word("WARC-Payload-Digest") is not None or found.type is RecordType.REVISIT
    if PAYLOAD_DIGEST in rules or (BLOCK_DIGEST in rules and not proved):
        return None
    try:
        return parse_warc_date(found.word("WARC-Date") or "")
    except ValueError:
        return None


def _lost(file: WarcSource, found: Scanned, why: str) -> Finding:
    return _at(PayloadCode.LOST, file, found, f"{why}: {_url(found)}")


def _at(code: PayloadCode, file: WarcSource, found: Scanned, message: str) -> Finding:
    return code.at(file.name, message, offset=found.offset, length=found.length)


def _spot(file: WarcSource, found: Scanned) -> Spot:
    return Spot(file=file.name, offset=found.offset, length=found.length, record_id=found.record_id)


def _url(found: Scanned) -> str:
    return (found.target_uri or "")[:200]


def _silently(_: Finding) -> None:
    """Say nothing: it was said when the record was read for itself."""
