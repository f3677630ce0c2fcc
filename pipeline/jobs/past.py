"""Read the whole history into rows: every commit, every former state, and when each stood.

What a state said is read once, under the configuration that stood when it first did.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.audit.run_codes import RunCode
from pipeline.history.changes import Step
from pipeline.history.lineage.reading import Reader, Seen
from pipeline.history.urls.addresses import Address, AddressBook
from pipeline.history.urls.configurations import Configured
from pipeline.history.versions import Version, Versions, trace
from pipeline.jekyll.config import CONFIG_NAMES
from pipeline.jekyll.item import Item, ItemKind
from pipeline.jekyll.rules import PUBLISHABLE
from pipeline.jobs.progress import Progress
from pipeline.jobs.reading import FATES, Desk, ReadFile
from pipeline.jobs.recording import Anchor
from pipeline.jobs.summary import Fate
from pipeline.model import Finding, TreeEntry, shown_path
from pipeline.sources import Absent
from pipeline.sources.source import History
from pipeline.store.tables.sources import BlobState

#: Front matter that says less than it holds, or nothing.
UNREADABLE = frozenset({"FM-YAML", "FM-LIMIT", "FM-NOT-A-MAPPING", "FM-VALUE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What came of reading the past.

    `file_ids` are of all states, `seen` of those that are documents or pages. `created` says for
    each path when the first commit that had it was written. There is one fate for each state that
    stands no more.
    """

    versions: Versions
    file_ids: Mapping[TreeEntry, int]
    seen: Mapping[TreeEntry, Seen]
    addresses: tuple[Address, ...]
    created: Mapping[str, datetime]
    fates: tuple[Fate, ...]
    findings: tuple[Finding, ...]


@dataclass(slots=True, kw_only=True)
class _Kept:
    ids: dict[TreeEntry, int]
    book: AddressBook
    seen: dict[TreeEntry, Seen] = field(default_factory=dict)
    fates: list[Fate] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    records: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True, kw_only=True)
