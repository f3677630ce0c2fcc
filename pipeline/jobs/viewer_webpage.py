"""ReplayWeb.page: two scripts of its npm package, which a browser runs from a server of ours."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Final
from urllib.parse import urlencode

from pipeline.errors import NoViewerError
from pipeline.jobs.viewing import Begin, Viewing
from pipeline.replay.filing import Filed, FileServer
from pipeline.report.replaying import viewer_page

VARIABLE: Final = "JEKYLL_ARCHIVE_REPLAYWEBPAGE"
SCRIPTS: Final = ("ui.js", "sw.js")
HOW: Final = (
    "run `npm pack replaywebpage && tar -xzf replaywebpage-*.tgz`, then set "
    f"{VARIABLE} to the folder `package` that this makes"
)
_BINARY: Final = "application/octet-stream"


def find_webpage() -> Path:
    """Find the folder with its scripts. Raises NoViewerError."""
    said = os.environ.get(VARIABLE, "")
    if not said:
        raise NoViewerError("replaywebpage", HOW)
    home = Path(said)
    if missing := [name for name in SCRIPTS if not (home / name).is_file()]:
        raise NoViewerError("replaywebpage", f"{home} has no {missing[0]}; {HOW}")
    return home


@contextmanager
def serve_webpage(
    home: Path, path: Path, scratch: Path, port: int, begin: Begin
) -> Iterator[Viewing]:
    """Serve it with a WACZ or WARC file. Raises UsageError where the port is taken."""
    page = scratch / "index.html"
    page.write_text(viewer_page(), encoding="utf-8")
    name = f"/archive{''.join(path.suffixes[-2:]) if path.suffix == '.gz' else path.suffix}"
    files = {"/": Filed(path=page, media_type="text/html; charset=utf-8")}
    for script in SCRIPTS:
        files[f"/{script}"] = Filed(path=home / script, media_type="text/javascript")
    files[name] = Filed(path=path, media_type=_BINARY)
    with FileServer(port, files) as server:
        thread = Thread(target=server.serve_forever, args=(0.2,), daemon=True)
        thread.start()
        try:
            yield Viewing(address=_address(server.home, name, begin), wait=thread.join)
        finally:
            server.shutdown()
            thread.join()


def _address(home: str, name: str, begin: Begin) -> str:
    """Say what to open in its own words: the file, then the page or the list of pages."""
    shown = {"view": "pages"}
    if begin.url:
        stamp = {"ts": begin.stamp} if begin.stamp else {}
        shown = {"view": "replay", "url": begin.url, **stamp}
    return f"{home}/?{urlencode({'source': home + name})}#{urlencode(shown)}"
