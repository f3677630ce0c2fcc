"""The exceptions of the pipeline, one tree, each with its exit code.

    PipelineError
    ├── UsageError                  2
    │   ├── NoHistoryError          2
    │   └── NoRunError              2
    ├── NotVerifiableError          3   (verify could not look)
    ├── SourceError
    │   ├── NotARepositoryError    11
    │   ├── EmptyRepositoryError   12
    │   ├── NoConfigError          13
    │   ├── BadConfigError         14
    │   ├── UnknownRevisionError   15
    │   ├── UnreachableError       16
    │   ├── LimitError             17   (a bound on size or time was passed)
    │   ├── GitError               18   (git itself failed or is missing)
    │   └── RenderedError          19   (the rendered folder cannot be read)
    ├── StorageError
    │   ├── NotWritableError       20
    │   ├── DiskFullError          21
    │   ├── BusyError              22
    │   ├── ArchiveError           23   (the archive folder is not what it should be)
    │   └── NotFoundError          24   (nothing of that name in the catalogue)
    ├── DatabaseError
    │   ├── DatabaseUnreachableError 30
    │   ├── NewerDatabaseError       31
    │   ├── ForeignDatabaseError     32
    │   ├── OlderDatabaseError       33
    │   └── UnfinishedDatabaseError  34
    ├── BuildError
    │   ├── NoJekyllError            40
    │   └── BuildFailedError         41  (Jekyll gave no site at all)
    └── ViewerError
        ├── NoViewerError            50  (somebody else's viewer is not installed)
        └── ViewerFailedError        51

Codes 0 (done) and 1 (findings of severity error, damage) are results, not exceptions. A class takes
facts, builds its message, does no input or output. One line each: where, what, what to do.
"""

from typing import ClassVar


class PipelineError(Exception):
    """A run cannot go on. `str()` is one line for a person, `exit_code` is for scripts."""

    exit_code: ClassVar[int] = 10


class UsageError(PipelineError):
    """What was asked does not make sense together."""

    exit_code = 2


class NoHistoryError(UsageError):
    """What was asked is about the past, and the archive knows only one state of the site."""

    def __init__(self) -> None:
        super().__init__(
            "this archive holds no history: run again on the git repository, without --no-history"
        )


class NoRunError(UsageError):
    """What was asked is about a state of the site, and the archive is a part that holds none."""

    exit_code = 2

    def __init__(self, key: str) -> None:
        super().__init__(
            f"{key}: this is a part that `archive --series` packed, without the site around it: "
            "ask the archive that it was packed from; `verify` and `replay` take the part itself"
        )


class NotVerifiableError(PipelineError):
    """There is nothing at the place that could be checked."""

    exit_code = 3

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: cannot be checked: {why}")


class SourceError(PipelineError):
    """The source cannot be read."""


class NotARepositoryError(SourceError):
    """The location is no folder, git repository, bundle or URL that we can read."""

    exit_code = 11

    def __init__(self, location: str, why: str) -> None:
        super().__init__(f"{location}: not a Jekyll folder, git repository or bundle: {why}")


class EmptyRepositoryError(SourceError):
    """The repository has no commit."""

    exit_code = 12

    def __init__(self, location: str) -> None:
        super().__init__(f"{location}: the repository has no commits; commit the site first")


class NoConfigError(SourceError):
    """The tree has no `_config.yml`, so nothing says that it is a Jekyll site."""

    exit_code = 13

    def __init__(self, location: str, revision: str | None) -> None:
        where = f" at {revision[:12]}" if revision else ""
        super().__init__(f"{location}{where}: no _config.yml at the top; is this a Jekyll site?")


class BadConfigError(SourceError):
    """The configuration is not YAML, or not a mapping."""

    exit_code = 14

    def __init__(self, path: str, line: int | None, why: str) -> None:
        place = f"{path}:{line}" if line else path
        super().__init__(f"{place}: the configuration cannot be read: {why}")


class UnknownRevisionError(SourceError):
    """`--rev` names no commit."""

    exit_code = 15

    def __init__(self, location: str, revision: str) -> None:
        super().__init__(
            f"{location}: no commit is called {revision!r}; see `git log` or leave --rev out"
        )


