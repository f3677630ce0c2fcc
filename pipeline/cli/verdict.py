"""How a verification is told."""

from collections.abc import Sequence
from typing import Any

from pipeline.audit.report import Level, Looked, Report, Verdict, exit_code, worst
from pipeline.cli.output import columns, plain, say, say_line

UNITS = {
    Level.CATALOGUE: "rows",
    Level.PACKAGE: "members",
    Level.INDEX: "entries",
}


def tell_reports(reports: Sequence[Report]) -> None:
    """Print each report; of several, the place before each and the worst verdict at the end."""
    for report in reports:
        if len(reports) > 1:
            say_line(f"{report.place}:")
        tell_verdict(report)
    if len(reports) > 1:
        say(f"all: {_told(worst(report.verdict for report in reports))}")


def tell_verdict(report: Report) -> None:
    """Print one line where all that applies passed, else a line for each level and each finding."""
    for note in report.notes:
        say_line(note)
    if report.verdict is Verdict.PASS:
        counted = ", ".join(
            _counted(looked.checked, UNITS.get(level, level.value))
            for level, looked in report.levels.items()
            if looked.verdict is Verdict.PASS
        )
        say(f"verified: pass ({counted})")
    else:
        say(f"verified: {_told(report.verdict)}")
        for line in columns([_row(level, looked) for level, looked in report.levels.items()]):
            say_line(line)
    for finding in report.findings:
        say_line(str(finding))


def _counted(count: int, many: str) -> str:
    one = f"{many[:-3]}y" if many.endswith("ies") else many.removesuffix("s")
    return f"{count} {one if count == 1 else many}"


def _told(verdict: Verdict) -> str:
    quiet = verdict in {Verdict.PASS, Verdict.NOT_APPLICABLE}
    return str(verdict.value if quiet else verdict.value.upper())


def _row(level: Level, looked: Looked) -> list[str]:
    checked = f"{looked.checked} checked" if looked.checked or not looked.why else ""
    why = "; ".join(filter(None, (checked, looked.why)))
    return [f"  {level.value}", _told(looked.verdict), why]


def facts(reports: Sequence[Report]) -> dict[str, Any]:
    """Give the same facts for JSON: always all levels, in whatever way they were asked for."""
    verdict = worst(report.verdict for report in reports)
    return {
        "verdict": verdict.value,
        "exit_code": exit_code(verdict),
        "reports": [_facts(report) for report in reports],
    }


def _facts(report: Report) -> dict[str, Any]:
    return {
        "place": report.place,
        "verdict": report.verdict.value,
        "exit_code": report.exit_code,
        "scope": plain(report.scope) | {"whole": report.scope.is_whole},
        "notes": list(report.notes),
        "levels": {
            level.value: {"verdict": looked.verdict.value} | plain(looked)
            for level, looked in report.levels.items()
        },
    }
