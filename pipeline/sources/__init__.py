"""All reading on the way in: folders, git repositories, bundles, URLs, rendered folders.

`open_source` gives a `Source`: a frozen tree of files, each proved against its git object id.
"""

from pipeline.sources.codes import SourceCode
from pipeline.sources.limits import DEFAULT_LIMITS, Limits
from pipeline.sources.opening import open_source
from pipeline.sources.rendered import RenderedFile, read_rendered
from pipeline.sources.source import (
    Absent,
    AbsentKind,
    History,
    Identity,
    PathHistory,
    Source,
    SourceKind,
)

__all__ = [
    "DEFAULT_LIMITS",
    "Absent",
    "AbsentKind",
    "History",
    "Identity",
    "Limits",
    "PathHistory",
    "RenderedFile",
    "Source",
    "SourceCode",
    "SourceKind",
    "open_source",
    "read_rendered",
]
