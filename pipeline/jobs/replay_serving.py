"""Serve what is open on loopback, until whoever started it has seen enough."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipeline.jobs.place import Place, find_place
from pipeline.jobs.replay import Opened
from pipeline.jobs.replay_pages import Known
from pipeline.jobs.verify_record import State, stale
from pipeline.replay.framing import About, Framing
from pipeline.replay.opening import Kind
from pipeline.replay.origins import Origins
from pipeline.replay.picture import Pictures
from pipeline.replay.replayer import Replayer
from pipeline.replay.server import LoopbackServer
from pipeline.report.replaying import ReplayPages

DAYS: Final = 90
"""How old a verification may be that is called good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A server that is ready. `address` is where its start page is."""

    server: LoopbackServer
    address: str

    def forever(self) -> None:
        """Answer until interrupted."""
        self.server.serve_forever(poll_interval=0.2)


@contextmanager
def serving(
    opened: Opened, port: int, *, scripts: bool = True, now: datetime | None = None
) -> Iterator[Serving]:
    """Listen on a port of this machine, 0 for a free one. Raises UsageError where it is taken.

    With `now` the start page tells when an archive folder was last verified as a whole.
    """
    named, holding = opened.named, opened.holding
    with LoopbackServer(port) as server:
        origins = Origins.of((host for host, _ in holding.survey.hosts), server.port)
        is_folder = named.kind is Kind.FOLDER
        place = find_place(named.path, None, must_exist=False) if is_folder else None
        state, fixity = _fixity(place, now) if place and now else (None, "")
        about = About(
            fixity=fixity,
            is_fixed=state is State.VERIFIED,
            title=named.title,
            kind=named.kind.value,
            path=str(named.path),
            signed=opened.signed,
            trusted=opened.trusted,
            notes=opened.notes,
            made=opened.made,
        )
        framing = Framing(
            about=about,
            holding=holding,
            origins=origins,
            known=Known(named, holding, place),
            scripts=scripts,
        )
        replayer = Replayer(
            holding=holding,
            origins=origins,
            pages=ReplayPages(),
            framing=framing,
            pictures=Pictures(holding),
            scripts=scripts,
        )
        server.answering = replayer.answer
        yield Serving(server=server, address=f"{origins.home}/")


def _fixity(place: Place, now: datetime) -> tuple[State, str]:
    """Say what is known of an archive by its recorded verifications."""
    (found,) = stale((place.archive,), DAYS, now, None, None)
    when = f"last verified as a whole on {found.at:%Y-%m-%d}: " if found.at else ""
    return found.state, f"{when}{found.why}"
