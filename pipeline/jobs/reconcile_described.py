"""Hold a rendering against its source by the catalogue alone: no byte of it is archived."""

from collections import Counter
from urllib.parse import unquote

from pipeline.content.media import media_type
from pipeline.jekyll.generated import GeneratedKind
from pipeline.jekyll.item import ItemKind
from pipeline.jobs.reconcile_source import visible
from pipeline.model import Finding, shown_path
from pipeline.reconciliation.codes import ReconcileCode
from pipeline.reconciliation.reconcile import Known, Reconciler
from pipeline.reconciliation.sources import described_side
from pipeline.reconciliation.values import Reconciliation, SourceSide
from pipeline.store.answers import Site
from pipeline.store.described import (
    DescribedPage,
    described_at,
    described_files,
    described_pages,
)
from pipeline.store.session import Connection
from pipeline.store.urls import today

HTML = "text/html"
NO_PAGE = "it is no HTML page, and an import describes pages alone"


def reconcile_described(connection: Connection, site: Site) -> Reconciliation | None:
    """Tie the pages that the catalogue describes, and compare titles; None where it has no page."""
    pages = described_pages(connection, site)
    if not pages:
        return None
    known = _known(connection, site, pages)
    reconciler = Reconciler(known)
    titles = Counter(page.title for page in pages)
    for path, page in zip(known.pages, pages, strict=True):
        # What several pages are called is the site's name, not theirs.
        reconciler.describe(path, page.title if titles[page.title] == 1 else None)
    return reconciler.finish(_findings(pages))


def _known(connection: Connection, site: Site, pages: tuple[DescribedPage, ...]) -> Known:
    served = today(connection, site)
    paths = tuple(_decoded(page.url) for page in pages)
    return Known(
        site=site.key,
        title=site.title,
        revision=site.revision,
        public_url=site.url,
        rendered_at=None,
        sources=_sources(connection, site),
        statics={
            each.destination: shown_path(each.path)
            for each in served.published
            if each.kind is ItemKind.STATIC
        },
        generated={each.destination: GeneratedKind.REDIRECT for each in served.redirects},
        pages=paths,
        captured=paths,
        archived=False,
    )


def _sources(connection: Connection, site: Site) -> tuple[SourceSide, ...]:
    no_younger = described_at(connection, site)
    files = described_files(connection, site)
    sides = [
        described_side(
            file,
            built_at=no_younger,
            otherwise="" if _is_page(file.destination) else NO_PAGE,
        )
        for file in files
    ]
    return visible(sides, [file.kind for file in files])


def _is_page(destination: str | None) -> bool:
    return destination is not None and media_type(destination).startswith(HTML)


def _decoded(url: str) -> str:
    path, mark, query = url.partition("?")
    return f"{unquote(path)}{mark}{query}"


def _findings(pages: tuple[DescribedPage, ...]) -> list[Finding]:
    message = (
        f"no byte of the rendering ({len(pages)} pages) is archived: by the catalogue alone pages"
        " were tied and titles compared, but no text, date, people, link, image or file;"
        " `run --rendered` archives it"
    )
    several = sum(page.others > 0 for page in pages)
    if several:
        message += f"; at {several} URLs the catalogue knows more than one page: the last new one"
    return [ReconcileCode.NOT_ARCHIVED.at(None, message)]
