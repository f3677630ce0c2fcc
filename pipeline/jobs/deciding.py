"""Take a person's word about lineage, and tell it anew from catalogue and archive alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from pipeline.content.settings import Settings
from pipeline.errors import ArchiveError, NotFoundError, UsageError
from pipeline.history.lineage.decisions import decision_line, parse_decisions
from pipeline.history.lineage.reading import Reader, Seen
from pipeline.history.lineage.values import Decision, Lineage, Verdict
from pipeline.history.versions import Versions
from pipeline.jekyll.config import CONFIG_NAMES
from pipeline.jekyll.rules import ReadOptions, YamlEngine
from pipeline.jobs.decisions import (
    DECISIONS,
    read_decisions,
    strike_out,
    unused,
    write_decision,
)
from pipeline.jobs.former import settings_of
from pipeline.jobs.lock import locked
from pipeline.jobs.place import Place
from pipeline.jobs.recover import TakingBack, announce, conclude, recover
from pipeline.jobs.relating import Relater, descend
from pipeline.jobs.sealing import SOFTWARE, next_manifest, write_ledger
from pipeline.jobs.then import content_of
from pipeline.model import FileMode, Finding, TreeEntry, shown_path
from pipeline.sources import Absent, AbsentKind
from pipeline.store import events, search
from pipeline.store.answers import Site, StoredFile
from pipeline.store.auditing import keeps_records, real_path
from pipeline.store.deposit import Deposit, SiteFacts, open_intake
from pipeline.store.describe import Describer
from pipeline.store.former import Stays
from pipeline.store.holdings import newest_manifest, record_manifest, record_run
from pipeline.store.lineage import joins as stored_joins
from pipeline.store.past import whole
from pipeline.store.reading import newest_options
from pipeline.store.reading import site as find_site
from pipeline.store.session import Connection, writing
from pipeline.store.states import every_file
from pipeline.warc.manifest import Manifest
from pipeline.warc.manifests import write_manifest

JOB = "lineage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What came of a decision: how many documents and joins there were, and there are now.

    `changed` rows of the catalogue were written or dropped; none where nothing is told otherwise.
    `findings` are of lines of the file that cannot be read, or that fit nothing.
    """

    decision: Decision
    file: str
    documents: tuple[int, int]
    joins: tuple[int, int]
    changed: int
    findings: tuple[Finding, ...]


def decision_of(verdict: Verdict, old: str, new: str) -> Decision:
    """Make a decision of two paths as they are typed; also as git quotes them."""
    return Decision(verdict=verdict, old=_path(old), new=_path(new))


def _path(typed: str) -> str:
    if not typed.startswith('"'):
        return typed
    read, _ = parse_decisions(f"{Verdict.ACCEPT.value} {typed} {typed}", DECISIONS)
    return read[0].old if read else typed


