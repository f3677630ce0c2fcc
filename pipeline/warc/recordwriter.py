"""The record types of ISO 28500 clause 6 that we write: what each of them shall and may say.

Segmented records (clause 7) are never written: a large record goes into a file of its own.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from pipeline.model import Sha256
from pipeline.warc.circumstances import PLAIN, Circumstances, Truncated
from pipeline.warc.dates import to_warc_date
from pipeline.warc.draft import Draft
from pipeline.warc.errors import InvalidRecordError
from pipeline.warc.fields import render_fields
from pipeline.warc.http import Payload, head_of
from pipeline.warc.record import Capture, Original, RecordType
from pipeline.warc.revisit import IDENTICAL, NOT_MODIFIED
from pipeline.warc.rules import DNS
from pipeline.warc.scan import hashes_for
from pipeline.warc.uri import checked_uri

WARC_FIELDS: Final = "application/warc-fields"
RESPONSE: Final = "application/http;msgtype=response"
REQUEST: Final = "application/http;msgtype=request"
EMPTY: Final = Sha256.of(b"")

Fields = Sequence[tuple[str, str]]
_STATUS_LINE: Final = re.compile(rb"HTTP/[0-9]")
_REQUEST_LINE: Final = re.compile(rb"[!#$%&'*+\-.0-9A-Z^_`a-z|~]+ [^\r\n]+ HTTP/[0-9.]+\r?\n")
_HTTP_SCHEMES: Final = ("http:", "https:")


class RecordWriter(ABC):
    """Writes records one by one.

    Each method raises InvalidRecordError for whatever ISO 28500 does not allow, control characters
    in a field among it, and StorageErrors. `date` is when the capture of the bytes began.
    """

    @abstractmethod
    def write(self, draft: Draft) -> Capture:
        """Write a record that is ready but for its id."""

    def response(
        self, *, uri: str, message: bytes, date: datetime, about: Circumstances = PLAIN
    ) -> Capture:
        """Write a `response` record: a whole HTTP response as it came (clause 6.3).

        The message is kept byte for byte, transfer coding and all; its payload digest is that of
        the entity-body, without the transfer coding (clause 5.9).
        """
        if not _STATUS_LINE.match(message):
            raise InvalidRecordError("response", "does not begin with the status line of HTTP")
        return self.write(_message(RecordType.RESPONSE, uri, message, RESPONSE, date, about))

    def request(
        self, *, uri: str, message: bytes, date: datetime, about: Circumstances = PLAIN
    ) -> Capture:
        """Write a `request` record: a whole HTTP request as it was sent (clause 6.5)."""
        if not _REQUEST_LINE.match(message):
            raise InvalidRecordError("request", "does not begin with the request line of HTTP")
        return self.write(_message(RecordType.REQUEST, uri, message, REQUEST, date, about))

    def resource(
        self,
        *,
        uri: str,
        payload: bytes,
        media_type: str,
        date: datetime,
        extra: Fields = (),
        digest: Sha256 | None = None,
    ) -> Capture:
        """Write a `resource` record: these bytes, found at this URI (clause 6.4).

        `extra` are further fields, of the standard or our own. `digest` spares computing it where
        it is known: one that is not the payload's comes to light when the file is sealed.
        """
        if uri[:4].lower() == "dns:" and not media_type.lower().startswith(DNS):
            raise InvalidRecordError("Content-Type", f"of a dns: URI is {DNS} (clause 6.4.4)")
        digest = digest or Sha256.of(payload)
        return self.write(
            Draft(
                type=RecordType.RESOURCE,
                uri=checked_uri(uri),
                block=payload,
                content_type=media_type,
                date=date,
                digest=digest,
                payload=digest,
                extra=tuple(extra),
            )
        )

    def conversion(
        self,
        *,
        of: Capture,
        payload: bytes,
        media_type: str,
        date: datetime,
        extra: Fields = (),
    ) -> Capture:
        """Write a `conversion` record: another rendering of what that record holds (clause 6.8).

        Its target is that record's (clause 5.14); `date` is when it was made.
        """
        if of.target_uri is None:
            raise InvalidRecordError("WARC-Target-URI", "what was converted has none")
        digest = Sha256.of(payload)
        return self.write(
            Draft(
                type=RecordType.CONVERSION,
                uri=checked_uri(of.target_uri),
                block=payload,
                content_type=media_type,
                date=date,
                digest=digest,
                payload=digest,
                extra=(("WARC-Refers-To", f"<{of.record_id}>"), *extra),
            )
        )

    def metadata(
        self,
        *,
        uri: str,
        fields: Fields,
        date: datetime,
        concurrent_to: str | None = None,
        refers_to: str | None = None,
    ) -> Capture:
        """Write a `metadata` record of these fields about the record with that id (clause 6.6).

        `concurrent_to` is a record of the same capture, `refers_to` the one described; both without
        angle brackets. `fields.one_line` makes any text a legal value.
        """
        return self.metadata_block(
            uri=uri,
            block=render_fields(fields),
            media_type=WARC_FIELDS,
            date=date,
            concurrent_to=(concurrent_to,) if concurrent_to else (),
            refers_to=refers_to,
        )

    def metadata_block(
        self,
        *,
        uri: str,
        block: bytes,
        media_type: str,
        date: datetime,
        concurrent_to: Sequence[str] = (),
        refers_to: str | None = None,
    ) -> Capture:
        """Write a `metadata` record with a block of any form (clause 6.6), else as `metadata`."""
        refers = (("WARC-Refers-To", f"<{refers_to}>"),) if refers_to else ()
        about = Circumstances(concurrent_to=tuple(concurrent_to), extra=refers)
        return self.write(
            Draft(
                type=RecordType.METADATA,
                uri=checked_uri(uri),
                block=block,
                content_type=media_type,
                date=date,
                digest=Sha256.of(block),
                payload=None,
                extra=tuple(about.fields()),
            )
        )

    def revisit(
        self,
        *,
        uri: str,
        original: Original,
        date: datetime,
        head: bytes = b"",
        about: Circumstances = PLAIN,
    ) -> Capture:
        """Write a `revisit` record: the payload of `original` was found at this URI too.

        The profile is that of identical payloads (clause 6.7.2). `head` is the HTTP header of the
        response, with its blank line: then the record says that the rest was left out for its
        length. Without one there is no block: what was read was a file.
        """
        if head and (not _STATUS_LINE.match(head) or head_of(head) != head):
            raise InvalidRecordError("revisit", "its block is more or less than an HTTP header")
        if head:
            about = _truncated(about, Truncated.LENGTH)
        return self.write(_revisit(IDENTICAL[0], uri, original, date, head, about))

    def not_modified(
        self,
        *,
        uri: str,
        original: Original,
        date: datetime,
        head: bytes,
        about: Circumstances = PLAIN,
    ) -> Capture:
        """Write a `revisit` record: the server said that `original` still holds (clause 6.7.3)."""
        if not _STATUS_LINE.match(head) or head_of(head) != head:
            raise InvalidRecordError("revisit", "its block is more or less than an HTTP header")
        return self.write(_revisit(NOT_MODIFIED[0], uri, original, date, head, about))


def _message(
    kind: RecordType,
    uri: str,
    message: bytes,
    media_type: str,
    date: datetime,
    about: Circumstances,
) -> Draft:
    if not uri.lower().startswith(_HTTP_SCHEMES):
        raise InvalidRecordError("WARC-Target-URI", f"not one of HTTP: {uri[:80]!r}")
    if about.truncated is None and head_of(message) is None:
        raise InvalidRecordError(kind.value, "its header does not end: say that it is truncated")
    payload, uncertain = _payload(message)
    is_known = not uncertain or about.truncated is not None
    return Draft(
        type=kind,
        uri=checked_uri(uri),
        block=message,
        content_type=media_type,
        date=date,
        digest=Sha256.of(message),
        payload=payload if is_known else None,
        extra=tuple(about.fields()),
    )


def payload_digest(message: bytes) -> Sha256 | None:
    """Digest the payload of an HTTP message that is whole, without its transfer coding.

    None where nobody can say what it is: its header does not end, or its coding.
    """
    digest, uncertain = _payload(message)
    return None if uncertain or head_of(message) is None else digest


def _payload(message: bytes) -> tuple[Sha256, bool]:
    payload = Payload(lambda: hashes_for(()))
    payload.add(message)
    return Sha256(payload.digests()["sha256"]), payload.uncertain


def _revisit(
    profile: str, uri: str, original: Original, date: datetime, head: bytes, about: Circumstances
) -> Draft:
    refers = (
        ("WARC-Profile", profile),
        ("WARC-Refers-To", f"<{original.record_id}>"),
        ("WARC-Refers-To-Target-URI", original.target_uri),
        ("WARC-Refers-To-Date", to_warc_date(original.date)),
    )
    return Draft(
        type=RecordType.REVISIT,
        uri=checked_uri(uri),
        block=head,
        content_type=RESPONSE if head else None,
        date=date,
        digest=Sha256.of(head) if head else EMPTY,
        payload=original.payload_sha256,
        extra=(*refers, *about.fields()),
    )


def _truncated(about: Circumstances, why: Truncated) -> Circumstances:
    if about.truncated not in {None, why}:
        raise InvalidRecordError("WARC-Truncated", f"a revisit with a header says {why.value}")
    return replace(about, truncated=why)
