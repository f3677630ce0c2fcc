"""The lines of an index and of a list of pages, one by one, each as what it has to be."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.indexing import digest_at
from pipeline.warc.limits import CHUNK, LISTS_FREE, LISTS_RATIO
from pipeline.warc.member import MemberReader
from pipeline.warc.surt import searchable
from pipeline.warc.wacz.members import BadMemberError, Contents
from pipeline.warc.wacz.outside import NotJsonError, load
from pipeline.warc.wacz.rules import (
    INDEX_DATA,
    INDEX_DIGEST,
    INDEX_FIELD,
    INDEX_KEY,
    INDEX_LINE,
    INDEX_MIME,
    INDEX_ORDER,
    INDEX_SHORT,
    PAGES_FIELD,
    PAGES_LINE,
    Tell,
)
from pipeline.warc.within import Within
from pipeline.warc.zipnum import META

LINE_MOST: Final = 1 << 20
PAGE_MOST: Final = 1 << 23
"""A page's text is in one line: 8 MiB. Python takes more, see `is_bearable`."""

_HEAD: Final = re.compile(rb"([^ \n]+) ([0-9]{14}(?:[0-9]{3})?) (\{.*\})\n?\Z", re.DOTALL)
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_NEEDED: Final = ("url", "filename", "offset", "length")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """A line of an index that has all fields; `line` is as it stands there."""

    line: bytes
    timestamp: str
    url: str
    filename: str
    offset: int
    length: int
    digest: str
    status: str | None
    record_digest: str | None


def index_entries(contents: Contents, name: str) -> Iterator[Indexed]:
    """Give every entry of an index, and tell what is wrong with its lines."""
    before = b""
    try:
        for number, line in enumerate(_index_lines(contents, name), start=1):
            if number == 1 and line.startswith((META, b" CDX ", b"!")):
                continue
            if line < before:
                contents.tell(INDEX_ORDER, name, f"line {number} is before the one above it")
            before = line
            entry = _entry(line, number, name, contents.tell)
            if entry is not None:
                yield entry
    except BadMemberError:
        return


def _entry(line: bytes, number: int, name: str, tell: Tell) -> Indexed | None:
    match = _HEAD.match(line)
    if match is None:
        tell(INDEX_LINE, name, f"line {number} is not key, timestamp and JSON: {line[:60]!r}")
        return None
    try:
        said = load(match[3])
    except NotJsonError as error:
        tell(INDEX_LINE, name, f"line {number}: not JSON: {error}")
        return None
    if not isinstance(said, dict):
        tell(INDEX_LINE, name, f"line {number} has no JSON object")
        return None
    text = {key: str(value) for key, value in said.items() if type(value) in {str, int}}
    needed = (*_NEEDED, "digest") if text.get("status") else _NEEDED
    missing = [field for field in needed if not text.get(field)]
    if missing or not all(_NUMBER.fullmatch(text[field]) for field in ("offset", "length")):
        what = ", ".join(missing) or "offset and length as numbers"
        tell(INDEX_FIELD, name, f"line {number} has not {what}")
        return None
    if not text.get("digest"):
        tell(INDEX_DIGEST, name, f"line {number} has no digest")
    if not text.get("mime"):
        tell(INDEX_MIME, name, f"line {number} has no mime")
    key = match[1].decode("utf-8", "replace")
    plain = searchable(_asked(text))
    if _slashless(key) != _slashless(plain):  # CDXJ keeps the last slash, before a query, too
        tell(INDEX_KEY, name, f"line {number} is sorted as {key[:80]!r}")
    return Indexed(
        line=line,
        timestamp=match[2].decode()[:14],
        url=text["url"],
        filename=text["filename"],
        offset=int(text["offset"]),
        length=int(text["length"]),
        digest=text.get("digest", ""),
        status=text.get("status"),
        record_digest=text.get("recordDigest"),
    )


def _slashless(key: str) -> str:
    return key.removesuffix("/").replace("/?", "?", 1)


def _asked(said: dict[str, str]) -> str:
    """Give what a key is made of: the URL, of a request with a body its method and body, too.

    As pywb and cdxj-indexer (`--post-append`) append them, and leave both in the entry.
    """
    url, method = said["url"], said.get("method")
    if not method:
        return url
    joint = "&" if "?" in url else "?"
    body = f"&{said['requestBody']}" if said.get("requestBody") else ""
    return f"{url}{joint}__wb_method={method}{body}"


def _index_lines(contents: Contents, name: str) -> Iterator[bytes]:
    if not name.endswith(".gz"):
        return split(contents.pieces(name), name, contents.tell)
    return split(_inflated(contents, name), name, contents.tell)


