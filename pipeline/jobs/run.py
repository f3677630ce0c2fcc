"""The main job: read, normalise, catalogue, archive, verify, report."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.jekyll.rules import ReadOptions
from pipeline.jobs.decisions import read_decisions
from pipeline.jobs.gathering import Gathered, Gatherer
from pipeline.jobs.lock import locked
from pipeline.jobs.place import RECORDS, Place, new_place, remember_database
from pipeline.jobs.progress import Progress, silent
from pipeline.jobs.reading import Desk
from pipeline.jobs.recording import Anchor, Recorder
from pipeline.jobs.recover import TakingBack, announce, conclude, recover, untold
from pipeline.jobs.sealing import (
    SOFTWARE,
    keep_sealed,
    next_manifest,
    record_file,
    warc_name,
    write_ledger,
)
from pipeline.jobs.summary import Counts, Summary
from pipeline.jobs.survey import Survey, survey
from pipeline.sources import DEFAULT_LIMITS, Limits, Source, open_source
from pipeline.store import events, search
from pipeline.store.auditing import IMPORT
from pipeline.store.deposit import Deposit, SiteFacts, open_intake
from pipeline.store.describe import Describer
from pipeline.store.holdings import (
    Holdings,
    catalogued,
    newest_manifest,
    record_manifest,
    record_run,
)
from pipeline.store.session import Connection, writing
from pipeline.warc.info import WarcInfo
from pipeline.warc.limits import SEGMENT_MOST
from pipeline.warc.manifest import Manifest
from pipeline.warc.manifests import write_manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What to read, where to write, and what time it is.

    Without `records` only the catalogue is made: an import, whose evidence is the repository.
    `segment` is the size that no WARC file passes.
    """

    source: str
    now: datetime
    rev: str | None = None
    rendered: Path | None = None
    archive: Path | None = None
    database: str | None = None
    dry_run: bool = False
    history: bool = True
    all_refs: bool = False
    records: bool = True
    reading: ReadOptions = field(default_factory=ReadOptions)
    segment: int = SEGMENT_MOST
    limits: Limits = DEFAULT_LIMITS

    def asked(self) -> dict[str, Any]:
        """Say what was asked for, for the record of the run: no paths, no passwords."""
        return {
            "rev": self.rev,
            "rendered": self.rendered is not None,
            "history": self.history,
            "all_refs": self.all_refs,
            "yaml_engine": self.reading.yaml_engine.value,
        }


