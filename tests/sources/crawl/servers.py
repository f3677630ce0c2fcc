"""Servers on loopback that answer as they are told, however wrong that is."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pipeline.sources.crawl.crawl import Clock, Crawl
from pipeline.sources.crawl.plan import Bounds, Plan
from pipeline.sources.crawl.values import Exchange
from pipeline.sources.crawl.wire import Resolve, Wire, system_resolver

HOST = "127.0.0.1"
START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
QUICK = Bounds(connect_seconds=5, silent_seconds=0.3, answer_seconds=0.6, file_bytes=200_000)
"""A server that says nothing for 0.3 seconds is given up: loopback answers in a thousandth."""

Serve = Callable[[socket.socket], None]
Answers = Mapping[str, bytes | Serve]


def reply(
    body: bytes | str = b"",
    status: str = "200 OK",
    media_type: str = "text/html",
    fields: tuple[str, ...] = (),
) -> bytes:
    """Write a response as a well-behaved server does."""
    data = body.encode() if isinstance(body, str) else body
    lines = (
        f"HTTP/1.1 {status}",
        f"Content-Type: {media_type}",
        f"Content-Length: {len(data)}",
        *fields,
        "",
        "",
    )
    return "\r\n".join(lines).encode() + data


def moved(to: str, status: str = "302 Found") -> bytes:
    """Write a redirect."""
    return reply(status=status, fields=(f"Location: {to}",))


NOT_FOUND = reply("no", "404 Not Found")


@dataclass(slots=True)
class Server:
    """A server at work. `asked` are the paths, `received` counts bytes, `met` connections."""

    port: int
    asked: list[str] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    received: int = 0
    met: int = 0

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/"

    def answer(self, connection: socket.socket, answers: Answers) -> None:
        request = b""
        while b"\r\n\r\n" not in request and (piece := connection.recv(65536)):
            request += piece
            self.received += len(piece)
        path = request.split(b" ")[1].decode() if b" " in request else ""
        self.asked.append(path)
        self.requests.append(request)
        found = answers.get(path, NOT_FOUND)
        if isinstance(found, bytes):
            connection.sendall(found)
        else:
            found(connection)


@contextmanager
def serving(
    answers: Answers, *, context: ssl.SSLContext | None = None, raw: Serve | None = None
) -> Iterator[Server]:
    """Serve until the end. With `raw` nothing is read: that function has the connection."""
    listener = socket.create_server((HOST, 0), backlog=50)
    server = Server(listener.getsockname()[1])

    def talk(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(10)
            if raw is not None:
                raw(connection)
                return
            secured = context.wrap_socket(connection, server_side=True) if context else connection
            with secured:
                server.answer(secured, answers)

    def listen() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                server.met += 1
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


@dataclass(slots=True)
class Watch:
    """A clock that nobody has to wait for; `slept` is what would have been waited."""

    at: datetime = START
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.at += timedelta(seconds=seconds)

    @property
    def clock(self) -> Clock:
        return Clock(now=self.now, sleep=self.sleep)


@dataclass(frozen=True, slots=True)
class Crawling:
    """What came of a crawl."""

    crawl: Crawl
    exchanges: tuple[Exchange, ...]
    watch: Watch

    @property
    def codes(self) -> dict[str, list[str]]:
        """Findings by code: what each says."""
        found: dict[str, list[str]] = {}
        for finding in self.crawl.findings:
            found.setdefault(finding.code, []).append(f"{finding.place.path}: {finding.message}")
        return found

    def of(self, path: str) -> Exchange:
        """Give the last exchange of a path."""
        return [one for one in self.exchanges if one.wanted.url.endswith(path)][-1]


def plan_of(*seeds: str, delay: float = 0.0, bounds: Bounds = QUICK, **more: object) -> Plan:
    """Make a plan for loopback."""
    given: dict[str, object] = {"agent": "test-robot/1", "loopback": True} | more
    return Plan(seeds=seeds, delay=delay, bounds=bounds, **given)  # type: ignore[arg-type]


def crawled(
    plan: Plan, resolve: Resolve = system_resolver, context: ssl.SSLContext | None = None
) -> Crawling:
    """Crawl to the end."""
    watch = Watch()
    crawl = Crawl(plan, Wire(plan, resolve, context), watch.clock)
    return Crawling(crawl, tuple(crawl.exchanges()), watch)
