"""A reconciliation as a page: hostile texts stay texts, nothing is loaded, the sums are there."""

from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from pipeline.jobs.report import refuse_foreign, write_reconciliation
from pipeline.model import Finding, Place, Severity
from pipeline.reconciliation.values import (
    DocumentLine,
    How,
    Kind,
    PageLine,
    Reconciliation,
    Totals,
)
from pipeline.report.reconciliation import MOST, reconciliation_page
from tests.report.attacking import ATTACKS
from tests.report.test_hostile import shape

TOTALS = Totals(
    pages=2, tied=1, by_url=1, by_path=0, by_content=0, generated=0, unexplained=1, unread=0,
    documents=2, with_page=1, explained=0, without=1, compared=1, made_up_dates=1,
    missing_assets=0, dead_links=0, third_party_pages=0, differences={Kind.TEXT: 1}, made={},
)  # fmt: skip


def reconciled(text: str = "plain", count: int = 1) -> Reconciliation:
    """A rendering with a finding, a page that differs, one without source, and a lost document."""
    finding = Finding(
        code="RECONCILE-TEXT", severity=Severity.ERROR, message=text, place=Place(path=text)
    )
    page = PageLine(
        url=text, source=text, how=How.URL, compared=True, missing=1, words=2,
        differences={Kind.TEXT: text},
    )  # fmt: skip
    return Reconciliation(
        site="mill",
        title=text,
        revision="0" * 40,
        rendered_at=None,
        totals=TOTALS,
        pages=(page, PageLine(url=text)),
        documents=(DocumentLine(path=text, url=None, why=""),),
        assets=(),
        links=(),
        third_party=(),
        rebuilt=text,
        findings=(finding,) * count,
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_texts_change_nothing_of_the_page(attack: str) -> None:
    assert shape(reconciliation_page(reconciled(attack))) == shape(
        reconciliation_page(reconciled())
    )


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    page = BeautifulSoup(reconciliation_page(reconciled()), "lxml")
    assert page.find_all(["script", "img", "link", "iframe", "object", "form"]) == []
    assert all(str(a["href"]).startswith("#") for a in page.find_all("a"))
    ids = [str(each["id"]) for each in page.find_all(id=True)]
    assert {str(a["href"])[1:] for a in page.find_all("a")} <= set(ids)
    policy = page.find("meta", attrs={"http-equiv": True})
    assert policy is not None
    assert "default-src 'none'" in str(policy["content"])


def test_everything_that_is_told_is_there() -> None:
    text = BeautifulSoup(reconciliation_page(reconciled()), "lxml").get_text()
    for said in (TOTALS.pages_sum, TOTALS.documents_sum, "RECONCILE-TEXT", "nobody knows why"):
        assert said in text
    many = reconciliation_page(reconciled(count=MOST + 2))
    assert "and 2 more findings" in many


def test_a_site_without_differences_is_told_so() -> None:
    clean = replace(reconciled(), findings=(), pages=(), documents=(), rebuilt="", revision="")
    text = reconciliation_page(clean)
    assert "Source and rendering say the same." in text


def test_only_an_earlier_report_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    write_reconciliation(reconciled("one"), file)
    refuse_foreign(file)
    write_reconciliation(reconciled("two"), file)
    assert "two" in file.read_text(encoding="utf-8")
