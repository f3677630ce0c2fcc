"""Read every file of a source once: keep its bytes, and let the rules say what it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.audit.run_codes import RunCode
from pipeline.content.normalise import normalise
from pipeline.content.values import Content
from pipeline.jekyll.item import Item, ItemKind
from pipeline.jekyll.rules import Placement, Role
from pipeline.jobs.progress import Progress
from pipeline.jobs.recording import Anchor, Recorder
from pipeline.jobs.summary import Fate
from pipeline.jobs.survey import Survey
from pipeline.model import Finding
from pipeline.sources import Absent, AbsentKind, Source
from pipeline.store.deposit import Deposit
from pipeline.store.holdings import Holdings
from pipeline.store.tables.sources import BlobState

PUBLISHED = frozenset({Role.DOCUMENT, Role.PAGE, Role.STATIC, Role.CANDIDATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file of the tree after reading. `item` is None for what Jekyll does not publish.

    `record` is the id of the record that was written for it in this run, if one was.
    """

    placement: Placement
    file_id: int
    fate: Fate
    item: Item | None = None
    content: Content | None = None
    finding: Finding | None = None
    swhid: str = ""
    record: str | None = None

    @property
    def role(self) -> str:
        """What the file is: `document`, `page`, `static`, or what Jekyll does not publish."""
        return self.item.kind.value if self.item else self.placement.role.value

    @property
    def group(self) -> str:
        """The line of the counts that the file belongs to: its collection, or its role."""
        return self.placement.collection or f"({self.role})"

    @property
    def left_out(self) -> str:
        """Why Jekyll leaves the file out, empty if it does not."""
        return (self.item.left_out if self.item else "") or self.placement.reason

    @property
    def is_document(self) -> bool:
        """Whether it has front matter: a document or a page."""
        return self.item is not None and self.item.kind is not ItemKind.STATIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What reading works with."""

    source: Source
    plan: Survey
    deposit: Deposit
    recorder: Recorder
    holdings: Holdings
    anchor: Anchor


def read_files(desk: Desk, progress: Progress) -> Iterator[ReadFile]:
    """Read all files in the order of the tree; bytes go to the recorder as they come."""
    placements: Mapping[str, Placement] = {p.entry.path: p for p in desk.plan.placements}
    total = len(placements)
    for done, (entry, data) in enumerate(desk.source.read(desk.source.entries), start=1):
        placement = placements[entry.path]
        if isinstance(data, Absent):
            yield _without_bytes(desk, placement, data)
        else:
            yield _with_bytes(desk, placement, data)
        progress("reading", done, total)


def _with_bytes(desk: Desk, placement: Placement, data: bytes) -> ReadFile:
    entry = placement.entry
    file_id = desk.deposit.file(entry, BlobState.PRESENT, data)
    fate = Fate.SKIPPED if file_id in desk.holdings.files else Fate.STORED
    name = desk.anchor.content(entry, data)
    record = None
    if fate is Fate.STORED:
        record = desk.recorder.source_file(name, entry.path, data, file_id)
    if placement.role not in PUBLISHED:
        return ReadFile(placement=placement, file_id=file_id, fate=fate, record=record)
    item = desk.plan.rules.read(placement, data)
    content = None
    if item.kind is not ItemKind.STATIC:
        content = normalise(item, data, desk.plan.settings)
    return ReadFile(
        placement=placement,
        file_id=file_id,
        fate=fate,
        item=item,
        content=content,
        swhid=name,
        record=record,
    )


def _without_bytes(desk: Desk, placement: Placement, absent: Absent) -> ReadFile:
    fate, state, code = FATES[absent.kind]
    finding = code.at(placement.entry.path, f"the file {absent.reason}")
    file_id = desk.deposit.file(placement.entry, state, None)
    return ReadFile(placement=placement, file_id=file_id, fate=fate, finding=finding)


_ABSENT = (Fate.ABSENT, BlobState.ABSENT, RunCode.FILE_ABSENT)
_FAILED = (Fate.FAILED, BlobState.FAILED, RunCode.FILE_FAILED)
FATES = {
    AbsentKind.MISSING: _ABSENT,
    AbsentKind.OUTSIDE: _ABSENT,
    AbsentKind.SUBMODULE: (Fate.SKIPPED, BlobState.ABSENT, RunCode.FILE_SUBMODULE),
    AbsentKind.TOO_LARGE: _FAILED,
    AbsentKind.DAMAGED: _FAILED,
    AbsentKind.UNREADABLE: _FAILED,
}
