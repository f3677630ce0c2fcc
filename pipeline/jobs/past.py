"""Read the whole history: every commit, every state of every path, and when it stood."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.history.changes import Step
from pipeline.history.versions import Version, Versions, trace
from pipeline.jobs.progress import Progress
from pipeline.jobs.reading import FATES, Desk, ReadFile
from pipeline.jobs.summary import Fate
from pipeline.model import Finding, TreeEntry
from pipeline.sources import Absent
from pipeline.sources.source import History
from pipeline.store.tables.sources import BlobState


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What came of reading the past: one fate for each state that no longer stands."""

    fates: tuple[Fate, ...]
    findings: tuple[Finding, ...]


NO_PAST = Past(fates=(), findings=())


@dataclass(frozen=True, slots=True, kw_only=True)
class PastReader:
    """Reads the history behind a source's revision."""

    desk: Desk
    progress: Progress

    def read(self, files: Mapping[TreeEntry, ReadFile]) -> Past:
        """Keep all commits, and all states but those of the tip, which `files` holds already."""
        history = self.desk.source.history()
        if not history.graph.branch:
            return NO_PAST
        places = {oid: number for number, oid in enumerate(history.graph.branch)}
        self.desk.deposit.left_branch(places.keys())
        versions = trace(history.graph, self._commits(history, places))
        ids = {entry: file.file_id for entry, file in files.items()}
        fates: list[Fate] = []
        findings: list[Finding] = []
        past = [version for version in versions.states() if version.entry not in ids]
        contents = self.desk.source.read(version.entry for version in past)
        for done, (version, (entry, data)) in enumerate(zip(past, contents, strict=True), start=1):
            ids[entry], fate, finding = self._keep(version, data)
            fates.append(fate)
            findings += [finding] if finding else []
            self.progress("reading the past", done, len(past))
        self._spans(versions, ids)
        return Past(fates=tuple(fates), findings=(*history.findings, *findings))

    def _commits(self, history: History, places: Mapping[str, int]) -> Iterator[Step]:
        """Keep each commit as it passes."""
        desk = self.desk
        for step in history.steps():
            commit = step.commit
            commit_id = desk.deposit.commit(commit, places.get(commit.oid))
            if commit_id not in desk.holdings.commits:
                desk.recorder.commit(desk.anchor.commit(commit), commit.raw, commit_id)
            yield step

    def _keep(self, version: Version, data: bytes | Absent) -> tuple[int, Fate, Finding | None]:
        desk, entry = self.desk, version.entry
        if isinstance(data, Absent):
            fate, state, code = FATES[data.kind]
            finding = code.at(entry.path, f"a former state of the file {data.reason}")
            return desk.deposit.file(entry, state, None), fate, finding
        file_id = desk.deposit.file(entry, BlobState.PRESENT, data)
        if file_id in desk.holdings.files:
            return file_id, Fate.SKIPPED, None
        anchor = replace(desk.anchor, revision=version.spans[0].written)
        desk.recorder.source_file(anchor.content(entry, data), entry.path, data, file_id)
        return file_id, Fate.STORED, None

    def _spans(self, versions: Versions, ids: Mapping[TreeEntry, int]) -> None:
        for version in versions.states():
            self.desk.deposit.spans(ids[version.entry], version.spans)
