"""Findings have codes that are told apart, said to people, and given where something is wrong."""

import re

import pytest

from pipeline.audit.codes import AuditCode
from pipeline.audit.report import Level, Looked, Report, Verdict
from pipeline.audit.run_codes import RunCode
from pipeline.history.lineage.codes import Code as LineageCode
from pipeline.model import Finding, FindingCode, Severity
from pipeline.warc.signing.codes import SignatureCode

TABLES: list[type[FindingCode]] = [AuditCode, RunCode, LineageCode, SignatureCode]
CODES = [code for table in TABLES for code in table]


def test_codes_are_told_apart() -> None:
    names = [code.code for code in CODES]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Z]+(-[A-Z]+)+", name) for name in names)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_a_code_has_a_meaning_and_makes_a_finding(code: FindingCode) -> None:
    assert re.fullmatch(r"[A-Z`].{20,}\.", code.meaning)
    finding = code.at("a/b.md", "is odd")
    assert (finding.code, finding.severity) == (code.code, code.severity)
    assert str(finding) == f"a/b.md: {code.severity.value}: is odd [{code.code}]"


def test_all_that_verification_finds_is_grave() -> None:
    assert {code.severity for code in AuditCode} == {Severity.ERROR}
    assert all(code.code.startswith("VERIFY-") for code in AuditCode)


def a_finding(severity: Severity) -> Finding:
    return Finding(code="A-CODE", severity=severity, message="a sentence")


@pytest.mark.parametrize(
    ("looked", "verdict"),
    [
        (Looked(checked=3), Verdict.PASS),
        (Looked(), Verdict.NOT_VERIFIED),
        (Looked(checked=3, not_verified="one of them"), Verdict.NOT_VERIFIED),
        (Looked(checked=3, findings=(a_finding(Severity.WARNING),)), Verdict.PASS),
        (Looked(checked=3, findings=(a_finding(Severity.ERROR),)), Verdict.FAIL),
        (Looked(findings=(a_finding(Severity.ERROR),), not_verified="the rest"), Verdict.FAIL),
    ],
)
def test_a_level_is_judged(looked: Looked, verdict: Verdict) -> None:
    assert looked.verdict is verdict


@pytest.mark.parametrize(
    ("levels", "verdict", "code"),
    [
        ([Looked(checked=1), Looked(checked=1)], Verdict.PASS, 0),
        ([Looked(checked=1), Looked()], Verdict.NOT_VERIFIED, 3),
        ([Looked(), Looked(findings=(a_finding(Severity.ERROR),))], Verdict.FAIL, 1),
    ],
)
def test_a_report_is_as_bad_as_its_worst_level(
    levels: list[Looked], verdict: Verdict, code: int
) -> None:
    report = Report(place="here", levels=dict(zip(Level, levels, strict=False)))
    assert (report.verdict, report.exit_code) == (verdict, code)
    assert report.findings == tuple(f for looked in levels for f in looked.findings)
