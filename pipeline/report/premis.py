"""Preservation metadata as PREMIS 3.0 XML, valid by premis-v3-0.xsd: objects, events, agents.

Event types are those of https://id.loc.gov/vocabulary/preservation/eventType, formats those of
PRONOM, where it has them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache

from jinja2 import Environment

from pipeline.model import Sha256
from pipeline.report import wording
from pipeline.report.environment import environment


class EventType(Enum):
    """A type of event: its code in the vocabulary of the Library of Congress, and its word."""

    EXECUTION = ("exe", "execution")
    FIXITY = ("fix", "fixity check")
    INGESTION = ("ing", "ingestion")
    METADATA = ("mem", "metadata modification")
    PACKING = ("pac", "packing")
    QUARANTINE = ("qua", "quarantine")
    RECOVERY = ("rec", "recovery")
    SPLITTING = ("ips", "information package splitting")
    VALIDATION = ("val", "validation")


class Format(Enum):
    """A format: its name, its version, and its identifier in PRONOM, where there is one."""

    WARC = ("WARC", "1.1", "fmt/1281")
    ANY_WARC = ("WARC", "", "fmt/289")
    WACZ = ("Web Archive Collection Zipped", "", "")
    GZIP = ("GZIP Format", "", "x-fmt/266")
    SQLITE = ("SQLite Database File Format", "3", "fmt/729")
    TEXT = ("Plain Text File", "", "x-fmt/111")
    JSON_LINES = ("JSON Lines", "", "")
    SSHSIG = ("OpenSSH signature", "1", "")
    TIMESTAMP = ("RFC 3161 time stamp response", "", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What a file is: as it lies there, or (at a lower level) when it is unpacked.

    `digest` and `size` are of this layer; None where they are not known.
    """

    level: int
    format: Format
    digest: Sha256 | None
    size: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature over a file, as text."""

    value: str
    method: str
    rules: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PremisFile:
    """A file of the archive. `identifier` is what events call it by."""

    identifier: str
    path: str
    layers: tuple[Layer, ...]
    signatures: tuple[Signature, ...] = ()
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PremisEvent:
    """Something that happened. `objects` are the identifiers of what it was about."""

    identifier: str
    type: EventType
    at: datetime
    detail: str
    outcome: str
    note: str
    agent: str
    objects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """The archive as a whole: an intellectual entity, and all that is told about it."""

    identifier: str
    title: str
    files: Sequence[PremisFile]
    events: Sequence[PremisEvent]

    @property
    def agents(self) -> Sequence[tuple[str, str, str]]:
        """Every agent once: identifier, name, version."""
        found = dict.fromkeys(event.agent for event in self.events)
        return [(each, *_name_and_version(each)) for each in found]


def premis_xml(collection: Collection) -> str:
    """Write the XML. The same values give the same text. Encode it as UTF-8."""
    return _environment().get_template("premis.xml").render(about=collection)


def _name_and_version(software: str) -> tuple[str, str]:
    name, _, version = software.partition(" ")
    return name, version


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return environment({"machine_time": wording.machine_time})
