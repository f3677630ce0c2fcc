"""A verification as JUnit XML, as Ant writes it and CI servers read it.

A test suite a level, a test case the level as a whole and each of its findings. What was not
verified or does not apply is skipped: a server must not show it as passed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from jinja2 import Environment

from pipeline.audit.advice import MEANINGS, advice
from pipeline.audit.report import Level, Looked, Report, Verdict
from pipeline.model import Severity
from pipeline.report.environment import SOFTWARE, environment
from pipeline.report.verification import told


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A test case: passed where it has neither a failure nor a reason to be skipped."""

    name: str
    failure: str = ""
    kind: str = ""
    text: str = ""
    skipped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A test suite: one level of one thing that was verified."""

    report: Report
    level: Level
    looked: Looked
    cases: tuple[Case, ...]

    @property
    def failures(self) -> int:
        """How many cases failed."""
        return sum(bool(case.failure) for case in self.cases)

    @property
    def skipped(self) -> int:
        """How many cases were skipped."""
        return sum(bool(case.skipped) for case in self.cases)


def junit_xml(reports: Sequence[Report], at: datetime, *, software: str = SOFTWARE) -> str:
    """Write the XML. `at` is when it was verified. Encode it as UTF-8."""
    suites = [
        Suite(report=report, level=level, looked=looked, cases=tuple(_cases(level, looked)))
        for report in reports
        for level, looked in report.levels.items()
    ]
    when = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    template = _environment().get_template("junit.xml")
    return template.render(suites=suites, when=when, software=software, meanings=MEANINGS)


def _cases(level: Level, looked: Looked) -> Iterator[Case]:
    errors = sum(finding.severity is Severity.ERROR for finding in looked.findings)
    if looked.verdict is Verdict.FAIL:
        yield Case(name=level.value, failure=f"findings of severity error: {errors}", kind="FAIL")
    elif looked.verdict is Verdict.PASS:
        yield Case(name=level.value)
    if looked.verdict is not Verdict.PASS and (looked.why or not errors):
        why = looked.why or "nothing of it was looked at"
        name = level.value if not errors else f"{level.value}, the rest"
        word = Verdict.NOT_VERIFIED if errors else looked.verdict
        yield Case(name=name, skipped=f"{told(word)}: {why}")
    seen: Counter[str] = Counter()
    for finding in looked.findings:
        name = f"{finding.code} {finding.place}"
        seen[name] += 1
        name = name if seen[name] == 1 else f"{name} ({seen[name]})"
        if finding.severity is Severity.ERROR:
            text = f"{finding}\nWhat to do: {advice(level, finding)}"
            yield Case(name=name, failure=finding.message, kind=finding.code, text=text)
        else:
            yield Case(name=f"{name}: {finding.severity.value}: {finding.message}")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return environment({"verdict": told})
