"""What is asked and what is answered, and the parts of HTTP that both need (RFC 9110)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

Fields = tuple[tuple[str, str], ...]
_RANGE: Final = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request. `target` is as it was sent; the names of `headers` are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]

    def said(self, name: str) -> str:
        """Give a header field, "" if it is not there."""
        return self.headers.get(name, "")

    @property
    def wants_document(self) -> bool:
        """Whether a browser will show the answer as a page of its own or in a frame."""
        return self.said("sec-fetch-dest") in {"document", "iframe", "frame"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer. `tag` is the entity tag of the body, "" where no part of it can be asked for."""

    status: int
    fields: Fields
    body: bytes = b""
    tag: str = ""


def moved(where: str, *fields: tuple[str, str]) -> Answer:
    """Lead to another address."""
    return Answer(status=302, fields=(("Location", _ascii(where)), *fields))


def _ascii(url: str) -> str:
    """Write what a header cannot hold as a URL has it."""
    return "".join(
        char if "\x20" < char < "\x7f" else "".join(f"%{byte:02X}" for byte in _bytes(char))
        for char in url
    )


def _bytes(char: str) -> bytes:
    return char.encode("utf-8", "surrogateescape")


def tailored(request: Request, answer: Answer) -> Answer:
    """Give the part that was asked for, or say that what the browser has is still the same.

    More ranges than one are answered with all, as section 14.2 allows.
    """
    if not answer.tag:
        return answer
    quoted = f'"{answer.tag}"'
    fields = (*answer.fields, ("ETag", quoted))
    if quoted in request.said("if-none-match").replace(" ", "").split(","):
        return replace(answer, status=304, fields=fields, body=b"")
    fields = (*fields, ("Accept-Ranges", "bytes"))
    same = request.said("if-range") in {"", quoted}
    span = span_of(request.said("range"), len(answer.body)) if same else None
    if answer.status != 200 or span is None:  # noqa: PLR2004 - the status OK
        return replace(answer, fields=fields)
    size = len(answer.body)
    if not span:
        where = ("Content-Range", f"bytes */{size}")
        return replace(answer, status=416, fields=(*fields, where), body=b"")
    where = ("Content-Range", f"bytes {span.start}-{span.stop - 1}/{size}")
    body = answer.body[span.start : span.stop]
    return replace(answer, status=206, fields=(*fields, where), body=body)


def span_of(wanted: str, size: int) -> range | None:
    """Give the part that a Range names, empty where there is none; None means all of it."""
    found = _RANGE.fullmatch(wanted.replace(" ", ""))
    if found is None:
        return None
    first, last, suffix = found.groups()
    start = max(0, size - int(suffix)) if suffix else int(first)
    stop = size if suffix or not last else min(size, int(last) + 1)
    return range(start, stop) if start < size else range(0)
