"""What pages need and where they lead: there in the rendering, missing, or of another host."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from pipeline.content.resolve import SiteUrls, folded
from pipeline.html.requisites import Links
from pipeline.reconciliation.values import Needed

MOST = 20_000  # addresses of one kind that are remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """Where an address leads: a path of the site, there or not, or the URL of another host."""

    own: bool
    where: str
    exists: bool

    @property
    def key(self) -> str:
        """What two ways to write one address have in common."""
        if self.own:
            return folded(self.where)
        scheme, _, rest = self.where.partition("://")
        return unquote(rest or scheme).rstrip("/")


class Addresses:
    """Follows addresses from pages of one site."""

    def __init__(self, captured: Iterable[str], public_url: str | None) -> None:
        """`captured` are the paths of all that the rendering has, within the site."""
        self._urls = SiteUrls(captured, public_url)
        self._public = f"{public_url.rstrip('/')}/" if public_url else "http://site.invalid/"

    def lead(self, written: str, path: str, base: str = "") -> Lead | None:
        """Follow an address from the page at `path`; None for `mailto:` and its like."""
        try:
            joined = urljoin(base, written) if base else written
            found = self._urls.lead(joined, path)
            if found is not None:
                return Lead(own=True, where=found.url, exists=found.exists)
            whole = urljoin(self._public, joined)
            parts = urlsplit(whole)
        except ValueError:  # "http://["
            return None
        if parts.scheme not in {"http", "https"} or whole.startswith(self._public):
            return None
        return Lead(own=False, where=whole, exists=False)


@dataclass(slots=True)
class Tally:
    """Counts pages by what they need. Past a bound no new addresses are remembered."""

    pages: dict[str, list[str | int]] = field(default_factory=dict)

    def add(self, url: str, page: str) -> None:
        """Count a page."""
        if url in self.pages:
            self.pages[url][0] = int(self.pages[url][0]) + 1
        elif len(self.pages) < MOST:
            self.pages[url] = [1, page]

    def told(self) -> tuple[Needed, ...]:
        """Give them, what most pages need first."""
        found = (
            Needed(url=url, pages=int(count), example=str(page))
            for url, (count, page) in self.pages.items()
        )
        return tuple(sorted(found, key=lambda each: (-each.pages, each.url)))


@dataclass(slots=True)
class Needs:
    """What all pages of a rendering need, and where they lead."""

    addresses: Addresses
    others: Collection[str] = ()
    missing: Tally = field(default_factory=Tally)
    dead: Tally = field(default_factory=Tally)
    elsewhere: Tally = field(default_factory=Tally)
    dependent: int = 0

    def take(self, path: str, links: Links) -> frozenset[str]:
        """Count what one page names; give the keys of all of it."""
        keys: set[str] = set()
        dead, missing, elsewhere = set(), set(), set()
        for written in links.pages:
            lead = self.addresses.lead(written, path, links.base)
            if lead is not None:
                keys.add(lead.key)
                if lead.own and not lead.exists:
                    dead.add(lead.where)
        for written in links.requisites:
            lead = self.addresses.lead(written, path, links.base)
            if lead is None:
                continue
            keys.add(lead.key)
            if lead.own and not lead.exists:
                missing.add(lead.where)
            elif not lead.own and lead.where not in self.others:
                elsewhere.add(lead.where)
        for tally, found in ((self.dead, dead), (self.missing, missing),
                             (self.elsewhere, elsewhere)):  # fmt: skip
            for url in sorted(found):
                tally.add(url, path)
        self.dependent += bool(elsewhere)
        return frozenset(keys)
