"""WARC files made by hand or by our writer, for the tests of this room."""

import base64
import gzip
import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from pipeline.warc.info import WarcInfo
from pipeline.warc.record import Capture, Original, SealedFile
from pipeline.warc.revisit import PROFILES
from pipeline.warc.writer import WarcWriter

NOW = datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
INFO = WarcInfo(
    software="jekyll-archive 0.0",
    is_part_of="example",
    description="A small file",
    operator="Ünit Tests",
)
PAGE = b"<!doctype html><title>Caf\xc3\xa9</title><p>" + b"text and more text. " * 40
PICTURE = bytes(range(256)) * 20
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nbody"
CODED = b"4\r\nbody\r\n0\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CODED
HTTP_TYPE = ("Content-Type", "application/http;msgtype=response")
PLAIN = ("Content-Type", "text/plain")
ID = "<urn:uuid:00000000-0000-4000-8000-00000000000{}>"


def small(folder: Path, name: str = "small") -> tuple[SealedFile, tuple[Capture, ...]]:
    """Write a file of four records: warcinfo, text, picture, metadata."""
    with WarcWriter(folder, name, INFO, NOW) as warc:
        page = warc.resource(
            uri="https://example.org/caf%C3%A9/?a=1",
            payload=PAGE,
            media_type="text/html; charset=utf-8",
            date=NOW,
            extra=[("X-Source-Path", "_posts/2024-05-06-café.md")],
        )
        picture = warc.resource(
            uri="https://example.org/p.jpg", payload=PICTURE, media_type="image/jpeg", date=NOW
        )
        about = warc.metadata(
            uri="https://example.org/caf%C3%A9/?a=1",
            fields=[("source", "_posts/2024-05-06-café.md"), ("empty", "")],
            date=NOW,
            concurrent_to=page.record_id,
        )
        return warc.seal(), (page, picture, about)


def original(capture: Capture) -> Original:
    """Say of a record what a revisit of it says."""
    assert capture.target_uri
    assert capture.payload_sha256
    return Original(
        record_id=capture.record_id,
        target_uri=capture.target_uri,
        date=capture.date,
        payload_sha256=capture.payload_sha256,
    )


def raw(
    fields: Iterable[tuple[str, str]], block: bytes = b"", *, version: str = "WARC/1.1"
) -> bytes:
    """Lay out one record as told, valid or not; a Content-Length is added unless it is given."""
    lines = list(fields)
    if not any(name.lower() == "content-length" for name, _ in lines):
        lines.append(("Content-Length", str(len(block))))
    head = "".join([f"{version}\r\n", *(f"{name}: {value}\r\n" for name, value in lines), "\r\n"])
    return head.encode() + block + b"\r\n\r\n"


def sha1(data: bytes) -> str:
    """Give a digest as most of the world writes it."""
    digest = hashlib.sha1(data, usedforsecurity=False).digest()
    return f"sha1:{base64.b32encode(digest).decode()}"


def a(kind: str, *extra: tuple[str, str], block: bytes = b"") -> bytes:
    """Give a record of this type with some more fields."""
    return raw([*basic(kind), *extra], block)


def basic(kind: str, number: int = 1) -> list[tuple[str, str]]:
    """Give the mandatory fields of a record type."""
    fields = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", ID.format(number)),
        ("WARC-Date", "2024-05-06T07:08:09Z"),
    ]
    if kind not in {"warcinfo", "metadata"}:
        fields.append(("WARC-Target-URI", "https://example.org/"))
    if kind == "continuation":
        fields += [("WARC-Segment-Number", "2"), ("WARC-Segment-Origin-ID", ID.format(9))]
    if kind == "revisit":
        fields += [("WARC-Profile", PROFILES[2]), ("WARC-Refers-To", ID.format(7))]
        fields.append(("WARC-Refers-To-Date", "2024-05"))
    return fields


def identical(*extra: tuple[str, str], block: bytes = b"", without: str = "") -> bytes:
    """Give a revisit by identical payload, with some more fields, or without one of its own."""
    fields = [
        *basic("revisit")[:4],
        ("WARC-Profile", PROFILES[0]),
        ("WARC-Payload-Digest", sha1(b"x")),
        ("WARC-Refers-To", ID.format(7)),
        ("WARC-Refers-To-Target-URI", "https://a/"),
        ("WARC-Refers-To-Date", "2024-05"),
        *extra,
    ]
    own = {name for name, _ in extra} | {without}
    return raw([pair for pair in fields if pair in extra or pair[0] not in own], block)


def info_record() -> bytes:
    """Give a warcinfo record without findings."""
    return raw([*basic("warcinfo", 0), ("Content-Type", "application/warc-fields")], b"a: b\r\n")


def members(*records: bytes) -> bytes:
    """Compress each record as a gzip member of its own."""
    return b"".join(gzip.compress(record, mtime=0) for record in records)


def put(folder: Path, data: bytes, name: str = "made.warc.gz") -> Path:
    """Write a file and give its path."""
    path = folder / name
    path.write_bytes(data)
    return path