class PastReader:
    """Reads the history behind a source's revision, or behind all its refs."""

    desk: Desk
    progress: Progress
    all_refs: bool = False

    def read(self, files: Sequence[ReadFile]) -> Past | None:
        """Keep all commits and all states; those in `files` are kept already. None: no history."""
        history = self.desk.source.history(all_refs=self.all_refs)
        if not history.graph.branch:
            return None
        places = {oid: number for number, oid in enumerate(history.graph.branch)}
        self.desk.deposit.left_branch(places.keys())
        authored: dict[str, datetime] = {}
        versions = trace(history.graph, self._commits(history, places, authored))
        kept = self._states(versions, files)
        for version in versions.states():
            self.desk.deposit.spans(kept.ids[version.entry], version.spans)
        self.desk.deposit.absences(versions.gaps)
        self._record_commits(versions, kept.records)
        return Past(
            versions=versions,
            file_ids=kept.ids,
            seen=kept.seen,
            addresses=tuple(self._addresses(kept.book)),
            created=_created(versions, authored),
            fates=tuple(kept.fates),
            findings=(*history.findings, *kept.findings),
        )

    def _commits(
        self, history: History, places: Mapping[str, int], authored: dict[str, datetime]
    ) -> Iterator[Step]:
        """Keep the row of each commit as it passes, and when it was written."""
        for step in history.steps():
            if step.commit.author.at is not None:
                authored[step.commit.oid] = step.commit.author.at
            self.desk.deposit.commit(step.commit, places.get(step.commit.oid))
            yield step

    def _states(self, versions: Versions, files: Sequence[ReadFile]) -> _Kept:
        standing = {file.placement.entry: file for file in files}
        plan = self.desk.plan
        configs, entries = self._configs(versions), plan.rules.entries
        reader = Reader(versions, configs, plan.settings, plan.options, entries)
        kept = _Kept(
            ids={entry: file.file_id for entry, file in standing.items()},
            book=AddressBook(versions, reader.configurations),
        )
        states = versions.states()
        contents = self.desk.source.read(version.entry for version in states)
        for done, (version, (entry, data)) in enumerate(zip(states, contents, strict=True), 1):
            file = standing.get(entry)
            record = file.record if file else self._keep(version, data, kept)
            if record:
                kept.records[version.spans[0].written].append(record)
            if not isinstance(data, Absent):
                self._look(version, data, file, reader, kept)
                if file is None and entry in kept.seen:
                    kept.findings += _unreadable(version, kept.seen[entry].item)
            self.progress("reading the past", done, len(states))
        kept.findings += reader.findings
        return kept

    def _look(
        self, version: Version, data: bytes, file: ReadFile | None, reader: Reader, kept: _Kept
    ) -> None:
        """Read what a state said and where it was published, under the rules of its time."""
        entry = version.entry
        configured = reader.configurations.at(version.spans[0].since)
        item = self._item(configured, entry, data, file) if configured else None
        seen = reader.read(version, data, item)
        if seen is not None:
            kept.seen[entry] = seen
        if item is not None and configured is not None:
            kept.book.note(entry, configured, item)

    def _item(
        self, configured: Configured, entry: TreeEntry, data: bytes, file: ReadFile | None
    ) -> Item | None:
        """Read a state, but not one that stands and was read just now under rules that agree."""
        placement = configured.rules.place(entry)
        if placement.role not in PUBLISHABLE:
            return None
        if file is not None and file.item is not None:
            static = file.item.kind is ItemKind.STATIC
            today = self.desk.plan.rules.basis_of(file.placement, static=static)
            if configured.rules.basis_of(placement, static=static) == today:
                return file.item
        return configured.rules.read(placement, data)

    def _configs(self, versions: Versions) -> Mapping[TreeEntry, bytes]:
        """Read every state that the site's configuration was ever in."""
        wanted = [v.entry for v in versions.states() if v.entry.path in CONFIG_NAMES]
        read = self.desk.source.read(wanted)
        return {entry: data for entry, data in read if not isinstance(data, Absent)}

    def _addresses(self, book: AddressBook) -> Iterator[Address]:
        """Read again what a change of the configuration may have moved; then tell all addresses."""
        for entry, data in self.desk.source.read(book.unread()):
            if not isinstance(data, Absent):
                book.read(entry, data)
        yield from book.addresses()

    def _keep(self, version: Version, data: bytes | Absent, kept: _Kept) -> str | None:
        """Keep a state that stands no more; give the id of its record."""
        desk, entry = self.desk, version.entry
        if isinstance(data, Absent):
            fate, state, code = FATES[data.kind]
            kept.findings.append(code.at(entry.path, f"a former state of the file {data.reason}"))
            kept.ids[entry] = desk.deposit.file(entry, state, None)
            kept.fates.append(fate)
            return None
        file_id = kept.ids[entry] = desk.deposit.file(entry, BlobState.PRESENT, data)
        if file_id in desk.holdings.files:
            kept.fates.append(Fate.SKIPPED)
            return None
        kept.fates.append(Fate.STORED)
        if not desk.recorder.records:
            return None
        anchor = Anchor(origin=desk.anchor.origin, revision=version.spans[0].written)
        return desk.recorder.source_file(anchor.content(entry, data), entry.path, data, file_id)

    def _record_commits(self, versions: Versions, records: Mapping[str, list[str]]) -> None:
        """Record each commit after the states that it made, so that it can name their records."""
        desk = self.desk
        if not desk.recorder.records:
            return
        for commit in desk.source.commits(versions.graph.nodes):
            commit_id = desk.deposit.commit(commit)
            if commit_id not in desk.holdings.commits:
                made = tuple(records.get(commit.oid, ()))
                desk.recorder.commit(desk.anchor.commit(commit), commit.raw, commit_id, made)


def _unreadable(version: Version, item: Item | None) -> Iterator[Finding]:
    """Tell of a former state whose front matter cannot be read; that of the newest is told anyway.

    Nothing else is told of what stands no more: nobody can mend the past.
    """
    for finding in item.findings if item else ():
        if finding.code in UNREADABLE:
            since = version.spans[0].since[:12]
            message = f"a former state, from commit {since}: {finding.message}"
            yield RunCode.PAST_UNREADABLE.at(
                shown_path(version.entry.path), message, line=finding.place.line
            )


def _created(versions: Versions, authored: Mapping[str, datetime]) -> Mapping[str, datetime]:
    """Find for each path the first commit that had it, by the author's clock."""
    order = {oid: number for number, oid in enumerate(versions.graph.nodes)}
    first: dict[str, str] = {}
    for span in versions.spans:
        known = first.get(span.path)
        if known is None or order[span.written] < order[known]:
            first[span.path] = span.written
    return {path: authored[oid] for path, oid in first.items() if oid in authored}
