"""The way through this room: pages come one by one, and at the end it all adds up."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.html.codes import HtmlCode
from pipeline.html.requisites import Links
from pipeline.html.values import Page
from pipeline.jekyll.generated import GeneratedKind
from pipeline.model import Finding, Place
from pipeline.reconciliation.codes import ReconcileCode
from pipeline.reconciliation.comparing import FieldLack, Read, compare, entitled, shown_words
from pipeline.reconciliation.needs import Addresses, Needs
from pipeline.reconciliation.telling import document_findings, need_findings, page_findings
from pipeline.reconciliation.tying import Ties
from pipeline.reconciliation.values import (
    DocumentLine,
    How,
    Kind,
    PageLine,
    Reconciliation,
    SourceSide,
    Totals,
)
from pipeline.reconciliation.words import Bag

#: A page that is compared by less of it than the site's settings or its bytes say.
PARTLY = frozenset({HtmlCode.CUT.code, HtmlCode.SELECTOR.code})
BODY = "body"  # no layout leaves it out on purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known before the first page is read. `others` are URLs of other hosts we hold.

    Of a rendering that is not `archived` no page can be read: they are described, not taken.
    """

    site: str
    title: str | None
    revision: str
    public_url: str | None
    rendered_at: datetime | None
    sources: Sequence[SourceSide]
    statics: Mapping[str, str]
    generated: Mapping[str, GeneratedKind]
    pages: Collection[str]
    captured: Collection[str]
    others: Collection[str] = ()
    archived: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A page as its bytes say it. `text` is everything on it that a reader can see."""

    path: str
    page: Page
    links: Links
    text: str


class Reconciler:
    """Takes the pages of one rendering. Holds no page: only lines, counts and what lacks."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._sources = {side.path: side for side in known.sources}
        self._ties = Ties(known.sources, known.statics, known.generated, known.pages)
        self._addresses = Addresses(known.captured, known.public_url)
        self._needs = Needs(self._addresses, known.others)
        self._lines: list[PageLine] = []
        self._lacks: dict[str, Mapping[str, FieldLack]] = {}
        self._unread: list[tuple[str, str]] = []
        self._partly: list[Finding] = []

    def unreadable(self, path: str, why: str) -> None:
        """Count a page whose bytes cannot be read."""
        self._unread.append((path, why))

    def take(self, taken: Taken) -> None:
        """Tie a page, and hold it against its document."""
        path, page = taken.path, taken.page
        leads = self._needs.take(path, taken.links)
        side, how = self._ties.by_url(path), How.URL
        static = None if side else self._ties.static(path)
        made = None if side or static else self._ties.made(path, page)
        if side is None and static is None and made is None:
            side, how = self._ties.otherwise(path, page, taken.links.pages) or (None, how)
        if side is None:
            tied = How.URL if static else None
            self._lines.append(PageLine(url=path, source=static, how=tied, made=made))
            return
        line = PageLine(url=path, source=side.path, how=how)
        if side.leads_on or page.redirect is not None:
            self._lines.append(line)
            return
        where = Place(path=path)
        self._partly += [replace(f, place=where) for f in page.findings if f.code in PARTLY]
        article, whole = Bag.of(page.text), Bag.of(taken.text)
        read = Read(path=path, page=page, whole=whole, article=article, leads=leads)
        told = {target: self._key(target, path) for _, target in (*side.links, *side.images)}
        found = compare(side, read, told)
        self._lacks[path] = found.fields
        lacks = found.fields.values()
        self._lines.append(
            replace(
                line,
                compared=True,
                words=sum(each.words for each in lacks),
                missing=sum(len(each.missing) for each in lacks),
                outside=sum(each.outside for each in lacks),
                made_up_date=found.made_up.text if found.made_up else None,
                differences=found.differences,
            )
        )

    def describe(self, path: str, title: str | None) -> None:
        """Tie a page of which only the catalogue tells; compare its title where it has one."""
        side, how = self._ties.by_url(path), How.URL
        static = None if side else self._ties.static(path)
        made = None if side or static else self._ties.made(path, None)
        if side is None and static is None and made is None:
            side, how = self._ties.named(path), How.PATH
        if side is None:
            tied = How.URL if static else None
            self._lines.append(PageLine(url=path, source=static, how=tied, made=made))
            return
        line = PageLine(url=path, source=side.path, how=how)
        if side.title and title and not side.leads_on:
            same = entitled(side.title, title)
            said = f"the source says {side.title!r}, the page {title!r}"
            line = replace(line, compared=True, differences={} if same else {Kind.TITLE: said})
        self._lines.append(line)

    def _key(self, target: str, path: str) -> str | None:
        lead = self._addresses.lead(target, path)
        return lead.key if lead else None

    def finish(self, extra: Iterable[Finding] = (), rebuilt: str = "") -> Reconciliation:
        """Give all of it. `extra` are findings of reading and of building again."""
        hidden = self._hidden()
        findings = [*extra, *self._partly]
        findings += [ReconcileCode.UNREADABLE.at(path, why) for path, why in self._unread]
        findings += self._hidden_findings(hidden)
        lines = []
        for line in self._lines:
            told, more = self._texts(line, hidden)
            lines.append(told)
            findings += page_findings(told)
            findings += more
        documents = self._without(lines)
        findings += document_findings(documents)
        needs = self._needs
        assets, links, others = (t.told() for t in (needs.missing, needs.dead, needs.elsewhere))
        findings += need_findings(assets, links, others)
        order = ("error", "warning", "info")
        findings.sort(key=lambda f: (order.index(f.severity.value), f.code, str(f.place.path)))
        return Reconciliation(
            site=self._known.site,
            title=self._known.title,
            revision=self._known.revision,
            rendered_at=self._known.rendered_at,
            totals=self._totals(lines, documents),
            pages=tuple(sorted(lines, key=_badness)),
            documents=documents,
            assets=assets,
            links=links,
            third_party=others,
            rebuilt=rebuilt,
            findings=tuple(findings),
            archived=self._known.archived,
        )

    def _hidden(self) -> dict[tuple[str | None, str], int]:
        """Find the fields that no page of a collection shows: their layout leaves them out."""
        seen: dict[tuple[str | None, str], list[bool]] = defaultdict(list)
        for line in self._lines:
            if line.source is not None:
                for name, lack in self._lacks.get(line.url, {}).items():
                    collection = self._sources[line.source].collection
                    seen[collection, name].append(lack.shown)
        return {
            place: len(shown)
            for place, shown in seen.items()
            if not any(shown) and place[0] is not None and place[1] != BODY
        }

    def _hidden_findings(self, hidden: Mapping[tuple[str | None, str], int]) -> Iterator[Finding]:
        for (collection, name), count in sorted(hidden.items(), key=str):
            message = f"{name}: on none of the pages whose source has it ({count})"
            yield ReconcileCode.FIELD_HIDDEN.at(f"_{collection}", message, field=name)

    def _texts(
        self, line: PageLine, hidden: Mapping[tuple[str | None, str], int]
    ) -> tuple[PageLine, list[Finding]]:
        """Say what of the text is missing; what no page shows is told once for all."""
        findings: list[Finding] = []
        if line.source is None or line.url not in self._lacks:
            return line, findings
        side = self._sources[line.source]
        said = []
        for name, lack in self._lacks[line.url].items():
            if not lack.missing or (side.collection, name) in hidden:
                continue
            message = (
                f"{line.source}: {name}: {len(lack.missing)} of {lack.words} words are not on the"
                f" page: {shown_words(lack.missing)}"
            )
            if name in side.liquid:
                findings.append(ReconcileCode.TEXT_LIQUID.at(line.url, message, field=name))
            else:
                said.append(f"{name}: {shown_words(lack.missing)}")
                findings.append(ReconcileCode.TEXT.at(line.url, message, field=name))
        if said:
            line = replace(line, differences={Kind.TEXT: "; ".join(said), **line.differences})
        return line, findings

    def _without(self, lines: Iterable[PageLine]) -> tuple[DocumentLine, ...]:
        tied = {line.source for line in lines}
        held = {
            side.path
            for path in (*self._known.captured, *(path for path, _ in self._unread))
            if (side := self._ties.by_url(path)) is not None
        }
        return tuple(
            DocumentLine(path=side.path, url=side.url, why=side.why)
            for side in self._known.sources
            if side.path not in tied | held
        )

    def _totals(self, lines: Sequence[PageLine], documents: Sequence[DocumentLine]) -> Totals:
        how = Counter(line.how for line in lines if line.source)
        made = Counter(line.made for line in lines if line.made)
        explained = sum(bool(each.why) for each in documents)
        archived = self._known.archived
        all_of = len(self._known.sources)
        return Totals(
            pages=len(lines) + len(self._unread),
            tied=how.total(),
            by_url=how[How.URL],
            by_path=how[How.PATH],
            by_content=how[How.CONTENT],
            generated=made.total(),
            unexplained=len(lines) - how.total() - made.total(),
            unread=len(self._unread),
            documents=all_of,
            with_page=all_of - len(documents),
            explained=explained,
            without=len(documents) - explained,
            compared=sum(line.compared for line in lines),
            made_up_dates=sum(bool(line.made_up_date) for line in lines) if archived else None,
            missing_assets=len(self._needs.missing.pages) if archived else None,
            dead_links=len(self._needs.dead.pages) if archived else None,
            third_party_pages=self._needs.dependent if archived else None,
            differences={
                k: sum(k in line.differences for line in lines)
                for k in (Kind if archived else (Kind.TITLE,))
            },
            made=dict(made),
        )


def _badness(line: PageLine) -> tuple[int, int, str]:
    lost = line.missing if Kind.TEXT in line.differences else 0
    return -lost, -len(line.differences), line.url
