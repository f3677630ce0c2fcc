"""The URLs of one moment: which document serves or redirects each, and where links lead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.content.resolve import SiteUrls
from pipeline.history.comparison.kinds import Fate
from pipeline.history.comparison.reading import Account
from pipeline.history.comparison.values import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who answers at a URL: the document itself, or a redirect that it asks for."""

    document: str
    path: str
    redirects: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Every URL that the documents of one moment publish or redirect."""

    urls: SiteUrls
    holders: Mapping[str, Holder]

    @classmethod
    def of(cls, accounts: Iterable[tuple[str, Account]], public_url: str | None) -> "Web":
        """Gather them. Of two that claim a URL, a page goes before a redirect, then the first."""
        served: dict[str, Holder] = {}
        asked: dict[str, Holder] = {}
        for document, account in accounts:
            side = account.side
            if side.written and side.url:
                holder = Holder(document=document, path=side.path, redirects=False)
                served.setdefault(side.url, holder)
            for source in side.redirects if side.written else ():
                holder = Holder(document=document, path=side.path, redirects=True)
                asked.setdefault(source, holder)
        holders: dict[str, Holder] = {}
        urls = SiteUrls((*served, *asked), public_url)
        for url, holder in (*served.items(), *asked.items()):
            found = urls.lead(url, "/")
            if found is not None:
                holders.setdefault(found.url, holder)
        return cls(urls=urls, holders=holders)

    def holder(self, target: str, page: str | None = None) -> Holder | None:
        """Say who answers where a link leads; None for what is not of the site, or nobody's."""
        found = self.urls.lead(target, page or "/")
        return self.holders.get(found.url) if found is not None and found.exists else None


def address(document: str, old: Account, new: Account | None, web: Web) -> Address | None:
    """Tell what became of a published URL; None where the document still answers there itself."""
    side = old.side
    if not side.written or not side.url:
        return None
    holder = web.holder(side.url)
    if holder is not None and holder.document == document and not holder.redirects:
        return None
    fate = Fate.GONE
    if holder is not None:
        fate = Fate.REDIRECTED if holder.redirects else Fate.TAKEN
    return Address(
        document=side.path,
        title=side.title,
        collection=side.collection,
        old=side.url,
        new=new.side.url if new is not None and new.side.written else None,
        fate=fate,
        by=holder.path if holder is not None else None,
    )