def split(pieces: Iterable[bytes], name: str, tell: Tell, most: int = LINE_MOST) -> Iterator[bytes]:
    """Cut bytes into lines, each with its LF. Raises BadMemberError where one is too long."""
    rest = b""
    for piece in pieces:
        *lines, last = (rest + piece).split(b"\n")
        rest = last
        if max(map(len, (*lines, rest))) > most:
            tell(INDEX_LINE, name, f"a line is longer than {most} bytes")
            raise BadMemberError
        yield from (line + b"\n" for line in lines)
    if rest:
        yield rest


def _inflated(contents: Contents, name: str) -> Iterator[bytes]:
    """Inflate all gzip members of an index, held to its short index, if it has one."""
    short = _Short(contents, name)
    with contents.stretch(name) as where, where.open() as file:
        offset = total = 0
        while offset < where.length:
            try:
                member = MemberReader(file, offset)
                first = True
                while piece := member.read(CHUNK):
                    total += len(piece)
                    if total > LISTS_FREE + LISTS_RATIO * where.length:
                        contents.tell(INDEX_DATA, name, f"it inflates to more than {total} bytes")
                        raise BadMemberError
                    if first:
                        short.begins(offset, piece)
                    first = False
                    yield piece
            except DamagedRecordError as error:
                contents.tell(INDEX_DATA, name, f"byte {offset}: {error.damage.message}")
                raise BadMemberError from error
            end = member.end or where.length
            short.ends(where, end - offset)
            offset = end
    short.finish()


class _Short:
    """The short index beside an index (`.idx`), walked as the blocks go by."""

    def __init__(self, contents: Contents, name: str) -> None:
        self._tell = contents.tell
        self._name = name.rpartition(".cdx")[0] + ".idx"
        self._of = name.rpartition("/")[2]
        self._lines: Iterator[bytes] | None = None
        if self._name in contents.members:
            self._lines = iter(split(contents.pieces(self._name), self._name, contents.tell))
        self._block = b""
        self._offset = 0

    def begins(self, offset: int, first: bytes) -> None:
        """Take the beginning of the next block."""
        self._block, self._offset = first.partition(b"{")[0].rstrip(), offset

    def ends(self, where: Within, length: int) -> None:
        """Take the end of the block: hold it to its line."""
        if self._lines is None:
            return
        line = next(self._lines, b"")
        while line.startswith(META):
            line = next(self._lines, b"")
        prefix, brace, rest = line.partition(b"{")
        with where.open() as file:
            digest = str(digest_at(file, self._offset, length))
        place = {"offset": self._offset, "length": length}
        free = {"digest": digest, "filename": self._of}  # others may leave them out
        said = _block_place(brace + rest)
        if prefix.rstrip() != self._block or {**free, **said} != {**free, **place}:
            self._tell(INDEX_SHORT, self._name, f"the block at byte {self._offset} is another")

    def finish(self) -> None:
        """See that the short index ends with the blocks."""
        if self._lines is not None and any(not line.startswith(META) for line in self._lines):
            self._tell(INDEX_SHORT, self._name, "it names blocks that are not there")


def _block_place(text: bytes) -> dict[str, object]:
    try:
        said = load(text)
    except NotJsonError:
        return {}
    return said if isinstance(said, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of a list: its URL and moment, in fourteen digits."""

    number: int
    url: str
    timestamp: str


def listed_pages(contents: Contents, name: str) -> Iterator[Listed]:
    """Give every page of a list, and tell what is wrong with its lines."""
    tell = contents.tell
    try:
        for number, line in enumerate(split(contents.pieces(name), name, tell, PAGE_MOST), start=1):
            try:
                said = load(line) if line.strip() else {"format": ""}
            except NotJsonError as error:
                tell(PAGES_LINE, name, f"line {number}: not JSON: {error}")
                continue
            if not isinstance(said, dict):
                tell(PAGES_LINE, name, f"line {number} is no JSON object")
            elif not (number == 1 and "format" in said) and line.strip():
                page = _page(said, number)
                if page is None:
                    tell(PAGES_FIELD, name, f"line {number} has no url, or no ts that is a time")
                else:
                    yield page
    except BadMemberError:
        return


def _page(said: dict[str, object], number: int) -> Listed | None:
    url, ts = said.get("url"), said.get("ts")
    if not isinstance(url, str) or not isinstance(ts, str) or not url:
        return None
    try:
        moment = datetime.fromisoformat(ts).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Listed(number=number, url=url, timestamp=f"{moment:%Y%m%d%H%M%S}")
