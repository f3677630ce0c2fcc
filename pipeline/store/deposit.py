"""Put what a source says into rows: commits, contents, files, the snapshot, what was captured.

One of three modules that map values to tables: this one for evidence, `describe` for documents,
`holdings` for the archive.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from pipeline.history.commit import Commit, Signature
from pipeline.history.versions import Gap, Kind, Span
from pipeline.model import Finding, Sha256, TreeEntry, shown_path
from pipeline.store.intake import Intake
from pipeline.store.tables import (
    AbsenceRow,
    BlobRow,
    CommitParentRow,
    CommitRow,
    FileRow,
    FindingRow,
    SiteRow,
    SnapshotFileRow,
    SnapshotRow,
    SpanRow,
)
from pipeline.store.tables.sources import BlobState
from pipeline.store.types import clean

PATH_BYTES = ("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """What a site is called."""

    key: str
    title: str | None
    origin: str | None
    url: str | None
    timezone: str | None


def open_intake(connection: Connection, facts: SiteFacts) -> tuple[Intake, int]:
    """Find or make the site; give its intake and its id."""
    table = SiteRow.__table__
    known = connection.scalar(select(table.c.id).where(table.c.key == facts.key))
    site_id = known or (connection.scalar(select(func.max(table.c.id))) or 0) + 1
    intake = Intake(connection, site_id)
    values = {"title": facts.title, "origin": facts.origin, "url": facts.url}
    stored = intake.shelf(SiteRow, "key").put(key=facts.key, timezone=facts.timezone, **values)
    if stored != site_id:
        raise AssertionError(stored)
    return intake, site_id


class Deposit:
    """The evidence of one run, as rows."""

    def __init__(self, intake: Intake, site_id: int) -> None:
        """Rows go to `intake`; nothing is written here."""
        self.intake = intake
        self.site_id = site_id
        self._findings = intake.shelf(FindingRow, "snapshot_id", "position")
        self._commits = intake.shelf(CommitRow, "site_id", "oid")
        self._blobs = intake.shelf(BlobRow, "site_id", "oid")
        self._files = intake.shelf(FileRow, "site_id", "path", "mode", "blob_id")
        self._spans = intake.shelf(SpanRow, "file_id", "since_commit_id")

    def commit_id(self, oid: str) -> int | None:
        """Find a commit that is in the catalogue."""
        row = self._commits.get(self.site_id, oid)
        return int(row["id"]) if row else None

    def commit(self, commit: Commit, position: int | None = None) -> int:
        """Keep a commit and its parents; `position` is that on the branch, where it is known."""
        known = self.commit_id(commit.oid)
        if known is not None:
            if position is not None:
                self._commits.put(site_id=self.site_id, oid=commit.oid, branch_position=position)
            return known
        commit_id = self._commits.put(
            site_id=self.site_id,
            oid=commit.oid,
            tree_oid=commit.tree,
            message=clean(commit.message),
            sha256=Sha256.of(commit.raw),
            size=len(commit.raw),
            branch_position=position,
            **_signed("author", "authored_at", commit.author),
            **_signed("committer", "committed_at", commit.committer),
        )
        parents = self.intake.shelf(CommitParentRow, "commit_id", "position")
        for rank, parent in enumerate(commit.parents):
            parents.put(commit_id=commit_id, position=rank, parent_oid=parent)
        return commit_id

    def file(self, entry: TreeEntry, state: BlobState, data: bytes | None) -> int:
        """Keep a file of the tree and its content. Bytes once read are not forgotten."""
        known = self._blobs.get(self.site_id, entry.oid)
        if data is not None:
            known = None
        blob_id = (
            int(known["id"])
            if known
            else self._blobs.put(
                site_id=self.site_id,
                oid=entry.oid,
                state=state.value,
                sha256=None if data is None else Sha256.of(data),
                size=None if data is None else len(data),
            )
        )
        path, raw = self._path(entry.path)
        return self._files.put(
            site_id=self.site_id, path=path, path_raw=raw, mode=int(entry.mode), blob_id=blob_id
        )

    @property
    def has_history(self) -> bool:
        """Whether the whole history was read before: then it is read again, to stay right."""
        return any(row["branch_position"] is not None for row in self._commits.rows())

    def left_branch(self, branch: AbstractSet[str]) -> None:
        """Take the positions from commits that are no longer on the branch: it was rewritten."""
        for row in list(self._commits.rows()):
            if row["branch_position"] is not None and row["oid"] not in branch:
                self._commits.put(site_id=self.site_id, oid=row["oid"], branch_position=None)

    def span(self, file_id: int, *, since: int, created: int | None) -> None:
        """Say since which commit a file stands, and which commit first had its path."""
        if self._spans.get(file_id, since) is None:
            self._spans.put(
                file_id=file_id,
                line=0,
                kind=Kind.SEEN.value,
                since_commit_id=since,
                written_commit_id=since,
                created_commit_id=created,
            )

    def spans(self, file_id: int, spans: Iterable[Span]) -> None:
        """Say when a file stood, by the whole history; what was said of it before is dropped."""
        kept = set()
        for span in spans:
            since = self.known_commit(span.since)
            self._spans.put(
                file_id=file_id,
                line=span.line,
                kind=span.kind.value,
                since_commit_id=since,
                until_commit_id=None if span.until is None else self.known_commit(span.until),
                written_commit_id=self.known_commit(span.written),
                created_commit_id=None,
            )
            kept.add((file_id, since))
        self._spans.drop_others("file_id", file_id, kept)

    def absences(self, gaps: Iterable[Gap]) -> None:
        """Say where there was no file, by the whole history; what was said before is dropped."""
        shelf = self.intake.shelf(AbsenceRow, "site_id", "path", "line", "since_commit_id")
        kept = set()
        for gap in gaps:
            path, raw = self._path(gap.path)
            key = (self.site_id, path, gap.line, self.known_commit(gap.since))
            names = ("site_id", "path", "line", "since_commit_id")
            shelf.put(**dict(zip(names, key, strict=True)), path_raw=raw, lost=gap.lost)
            kept.add(key)
        shelf.drop_others("site_id", self.site_id, kept)

    @staticmethod
    def _path(path: str) -> tuple[str, bytes | None]:
        """Give a path as it is shown and, where that is not plain, its bytes."""
        shown = shown_path(path)
        return shown, None if shown == path else path.encode(*PATH_BYTES)

    def known_commit(self, oid: str) -> int:
        """Give the id of a commit that was kept. Raises TypeError for one that was not."""
        return int(self._commits.get(self.site_id, oid)["id"])  # type: ignore[index]

    def snapshot(
        self, *, commit: Commit | None, tree_oid: str, context: Sha256
    ) -> tuple[int, bool]:
        """Keep the tree that was read; give its id, and whether it is new."""
        shelf = self.intake.shelf(SnapshotRow, "site_id", "tree_oid", "revision", "context")
        revision = commit.oid if commit else ""
        known = shelf.get(self.site_id, tree_oid, revision, context)
        if known is not None:
            return int(known["id"]), False
        snapshot_id = shelf.put(
            site_id=self.site_id,
            tree_oid=tree_oid,
            revision=revision,
            context=context,
            commit_id=self.commit_id(commit.oid) if commit else None,
        )
        return snapshot_id, True

    def clear(self, snapshot_id: int) -> None:
        """Drop what a snapshot says of its files and findings: both are put in anew."""
        files = self.intake.shelf(SnapshotFileRow, "snapshot_id", "file_id")
        for shelf in (files, self._findings):
            shelf.drop_children("snapshot_id", (snapshot_id,))

    def place(self, snapshot_id: int, file_id: int, values: Mapping[str, Any]) -> None:
        """Put a file into a snapshot, with its role, collection and publication."""
        shelf = self.intake.shelf(SnapshotFileRow, "snapshot_id", "file_id")
        shelf.put(snapshot_id=snapshot_id, file_id=file_id, **values)

    def findings(
        self, snapshot_id: int, findings: Iterable[Finding], file_ids: Mapping[str, int]
    ) -> None:
        """Keep the findings of a run with its snapshot."""
        for position, finding in enumerate(findings):
            place = finding.place
            self._findings.put(
                snapshot_id=snapshot_id,
                position=position,
                file_id=file_ids.get(place.path or ""),
                code=finding.code,
                severity=finding.severity.value,
                message=clean(finding.message),
                path=None if place.path is None else shown_path(place.path),
                line=place.line,
                column=place.column,
                offset=place.offset,
                length=place.length,
                field=place.field,
            )


def _signed(role: str, moment: str, signature: Signature) -> dict[str, Any]:
    return {
        f"{role}_name": clean(signature.name),
        f"{role}_email": clean(signature.email),
        moment: signature.at,
        f"{role}_offset": signature.offset_minutes,
        f"{role}_raw": clean(signature.raw),
    }
