"""Turn what was read into rows: documents first, then what they say and where they lead."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.audit.run_codes import RunCode
from pipeline.content.dates import Provenance, dated
from pipeline.content.media import media_type
from pipeline.content.people import PeopleIndex, person_page
from pipeline.content.resolve import Destination, SiteUrls
from pipeline.content.values import Content, Link, LinkKind
from pipeline.history.commit import Commit
from pipeline.jekyll.item import Item
from pipeline.jobs.reading import ReadFile
from pipeline.jobs.survey import Survey
from pipeline.model import Finding
from pipeline.sources import PathHistory
from pipeline.store.describe import Describer
from pipeline.store.wording import Told

MUST_EXIST = frozenset({LinkKind.IMAGE, LinkKind.FILE, LinkKind.EMBED, LinkKind.FIELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogued:
    """What came of it: for each file its publication, for each destination its file."""

    publications: Mapping[int, int | None]
    destinations: Mapping[str, ReadFile]
    links: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Histories:
    """Which commits brought each path, and those commits. Empty for a plain folder."""

    paths: Mapping[str, PathHistory]
    commits: Mapping[str, Commit]

    def created_at(self, path: str) -> datetime | None:
        """Give the time of the first commit that had the path, where the history is that long."""
        history = self.paths.get(path)
        if history is None or not history.first_known:
            return None
        return self.commits[history.first].author.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Cataloguer:
    """Describes the files of one run."""

    plan: Survey
    files: Sequence[ReadFile]
    histories: Histories
    describer: Describer

    def catalogue(self, generated: Iterable[str]) -> Catalogued:
        """Describe every published file. `generated` are URLs that plugins add without a source."""
        items = [(file, file.item) for file in self.files if file.item is not None]
        published = {f.file_id: self.describer.published(f.file_id, item) for f, item in items}
        for file, item in items:
            self._first(file, item)
        index = self._people(item for _, item in items)
        served = [item.url for _, item in items if item.url and item.written]
        redirected = [url for _, item in items for url in item.redirect_from]
        urls = SiteUrls([*served, *redirected, *generated], self.plan.public_url)
        findings = list(index.findings())
        links = 0
        for file, item in items:
            if file.content is not None:
                links += len(file.content.links)
                findings += self._describe(file, item, file.content, index, urls)
        self.describer.close()
        message = "so long that only the beginning of its text can be searched"
        findings += [RunCode.SEARCH_CUT.at(path, message) for path in self.describer.wording.cut]
        return Catalogued(
            publications=published,
            destinations={i.destination: f for f, i in items if i.written and i.destination},
            links=links,
            findings=tuple(findings),
        )

    def _first(self, file: ReadFile, item: Item) -> None:
        """Make the rows that others point at, before any points at them."""
        path = file.placement.entry.path
        self.describer.redirects(file.file_id, item)
        if file.is_document:
            self.describer.document_at(item, path)
        else:
            self.describer.asset(file.file_id, media_type(path))

    def _people(self, items: Iterable[Item]) -> PeopleIndex:
        settings = self.plan.settings
        pages = (person_page(item, settings) for item in items)
        return PeopleIndex((page for page in pages if page is not None), settings)

    def _describe(
        self, file: ReadFile, item: Item, content: Content, index: PeopleIndex, urls: SiteUrls
    ) -> Iterator[Finding]:
        path = file.placement.entry.path
        profiles = [index.find(mention) for mention in content.mentions]
        leads = [urls.lead(link.target, item.url or "/") for link in content.links]
        self._tell(file, item, content, profiles, leads)
        for mention in content.mentions:
            if (finding := index.ambiguity(mention, path)) is not None:
                yield finding
        for link, lead in zip(content.links, leads, strict=True):
            if lead is not None and not lead.exists:
                yield _broken(path, link, lead)

    def _tell(
        self,
        file: ReadFile,
        item: Item,
        content: Content,
        profiles: Sequence[str | None],
        leads: Sequence[Destination | None],
    ) -> None:
        path = file.placement.entry.path
        created = self.histories.created_at(path)
        date = dated(item, created)
        local = created if date.source is Provenance.FIRST_COMMIT else item.date
        self.describer.version(
            Told(
                file_id=file.file_id,
                path=path,
                item=item,
                content=content,
                date=local if date.at is not None else None,
                date_source=date.source,
                yaml_engine=self.plan.options.yaml_engine.value,
                context=self.plan.context,
                profiles=profiles,
                destinations=[lead.url if lead else None for lead in leads],
            )
        )


def _broken(path: str, link: Link, lead: Destination) -> Finding:
    missing_file = link.kind in MUST_EXIST
    code = RunCode.LINK_FILE_MISSING if missing_file else RunCode.LINK_BROKEN
    what = "file" if missing_file else "page"
    message = f"{link.part}: leads to a {what} that the site does not have: {lead.url}"
    return code.at(path, message, line=link.line, field=link.part)
