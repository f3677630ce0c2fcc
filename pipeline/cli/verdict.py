"""How a verification is told."""

from pipeline.audit.report import Level, Report, Verdict
from pipeline.cli.output import columns, say, say_line

UNITS = {Level.CATALOGUE: "rows"}


def tell_verdict(report: Report) -> None:
    """Print one line where all passed, else a line for each level and each finding."""
    if report.verdict is Verdict.PASS:
        counted = ", ".join(
            f"{looked.checked} {UNITS.get(level, level.value)}"
            for level, looked in report.levels.items()
        )
        say(f"verified: pass ({counted})")
        return
    say(f"verified: {report.verdict.value.upper()}")
    rows = [
        [
            f"  {level.value}",
            looked.verdict.value,
            looked.not_checked or f"{looked.checked} checked",
        ]
        for level, looked in report.levels.items()
    ]
    for line in columns(rows):
        say(line)
    for finding in report.findings:
        say_line(str(finding))
