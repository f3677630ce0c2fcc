"""A replay server in this process, and what it is asked."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.jobs.replay import Opened, Wanted, open_replay
from pipeline.jobs.replay_serving import serving
from pipeline.replay.answer import Answer, Request
from pipeline.replay.server import LoopbackServer
from pipeline.warc.signing.trust import Trust


@dataclass(slots=True, kw_only=True)
class Served:
    """A server that answers, and the requests that it got: Host and target."""

    home: str
    port: int
    opened: Opened
    server: LoopbackServer
    answering: Callable[[Request], Answer]
    asked: list[tuple[str, str]] = field(default_factory=list)

    def ask(self, target: str, host: str = "", method: str = "GET", **headers: str) -> Answer:
        """Ask it without a connection; `_` in the name of a header is a hyphen."""
        said = {name.replace("_", "-").lower(): value for name, value in headers.items()}
        said["host"] = f"{host or 'localhost'}:{self.port}"
        return self.answering(Request(method=method, target=target, headers=said))


@contextmanager
def served(path: Path, *, scripts: bool = True, damaged_too: bool = False) -> Iterator[Served]:
    """Serve what lies at a path, its index beside the test's folder."""
    wanted = Wanted(trust=Trust(), cache=path.parent / "cache", damaged_too=damaged_too)
    with open_replay(path, wanted) as opened, answering(opened, scripts=scripts) as found:
        yield found


@contextmanager
def answering(opened: Opened, *, scripts: bool = True) -> Iterator[Served]:
    """Serve what is open."""
    with serving(opened, 0, scripts=scripts) as it:
        answer = it.server.answering
        assert answer is not None
        port = it.server.port
        found = Served(
            home=it.address.rstrip("/"),
            port=port,
            opened=opened,
            server=it.server,
            answering=answer,
        )

        def noted(request: Request) -> Answer:
            found.asked.append((request.said("host"), request.target))
            return answer(request)

        it.server.answering = noted
        thread = threading.Thread(target=it.server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield found
        finally:
            it.server.shutdown()
            thread.join()


def header(answer: Answer, name: str) -> str:
    """Give a field of an answer, "" if it is not there."""
    return next((value for key, value in answer.fields if key.lower() == name.lower()), "")
