"""The evidence for one document: what its folder tells to machines, and its page for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment

from pipeline.report import wording
from pipeline.report.environment import environment, styled

CHECKER = "templates/check.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A WARC record: where it lies in its sealed file, and `at` which byte of the copy here."""

    id: str
    type: str
    uri: str | None
    file: str
    offset: int
    length: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a commit has at a path: mode and git id, empty for nothing."""

    commit: str
    holds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state of the document, from one commit until another.

    `record` holds the bytes (None: they are not in the archive, and `why`), `revisit` is the
    record of this path where that one holds no bytes of its own. `trees` are proved here.
    """

    path: str
    path_hex: str
    mode: str
    oid: str
    sha256: str | None
    size: int | None
    record: str | None
    revisit: str | None
    why: str
    title: str | None = None
    url: str | None = None
    since: str | None = None
    since_at: datetime | None = None
    until: str | None = None
    until_at: datetime | None = None
    by: str = ""
    subject: str = ""
    moved_from: str | None = None
    trees: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A rendered page, as it was captured `at` some time; `revisit` as of a state."""

    url: str
    at: datetime
    sha256: str
    size: int
    record: str
    revisit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What the archive says of where a page came from: the lines of a metadata record."""

    url: str
    record: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Why two paths are one document. `reasons` have weights: natural logarithms of odds."""

    old_path: str
    new_path: str
    commit: str
    sentence: str
    confidence: float
    decided: bool
    reasons: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An entry of the event log."""

    sequence: int
    kind: str
    at: datetime
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All that is told of one document.

    `commits` are by git id the records that hold them, `orders` by sealed file the list of the
    ids of its records.
    """

    format: str
    site: str
    site_title: str
    document: str
    title: str
    made: datetime
    software: str
    manifest: str
    states: tuple[State, ...]
    pages: tuple[Page, ...]
    origins: tuple[Origin, ...]
    decisions: tuple[Decision, ...]
    commits: Mapping[str, str | None]
    records: tuple[Record, ...]
    orders: Mapping[str, str]
    events: tuple[Told, ...]
    signatures: tuple[str, ...]
    not_proved: tuple[str, ...]


def dossier_page(dossier: Dossier, texts: Mapping[str, str]) -> str:
    """Write the page: complete, printable, without a script. `texts` are by git id.

    Nothing of a source becomes markup, a link or a style. Encode it as UTF-8.
    """
    template = _environment().get_template("dossier.html")
    return template.render(told=dossier, texts=texts, **styled())


def checker() -> bytes:
    """Give the program that checks a folder, which needs nothing but Python."""
    return (files(__package__) / CHECKER).read_bytes()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return environment(
        {
            "number": wording.number,
            "times": wording.times,
            "clock": wording.clock,
            "machine_time": wording.machine_time,
            "confidence": wording.confidence,
            # the macros that all pages share name these, though they are not called here
            "name": wording.name,
        }
    )
