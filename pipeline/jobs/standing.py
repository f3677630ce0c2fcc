"""A site as it stood at a moment or commit, from wherever it is: repository, folder, archive."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import BadConfigError, NoConfigError, NotFoundError, UsageError
from pipeline.history.graph import Graph
from pipeline.history.moments import read_clocks
from pipeline.jekyll.options import ReadOptions
from pipeline.jobs.ask import asked
from pipeline.jobs.found_at import CATALOGUE
from pipeline.jobs.place import ELSEWHERE, find_place
from pipeline.jobs.survey import read_config
from pipeline.jobs.then import moment_of, stands, stood_at, zone_of
from pipeline.sources import DEFAULT_LIMITS, Limits, Source, open_source
from pipeline.store.past import graph


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A tree, its commit (empty for a plain folder), and the time that it is there.

    `now` is the moment that was asked for, else the commit's own time, else the time of asking.
    """

    source: Source
    commit: str
    committed_at: datetime | None
    now: datetime


@contextmanager
def open_standing(
    location: str,
    *,
    at: str | None,
    rev: str | None,
    now: datetime,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[Standing]:
    """Open a site as it stood. Raises UsageError, SourceError, or NotFoundError for no moment."""
    if at is not None and rev is not None:
        raise UsageError("choose one moment: --at DATE or --rev REV")
    folder = Path(location)
    if any((folder / name).is_file() for name in (CATALOGUE, ELSEWHERE)):
        yield from _of_archive(folder, at or rev, now)
        return
    with open_source(location, rev=rev, limits=limits) as source:
        yield _of_source(source, at, now)


def _of_source(source: Source, at: str | None, now: datetime) -> Standing:
    moment = None
    if at is not None:
        if source.revision is None:
            raise UsageError("a plain folder has no history: leave --at out")
        moment = moment_of(at, zone_of(_timezone(source)))
        source = source.at(at if moment is None else _then(source.history().graph, at, moment))
    revision = source.revision
    committed = revision.committer.at if revision else None
    return Standing(
        source=source,
        commit=revision.oid if revision else "",
        committed_at=committed,
        now=_whole(moment or committed or now),
    )


def _then(known: Graph, at: str, moment: datetime) -> str:
    standing = read_clocks(known).at(moment)
    if standing is None:
        raise NotFoundError("commit at", at, "the history begins later")
    return standing.commit


def _timezone(source: Source) -> str:
    try:
        return read_config(source, ReadOptions())[0].timezone
    except (BadConfigError, NoConfigError):
        return ""  # what is there today need not be what was there then


def _of_archive(folder: Path, when: str | None, now: datetime) -> Iterator[Standing]:
    with asked(find_place(folder, None)) as (connection, site):
        if when is None:
            source = stands(connection, site, folder)
        else:
            source = stood_at(connection, site, folder, when)
        moment = moment_of(when, zone_of(site.timezone)) if when else None
        node = graph(connection, site).nodes.get(source.commit)
        seconds = node.seconds if node else None
        committed = None if seconds is None else datetime.fromtimestamp(seconds, UTC)
        yield Standing(
            source=source,
            commit=source.commit,
            committed_at=committed,
            now=_whole(moment or committed or now),
        )


def _whole(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
