"""What a commit did to the files."""

from dataclasses import dataclass, replace
from enum import Enum

from pipeline.history.commit import Commit
from pipeline.model import TreeEntry


class Status(Enum):
    """What happened to a path between two trees."""

    ADDED = "added"
    REMOVED = "removed"
    MODIFIED = "modified"
    MODE = "mode only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One path that differs between two trees: its file before and after, None for no file."""

    path: str
    before: TreeEntry | None
    after: TreeEntry | None

    @property
    def status(self) -> Status:
        """What happened to the path."""
        if self.before is None:
            return Status.ADDED
        if self.after is None:
            return Status.REMOVED
        return Status.MODE if self.before.oid == self.after.oid else Status.MODIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """How a commit's tree differs from one parent's, by path bytes.

    `parent` is None for a commit that has none in sight: then every file is a change. `unread` are
    the folders (`about/`, or empty for the whole tree) that could not be read on the parent's side.
    """

    parent: str | None
    changes: tuple[Change, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One commit and what it changed.

    `against` begins with the first parent (or with None), then has every other parent in sight.
    `unread` are the folders of this commit, among those that differ, that could not be read.
    """

    commit: Commit
    against: tuple[Against, ...]
    unread: tuple[str, ...] = ()


def within(step: Step, prefix: str) -> Step:
    """Give the same step as one folder saw it; `prefix` ends in `/` and is cut off every path."""
    return replace(
        step,
        against=tuple(
            replace(
                each,
                changes=tuple(
                    Change(
                        path=change.path.removeprefix(prefix),
                        before=_moved(change.before, prefix),
                        after=_moved(change.after, prefix),
                    )
                    for change in each.changes
                    if change.path.startswith(prefix)
                ),
                unread=_folders(each.unread, prefix),
            )
            for each in step.against
        ),
        unread=_folders(step.unread, prefix),
    )


def _moved(entry: TreeEntry | None, prefix: str) -> TreeEntry | None:
    return entry and replace(entry, path=entry.path.removeprefix(prefix))


def _folders(unread: tuple[str, ...], prefix: str) -> tuple[str, ...]:
    """Keep the folders inside the prefix; one around it hides all of it."""
    return tuple(
        folder.removeprefix(prefix) if folder.startswith(prefix) else ""
        for folder in unread
        if folder.startswith(prefix) or prefix.startswith(folder)
    )
