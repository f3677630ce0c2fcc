"""Verify a WARC file of anybody, by itself."""

from pathlib import Path

from pipeline.audit.report import Level, Report, in_order
from pipeline.jobs.verify_levels import levels_of
from pipeline.warc.check import judge


def verify_warc(path: Path) -> Report:
    """Check a WARC file by itself. Raises NotVerifiableError."""
    found = judge(path)
    findings = tuple(damage.finding(str(path)) for damage in found.damages)
    levels = levels_of(found.records, found.proved, findings, None)
    del levels[Level.CONTENTS]
    return Report(place=str(path), levels=in_order(levels, "it is a WARC file by itself"))
