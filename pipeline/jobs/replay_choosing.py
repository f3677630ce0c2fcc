"""Choose what a person wants to see: captures or a rendering, and the page that opens first."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pipeline.errors import NotFoundError, UsageError
from pipeline.jobs.place import find_place
from pipeline.jobs.progress import Progress, silent
from pipeline.jobs.replay import Opened, Wanted, open_replay
from pipeline.jobs.replay_document import Sought, When, seek
from pipeline.jobs.replay_rendering import Wish, open_rendering
from pipeline.jobs.replay_series import series_view
from pipeline.replay.moments import stamp_of
from pipeline.replay.series import series_address

_FILES: Final = (".wacz", ".warc", ".gz", ".open")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was asked for: `what` is a place or a document of `archive`, at a moment.

    `series` is shown as a whole instead. `render` builds it today, from `source` or else from the
    archive. `now` is when that is.
    """

    what: str | None
    archive: Path | None
    at: str | None
    render: bool
    source: str | None
    now: datetime
    series: str | None = None

    @property
    def document(self) -> str | None:
        """The document that is named: an archive is named beside it, or no such file lies here."""
        if self.what is None:
            return None
        is_file = self.what.endswith(_FILES) or Path(self.what).exists()
        return self.what if self.archive is not None or not is_file else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is open, the page that opens first (below the server's address), and remarks on it."""

    opened: Opened
    begin: str
    remarks: tuple[str, ...] = ()


@contextmanager
def choose(choice: Choice, wanted: Wanted, progress: Progress = silent) -> Iterator[Chosen]:
    """Open it. Raises as `open_replay`, `open_rendering` and `seek` do."""
    if choice.source is not None and not choice.render:
        raise UsageError("--source is what --render builds from: give both")
    if choice.series is not None:
        yield from _series(choice, choice.series, wanted, progress)
        return
    when = When.of(choice.at) if choice.at else None
    sought = None
    if choice.what is None or choice.document is not None:
        place = find_place(choice.archive, None)
        path = place.archive
        if choice.document is not None:
            sought = seek(place, choice.document, when)
    else:
        path = Path(choice.what)
    if choice.render:
        yield from _rendering(choice, str(path), when, sought, progress)
        return
    begin, remarks = _begin(sought) if sought else ("", ())
    with open_replay(path, wanted, progress) as opened:
        yield Chosen(opened=opened, begin=begin, remarks=remarks)


def _series(choice: Choice, name: str, wanted: Wanted, progress: Progress) -> Iterator[Chosen]:
    """Open the archive at the page of a series, which is looked for first."""
    if choice.document is not None or choice.at or choice.render:
        raise UsageError("--series goes with an archive folder alone: its page has then and now")
    path = Path(choice.what) if choice.what else choice.archive
    if path is not None and path.is_file():
        raise UsageError(f"{path}: a file has no catalogue that tells of series: name the archive")
    place = find_place(path, None)
    begin = series_address(series_view(place, name).mark.name).lstrip("/")
    with open_replay(place.archive, wanted, progress) as opened:
        yield Chosen(opened=opened, begin=begin)


def _rendering(
    choice: Choice, path: str, when: When | None, sought: Sought | None, progress: Progress
) -> Iterator[Chosen]:
    if sought is not None and not sought.stood:
        raise NotFoundError("page of", sought.path, _was(sought))
    at = when.text if when else None
    wish = Wish(source=choice.source or path, at=at, now=choice.now)
    with open_rendering(wish, progress) as made:
        begin = made.url_of(sought) if sought else ""
        yield Chosen(opened=made.opened, begin=begin)


def _begin(sought: Sought) -> tuple[str, tuple[str, ...]]:
    """Give the address of the capture nearest to the moment, and tell how near that is."""
    nearest, moment = sought.nearest, sought.moment
    remarks = [] if sought.stood else [f"{sought.path}: {_was(sought)}"]
    if moment is None:
        return nearest.url, tuple(remarks)
    if days := round(abs((nearest.at - moment).total_seconds()) / 86_400):
        order = "after" if nearest.at > moment else "before"
        remarks.append(
            f"the nearest capture is of {nearest.at:%Y-%m-%d}, {days} days {order} that; "
            f"{sought.offer}"
        )
    return f"{stamp_of(nearest.at)}/{nearest.url}", tuple(remarks)


def _was(sought: Sought) -> str:
    when = f"on {sought.moment:%Y-%m-%d}" if sought.moment else "today"
    return f"it was not published {when}; it was at {sought.url} {sought.stay}"
