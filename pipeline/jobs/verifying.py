"""Verify several things at once: archives, files, a database; go on after an interruption."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from pipeline.audit.report import Report
from pipeline.errors import ArchiveError, UsageError
from pipeline.jobs.place import archives_in, is_archive
from pipeline.jobs.verify import Wanted, archive_at, look_at
from pipeline.jobs.verify_alone import verify_database
from pipeline.jobs.verify_memory import Memory

ALONE = (".wacz", ".warc", ".warc.gz")


def verify_all(
    paths: Sequence[Path],
    database: str | None,
    site: str | None,
    wanted: Wanted,
    resume: Path | None = None,
) -> tuple[Report, ...]:
    """Verify each path, or the database alone where there is none. Nothing is read before all are.

    `resume` is a file in which the state is kept until all is done. Raises NotVerifiableError where
    there is nothing to verify, UsageError where what is asked makes no sense together.
    """
    if not paths:
        if database is None:
            raise UsageError("what is to be verified? name a path, or a database with --db")
        if resume or not wanted.scope.is_whole:
            raise UsageError("--sample, --since and --resume are of archive folders: name one")
        return verify_database(database, site)
    if database is not None and len(paths) > 1:
        raise UsageError("--db is the catalogue of one archive; name one path")
    if resume and wanted.scope.sample is not None:
        raise UsageError("a sample is not resumed: leave --sample or --resume out")
    for path in paths:
        archive_at(path)
    if resume:
        refuse_inside(resume, paths)
    with ExitStack() as opened:
        memory = opened.enter_context(Memory(resume)) if resume else None
        return tuple(
            report for path in paths for report in look_at(path, database, site, wanted, memory)
        )


def all_in(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Give for a folder that is no archive what lies in it: archives, packages, WARC files."""
    return tuple(each for path in paths for each in _in(path) or (path,))


def _in(path: Path) -> tuple[Path, ...]:
    try:
        if not path.is_dir() or is_archive(path):
            return ()
        files = [each for each in path.iterdir() if each.name.lower().endswith(ALONE)]
        return tuple(sorted({*archives_in(path), *files}))
    except (OSError, ArchiveError):  # told when it is verified
        return ()


def refuse_inside(file: Path, paths: Sequence[Path]) -> None:
    """Raise UsageError where a file would be written into what is verified, or over it."""
    where = file.resolve()
    for path in paths:
        read = (archive_at(path) or path).resolve()
        if where == read or read in where.parents:
            raise UsageError(
                f"{file}: verifying never writes to what it reads; name a file outside"
            )
