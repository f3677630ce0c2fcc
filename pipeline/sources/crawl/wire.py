"""Ask for one URL on a connection of its own, pinned to an address that was checked.

A name is resolved once, each of its addresses is held against our list, and the connection is made
to one that may be; nothing asks for the name again, so an answer that changes leads nowhere. No
proxy is asked, nothing is taken from the environment, and no redirect is followed here.
"""

import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final

from pipeline.sources.crawl.addresses import why_not
from pipeline.sources.crawl.message import Reception
from pipeline.sources.crawl.plan import Plan
from pipeline.sources.crawl.url import PORTS, Refused, Target, read_url
from pipeline.sources.crawl.values import Answer, Failure, Peer
from pipeline.warc.circumstances import Truncated

Resolve = Callable[[str, int], tuple[str, ...]]
"""Gives the addresses of a name. Raises OSError."""

_PIECE: Final = 1 << 16
_TRIED_MOST: Final = 3
_WHY_MOST: Final = 300


def system_resolver(host: str, port: int) -> tuple[str, ...]:
    """Ask the system for the addresses of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


class _NoAnswerError(Exception):
    """There is no answer: why. Never leaves this module."""

    def __init__(self, failure: Failure, why: str) -> None:
        super().__init__(why)
        self.failure, self.why = failure, why


class Wire:
    """Asks for URLs, one at a time."""

    def __init__(
        self,
        plan: Plan,
        resolve: Resolve = system_resolver,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._plan, self._bounds, self._resolve = plan, plan.bounds, resolve
        self._context = context or ssl.create_default_context()
        seeds = (read_url(seed) for seed in plan.seeds)
        ports = (seed.port for seed in seeds if not isinstance(seed, Refused))
        self._ports = frozenset({*PORTS.values(), *ports, *plan.ports})

    def ask(self, target: Target, seconds: float) -> Answer:
        """Ask, and give what came in that time. Whatever goes wrong is part of the answer."""
        try:
            addresses = self._addresses(target)
            plain, ip = self._connect(target, addresses)
        except _NoAnswerError as stop:
            return Answer(failure=stop.failure, why=stop.why)
        ends = time.monotonic() + min(seconds, self._bounds.answer_seconds)
        with plain:
            try:
                secured = self._secure(plain, target, ends)
            except _NoAnswerError as stop:
                return Answer(ip=ip, failure=stop.failure, why=stop.why)
            with secured:
                return replace(self._exchange(secured, target, ends), ip=ip)

    def why_forbidden(self, target: Target) -> str:
        """Say why a URL must not be asked for whatever its name resolves to; else nothing."""
        if target.port not in self._ports:
            return f"port {target.port} is none that this crawl may ask"
        if target.is_local and not self._plan.loopback:
            return f"{target.host} is a name of this machine or network"
        if target.is_address:
            why = why_not(target.host, loopback=self._plan.loopback)
            return f"{target.host}: {why}" if why else ""
        return ""

    def _addresses(self, target: Target) -> tuple[str, ...]:
        forbidden = self.why_forbidden(target)
        if forbidden:
            raise _NoAnswerError(failure=Failure.FORBIDDEN, why=forbidden)
        if target.is_address:
            return (target.host,)
        found = self._resolved(target)
        whys = {each: why_not(each, loopback=self._plan.loopback) for each in found}
        allowed = tuple(each for each, why in whys.items() if not why)
        if not allowed:
            told = ", ".join(f"{each} ({why})" for each, why in list(whys.items())[:_TRIED_MOST])
            raise _NoAnswerError(
                failure=Failure.FORBIDDEN, why=f"{target.host} leads to {told}"[:_WHY_MOST]
            )
        return allowed[:_TRIED_MOST]

    def _resolved(self, target: Target) -> tuple[str, ...]:
        """Resolve in a thread: the system's resolver has no time limit that could be set."""
        results: SimpleQueue[tuple[str, ...] | OSError] = SimpleQueue()

        def resolve() -> None:
            try:
                results.put(self._resolve(target.host, target.port))
            except OSError as error:
                results.put(error)
            except UnicodeError as error:
                results.put(OSError(str(error)))

        Thread(target=resolve, daemon=True).start()
        try:
            found = results.get(timeout=self._bounds.connect_seconds)
        except Empty as error:
            raise _NoAnswerError(
                failure=Failure.NAME, why=f"{target.host}: no answer in time"
            ) from error
        if isinstance(found, OSError):
            raise _NoAnswerError(
                failure=Failure.NAME, why=f"{target.host}: {_said(found)}"
            ) from found
        if not found:
            raise _NoAnswerError(failure=Failure.NAME, why=f"{target.host}: it has no address")
        return found

    def _connect(self, target: Target, addresses: tuple[str, ...]) -> tuple[socket.socket, str]:
        """Connect; the address is told here, since a socket that was reset knows none."""
        whys = []
        for address in addresses:
            at = (address, target.port)
            try:
                return socket.create_connection(at, timeout=self._bounds.connect_seconds), address
            except OSError as error:
                whys.append(f"{address}: {_said(error)}")
        raise _NoAnswerError(failure=Failure.CONNECT, why="; ".join(whys))

    def _secure(self, plain: socket.socket, target: Target, ends: float) -> socket.socket:
        if target.scheme != "https":
            return plain
        try:
            plain.settimeout(min(self._bounds.silent_seconds, _left(ends)))
            return self._context.wrap_socket(plain, server_hostname=target.host)
        except (
            OSError,
            ValueError,
        ) as error:  # SSLError is an OSError; ValueError: no name for SNI
            raise _NoAnswerError(failure=Failure.TLS, why=_said(error)) from error

    def _exchange(self, connection: socket.socket, target: Target, ends: float) -> Answer:
        request = self._request(target)
        peer = _peer(connection)
        reception = Reception(self._bounds.file_bytes)
        try:
            connection.settimeout(min(self._bounds.silent_seconds, _left(ends)))
            connection.sendall(request)
            self._receive(connection, reception, ends)
        except TimeoutError:
            reception.end(Truncated.TIME)
        except OSError as error:
            reception.end(Truncated.DISCONNECT)
            reception.why = reception.why or _said(error)
        answer = Answer(
            request=request,
            response=reception.response,
            interim=reception.interim,
            truncated=reception.truncated,
            peer=peer,
            why=reception.why,
        )
        if reception.is_http:
            return answer
        failure = Failure.NOT_HTTP if answer.response else Failure.SILENT
        why = answer.why or ("nothing came" if failure is Failure.SILENT else "no status line")
        return replace(answer, failure=failure, why=why)

    def _receive(self, connection: socket.socket, reception: Reception, ends: float) -> None:
        while not reception.done:
            connection.settimeout(min(self._bounds.silent_seconds, _left(ends)))
            piece = connection.recv(_PIECE)
            if not piece:
                reception.end(Truncated.DISCONNECT)
                return
            reception.add(piece)

    def _request(self, target: Target) -> bytes:
        """Write a request; `identity`, so that what is kept is the file, not a coding of it."""
        lines = (
            f"GET {target.path} HTTP/1.1",
            f"Host: {target.authority}",
            f"User-Agent: {self._plan.agent}",
            "Accept: */*",
            "Accept-Encoding: identity",
            "Connection: close",
        )
        return "".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii")


def _left(ends: float) -> float:
    """Give the seconds that are left. Raises TimeoutError where none is."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _peer(connection: socket.socket) -> Peer | None:
    if not isinstance(connection, ssl.SSLSocket):
        return None
    cipher = connection.cipher()
    certificate = b""
    with suppress(ValueError):  # the handshake is over, so there is one
        certificate = connection.getpeercert(binary_form=True) or b""
    return Peer(
        version=connection.version() or "",
        cipher=cipher[0] if cipher else "",
        certificate=certificate,
    )


def _said(error: OSError | ValueError) -> str:
    """Give what an error says, as one short line."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(text).split())[:_WHY_MOST]
