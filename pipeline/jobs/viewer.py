"""Show an archive with a viewer that others make, on this machine only: an answer besides ours.

None of them comes with this software: `installed` says where one is, `viewing` starts it.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from pathlib import Path

from pipeline.jobs.place import find_place
from pipeline.jobs.viewer_pywb import find_pywb, run_pywb
from pipeline.jobs.viewer_webpage import find_webpage, serve_webpage
from pipeline.jobs.viewing import Begin, Viewing
from pipeline.jobs.wacz import export_wacz
from pipeline.replay.opening import Kind, Named
from pipeline.warc.wacz.layout import SUFFIX


class Viewer(Enum):
    """A viewer that others make."""

    PYWB = "pywb"
    REPLAYWEBPAGE = "replaywebpage"


def installed(viewer: Viewer) -> Path:
    """Find the folder in which a viewer is installed. Raises NoViewerError, which says how to."""
    return find_pywb() if viewer is Viewer.PYWB else find_webpage()


@contextmanager
def viewing(
    viewer: Viewer, named: Named, port: int, begin: str, now: datetime
) -> Iterator[Viewing]:
    """Start a viewer at `begin`: a URL, one with `STAMP/` before it, or "" for all pages.

    An archive folder is packed first, in a folder that goes away; `now` is the time of that.
    Raises NoViewerError, ViewerFailedError, UsageError where the port is taken.
    """
    home = installed(viewer)
    start = run_pywb if viewer is Viewer.PYWB else serve_webpage
    with tempfile.TemporaryDirectory(prefix="jekyll-archive-") as scratch:
        path = _file_of(named, Path(scratch), now)
        with start(home, path, Path(scratch), port, Begin.parse(begin)) as running:
            yield running


def _file_of(named: Named, scratch: Path, now: datetime) -> Path:
    """Give the one file that these viewers take."""
    if named.kind is not Kind.FOLDER:
        return named.path.absolute()
    path = scratch / f"archive{SUFFIX}"
    export_wacz(find_place(named.path, None), path, now)
    return path
