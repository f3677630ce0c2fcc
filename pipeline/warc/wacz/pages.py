"""The list of pages in a package: where a reader begins, and what its search looks through."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipeline.warc.dates import to_warc_date
from pipeline.warc.sorting import Sorter

HEADER: Final = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}
_KEY_END: Final = b"\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One capture of a page: its URL and moment, what it is called, what it says in plain text."""

    url: str
    at: datetime
    title: str | None
    text: str | None

    def line(self) -> bytes:
        """Write the page as a line of JSON. Its id follows from its URL and moment."""
        ts = to_warc_date(self.at)
        identity = hashlib.sha256(f"{self.url} {ts}".encode()).hexdigest()[:16]
        optional = {"title": self.title, "text": self.text}
        said = {name: _clean(value) for name, value in optional.items() if value}
        return _json_line({"id": identity, "url": self.url, "ts": ts, **said})


def page_lines(pages: Iterable[Page]) -> Iterator[bytes]:
    """Write the list: a header, then the pages by URL and moment, in bounded memory."""
    sorter = Sorter()
    for page in pages:
        sorter.add(f"{page.url} {to_warc_date(page.at)}".encode() + _KEY_END + page.line())
    yield _json_line(HEADER)
    before = b""
    for line in sorter.lines():
        key, _, text = line.partition(_KEY_END)
        if key != before:  # the same bytes may stand behind two rows of a catalogue
            yield text
        before = key


def _clean(text: str) -> str:
    """Give text without what no reader can show: half characters and NUL."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _json_line(said: dict[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode("utf-8") + b"\n"
