"""Records of an exchange: response, request, and what else is known of it (ISO 28500, clause 6)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from pipeline.model import Sha256
from pipeline.sources.crawl.message import fields_of
from pipeline.sources.crawl.values import Answer, Exchange, Peer
from pipeline.warc.circumstances import Circumstances
from pipeline.warc.fields import one_line
from pipeline.warc.http import head_of
from pipeline.warc.record import Capture, Original
from pipeline.warc.recordwriter import EMPTY, RESPONSE, RecordWriter, payload_digest

_CERTIFICATE: Final = "application/pkix-cert"
_OCTETS: Final = "application/octet-stream"
_Key = tuple[Sha256, str]


class ExchangeRecords:
    """Writes exchanges as records, each certificate once.

    A payload that is in the file already is not written again: a `revisit` record has the header
    that came with it this time, and names the record with the bytes (clause 6.7.2).
    """

    def __init__(self, writer: RecordWriter) -> None:
        self._writer = writer
        self._payloads: dict[_Key, Original] = {}
        self._certificates: set[Sha256] = set()

    def write(self, exchange: Exchange) -> None:
        """Write all records of an exchange. All have its date, and name the first of them."""
        answer, uri = exchange.answer, exchange.wanted.url
        at = exchange.at.replace(microsecond=0)
        first: tuple[str, ...] = ()
        if answer.failure is None:
            first = (self._response(uri, answer, at).record_id,)
        if answer.request:
            about = Circumstances(ip=answer.ip or None, concurrent_to=first)
            written = self._writer.request(uri=uri, message=answer.request, date=at, about=about)
            first = first or (written.record_id,)
        if answer.interim:
            self._block(uri, answer.interim, RESPONSE, at, first)
        if answer.failure is not None and answer.response:
            self._block(uri, answer.response, _OCTETS, at, first)
        self._writer.metadata(
            uri=uri,
            fields=tuple(_fields(exchange)),
            date=at,
            concurrent_to=first[0] if first else None,
        )
        if answer.peer is not None:
            self._certificate(uri, answer.peer, at, first)

    def _response(self, uri: str, answer: Answer, at: datetime) -> Capture:
        about = Circumstances(ip=answer.ip or None, truncated=answer.truncated)
        message = answer.response
        key = _key(answer)
        original = self._payloads.get(key) if key else None
        head = head_of(message)
        if original is not None and head is not None:
            return self._writer.revisit(uri=uri, original=original, date=at, head=head, about=about)
        written = self._writer.response(uri=uri, message=message, date=at, about=about)
        if key is not None:
            self._payloads[key] = Original(
                record_id=written.record_id,
                target_uri=written.target_uri or uri,
                date=at,
                payload_sha256=key[0],
            )
        return written

    def _certificate(self, uri: str, peer: Peer, at: datetime, first: tuple[str, ...]) -> None:
        digest = Sha256.of(peer.certificate)
        if peer.certificate and digest not in self._certificates:
            self._certificates.add(digest)
            self._block(uri, peer.certificate, _CERTIFICATE, at, first)

    def _block(
        self, uri: str, block: bytes, media_type: str, at: datetime, first: tuple[str, ...]
    ) -> None:
        self._writer.metadata_block(
            uri=uri, block=block, media_type=media_type, date=at, concurrent_to=first
        )


def _key(answer: Answer) -> _Key | None:
    """Give what two answers share whose payload is the same; None where it is to be kept whole.

    The coding of the content belongs to it: the same bytes in another one are another page.
    """
    if answer.truncated is not None:
        return None
    digest = payload_digest(answer.response)
    if digest is None or digest == EMPTY:
        return None
    coding = ",".join(fields_of(answer.response, "Content-Encoding"))
    return digest, coding.lower().replace(" ", "")


def _fields(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Give what is known: the fields of clause 6.6 first, then ours."""
    wanted, answer = exchange.wanted, exchange.answer
    if wanted.via:
        yield "via", wanted.via
    if wanted.hops:
        yield "hopsFromSeed", wanted.hops
    yield "fetchTimeMs", str(round(exchange.seconds * 1000))
    yield "asked-as", wanted.role.value
    if wanted.attempt:
        yield "attempt", str(wanted.attempt + 1)
    if answer.failure is not None:
        yield "failure", answer.failure.value
        if answer.ip:
            yield "ip", answer.ip
    if answer.why:
        yield "note", one_line(answer.why)
    if answer.peer is not None:
        yield "tls-version", one_line(answer.peer.version)
        yield "tls-cipher", one_line(answer.peer.cipher)
        yield "tls-certificate", str(Sha256.of(answer.peer.certificate))
