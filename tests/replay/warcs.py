"""WARC files for the tests of this room: what crawlers write, record by record."""

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.replay.holding import Holding
from pipeline.replay.opening import name, opened
from tests.warc.building import raw


def silent(stage: str, done: int, total: int) -> None:
    """Show nobody how far it is."""


@contextmanager
def held(path: Path, *, damaged_too: bool = False) -> Iterator[Holding]:
    """Open what lies at a path, its index beside the test's folder."""
    cache = path.parent / "cache"
    with opened(name(path, path.parent), cache, silent, damaged_too=damaged_too) as holding:
        yield holding


def http(body: bytes, *fields: str, status: str = "200 OK") -> bytes:
    """Lay out an HTTP response."""
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *fields))
    return head.encode() + b"\r\n" + body


class Crawl:
    """A WARC file as a crawler writes it."""

    def __init__(self) -> None:
        self.records: list[bytes] = []

    def response(
        self,
        url: str,
        body: bytes = b"",
        *fields: str,
        status: str = "200 OK",
        date: str = "2024-01-01T00:00:00Z",
        digest: str | None = None,
    ) -> "Crawl":
        """Add a response; its payload digest is right unless one is given."""
        shown = digest if digest is not None else f"sha256:{hashlib.sha256(body).hexdigest()}"
        return self.record(
            http(body, *fields, status=status),
            ("WARC-Type", "response"),
            ("WARC-Target-URI", url),
            ("WARC-Date", date),
            *([("WARC-Payload-Digest", shown)] if shown else []),
            ("Content-Type", "application/http; msgtype=response"),
        )

    def record(self, block: bytes, *fields: tuple[str, str]) -> "Crawl":
        """Add a record of any kind."""
        record_id = f"<urn:uuid:00000000-0000-4000-8000-{len(self.records):012}>"
        self.records.append(raw([("WARC-Record-ID", record_id), *fields], block))
        return self

    def revisit(
        self, url: str, date: str, digest: str, *more: tuple[str, str], block: bytes = b""
    ) -> "Crawl":
        """Add a revisit by identical payload."""
        return self.record(
            block,
            ("WARC-Type", "revisit"),
            ("WARC-Target-URI", url),
            ("WARC-Date", date),
            ("WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"),
            ("WARC-Payload-Digest", digest),
            ("Content-Type", "application/http; msgtype=response"),
            *more,
        )

    def write(self, path: Path) -> Path:
        """Write the file, each record in a gzip member of its own."""
        path.write_bytes(b"".join(gzip.compress(each, mtime=0) for each in self.records))
        return path
