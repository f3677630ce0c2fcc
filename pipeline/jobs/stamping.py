"""Ask an authority for a time stamp: one request over HTTP, bounded, never redirected."""

import http.client
import re
import secrets
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from pipeline.errors import LimitError, UnreachableError, UsageError
from pipeline.sources.limits import DEFAULT_LIMITS, Limits
from pipeline.warc.signing.codes import SignatureFaultError
from pipeline.warc.signing.stamp import SIZE_MOST, read_response, request
from pipeline.warc.signing.stamp_check import check_answer

NONCE_BITS: Final = 64
_OID: Final = re.compile(r"[0-2](\.(0|[1-9][0-9]{0,37})){1,64}", re.ASCII)
_SENT: Final = {
    "Content-Type": "application/timestamp-query",
    "Accept": "application/timestamp-reply",
}


def _nonce() -> int:
    return secrets.randbits(NONCE_BITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Where to ask, under which policy (None: the authority's own), and how long to wait."""

    url: str
    policy: str | None = None
    limits: Limits = DEFAULT_LIMITS
    nonce: Callable[[], int] = _nonce

    def __post_init__(self) -> None:
        """Raise UsageError where this cannot be asked."""
        _parts(self.url)
        if self.policy is not None and not _OID.fullmatch(self.policy):
            raise UsageError(f"{self.policy!r} is not the number of a policy, such as 1.2.3.4")

    def __call__(self, data: bytes) -> bytes:
        """Give the authority's response for data; it answers this request, no more is proved.

        Raises UnreachableError or LimitError.
        """
        parts, shown = _parts(self.url)
        nonce = self.nonce()
        answer = _post(parts, shown, request(data, nonce=nonce, policy=self.policy), self.limits)
        try:
            check_answer(read_response(answer), nonce=nonce, policy=self.policy)
        except SignatureFaultError as fault:
            raise UnreachableError(shown, str(fault)) from fault
        return answer


def _parts(url: str) -> tuple[SplitResult, str]:
    """Read a URL; give it as it may be shown, too."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError("the address of the time authority is not a URL") from error
    plain = host is not None and host.isascii() and url.isascii() and url.isprintable()
    if parts.scheme not in {"http", "https"} or not plain or " " in url:
        raise UsageError("a time authority is named by a URL with http:// or https://")
    if parts.username is not None or parts.password is not None:
        raise UsageError("no name or password can be in the URL of a time authority")
    where = f"{host}:{port}" if port else host
    return parts, f"{parts.scheme}://{where}{parts.path}"


def _post(parts: SplitResult, shown: str, body: bytes, limits: Limits) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    over = threading.Event()
    try:
        with ExitStack() as on_exit:
            connection = _connection(parts, limits)
            on_exit.callback(connection.close)
            connection.connect()
            # A silence is bounded by the connection; a trickle only by the clock.
            clock = threading.Timer(limits.connect_seconds, _cut, (connection.sock, over))
            on_exit.callback(clock.cancel)
            clock.start()
            connection.request("POST", target, body, _SENT)
            body = _body(connection.getresponse(), shown)
    except (OSError, http.client.HTTPException) as error:
        if not over.is_set():
            raise UnreachableError(shown, str(error) or type(error).__name__) from error
    if over.is_set():
        raise LimitError(shown, "the wait", f"{limits.connect_seconds:g} s")
    return body


def _cut(sock: socket.socket, over: threading.Event) -> None:
    over.set()
    with suppress(OSError):  # it has ended meanwhile
        sock.shutdown(socket.SHUT_RDWR)


def _connection(parts: SplitResult, limits: Limits) -> http.client.HTTPConnection:
    host, seconds = str(parts.hostname), limits.connect_seconds
    if parts.scheme == "http":  # usual: what comes back is signed
        return http.client.HTTPConnection(host, parts.port, timeout=seconds)
    context = ssl.create_default_context(
        cafile=str(limits.certificates) if limits.certificates else None
    )
    return http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=context)


def _body(response: http.client.HTTPResponse, shown: str) -> bytes:
    if response.status != http.client.OK:
        raise UnreachableError(shown, f"it answers {response.status}; it is not followed elsewhere")
    kind = response.headers.get_content_type()
    if kind != "application/timestamp-reply":
        raise UnreachableError(shown, f"it answers with {kind!r}, not with a time stamp")
    body = response.read(SIZE_MOST + 1)
    if len(body) > SIZE_MOST:
        raise LimitError(shown, "the answer", f"{SIZE_MOST} bytes")
    return body
