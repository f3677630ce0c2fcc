"""What a WARC file holds, as the start page tells it: counted while its index is made."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, Final, Self
from urllib.parse import urlsplit

from pipeline.warc.cdxj import REVISIT, Entry

PAGES_MOST: Final = 2_000
COUNTED_MOST: Final = 20_000
DAMAGES_MOST: Final = 50
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_FOUND: Final = frozenset({None, "200"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Counts of one file. `days` and `hosts` are pairs; `pages` are URL and timestamp.

    `answers` are to POST and other methods: they are held, and shown to nobody who asks with GET.
    `damages` are sentences about what could not be read.
    """

    records: int = 0
    captures: int = 0
    revisits: int = 0
    answers: int = 0
    damaged: int = 0
    damages: tuple[str, ...] = ()
    days: tuple[tuple[str, int], ...] = ()
    hosts: tuple[tuple[str, int], ...] = ()
    pages: tuple[tuple[str, str], ...] = ()

    def render(self) -> str:
        """Write it as JSON."""
        return json.dumps(asdict(self), ensure_ascii=True)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `render` wrote. Raises ValueError."""
        try:
            said = {name: _frozen(value) for name, value in json.loads(text).items()}
            return cls(**said)
        except (AttributeError, TypeError) as error:
            raise ValueError(text[:40]) from error

    def __add__(self, other: "Survey") -> "Survey":
        return Survey(
            records=self.records + other.records,
            captures=self.captures + other.captures,
            revisits=self.revisits + other.revisits,
            answers=self.answers + other.answers,
            damaged=self.damaged + other.damaged,
            damages=(*self.damages, *other.damages)[:DAMAGES_MOST],
            days=_summed(self.days, other.days),
            hosts=_summed(self.hosts, other.hosts),
            pages=tuple(sorted({*self.pages, *other.pages}))[:PAGES_MOST],
        )


class Counting:
    """Counts lines as they go by."""

    def __init__(self) -> None:
        self.records = self.damaged = self.answers = self._captures = self._revisits = 0
        self._days: Counter[str] = Counter()
        self._hosts: Counter[str] = Counter()
        self._pages: set[tuple[str, str]] = set()
        self._damages: list[str] = []

    def damage(self, sentence: str) -> None:
        """Note what could not be read."""
        self.damaged += 1
        if len(self._damages) < DAMAGES_MOST:
            self._damages.append(sentence)

    def line(self, entry: Entry) -> None:
        """Count a capture."""
        self._captures += 1
        self._revisits += entry.mime == REVISIT
        host = host_of(entry.url)
        if not host:
            return
        _count(self._hosts, host)
        _count(self._days, entry.timestamp[:8])
        is_page = entry.mime in _HTML and entry.status in _FOUND
        if is_page and len(self._pages) < PAGES_MOST:
            self._pages.add((entry.url, entry.timestamp))

    def survey(self) -> Survey:
        """Give all counts."""
        return Survey(
            records=self.records,
            captures=self._captures,
            revisits=self._revisits,
            answers=self.answers,
            damaged=self.damaged,
            damages=tuple(self._damages),
            days=tuple(sorted(self._days.items())),
            hosts=tuple(sorted(self._hosts.items())),
            pages=tuple(sorted(self._pages)),
        )


def host_of(url: str) -> str:
    """Give host and port of an http or https URL, "" of any other."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    usual = {"http": 80, "https": 443}[parts.scheme]
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return name if port in {None, usual} else f"{name}:{port}"


def _count(counter: Counter[str], name: str) -> None:
    if name in counter or len(counter) < COUNTED_MOST:
        counter[name] += 1


def _summed(
    some: tuple[tuple[str, int], ...], more: tuple[tuple[str, int], ...]
) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((Counter(dict(some)) + Counter(dict(more))).items()))


def _frozen(value: Any) -> Any:  # noqa: ANN401 - JSON
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
