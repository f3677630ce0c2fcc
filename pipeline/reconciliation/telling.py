"""Findings from what was found out, each a sentence with its place."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from pipeline.model import Finding
from pipeline.reconciliation.codes import ReconcileCode
from pipeline.reconciliation.values import DocumentLine, How, Kind, Needed, PageLine

_CODES = {
    Kind.TITLE: ReconcileCode.TITLE,
    Kind.DATE: ReconcileCode.DATE,
    Kind.PEOPLE: ReconcileCode.PEOPLE,
    Kind.LINKS: ReconcileCode.LINKS,
    Kind.IMAGES: ReconcileCode.IMAGES,
}


def page_findings(line: PageLine) -> Iterator[Finding]:
    """Tell what is to be said of one page, but for its text."""
    if line.source is None:
        if line.made is None:
            yield ReconcileCode.NO_SOURCE.at(line.url, "no source, and no plugin that we know")
        return
    if line.how is not How.URL and line.how is not None:
        message = f"tied to {line.source} by its {line.how.value}: that should be somewhere else"
        yield ReconcileCode.TIED_LOOSELY.at(line.url, message)
    if line.made_up_date is not None:
        message = f"it says that it was published {line.made_up_date}; {line.source} has no date"
        yield ReconcileCode.DATE_MADE_UP.at(line.url, message)
    for kind, code in _CODES.items():
        if kind in line.differences:
            yield code.at(line.url, f"{line.source}: {kind.value}: {line.differences[kind]}")


def document_findings(documents: Iterable[DocumentLine]) -> Iterator[Finding]:
    """Tell of the documents that should have a page and have none."""
    for each in documents:
        if not each.why:
            where = f" at {each.url}" if each.url else ""
            yield ReconcileCode.NO_PAGE.at(each.path, f"there is no page{where}")


def need_findings(
    assets: Iterable[Needed], links: Iterable[Needed], others: Iterable[Needed]
) -> Iterator[Finding]:
    """Tell of each address that is not there, once; of other hosts each host once."""
    for code, found in ((ReconcileCode.ASSET_MISSING, assets), (ReconcileCode.LINK_DEAD, links)):
        for each in found:
            yield code.at(
                each.example, f"{each.url} is not in the rendering ({_pages(each.pages)})"
            )
    hosts: dict[str, list[Needed]] = defaultdict(list)
    for each in others:
        hosts[urlsplit(each.url).netloc].append(each)
    for host, found in hosts.items():
        most = max(each.pages for each in found)
        what = f"{len(found)} file{'s' if len(found) > 1 else ''}"
        message = f"{what} of {host}, such as {found[0].url} ({_pages(most)})"
        yield ReconcileCode.THIRD_PARTY.at(found[0].example, message)


def _pages(count: int) -> str:
    return f"{count:,} page{'' if count == 1 else 's'}"
