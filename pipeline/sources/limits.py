"""How much of a source we are willing to take."""

from dataclasses import dataclass
from pathlib import Path

_MEBI = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds on one source. Passing one is a `LimitError`, or an `Absent` for a single file.

    Attributes:
        file_bytes: the largest file that is read.
        total_bytes: the largest clone, bundle or folder.
        entries: the most files in one tree.
        depth: the deepest nesting of folders.
        refs: the most branches and tags.
        commits: the most commits in a history, and the most links between them.
        changes: the most changed files that a history may have, over all of its commits.
        connect_seconds: how long the other side of a URL may stay silent.
        total_seconds: how long one git command may take.
        certificates: a file of authorities to trust for https, in place of the system's.
    """

    file_bytes: int = 512 * _MEBI
    total_bytes: int = 16 * 1024 * _MEBI
    entries: int = 1_000_000
    depth: int = 200
    refs: int = 100_000
    commits: int = 1_000_000
    changes: int = 10_000_000
    connect_seconds: float = 30
    total_seconds: float = 3600
    certificates: Path | None = None


DEFAULT_LIMITS = Limits()
