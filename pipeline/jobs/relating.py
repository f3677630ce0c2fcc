"""Tell which paths were the same document, and keep that, with every former version, as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pipeline import __version__
from pipeline.content.dates import Provenance, dated
from pipeline.content.settings import NamedSeries
from pipeline.history.lineage.named import every_series
from pipeline.history.lineage.reading import Seen, lives
from pipeline.history.lineage.series import Series, SeriesOptions
from pipeline.history.lineage.trace import trace
from pipeline.history.lineage.values import Decision, Lineage
from pipeline.history.lineage.whereabouts import Whereabouts
from pipeline.history.versions import Version, Versions
from pipeline.jekyll.item import Item, ItemKind
from pipeline.jekyll.rules import ReadOptions
from pipeline.jobs.past import Past
from pipeline.model import Finding, Sha256, TreeEntry
from pipeline.store.addressing import keep_addresses
from pipeline.store.deposit import Deposit
from pipeline.store.descent import Descent
from pipeline.store.describe import Describer, Former, uid_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Descended:
    """The documents of a whole history, and what was published together."""

    lineage: Lineage
    series: tuple[Series, ...]
    findings: tuple[Finding, ...] = ()


def descend(
    versions: Versions,
    seen: Mapping[TreeEntry, Seen],
    decisions: Sequence[Decision],
    public_url: str | None,
    named: Sequence[NamedSeries] = (),
) -> Descended:
    """Trace every document through a history. `named` are series that the site's settings name."""
    found = lives(versions, seen)
    lineage = trace(found, decisions)
    options = SeriesOptions(hosts=_hosts(public_url))
    series, findings = every_series(found, lineage, named, options)
    return Descended(lineage=lineage, series=series, findings=findings)


def _hosts(public_url: str | None) -> frozenset[str]:
    """Give the names of the site's own host: people link to it with `www.` and without."""
    host = urlsplit(public_url or "").hostname
    bare = host.removeprefix("www.") if host else ""
    return frozenset({bare, f"www.{bare}"} if bare else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Relater:
    """Puts documents, their former versions and their addresses into rows."""

    deposit: Deposit
    describer: Describer
    options: ReadOptions
    _contexts: dict[Sha256, Sha256] = field(default_factory=dict)

    def relate(self, descended: Descended, past: Past, newest: frozenset[TreeEntry]) -> None:
        """Keep it all. `newest` are the states that stand now: they are told with the snapshot."""
        homes = self._documents(descended, past.versions, past.seen)
        for version in past.versions.states():
            item = _item(past.seen.get(version.entry))
            if version.entry not in newest and item is not None:
                document_id = homes.get(version.entry) or self._by_path(item)
                self._former(version, item, document_id, past)
        found = ((past.file_ids[address.entry], address) for address in past.addresses)
        keep_addresses(self.describer, found, self.deposit.known_commit)

    def relate_again(
        self,
        descended: Descended,
        versions: Versions,
        seen: Mapping[TreeEntry, Seen],
        file_ids: Mapping[TreeEntry, int],
    ) -> None:
        """Keep another lineage of a history that is in the catalogue; all versions are there."""
        for entry, document_id in self._documents(descended, versions, seen).items():
            self.describer.belongs(file_ids[entry], document_id)
        self.describer.close()

    def _documents(
        self, descended: Descended, versions: Versions, seen: Mapping[TreeEntry, Seen]
    ) -> dict[TreeEntry, int]:
        """Keep the documents; give for each state the id of its own."""
        states = versions.states()
        items = ((version.entry.path, _item(seen.get(version.entry))) for version in states)
        kinds: dict[str, ItemKind] = {path: item.kind for path, item in items if item is not None}
        descent = Descent(describer=self.describer, commit_id=self.deposit.known_commit)
        ids = descent.keep(descended.lineage, kinds, descended.series)
        home = Whereabouts.of(versions.graph, descended.lineage)
        held = ((v.entry, home.document(v.entry.path, v.spans[0].since)) for v in states)
        return {entry: ids[number] for entry, number in held if number is not None}

    def _by_path(self, item: Item) -> int:
        """Keep the document of a file that lineage does not follow."""
        uid = uid_of(self.describer.site_key, item.path)
        return self.describer.document(uid, item.kind, item.collection, item.path)

    def _former(self, version: Version, item: Item, document_id: int, past: Past) -> None:
        file_id = past.file_ids[version.entry]
        created = past.created.get(version.entry.path)
        date = dated(item, created)
        local = created if date.source is Provenance.FIRST_COMMIT else item.date
        self.describer.redirects(file_id, item)
        self.describer.former(
            Former(
                file_id=file_id,
                document_id=document_id,
                item=item,
                date=local if date.at is not None else None,
                date_source=date.source,
                yaml_engine=self.options.yaml_engine.value,
                context=self._context(past.seen[version.entry]),
            )
        )

    def _context(self, seen: Seen) -> Sha256:
        """Digest all that decides what a former version says; it is told apart from the newest."""
        known = self._contexts.get(seen.context)
        if known is None:
            told = "\n".join(("past", __version__, repr(self.options), seen.context.hex))
            known = self._contexts[seen.context] = Sha256.of(told.encode())
        return known


def _item(seen: Seen | None) -> Item | None:
    """Give what a state was as a document or page, None for anything else."""
    item = seen.item if seen else None
    return None if item is None or item.kind is ItemKind.STATIC else item
