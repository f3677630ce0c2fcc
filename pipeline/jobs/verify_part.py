"""Which part of an archive is verified, when not all is: what runs wrote since then."""

from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.errors import NotFoundError, UsageError
from pipeline.store import auditing, events
from pipeline.store.session import Connection
from pipeline.warc.manifests import Filed


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Only some files and runs are looked at; `why` says of the others why they are not.

    `snapshots` are those of the runs. None: the catalogue does not tell.
    """

    files: frozenset[str]
    why: str
    snapshots: frozenset[int] | None = None


def part_since(
    asked: str, filed: tuple[Filed, ...], connection: Connection | None, site_id: int | None
) -> Part:
    """Find what runs wrote since a run (its number, itself included) or a time.

    Raises UsageError where it is neither, NotFoundError where there is no such run.
    """
    why = f"what was written before {asked} was left out"
    runs = () if connection is None or site_id is None else _runs(connection, site_id)
    if not asked.isdecimal():
        moment = moment_of(asked)
        first = next((f.manifest.sequence for f in filed if f.manifest.created >= moment), None)
        snapshots = frozenset(run.snapshot for run in runs if run.started >= moment)
        return Part(files=_since(filed, first), why=why, snapshots=snapshots if runs else None)
    if int(asked) not in {run.id for run in runs}:
        known = ", ".join(str(run.id) for run in runs[-5:]) or "none can be read"
        raise NotFoundError("run", asked, f"the newest are: {known}")
    chosen = [run for run in runs if run.id >= int(asked)]
    numbers = [run.manifest for run in chosen if run.manifest is not None]
    snapshots = frozenset(run.snapshot for run in chosen)
    files = _since(filed, min(numbers, default=None))
    return Part(
        files=files, why=f"what was written before run {asked} was left out", snapshots=snapshots
    )


def moment_of(asked: str) -> datetime:
    """Read a day or a time; without a zone it is in UTC. Raises UsageError."""
    try:
        moment = datetime.fromisoformat(asked)
    except ValueError as error:
        raise UsageError(
            f"--since {asked!r}: neither the number of a run nor a time like 2026-01-31"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def is_all(part: Part, filed: tuple[Filed, ...]) -> bool:
    """Tell whether nothing was written before."""
    return bool(filed) and part.files >= {f.path for each in filed for f in each.manifest.files}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    id: int
    started: datetime
    snapshot: int
    manifest: int | None


def _runs(connection: Connection, site_id: int) -> tuple[_Run, ...]:
    sealed = dict(events.manifests_of_runs(connection, site_id))
    return tuple(
        _Run(id=run_id, started=at, snapshot=snapshot, manifest=sealed.get(run_id))
        for run_id, at, snapshot in auditing.run_times(connection, site_id)
    )


def _since(filed: tuple[Filed, ...], first: int | None) -> frozenset[str]:
    """Give the files that the manifests from this one on have added."""
    if first is None:
        return frozenset()
    before = {file.path for f in filed if f.manifest.sequence < first for file in f.manifest.files}
    named = {file.path for f in filed if f.manifest.sequence >= first for file in f.manifest.files}
    return frozenset(named - before)
