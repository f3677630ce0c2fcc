"""A verification as one HTML page that needs nothing but itself: the verdict first."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache

from jinja2 import Environment

from pipeline.audit.advice import MEANINGS, advice
from pipeline.audit.report import Looked, Report, Verdict, worst
from pipeline.report import wording
from pipeline.report.environment import SOFTWARE, environment, styled

SENTENCES = {
    Verdict.PASS: "All that applies was verified, and all of it is as it was.",
    Verdict.FAIL: "Something is damaged, missing, or not as it was.",
    Verdict.NOT_VERIFIED: "Nothing wrong was found, but not everything was verified.",
}
BADGES = {
    Verdict.PASS: "new",
    Verdict.FAIL: "lost",
    Verdict.NOT_VERIFIED: "changed",
    Verdict.NOT_APPLICABLE: "kept",
}
MOST = 1000
"""Findings of a level that the page shows; the JSON has them all."""


def verification_page(reports: Sequence[Report], at: datetime, *, software: str = SOFTWARE) -> str:
    """Write the page. `at` is when it was verified. Encode it as UTF-8.

    Nothing of what was verified becomes markup, a link or a style.
    """
    verdict = worst(report.verdict for report in reports)
    return (
        _environment()
        .get_template("verification.html")
        .render(
            reports=reports,
            at=at,
            verdict=verdict,
            sentence=SENTENCES[verdict],
            meanings=MEANINGS,
            advice=advice,
            most=MOST,
            software=software,
            **styled(),
        )
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    filters: dict[str, Callable[..., object]] = {
        "number": wording.number,
        "times": wording.times,
        "clock": wording.clock,
        "machine_time": wording.machine_time,
        "shortened": wording.shortened,
        "badge": BADGES.__getitem__,
        "verdict": told,
        "checked": _checked,
        # the macros that all pages share name these, though they are not called here
        "name": wording.name,
    }
    return environment(filters)


def told(verdict: Verdict) -> str:
    """Call a verdict as the page does."""
    return str(verdict.value if verdict is Verdict.NOT_APPLICABLE else verdict.value.upper())


def _checked(looked: Looked) -> str:
    return wording.number(looked.checked) if looked.checked else "-"
