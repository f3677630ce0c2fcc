"""What a verification gives back: a verdict for each level, and a line for each finding."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from pipeline.model import Finding, Severity


class Level(Enum):
    """What is verified, from the outside in."""

    PACKAGE = "package"
    INDEX = "index"
    MANIFESTS = "manifests"
    FILES = "files"
    RECORDS = "records"
    CONTENTS = "contents"
    CATALOGUE = "catalogue"
    EVENTS = "events"
    TREES = "trees"


class Verdict(Enum):
    """Not checked is never reported as passed."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What came of looking at one level: how much was checked, what was found, or why not."""

    checked: int = 0
    findings: tuple[Finding, ...] = ()
    not_checked: str = ""

    @property
    def verdict(self) -> Verdict:
        """The level's verdict. Nothing looked at is nothing passed."""
        if any(finding.severity is Severity.ERROR for finding in self.findings):
            return Verdict.FAIL
        return Verdict.NOT_CHECKED if self.not_checked or not self.checked else Verdict.PASS


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A verification. Exit code 0: clean; 1: damage; 3: something could not be checked."""

    place: str
    levels: Mapping[Level, Looked]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, from the outside in."""
        return tuple(finding for looked in self.levels.values() for finding in looked.findings)

    @property
    def verdict(self) -> Verdict:
        """The worst of the levels."""
        verdicts = {looked.verdict for looked in self.levels.values()}
        if Verdict.FAIL in verdicts:
            return Verdict.FAIL
        return Verdict.NOT_CHECKED if Verdict.NOT_CHECKED in verdicts else Verdict.PASS

    @property
    def exit_code(self) -> int:
        """0, 1 or 3, as the class says."""
        return {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.NOT_CHECKED: 3}[self.verdict]
