"""What a run gives back: counts that add up, findings, what was written, what to type next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from pipeline.audit.report import Report, Verdict
from pipeline.model import Finding, Severity


class Fate(Enum):
    """What became of a file that the tree names."""

    STORED = "stored"
    SKIPPED = "skipped"
    FAILED = "failed"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """found = stored + skipped + failed + absent, always."""

    stored: int = 0
    skipped: int = 0
    failed: int = 0
    absent: int = 0

    @property
    def found(self) -> int:
        """How many files the tree names."""
        return self.stored + self.skipped + self.failed + self.absent

    def as_row(self) -> dict[str, int]:
        """Give all five by name."""
        fates = {fate.value: getattr(self, fate.value) for fate in Fate}
        return {"found": self.found, **fates}

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            stored=self.stored + other.stored,
            skipped=self.skipped + other.skipped,
            failed=self.failed + other.failed,
            absent=self.absent + other.absent,
        )


def count(fates: Iterable[tuple[str, Fate]]) -> dict[str, Counts]:
    """Count fates by collection, collections in alphabetical order."""
    totals: dict[str, dict[str, int]] = {}
    for collection, fate in fates:
        row = totals.setdefault(collection, {})
        row[fate.value] = row.get(fate.value, 0) + 1
    return {name: Counts(**totals[name]) for name in sorted(totals)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """What a history held: commits, states of files, documents (of them gone today), series."""

    commits: int
    states: int
    documents: int
    gone: int
    series: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The end of a run. `past` is None where no history was read."""

    site: str
    title: str | None
    source: str
    revision: str | None
    committed_at: datetime | None
    dry_run: bool
    archive: str
    counts: dict[str, Counts]
    rendered: Counts | None
    documents: int
    people: int
    links: int
    past: Over | None
    findings: tuple[Finding, ...]
    written: tuple[str, ...]
    verified: Report | None
    quarantined: tuple[str, ...] = ()

    @property
    def total(self) -> Counts:
        """The counts of all collections together."""
        return sum(self.counts.values(), Counts())

    @property
    def unchanged(self) -> bool:
        """Whether there was nothing new to store."""
        return not self.dry_run and not self.written

    @property
    def exit_code(self) -> int:
        """1 where a finding is an error or the archive does not verify, else 0."""
        grave = any(finding.severity is Severity.ERROR for finding in self.findings)
        damaged = self.verified is not None and self.verified.verdict is Verdict.FAIL
        return int(grave or damaged)
