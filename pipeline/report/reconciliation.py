"""A reconciliation as one HTML page that needs nothing but itself: the worst first."""

from collections.abc import Callable
from functools import lru_cache
from itertools import groupby

from jinja2 import Environment

from pipeline.model import Finding
from pipeline.reconciliation.codes import ReconcileCode
from pipeline.reconciliation.values import Reconciliation
from pipeline.report import wording
from pipeline.report.environment import SOFTWARE, environment, styled

MOST = 500
"""Findings of a code that the page shows; the JSON has them all."""
WORST = 20
MEANINGS = {code.code: code.meaning for code in ReconcileCode}


def reconciliation_page(found: Reconciliation, *, software: str = SOFTWARE) -> str:
    """Write the page. Nothing of a source or a page becomes markup, a link or a style."""
    return (
        _environment()
        .get_template("reconciliation.html")
        .render(
            found=found,
            totals=found.totals,
            worst=[page for page in found.pages if page.differences][:WORST],
            groups=[(code, list(each)) for code, each in groupby(found.findings, _code)],
            loose=[page for page in found.pages if not page.source and not page.made],
            meanings=MEANINGS,
            most=MOST,
            software=software,
            **styled(),
        )
    )


def _code(finding: Finding) -> str:
    return finding.code


@lru_cache(maxsize=1)
def _environment() -> Environment:
    filters: dict[str, Callable[..., object]] = {
        "number": wording.number,
        "times": wording.times,
        "clock": wording.clock,
        "machine_time": wording.machine_time,
        "shortened": wording.shortened,
        # the macros that all pages share name these, though they are not called here
        "name": wording.name,
    }
    return environment(filters)
