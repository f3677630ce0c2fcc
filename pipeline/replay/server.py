"""The server: on loopback only, read-only, a thread for each connection and so many at most.

Python's own server is enough for that: one person looks, nothing is written, and what is hard is
decided elsewhere (`replayer`). What it must not be trusted with is bounded here.
"""

import socket
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from pipeline.errors import UsageError
from pipeline.replay.answer import Answer, Request
from pipeline.replay.connections import Connections

TIMEOUT: Final = 30
_BODILESS: Final = frozenset({204, 304})

Answering = Callable[[Request], Answer]


class LoopbackServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1. `answering` is set before it serves. Raises UsageError."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, handler: type[BaseHTTPRequestHandler] | None = None) -> None:
        self.answering: Answering | None = None
        self.connections = Connections()
        try:
            super().__init__(("127.0.0.1", port), handler or _Handler)
        except OverflowError as error:
            raise UsageError(f"{port} is no port: they go from 0 to 65535") from error
        except OSError as error:
            why = error.strerror or str(error)
            raise UsageError(
                f"port {port} cannot be used ({why}); choose another: --port 0 takes a free one"
            ) from error

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.server_address[1])

    def server_bind(self) -> None:
        """Bind without asking the system for the name of this machine."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "localhost", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver has it
        """Take a connection when there is room for it."""
        self.connections.enter()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver has it
        """Serve a connection to its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.connections.leaves(request)

    def server_close(self) -> None:
        """Close, and let those finish who are being answered: what they read is closed next."""
        super().server_close()
        self.connections.close()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver has it
        """Say nothing of a browser that went away; all else is a mistake of ours."""
        if not isinstance(sys.exception(), OSError) and not self.connections.is_closed:
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = TIMEOUT
    server: LoopbackServer
    disable_nagle_algorithm = True
    wbufsize = -1  # header and body leave together

    def handle_one_request(self) -> None:
        """Read a request and answer it; until it is whole, the connection rests."""
        self.server.connections.rests(self.connection)
        super().handle_one_request()

    def _answer(self) -> None:
        if not self.server.connections.works(self.connection):
            self.close_connection = True
            return
        length = self.headers.get("Content-Length", "0")
        if length != "0" or self.headers.get("Transfer-Encoding"):
            self.close_connection = True  # a body that nobody reads
        names = {name.lower(): value for name, value in self.headers.items()}
        if len(self.headers.get_all("Host", [])) != 1 or self.server.answering is None:
            self.send_error(400)
            return
        request = Request(method=self.command, target=_target(self.path), headers=names)
        answer = self.server.answering(request)
        self.send_response_only(answer.status)
        for name, value in answer.fields:
            self.send_header(name, value)
        if answer.status not in _BODILESS:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and answer.status not in _BODILESS:
            self.wfile.write(answer.body)
        self.wfile.flush()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = _answer  # noqa: N815 - as http.server has it

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server has it
        """Log nothing: what is looked at is nobody's business."""


def _target(path: str) -> str:
    """Give the target as it was sent; one that has no slash in front gets one."""
    return path if path.startswith("/") else f"/{path}"
