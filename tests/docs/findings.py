"""Write docs/findings.md from the tables of codes, each in the shape that its room has."""

from collections.abc import Iterable, Iterator
from enum import Enum

from pipeline.audit.codes import AuditCode
from pipeline.audit.run_codes import RunCode
from pipeline.content.codes import Code as ContentCode
from pipeline.history.lineage.codes import Code as LineageCode
from pipeline.html.codes import HtmlCode
from pipeline.jekyll.codes import CODES as JEKYLL_CODES
from pipeline.model import Severity
from pipeline.reconciliation.codes import ReconcileCode
from pipeline.sources.building.codes import BuildCode
from pipeline.sources.codes import SourceCode
from pipeline.sources.crawl.codes import CrawlCode
from pipeline.warc.damage import RULES, Rule
from pipeline.warc.payloads.codes import PayloadCode
from pipeline.warc.signing.codes import SignatureCode
from pipeline.warc.wacz.rules import RULES as WACZ_RULES
from tests.docs.markdown import cell, columns

Row = tuple[str, Severity, str]

INTRODUCTION = """\
# Findings

A finding is something a person should know: a stable code, a severity, a place and a sentence.
`jekyll-archive findings` lists those of a site, `verify` and `extract` print their own.

| Severity | Means | Exit code |
| --- | --- | --- |
| info | good to know | 0 |
| warning | something is odd; everything was kept | 0 |
| error | something is lost, damaged or not as it was | 1 |

Codes are never given a new meaning and never reused.
"""


def rooms() -> Iterator[tuple[str, str, tuple[Row, ...]]]:
    """Give each room's title, what gives its findings, and its codes."""
    yield "Reading a source", "Given by `run` while it reads.", _members(SourceCode)
    yield "Crawling a live site", "Given by `crawl`.", _members(CrawlCode)
    jekyll = tuple((code.code, code.severity, code.meaning) for code in JEKYLL_CODES.values())
    yield "What Jekyll makes of it", "Given by `run` and `extract`.", jekyll
    yield "Rendered pages", "Given by `extract html`.", _members(HtmlCode)
    yield "What a document says", "Given by `run` and `extract`.", _members(ContentCode)
    lineage = "Given by `run` and `lineage`: which paths were the same document, what is a series."
    yield "The past of the documents", lineage, _members(LineageCode)
    yield "A run as a whole", "Given by `run`.", _members(RunCode)
    yield "Building a site", "Given by `render`.", _members(BuildCode)
    said = "Given by `reconcile`: where source and rendering differ."
    yield "Source and rendering", said, _members(ReconcileCode)
    yield "Verification", "Given by `verify`.", _members(AuditCode)
    yield "Signatures and time stamps", "Given by `signatures`.", _members(SignatureCode)
    payloads = "Given by `extract html` and `run --rendered` of a WARC or WACZ file."
    yield "Captures by other tools", payloads, _members(PayloadCode)
    broken = "Given by `verify`: a rule of a standard that does not hold."
    yield "WARC files", broken, _rules(RULES)
    yield "Packages (WACZ)", broken, _rules(WACZ_RULES)


def _rules(rules: Iterable[Rule]) -> tuple[Row, ...]:
    return tuple((r.code, r.severity, f"Broken: {r.says} ({r.clause}).") for r in rules)


def _members(codes: type[Enum]) -> tuple[Row, ...]:
    return tuple(_row(member.value) for member in codes)


def _row(value: tuple[str, Severity, str]) -> Row:
    return value


def render() -> str:
    """Give the whole page."""
    return "\n".join([INTRODUCTION, *(_section(*room) for room in rooms())])


def _section(title: str, given: str, rows: Iterable[Row]) -> str:
    lines = [f"## {title}\n", f"{given}\n", columns("Code", "Severity", "Meaning")]
    lines += [cell(f"`{code}`", severity.value, says) for code, severity, says in sorted_rows(rows)]
    return "\n".join(lines) + "\n"


def sorted_rows(rows: Iterable[Row]) -> list[Row]:
    """Order codes by name, as a person looks them up."""
    return sorted(rows, key=lambda row: row[0])
