"""The URLs of one moment: which document answers at each, and what became of an old one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.content.raw import clean
from pipeline.content.resolve import SiteUrls
from pipeline.history.comparison.kinds import Fate
from pipeline.history.comparison.reading import Account
from pipeline.history.comparison.values import Address
from pipeline.jekyll.serving import Answer, Published, Redirect, Served, Serving


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """What a server answers for the documents of one moment. `documents` are by path."""

    serving: Serving
    own: SiteUrls
    documents: Mapping[str, str]

    @classmethod
    def of(cls, accounts: Iterable[tuple[str, Account]], public_url: str | None) -> "Web":
        """Build the site of these documents, without the pages that only layouts make."""
        published: list[Published] = []
        redirects: list[Redirect] = []
        documents: dict[str, str] = {}
        for document, account in accounts:
            item = account.version.item
            documents[account.path] = document
            if not item.written or item.url is None or item.destination is None:
                continue
            published.append(
                Published(
                    path=account.path,
                    kind=item.kind,
                    url=item.url,
                    destination=item.destination,
                    redirect_to=item.redirect_to,
                )
            )
            redirects += [
                Redirect(start=start, path=account.path, target=item.url)
                for start in item.redirect_from
            ]
        serving = Serving(published, redirects, public_url)
        return cls(serving=serving, own=SiteUrls((), public_url), documents=documents)

    def document(self, target: str, page: str | None = None) -> str | None:
        """Name the document that a link leads to; None for what is not of the site, or nobody's."""
        found = self.own.lead(target, page or "/")
        served = self.serving.ask(found.url) if found is not None else None
        return self.documents.get(served.path) if served and served.path else None


def address(document: str, old: Account, new: Account | None, web: Web) -> Address | None:
    """Tell what became of a published URL; None where the document still answers there itself."""
    item = old.version.item
    if not item.written or not item.url:
        return None
    served = web.serving.ask(item.url)
    holder = web.documents.get(served.path) if served.path else None
    if served.answer is Answer.FILE and holder == document:
        return None
    side = old.side
    return Address(
        document=side.path,
        title=side.title,
        collection=side.collection,
        old=clean(item.url),
        new=new.side.url if new is not None and new.side.written else None,
        fate=_fate(served),
        by=clean(served.path or served.url) if served.answer is not Answer.NOTHING else None,
    )


def _fate(served: Served) -> Fate:
    fates = {
        Answer.FILE: Fate.TAKEN,
        Answer.REDIRECT: Fate.REDIRECTED,
        Answer.NOTHING: Fate.GONE,
    }
    return fates[served.answer]
