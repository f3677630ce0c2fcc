"""How much a build may take."""

from dataclasses import dataclass

_MEBI = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildLimits:
    """The bounds on one build.

    Attributes:
        page_seconds: how long one page may take; it fails then, the others go on.
        total_seconds: how long all may take; every page after that fails, what is done is kept.
        grace_seconds: how long Jekyll has after that to write, before it is killed.
        memory_bytes: the address space of the process.
        file_bytes: the largest file that it can write at all.
        output_bytes: the most that all written files may have.
        output_files: the most files.
        liquid_bytes: the most that the templates of one page may give.
        crashes: how often a page that kills the whole process is taken out before we give up.
    """

    page_seconds: float = 60
    total_seconds: float = 1800
    grace_seconds: float = 300
    memory_bytes: int = 4096 * _MEBI
    file_bytes: int = 512 * _MEBI
    output_bytes: int = 8192 * _MEBI
    output_files: int = 500_000
    liquid_bytes: int = 128 * _MEBI
    crashes: int = 5


DEFAULT_BUILD_LIMITS = BuildLimits()