def run(options: RunOptions, progress: Progress = silent) -> Summary:
    """Archive a site as it stands at a revision. Raises PipelineError; then nothing has changed."""
    with open_source(options.source, rev=options.rev, limits=options.limits) as source:
        plan = survey(source, options.reading)
        place = new_place(options.archive, options.database, source.name)
        this = _Run(options=options, source=source, plan=plan, place=place, progress=progress)
        if options.dry_run:
            return this.perform()
        with locked(place.archive):
            return this.perform()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One run: what was asked, and what is known before it begins."""

    options: RunOptions
    source: Source
    plan: Survey
    place: Place
    progress: Progress

    @property
    def site(self) -> str:
        return self.place.site or self.source.name

    def perform(self) -> Summary:
        """Do all in one transaction, whose commit is the point from which the run counts."""
        rehearse = self.options.dry_run
        written: tuple[str, ...] = ()
        aside: tuple[str, ...] = ()
        with (
            TakingBack(self.place) as taking_back,
            writing(self.place.database, rehearse=rehearse) as connection,
        ):
            intake, site_id = open_intake(connection, self._facts())
            newest = newest_manifest(connection, site_id)
            if not rehearse:
                recover(self.place, newest)
                taking_back.begin(newest)
                aside = untold(self.place, connection, site_id)
            manifest = next_manifest(self.place.archive, self.site, newest, self.options.now)
            describer = Describer(intake, site_id, self.site)
            gathered = self._gather(connection, describer, manifest)
            people = describer.wording.people
            if not rehearse:
                written = self._settle(connection, describer, manifest, gathered, aside)
        if written:
            conclude(self.place)
        return replace(self._summary(gathered, people, written), quarantined=aside)

    def _facts(self) -> SiteFacts:
        config, settings = self.plan.config, self.plan.settings
        title = settings.site_name or config.title
        return SiteFacts(
            key=self.site,
            title=None if title is None else str(title),
            origin=self.source.origin,
            url=self.plan.public_url,
            timezone=config.timezone,
        )

    def _gather(self, connection: Connection, describer: Describer, manifest: Manifest) -> Gathered:
        record = self.options.records and not self.options.dry_run
        records = self.place.archive / RECORDS if record else None
        known = Holdings.of if self.options.records else catalogued
        holdings = known(connection, describer.site_id)
        info = WarcInfo(
            software=SOFTWARE,
            is_part_of=self.site,
            description=f"{self.source.kind.value} {self.source.origin or self.source.name}",
        )
        revision = self.source.revision.oid if self.source.revision else None
        decisions, noted = read_decisions(self.place.archive)
        name, now = warc_name(manifest), self.options.now
        with Recorder(
            records, name, info, now, holdings.payloads, self.options.segment
        ) as recorder:
            desk = Desk(
                source=self.source,
                plan=self.plan,
                deposit=Deposit(describer.intake, describer.site_id),
                recorder=recorder,
                holdings=holdings,
                anchor=Anchor(origin=self.source.origin, revision=revision),
            )
            return Gatherer(
                desk=desk,
                describer=describer,
                site=self.site,
                rendered=self.options.rendered,
                limits=self.options.limits,
                progress=self.progress,
                history=self.options.history or desk.deposit.has_history,
                all_refs=self.options.all_refs,
                archives=self.options.records,
                decisions=decisions,
                noted=noted,
            ).gather()

    def _settle(
        self,
        connection: Connection,
        describer: Describer,
        manifest: Manifest,
        gathered: Gathered,
        aside: tuple[str, ...],
    ) -> tuple[str, ...]:
        """Make durable in this order: records (sealed already), ledger, manifest, transaction."""
        self.progress("sealing", 0, 0)
        remember_database(self.place)
        intake, site_id = describer.intake, describer.site_id
        files = list(manifest.files)
        before = len(files)
        files += map(record_file, gathered.sealed)
        keep_sealed(intake, site_id, gathered.sealed, gathered.held, self.options.now)
        changes = list(intake.changes())
        if not changes:
            self._log(connection, site_id, gathered, manifest={}, aside=aside)
            return ()
        foreign = gathered.foreign
        if foreign and self.options.records and all(f.path != foreign.path for f in files):
            from pipeline.jobs.foreign import keep_foreign  # noqa: PLC0415 - slow, and rare

            files.append(keep_foreign(self.place.archive, foreign))
        files.append(write_ledger(self.place.archive, manifest.sequence, changes))
        announce(self.place)
        filed = write_manifest(self.place.archive, replace(manifest, files=tuple(files)))
        intake.write()
        search.forget(connection, describer.no_more)
        search.index(connection, describer.wording.searchable)
        record_manifest(
            connection,
            site_id,
            path=filed.path,
            sequence=manifest.sequence,
            sha256=filed.sha256,
            previous=manifest.previous,
            at=self.options.now,
        )
        sealed = {"path": filed.path, "sequence": manifest.sequence, "sha256": filed.sha256.hex}
        self._log(connection, site_id, gathered, manifest=sealed, aside=aside)
        return (*(file.path for file in files[before:]), filed.path)

    def _log(
        self,
        connection: Connection,
        site_id: int,
        gathered: Gathered,
        *,
        manifest: dict[str, Any],
        aside: tuple[str, ...],
    ) -> None:
        counts = {name: each.as_row() for name, each in gathered.counts.items()}
        if gathered.rendered is not None:
            counts["(rendered)"] = gathered.rendered.as_row()
        total = sum((Counts(**_fates(row)) for row in counts.values()), Counts())
        values = {
            "job": "run" if self.options.records else IMPORT,
            "software": SOFTWARE,
            "options": self.options.asked(),
            "source_kind": self.source.kind.value,
            "snapshot_id": gathered.snapshot_id,
            "started_at": self.options.now,
            "outcome": "stored" if manifest else "unchanged",
            **total.as_row(),
        }
        payload = record_run(connection, site_id, values, counts)
        payload |= {"manifest": manifest, "quarantined": list(aside)}
        events.append(connection, site_id, kind="run", at=self.options.now, payload=payload)

    def _summary(self, gathered: Gathered, people: int, written: tuple[str, ...]) -> Summary:
        revision = self.source.revision
        folder = self.place.archive
        verified = None
        if self.options.records and not self.options.dry_run:
            # Not for an import: what looks at signatures takes long to load.
            from pipeline.jobs.verify import verify_archive  # noqa: PLC0415

            self.progress("verifying", 0, 0)
            verified = verify_archive(self.place, gathered.proofs)
        return Summary(
            site=self.site,
            title=self._facts().title,
            source=self.source.location,
            revision=revision.oid if revision else None,
            committed_at=revision.committer.at if revision else None,
            dry_run=self.options.dry_run,
            archive=str(folder),
            counts=gathered.counts,
            rendered=gathered.rendered,
            documents=gathered.documents,
            people=people,
            links=gathered.links,
            past=gathered.past,
            findings=gathered.findings,
            written=written,
            verified=verified,
        )


def _fates(row: dict[str, int]) -> dict[str, int]:
    return {name: value for name, value in row.items() if name != "found"}