class UnreachableError(SourceError):
    """A URL does not answer, or refuses."""

    exit_code = 16

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"{url}: cannot be fetched: {why}")


class LimitError(SourceError):
    """A bound was passed: the input is larger or slower than allowed."""

    exit_code = 17

    def __init__(self, place: str, what: str, limit: str) -> None:
        super().__init__(f"{place}: {what} is over the limit of {limit}")


class GitError(SourceError):
    """Git is missing or failed in a way that we have no better word for."""

    exit_code = 18

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: git failed: {why}")


class RenderedError(SourceError):
    """The rendered site is no folder, WARC or WACZ file that we can read."""

    exit_code = 19

    def __init__(self, folder: str, why: str) -> None:
        super().__init__(f"{folder}: not a rendered site: {why}")


class StorageError(PipelineError):
    """The archive folder cannot be used."""


class NotWritableError(StorageError):
    """A folder or file cannot be written."""

    exit_code = 20

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: cannot be written: {why}")


class DiskFullError(StorageError):
    """The disk has no room; nothing was sealed."""

    exit_code = 21

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path}: no space left; nothing was changed, free some room and run again"
        )


class BusyError(StorageError):
    """Another run holds the archive."""

    exit_code = 22

    def __init__(self, path: str) -> None:
        super().__init__(f"{path}: another run is writing to this archive; wait for it to end")


class ArchiveError(StorageError):
    """The archive folder is not what it should be."""

    exit_code = 23

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")


class NotFoundError(StorageError):
    """Nothing in the catalogue answers to that name."""

    exit_code = 24

    def __init__(self, what: str, name: str, hint: str = "see `jekyll-archive list`") -> None:
        super().__init__(f"no {what} {name!r} in the catalogue; {hint}")


class DatabaseError(PipelineError):
    """The catalogue cannot be used."""


class DatabaseUnreachableError(DatabaseError):
    """The database does not answer."""

    exit_code = 30

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"{url}: the database cannot be opened: {why}")


class NewerDatabaseError(DatabaseError):
    """The database was written by a newer version of this software."""

    exit_code = 31

    def __init__(self, url: str, revision: str) -> None:
        super().__init__(
            f"{url}: written by a newer version (schema {revision}); upgrade jekyll-archive"
        )


class ForeignDatabaseError(DatabaseError):
    """The database holds something else."""

    exit_code = 32

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"{url}: not a catalogue of jekyll-archive: {why}")


class OlderDatabaseError(DatabaseError):
    """The database is from an older version and must be migrated by a person's decision."""

    exit_code = 33

    def __init__(self, url: str, revision: str) -> None:
        super().__init__(
            f"{url}: schema {revision} is older; run `jekyll-archive db upgrade` first"
        )


class UnfinishedDatabaseError(DatabaseError):
    """A run died while it wrote to the database; only a run that may write can make that good."""

    exit_code = 34

    def __init__(self, url: str) -> None:
        super().__init__(f"{url}: a run died while it wrote here; run again, which makes it good")


class BuildError(PipelineError):
    """The site cannot be built."""


class NoJekyllError(BuildError):
    """Jekyll is not installed."""

    exit_code = 40

    def __init__(self, why: str) -> None:
        super().__init__(f"Jekyll is not installed: {why}; on Debian: apt install jekyll")


class BuildFailedError(BuildError):
    """Jekyll ended without giving a site."""

    exit_code = 41

    def __init__(self, why: str) -> None:
        super().__init__(f"Jekyll could not build the site at all: {why}")


class ViewerError(PipelineError):
    """A viewer that others make does not show the archive."""


class NoViewerError(ViewerError):
    """A viewer that others make is not installed."""

    exit_code = 50

    def __init__(self, viewer: str, how: str) -> None:
        super().__init__(f"{viewer} is not installed: {how}")


class ViewerFailedError(ViewerError):
    """A viewer that others make does not take the archive, or does not start."""

    exit_code = 51

    def __init__(self, viewer: str, why: str) -> None:
        super().__init__(f"{viewer} does not show it: {why}")
