"""Read a source into rows and records: everything of a run but making it durable."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.audit.run_codes import RunCode
from pipeline.history.gitobject import tree_id
from pipeline.history.lineage.values import Decision
from pipeline.jobs.cataloguing import Catalogued, Cataloguer, Histories
from pipeline.jobs.decisions import unused
from pipeline.jobs.past import Past, PastReader
from pipeline.jobs.progress import Progress
from pipeline.jobs.reading import Desk, ReadFile, read_files
from pipeline.jobs.recording import Held
from pipeline.jobs.relating import Descended, Relater, descend
from pipeline.jobs.summary import Counts, Fate, Over, count
from pipeline.jobs.tree import tree_of
from pipeline.jobs.witness import Proof
from pipeline.model import Finding
from pipeline.sources import Limits
from pipeline.store.describe import Describer
from pipeline.warc.record import SealedFile

if TYPE_CHECKING:
    from pipeline.jobs.foreign import ForeignFile
    from pipeline.jobs.rendering import Rendering


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What a run read, and the sealed files that hold it (none: nothing new), as checked."""

    snapshot_id: int
    counts: dict[str, Counts]
    rendered: Counts | None
    foreign: "ForeignFile | None"
    documents: int
    links: int
    past: Over | None
    findings: tuple[Finding, ...]
    sealed: tuple[SealedFile, ...]
    held: tuple[Held, ...]
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gatherer:
    """Reads one source. `rendered` is a rendered site to capture with it.

    Without `archives` it is described alone, like everything else: nothing is recorded anyway.
    `decisions` are a person's about lineage, `noted` what was found while reading them.
    """

    desk: Desk
    describer: Describer
    site: str
    rendered: Path | None
    limits: Limits
    progress: Progress
    history: bool
    all_refs: bool = False
    archives: bool = True
    decisions: tuple[Decision, ...] = ()
    noted: tuple[Finding, ...] = ()

    def gather(self) -> Gathered:
        """Read everything once, in the order of the tree."""
        histories = self._histories()
        files = list(read_files(self.desk, self.progress))
        had_history = self.desk.deposit.has_history
        past = self._past(files)
        if past is None:
            self._newest_alone(files, histories)
        files, set_findings, generated = self._finish(files)
        descended = self._relate(past, files) if past else None
        self.progress("cataloguing", 0, len(files))
        told = Cataloguer(
            plan=self.desk.plan, files=files, histories=histories, describer=self.describer
        ).catalogue(generated)
        rendering = self._render(told)
        findings = (
            *self.desk.source.findings,
            *self.noted,
            *self._odd_tree(),
            *(file.finding for file in files if file.finding),
            *(f for file in files if file.item for f in file.item.findings),
            *(f for file in files if file.content for f in file.content.findings),
            *set_findings,
            *told.findings,
            *(past.findings if past else ()),
            *((*unused(descended.lineage), *descended.findings) if descended else ()),
            *(rendering.findings if rendering else ()),
        )
        return Gathered(
            snapshot_id=self._snapshot(
                files, told, findings, more=past is not None and not had_history
            ),
            counts=count(
                [
                    *((file.group, file.fate) for file in files),
                    *(("(past)", fate) for fate in (past.fates if past else ())),
                ]
            ),
            rendered=rendering.counts if rendering else None,
            foreign=rendering.foreign if rendering else None,
            documents=sum(file.is_document for file in files),
            links=told.links,
            past=_over(past, descended) if past and descended else None,
            findings=findings,
            sealed=self.desk.recorder.seal(),
            held=tuple(self.desk.recorder.held),
            proofs=tuple(self.desk.recorder.proofs),
        )

    def _past(self, files: Sequence[ReadFile]) -> Past | None:
        if not self.history:
            return None
        reader = PastReader(desk=self.desk, progress=self.progress, all_refs=self.all_refs)
        return reader.read(files)

    def _relate(self, past: Past, files: Sequence[ReadFile]) -> Descended:
        """Tell which paths were the same document; a person's decisions come first."""
        self.progress("tracing documents", 0, 0)
        plan = self.desk.plan
        descended = descend(
            past.versions, past.seen, self.decisions, plan.public_url, plan.settings.series
        )
        relater = Relater(
            deposit=self.desk.deposit,
            describer=self.describer,
            options=plan.options,
        )
        relater.relate(descended, past, frozenset(file.placement.entry for file in files))
        return descended

    def _odd_tree(self) -> Iterator[Finding]:
        """Say if the commit's tree cannot be computed again: verify will not be able to."""
        revision = self.desk.source.revision
        if revision and tree_of(self.desk.source.entries, revision.tree) != revision.tree:
            yield RunCode.TREE_ODD.at(None, "the files listed do not make the tree of the commit")

    def _histories(self) -> Histories:
        """Find the commits that brought each path, and keep them."""
        paths = self.desk.source.first_and_last()
        wanted = {oid: None for h in paths.values() for oid in (h.first, h.last)}
        if self.desk.source.revision is not None:
            wanted[self.desk.source.revision.oid] = None
        commits = {commit.oid: commit for commit in self.desk.source.commits(sorted(wanted))}
        for commit in commits.values():
            self.desk.deposit.commit(commit)
        return Histories(paths=paths, commits=commits)

    def _newest_alone(self, files: Sequence[ReadFile], histories: Histories) -> None:
        """Record the commits that brought the files, and since when these stand."""
        desk = self.desk
        for commit in histories.commits.values():
            commit_id = desk.deposit.commit(commit)
            if commit_id not in desk.holdings.commits:
                desk.recorder.commit(desk.anchor.commit(commit), commit.raw, commit_id)
        for file in files:
            history = histories.paths.get(file.placement.entry.path)
            if history is not None and history.last_known:
                since = self.desk.deposit.commit_id(history.last)
                created = self.desk.deposit.commit_id(history.first)
                if since is not None:
                    known = created if history.first_known else None
                    self.desk.deposit.span(file.file_id, since=since, created=known)

    def _finish(
        self, files: Sequence[ReadFile]
    ) -> tuple[list[ReadFile], tuple[Finding, ...], list[str]]:
        """Let the rules look at the whole set; some items may be left out now."""
        outcome = self.desk.plan.rules.finish([file.item for file in files if file.item])
        items = iter(outcome.items)
        finished = [replace(file, item=next(items)) if file.item else file for file in files]
        generated = [made.url for made in outcome.generated]
        return finished, (*self.desk.plan.config.findings, *outcome.findings), generated

    def _render(self, told: Catalogued) -> "Rendering | None":
        if self.rendered is None:
            return None
        # Slow to import, and most runs have no rendering.
        from pipeline.jobs.rendering import Shelves, capture_rendering  # noqa: PLC0415

        shelves = Shelves(
            recorder=self.desk.recorder,
            describer=self.describer,
            holdings=self.desk.holdings,
            anchor=self.desk.anchor,
            sources=told.destinations,
            titles=self.desk.plan.settings.selectors.title,
            archives=self.archives,
        )
        self.progress("capturing the rendered site", 0, 0)
        return capture_rendering(
            self.rendered, self.desk.plan.public_url, self.site, shelves, self.limits
        )

    def _snapshot(
        self,
        files: Sequence[ReadFile],
        told: Catalogued,
        findings: Sequence[Finding],
        *,
        more: bool,
    ) -> int:
        """Keep the tree as it was read, and what was found in it; `more` than ever was read."""
        deposit, source = self.desk.deposit, self.desk.source
        tree = source.revision.tree if source.revision else None
        snapshot_id, is_new = deposit.snapshot(
            commit=source.revision,
            tree_oid=tree or tree_id(source.entries),
            context=self.desk.plan.context,
        )
        # What was missing when this state was first read has come, a file or the history before it:
        # it is told anew.
        has_come = not is_new and (more or any(file.fate is Fate.STORED for file in files))
        if has_come:
            deposit.clear(snapshot_id)
        if is_new or has_come:
            for file in files:
                deposit.place(
                    snapshot_id,
                    file.file_id,
                    {
                        "role": file.role,
                        "collection": file.group,
                        "publication_id": told.publications.get(file.file_id),
                        "left_out": file.left_out,
                    },
                )
            ids = {file.placement.entry.path: file.file_id for file in files}
            deposit.findings(snapshot_id, findings, ids)
        return snapshot_id


def _over(past: Past, descended: Descended) -> Over:
    documents = descended.lineage.documents
    return Over(
        commits=len(past.versions.graph.nodes),
        states=len(past.file_ids),
        documents=len(documents),
        gone=sum(all(stay.until for stay in document.stays) for document in documents),
        series=len(descended.series),
    )
