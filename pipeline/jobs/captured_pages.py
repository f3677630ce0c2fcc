"""The pages among what other tools captured: out of a WARC or a WACZ file."""

from collections.abc import Iterator
from pathlib import Path

from pipeline.html.kind import is_html
from pipeline.jobs.extract_html import Rendered, as_read
from pipeline.jobs.foreign import captured
from pipeline.model import Finding

_WHOLE = frozenset({None, 200})


def pages_of_captures(file: Path) -> Iterator[Rendered]:
    """Give the HTML pages of a file, at the place of their record. Raises RenderedError.

    What cannot be read of it comes as a page without bytes, with the finding that says why.
    """
    findings: list[Finding] = []
    with captured(file, findings) as payloads:
        for payload in payloads:
            yield from _told(findings)
            is_page = payload.url.lower().startswith(("http://", "https://"))
            if not is_page or payload.coded or payload.status not in _WHOLE:
                continue
            if is_html(payload.media_type, payload.body):
                data, whole = as_read(payload.body)
                yield Rendered(
                    place=str(payload.spot),
                    data=data,
                    whole=whole,
                    url=payload.url,
                    captured=payload.date,
                    charset=payload.charset or None,
                )
    yield from _told(findings)


def _told(findings: list[Finding]) -> Iterator[Rendered]:
    for finding in findings:
        yield Rendered(place=str(finding.place), data=b"", finding=finding)
    findings.clear()
