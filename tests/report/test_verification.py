"""A verification as a page and as JUnit XML: the verdict first, nothing called passed that is not.

The form of the XML is held to what the two schemas that CI servers go by have in common, written
down here by reading them: Ant's (`JUnit.xsd` of Windy Road) and Jenkins' (`junit-10.xsd`). What is
written was valid against both when this was made (by lxml, hostile texts included).
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from bs4 import BeautifulSoup

from pipeline.audit.advice import MEANINGS, advice
from pipeline.audit.codes import AuditCode
from pipeline.audit.report import Level, Looked, Report, Scope, in_order
from pipeline.errors import NotWritableError
from pipeline.jobs.report import Writable, refuse_foreign, write_report
from pipeline.model import Finding, Place, Severity
from pipeline.report.junit import junit_xml
from pipeline.report.verification import MOST, verification_page
from pipeline.report.visible import visible
from tests.report.attacking import ATTACKS
from tests.report.test_hostile import shape

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SUITE = {
    "name", "package", "id", "timestamp", "hostname", "tests", "failures", "errors", "skipped",
    "time",
}  # fmt: skip


def finding(severity: Severity = Severity.ERROR, text: str = "is not what it was") -> Finding:
    return Finding(code="A-CODE", severity=severity, message=text, place=Place(path=f"a/{text}"))


def report(text: str = "plain", place: str = "archives/mill") -> Report:
    """A report with a level of each kind."""
    levels = {
        Level.MANIFESTS: Looked(checked=1234),
        Level.FILES: Looked(
            checked=2, findings=(finding(text=text), AuditCode.FILE_MISSING.at(text, text))
        ),
        Level.RECORDS: Looked(checked=5, not_verified=text),
        Level.PAYLOADS: Looked(
            findings=(finding(text=text), finding(text=text)), not_verified=text
        ),
        Level.REVISITS: Looked(checked=1, findings=(finding(Severity.WARNING, text),)),
        Level.TREES: Looked(),
    }
    return Report(
        place=place, levels=in_order(levels, text), scope=Scope(since=text), notes=(text,)
    )


def passing() -> Report:
    return Report(place="a", levels=in_order({Level.RECORDS: Looked(checked=1)}, "nothing of it"))


def parsed(*reports: Report) -> Element:
    return fromstring(junit_xml(reports, AT).encode())  # noqa: S314


def page(*reports: Report) -> BeautifulSoup:
    return BeautifulSoup(verification_page(reports, AT), "html.parser")


def suites(root: Element) -> dict[str, Element]:
    return {str(suite.get("name")): suite for suite in root}


@pytest.mark.parametrize("text", ["plain", *ATTACKS])
def test_the_xml_has_the_form_that_ci_servers_read(text: str) -> None:
    root = parsed(report(text, text), passing())
    assert (root.tag, dict(root.attrib)) == ("testsuites", {})
    assert [suite.get("id") for suite in root] == [str(n) for n in range(2 * len(Level))]
    for suite in root:
        assert suite.tag == "testsuite"
        assert set(suite.attrib) == SUITE
        assert (suite.get("timestamp"), suite.get("hostname")) == (
            "2026-01-02T03:04:05",
            "localhost",
        )
        tags = [child.tag for child in suite]
        cases = suite.findall("testcase")
        assert tags == ["properties", *["testcase"] * len(cases), "system-out", "system-err"]
        properties = suite.find("properties")
        assert properties is not None
        assert {tuple(sorted(each.attrib)) for each in properties} == {("name", "value")}
        found = [child for case in cases for child in case]
        failed = [child for child in found if child.tag == "failure"]
        skipped = [child for child in found if child.tag == "skipped"]
        assert len(failed) + len(skipped) == len(found)
        numbers = (len(cases), len(failed), 0, len(skipped))
        told = tuple(int(suite.get(n) or -1) for n in ("tests", "failures", "errors", "skipped"))
        assert told == numbers
        assert all(len(case) <= 1 for case in cases)
        assert all(set(case.attrib) == {"name", "classname", "time"} for case in cases)
        assert all({"type", "message"} == set(each.attrib) for each in failed)
        names = [case.get("name") for case in cases]
        assert len(set(names)) == len(names)


def test_what_is_not_verified_or_does_not_apply_is_skipped_and_not_passed() -> None:
    found = suites(parsed(report()))
    for name, word in {"records": "NOT VERIFIED: plain", "index": "does not apply: plain"}.items():
        (case,) = found[name].findall("testcase")
        (skipped,) = case
        assert (skipped.tag, skipped.get("message")) == ("skipped", word)
    (case,) = found["trees"].findall("testcase")
    assert case[0].get("message") == "NOT VERIFIED: nothing of it was looked at"


def test_every_finding_is_a_case_and_says_what_to_do() -> None:
    found = suites(parsed(report()))
    level, first, second = found["files"].findall("testcase")
    assert level[0].get("message") == "findings of severity error: 2"
    assert (first[0].get("type"), first[0].get("message")) == ("A-CODE", "plain")
    assert "What to do: " in str(second[0].text)
    names = [case.get("name") for case in found["payloads"].findall("testcase")]
    assert names == ["payloads", "payloads, the rest", "A-CODE a/plain", "A-CODE a/plain (2)"]
    level, warning = found["revisits"].findall("testcase")
    assert (len(level), len(warning)) == (0, 0)
    assert "warning" in str(warning.get("name"))


def test_a_level_that_passed_is_a_case_that_passed() -> None:
    (case,) = suites(parsed(passing()))["records"].findall("testcase")
    assert (case.get("name"), case.get("classname"), len(case)) == ("records", "a.records", 0)


def test_the_page_opens_with_the_verdict() -> None:
    heading = page(passing(), report()).find("h1")
    assert heading is not None
    assert heading.get_text() == "FAIL"
    levels = {Level.FILES: Looked(checked=1), Level.TREES: Looked(not_verified="no git")}
    partly = Report(place="a", levels=in_order(levels, "no"))
    assert [str(page(each).h1) for each in (passing(), partly)] == [
        "<h1>PASS</h1>",
        "<h1>NOT VERIFIED</h1>",
    ]


def test_the_page_tells_every_level_of_everything() -> None:
    rows = page(passing(), report()).find_all("tr")
    heads = [row.th.get_text() for row in rows if row.th and row.th.get("scope") == "row"]
    assert heads == [level.value for level in Level] * 2
    text = page(report()).get_text(" ")
    for words in ("1,234", "NOT VERIFIED", "does not apply", *MEANINGS.values()):
        assert words in text


def test_the_page_tells_every_finding_and_what_to_do() -> None:
    found = page(report()).find_all(class_="doc")
    assert len(found) == 5
    assert all("What to do: " in each.get_text() for each in found)
    assert not page(passing()).find_all(class_="doc")
    assert "Nothing was found" in page(passing()).get_text()


def test_of_very_many_findings_the_page_counts_the_rest() -> None:
    many = tuple(finding(text=str(number)) for number in range(MOST + 2))
    levels = in_order({Level.FILES: Looked(checked=1, findings=many)}, "no")
    told = page(Report(place="a", levels=levels))
    assert len(told.find_all(class_="doc")) == MOST
    assert "and 2 more findings" in told.get_text()
    assert len(parsed(Report(place="a", levels=levels))[1].findall("testcase")) == MOST + 3


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_no_text_changes_the_shape_of_the_page(attack: str) -> None:
    hostile = verification_page((report(attack, attack),), AT)
    assert shape(hostile) == shape(verification_page((report("harmless", "harmless"),), AT))
    assert visible(attack) in BeautifulSoup(hostile, "html.parser").get_text()


def test_the_page_loads_nothing_and_leads_nowhere_else() -> None:
    soup = page(report())
    assert {str(link["href"])[0] for link in soup.find_all("a")} == {"#"}
    ids = {tag["id"] for tag in soup.find_all(id=True)}
    assert {str(link["href"])[1:] for link in soup.find_all("a")} <= ids
    assert soup.find_all(["script", "link", "img", "iframe", "form"]) == []
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert policy is not None
    assert "default-src 'none'" in str(policy)


def test_the_same_verification_gives_the_same_bytes() -> None:
    for render in (verification_page, junit_xml):
        assert render((report(),), AT) == render((report(),), AT)


@pytest.mark.parametrize("code", AuditCode, ids=lambda code: code.code)
def test_there_is_something_to_do_about_every_finding(code: AuditCode) -> None:
    for level in Level:
        told = advice(level, code.at("a", "b"))
        assert told.endswith(".")
        assert told != advice(level, replace(code.at("a", "b"), severity=Severity.INFO))


@pytest.mark.parametrize("kind", Writable)
def test_only_an_earlier_report_is_replaced(kind: Writable, tmp_path: Path) -> None:
    path = tmp_path / "report"
    write_report(kind, (passing(),), AT, path)
    first = path.read_bytes()
    write_report(kind, (report("\ud800"),), AT, path)
    assert path.read_bytes() != first
    assert [each.name for each in tmp_path.iterdir()] == ["report"]
    path.write_text("a diary")
    for other in Writable:
        with pytest.raises(NotWritableError, match="no report of ours"):
            refuse_foreign(path, other.value)
    with pytest.raises(NotWritableError):
        write_report(kind, (passing(),), AT, tmp_path / "no" / "report")
    assert path.read_text() == "a diary"


def test_a_page_is_not_replaced_by_xml(tmp_path: Path) -> None:
    write_report(Writable.HTML, (passing(),), AT, tmp_path / "report")
    with pytest.raises(NotWritableError):
        write_report(Writable.JUNIT, (passing(),), AT, tmp_path / "report")
