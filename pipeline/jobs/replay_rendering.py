"""Build a site as it stood, today, and open what came out for replay: labelled, and no capture.

It is written as a WARC file into a scratch folder that is gone when it is closed. Nothing of it
gets into an archive: it is what Jekyll makes of the source now, not what anybody saw then.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.content.media import media_type
from pipeline.errors import BuildFailedError, NotFoundError
from pipeline.html.kind import is_html
from pipeline.html.title import page_title
from pipeline.jobs.place import find_place
from pipeline.jobs.progress import Progress, silent
from pipeline.jobs.render import Rendered, RenderOptions, render
from pipeline.jobs.rendering import NO_HOST
from pipeline.jobs.replay import Opened
from pipeline.jobs.replay_document import Sought
from pipeline.jobs.sealing import SOFTWARE
from pipeline.model import Severity, Sha256
from pipeline.replay.errors import NotCapturedError
from pipeline.replay.opening import Kind, Named, opened
from pipeline.replay.survey import host_of
from pipeline.replay.volume import Volume
from pipeline.sources.building import BuildCode
from pipeline.sources.rendered import public_path, read_rendered
from pipeline.warc.info import WarcInfo
from pipeline.warc.record import Original
from pipeline.warc.uri import to_uri, under
from pipeline.warc.writer import WarcWriter

NAME = "rendering"
_HTML = ".html"
_UNSIGNED = "nobody signed it: it was made today"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to build: which source or archive, as it stood when (None: its newest state)."""

    source: str
    at: str | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A rendering that is open. `address` is that of the site, without a slash at its end."""

    opened: Opened
    rendered: Rendered
    address: str

    def url_of(self, sought: Sought) -> str:
        """Give the URL of a document's page. Raises NotFoundError where the build wrote none."""
        url = to_uri(f"{self.address}{sought.url}")
        try:
            return self.opened.holding.nearest(url, None).url
        except NotCapturedError as error:
            said = (f.message for f in self.rendered.findings if f.place.path == sought.path)
            why = next(said, "by Jekyll's rules of that day the file is not published there")
            raise NotFoundError("rendered page of", sought.path, why) from error


@contextmanager
def open_rendering(wish: Wish, progress: Progress = silent) -> Iterator[Made]:
    """Build it and open it. Raises NoJekyllError, BuildFailedError, and as `open_standing` does."""
    with tempfile.TemporaryDirectory(
        prefix="jekyll-archive-", ignore_cleanup_errors=True
    ) as temporary:
        scratch = Path(temporary).resolve()
        site = scratch / "_site"
        rendered = render(
            RenderOptions(source=wish.source, folder=site, now=wish.now, at=wish.at), progress
        )
        if not rendered.files:
            raise BuildFailedError("nothing of it is published: the site of that day is empty")
        label = label_of(rendered)
        address = _address(rendered, wish.source)
        path, pages = _write(site, scratch, address, label, wish.now)
        named = Named(
            path=path,
            kind=Kind.RENDERING,
            title=host_of(address),
            volumes=(Volume(name=path.name, where=path),),
            pages=pages,
        )
        with opened(named, scratch / "index", progress) as holding:
            yield Made(
                opened=Opened(
                    named=named,
                    holding=holding,
                    signed=_UNSIGNED,
                    trusted=False,
                    notes=tuple(_notes(rendered)),
                    made=label,
                ),
                rendered=rendered,
                address=address,
            )


def label_of(rendered: Rendered) -> str:
    """Say in a sentence what a rendering is."""
    of = f" of {rendered.committed_at:%Y-%m-%d}" if rendered.committed_at else ""
    source = f"commit {rendered.commit[:12]}{of}" if rendered.commit else "the folder as it is"
    clock = f"its clock at {rendered.moment:%Y-%m-%d %H:%M} UTC"
    return f"Not a capture: rendered today from {source} by Jekyll {rendered.jekyll}, {clock}"


def _notes(rendered: Rendered) -> Iterator[str]:
    """Say how whole it is; `render` tells all of it."""
    yield (
        f"{rendered.found} files to build: {rendered.built} built, {rendered.failed} failed, "
        f"{rendered.absent} absent; nothing that was not in the source then is in it"
    )
    graver = [f.code for f in rendered.findings if f.severity is not Severity.INFO]
    bare = Counter(graver)[BuildCode.LAYOUT.code]
    if bare:
        yield f"{bare} pages were built without a layout: the text is there, the look is not"
    if graver:
        counts = ", ".join(f"{code} ({number})" for code, number in Counter(graver).most_common())
        yield f"found while it was built: {counts}; `jekyll-archive render` tells them one by one"


def _address(rendered: Rendered, source: str) -> str:
    said = (rendered.address or "").rstrip("/")
    if host_of(said):
        return said
    folder = Path(source)
    site = (find_place(folder, None, must_exist=False).site if folder.is_dir() else None) or "site"
    return NO_HOST.format(site=site)


def _write(site: Path, folder: Path, address: str, label: str, now: datetime) -> tuple[Path, bytes]:
    """Write every file as a `resource` record, and a page as hosts serve it without `.html`, too.

    The date of a record is when its bytes were made: now. Gives the file, and a list of its pages.
    """
    info = WarcInfo(software=SOFTWARE, is_part_of=NAME, description=label)
    with WarcWriter(folder, NAME, info, now) as writer:
        pages: list[tuple[str, Original]] = []
        names: set[str] = set()
        listed: list[str] = []
        for file in read_rendered(site):
            if not isinstance(file.data, bytes):
                continue  # Jekyll's folder was read by `render` already, which brought plain files
            uri = under(address, public_path(file.path).removeprefix("/"))
            digest = Sha256.of(file.data)
            made = writer.resource(
                uri=uri,
                payload=file.data,
                media_type=media_type(file.path),
                date=now,
                digest=digest,
            )
            names.add(file.path)
            if is_html(media_type(file.path).partition(";")[0], file.data):
                said = {"url": uri, "ts": now.isoformat(), "title": page_title(file.data)}
                listed.append(json.dumps(said))
            if file.path.endswith(_HTML) and file.data:
                original = Original(
                    record_id=made.record_id, target_uri=uri, date=now, payload_sha256=digest
                )
                pages.append((file.path.removesuffix(_HTML), original))
        for path, original in pages:
            if path not in names and path.rpartition("/")[2] != "index":
                writer.revisit(uri=under(address, path), original=original, date=now)
        writer.seal()
        return writer.path, "\n".join(listed).encode()
