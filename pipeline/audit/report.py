"""What a verification gives back: a verdict for each level, and a line for each finding."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from pipeline.model import Finding, Severity


class Level(Enum):
    """What is verified, from the outside in."""

    MANIFESTS = "manifests"
    FILES = "files"
    PACKAGE = "package"
    SIGNATURES = "signatures"
    INDEX = "index"
    RECORDS = "records"
    PAYLOADS = "payloads"
    REVISITS = "revisits"
    CONTENTS = "contents"
    CATALOGUE = "catalogue"
    EVENTS = "events"
    TREES = "trees"


class Verdict(Enum):
    """Not verified is never reported as passed, and neither is what does not apply."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    NOT_VERIFIED = "not verified"
    NOT_APPLICABLE = "does not apply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What came of looking at one level: how much was checked, what was found, or why not.

    `does_not_apply` says why there is nothing of the kind here that could be looked at.
    """

    checked: int = 0
    findings: tuple[Finding, ...] = ()
    not_verified: str = ""
    does_not_apply: str = ""

    @property
    def verdict(self) -> Verdict:
        """The level's verdict. Nothing looked at is nothing passed."""
        if any(finding.severity is Severity.ERROR for finding in self.findings):
            return Verdict.FAIL
        if self.does_not_apply and not self.checked and not self.not_verified:
            return Verdict.NOT_APPLICABLE
        return Verdict.NOT_VERIFIED if self.not_verified or not self.checked else Verdict.PASS

    @property
    def why(self) -> str:
        """Why the level did not pass; empty if it did, or if findings say so."""
        return self.not_verified or (self.does_not_apply if not self.checked else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """How much was to be verified: all, a sample of records, or what came since then."""

    sample: int | None = None
    seed: int | None = None
    since: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out by intent."""
        return self.sample is None and self.since is None

    def __str__(self) -> str:
        if self.sample is not None:
            return f"a sample of {self.sample} records, chosen by --seed {self.seed}"
        return "all" if self.since is None else f"what was written since {self.since}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A verification. Exit code 0: clean; 1: damage; 3: something could not be checked.

    `notes` are sentences about how it was done.
    """

    place: str
    levels: Mapping[Level, Looked]
    scope: Scope = field(default_factory=Scope)
    notes: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, from the outside in."""
        return tuple(finding for looked in self.levels.values() for finding in looked.findings)

    @property
    def verdict(self) -> Verdict:
        """The worst of the levels that apply; where none does, nothing was verified."""
        return worst(looked.verdict for looked in self.levels.values())

    @property
    def exit_code(self) -> int:
        """0, 1 or 3, as the class says."""
        return exit_code(self.verdict)


def in_order(levels: Mapping[Level, Looked], otherwise: str) -> dict[Level, Looked]:
    """Give every level, from the outside in; those without a word do not apply: `otherwise`."""
    return {level: levels.get(level, Looked(does_not_apply=otherwise)) for level in Level}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Give the worst of some verdicts. What does not apply counts for nothing."""
    found = set(verdicts)
    for verdict in (Verdict.FAIL, Verdict.NOT_VERIFIED, Verdict.PASS):
        if verdict in found:
            return verdict
    return Verdict.NOT_VERIFIED


def exit_code(verdict: Verdict) -> int:
    """Give what a verdict is for scripts: 0, 1 or 3."""
    return {Verdict.PASS: 0, Verdict.FAIL: 1}.get(verdict, 3)
