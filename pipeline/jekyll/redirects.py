"""What is wrong with the redirects of a site: onto themselves, in circles, hidden, claimed twice.

Source: generator.rb of jekyll-redirect-from 0.16; `serving` says which file wins a destination.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipeline.jekyll.codes import finding
from pipeline.jekyll.generated import Generated, GeneratedKind
from pipeline.jekyll.item import Item, ItemKind
from pipeline.jekyll.serving import Answer, Published, Redirect, Serving
from pipeline.jekyll.site import Site
from pipeline.model import Finding, Place

FROM, TO = "redirect_from", "redirect_to"


def redirect_findings(
    site: Site, items: Sequence[Item], generated: Iterable[Generated]
) -> Iterator[Finding]:
    """Audit the redirects of a whole site; nothing to say where no plugin makes them."""
    if not site.redirects:
        return
    redirects = [made for made in generated if made.kind is GeneratedKind.REDIRECT]
    yield from _onto_themselves(items)
    yield from _hidden(items, redirects)
    yield from _claimed_twice(redirects)
    yield from _in_circles(site, items, redirects)


def _onto_themselves(items: Iterable[Item]) -> Iterator[Finding]:
    for item in items:
        if not item.written or item.url is None:
            continue
        if item.url.rstrip("/") in _starts(item):
            yield _self(item, FROM)
        elif item.redirect_to is not None and item.redirect_to.rstrip("/") == item.url.rstrip("/"):
            yield _self(item, TO)


def _starts(item: Item) -> set[str]:
    return {f"/{start.lstrip('/')}".rstrip("/") for start in item.redirect_from}


def _self(item: Item, field: str) -> Finding:
    place = Place(path=item.path, field=field)
    return finding("REDIRECT-SELF", f"{item.url} redirects to itself", place)


def _hidden(items: Iterable[Item], redirects: Iterable[Generated]) -> Iterator[Finding]:
    """Find what stands at the destination of a redirect: it hides it, or is hidden if a page."""
    live = {item.destination: item for item in items if item.written and item.destination}
    for made in redirects:
        other = live.get(made.destination)
        if other is None or (other.path == made.source and other.url in _spellings(made.url)):
            continue  # told by REDIRECT-SELF
        verb = "hides" if other.kind is ItemKind.PAGE else "is hidden by"
        message = f"the redirect from {made.url} {verb} {other.path}, which is written there too"
        yield finding("REDIRECT-HIDDEN", message, Place(path=made.source, field=FROM))


def _spellings(url: str) -> tuple[str, str]:
    return url.rstrip("/"), f"{url.rstrip('/')}/"


def _claimed_twice(redirects: Iterable[Generated]) -> Iterator[Finding]:
    claims: dict[str, dict[str, Generated]] = defaultdict(dict)
    for made in redirects:
        claims[made.destination][made.source] = made
    for claimed in claims.values():
        if len(claimed) > 1:
            *_, last = claimed.values()
            sources = ", ".join(claimed)
            message = f"{last.url} is redirected by {len(claimed)} files: {sources}; the last wins"
            yield finding("REDIRECT-TWICE", message, Place(path=last.source, field=FROM))


def _in_circles(
    site: Site, items: Iterable[Item], redirects: Sequence[Generated]
) -> Iterator[Finding]:
    """Follow every `redirect_to`: without one, no redirect leads on."""
    published = [
        Published(
            path=item.path,
            kind=item.kind,
            url=item.url,
            destination=item.destination or "",
            redirect_to=item.redirect_to if item.kind is not ItemKind.STATIC else None,
        )
        for item in items
        if item.written and item.url is not None
    ]
    if not any(each.redirect_to for each in published):
        return
    made = [Redirect(start=each.url, path=each.source, target=each.target) for each in redirects]
    serving = Serving(published, made, site.config.url + site.config.baseurl)
    told: set[str] = set()
    for each in published:
        served = serving.ask(each.url) if each.redirect_to and each.url not in told else None
        if served and served.answer is Answer.NOTHING and served.url in served.through:
            circle = served.through[served.through.index(served.url) :]
            if len(circle) > 1 and each.url in circle:
                told.update(circle)
                message = f"redirects lead in a circle: {' → '.join((*circle, circle[0]))}"
                yield finding("REDIRECT-LOOP", message, Place(path=each.path, field=TO))