def decide(place: Place, decision: Decision, now: datetime) -> Decided:
    """Write a decision into `lineage.txt` and tell the lineage by it, at once.

    Raises NotFoundError for a path at which no document ever stood, UsageError for a decision that
    fits nothing, StorageErrors. Then nothing has changed.
    """
    with (
        locked(place.archive),
        TakingBack(place) as taking_back,
        writing(place.database) as connection,
    ):
        site = find_site(connection, place.site)
        newest = newest_manifest(connection, site.id)
        recover(place, newest)
        taking_back.begin(newest)
        manifest = next_manifest(place.archive, site.key, newest, now)
        decided = _Decider(
            place=place,
            connection=connection,
            site=site,
            manifest=manifest,
            now=now,
            taking_back=taking_back,
        ).decide(decision)
    conclude(place)
    return decided


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decider:
    """One decision about one site, in one transaction."""

    place: Place
    connection: Connection
    site: Site
    manifest: Manifest
    now: datetime
    taking_back: TakingBack

    def decide(self, decision: Decision) -> Decided:
        """Tell the lineage, keep it, and write the decision down."""
        known = Stays.of(self.connection, self.site)
        for path in (decision.old, decision.new):
            if shown_path(path) not in known.by_path:
                raise NotFoundError("path of a document", path, "see `jekyll-archive list --paths`")
        if not keeps_records(self.connection, self.site.id):
            why = "this catalogue was imported without an archive"
            raise UsageError(f"{why}: write the line into lineage.txt and import again")
        before, noted = read_decisions(self.place.archive)
        others = [d for d in before if (d.old, d.new) != (decision.old, decision.new)]
        lineage, describer = self._told((*others, decision))
        if decision in lineage.unused:  # it has no line yet, as it was typed
            raise UsageError(
                f"{decision_line(decision)}: fits nothing: the second path has no document that "
                "began when or after one of the first path ended"
            )
        joins = (
            sum(join.joined for join in stored_joins(self.connection, self.site)),
            sum(len(document.joins) for document in lineage.documents),
        )
        changed = self._settle(describer, decision)
        # Before the commit: a crash between the two leaves a decision that the next run tells by.
        added = write_decision(self.place.archive, decision)
        self.taking_back.also(partial(strike_out, self.place.archive, added))
        return Decided(
            decision=decision,
            file=str(self.place.archive / DECISIONS),
            documents=(len(known.by_document), len(lineage.documents)),
            joins=joins,
            changed=changed,
            findings=(*noted, *unused(lineage)),
        )

    def _told(self, decisions: tuple[Decision, ...]) -> tuple[Lineage, Describer]:
        """Trace the documents once more; nothing is read but the archive."""
        options = ReadOptions(
            yaml_engine=YamlEngine(newest_options(self.connection, self.site)["yaml_engine"])
        )
        versions = whole(self.connection, self.site)
        files = {_entry(file): file for file in every_file(self.connection, self.site)}
        settings = settings_of(self.connection, self.site, self.place.archive)
        seen = self._seen(versions, files, settings, options)
        descended = descend(versions, seen, decisions, self.site.url, settings.series)
        facts = SiteFacts(
            key=self.site.key,
            title=self.site.title,
            origin=self.site.origin,
            url=self.site.url,
            timezone=self.site.timezone,
        )
        intake, site_id = open_intake(self.connection, facts)
        describer = Describer(intake, site_id, self.site.key)
        relater = Relater(deposit=Deposit(intake, site_id), describer=describer, options=options)
        ids = {entry: file.file_id for entry, file in files.items()}
        relater.relate_again(descended, versions, seen, ids)
        return descended.lineage, describer

    def _seen(
        self,
        versions: Versions,
        files: Mapping[TreeEntry, StoredFile],
        settings: Settings,
        options: ReadOptions,
    ) -> dict[TreeEntry, Seen]:
        """Read every state as the run did. Raises ArchiveError where bytes are damaged."""
        states = versions.states()
        configs = {
            version.entry: data
            for version in states
            if version.entry.path in CONFIG_NAMES
            and (data := self._bytes(files[version.entry])) is not None
        }
        reader = Reader(versions, configs, settings, options)
        seen = {}
        for version in states:
            data = self._bytes(files[version.entry])
            found = None if data is None else reader.read(version, data)
            if found is not None:
                seen[version.entry] = found
        return seen

    def _bytes(self, file: StoredFile) -> bytes | None:
        data = content_of(self.place.archive, file)
        if isinstance(data, Absent):
            if data.kind is AbsentKind.MISSING:  # it was absent from the source too
                return None
            raise ArchiveError(file.warc_path or file.path, f"{data.reason}; run verify")
        return data

    def _settle(self, describer: Describer, decision: Decision) -> int:
        """Make it durable in the order of a run: ledger, manifest, rows."""
        intake, folder = describer.intake, self.place.archive
        changes = list(intake.changes())
        sealed = {}
        if changes:
            ledger = write_ledger(folder, self.manifest.sequence, changes)
            announce(self.place)
            manifest = replace(self.manifest, files=(*self.manifest.files, ledger))
            filed = write_manifest(folder, manifest)
            intake.write()
            search.forget(self.connection, describer.no_more)
            record_manifest(
                self.connection,
                self.site.id,
                path=filed.path,
                sequence=manifest.sequence,
                sha256=filed.sha256,
                previous=manifest.previous,
                at=self.now,
            )
            sealed = {
                "path": filed.path,
                "sequence": manifest.sequence,
                "sha256": filed.sha256.hex,
            }
        self._log(decision, sealed)
        return len(changes)

    def _log(self, decision: Decision, sealed: Mapping[str, object]) -> None:
        """Record the run, and tell of it in the chained log."""
        values = {
            "job": JOB,
            "software": SOFTWARE,
            "options": newest_options(self.connection, self.site)
            | {"decision": decision_line(decision)},
            "source_kind": "archive",
            "snapshot_id": self.site.snapshot_id,
            "started_at": self.now,
            "outcome": "stored" if sealed else "unchanged",
            **dict.fromkeys(("found", "stored", "skipped", "failed", "absent"), 0),
        }
        payload = record_run(self.connection, self.site.id, values, {})
        payload |= {"manifest": dict(sealed), "decision": decision_line(decision)}
        events.append(self.connection, self.site.id, kind=JOB, at=self.now, payload=payload)


def _entry(file: StoredFile) -> TreeEntry:
    path = real_path(file.path, file.path_raw)
    return TreeEntry(path=path, mode=FileMode(file.mode), oid=file.oid)
