"""Files of this machine, served on loopback as they are: a viewer in a browser asks for parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Final

from pipeline.replay.answer import span_of
from pipeline.replay.server import TIMEOUT, LoopbackServer

PIECE: Final = 1 << 18
POLICY: Final = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
"""A viewer needs scripts, workers and frames of its own; it reaches no other server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A file and what it is."""

    path: Path
    media_type: str


class FileServer(LoopbackServer):
    """Serves the files that it is given under their names, and nothing else. Raises UsageError."""

    def __init__(self, port: int, files: Mapping[str, Filed]) -> None:
        super().__init__(port, _Handler)
        self.files = files

    @property
    def home(self) -> str:
        """Its origin."""
        return f"http://localhost:{self.port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = TIMEOUT
    server: FileServer

    def _answer(self) -> None:
        # Another name than these is a page of the web that had its name led here.
        names = {f"localhost:{self.server.port}", f"127.0.0.1:{self.server.port}"}
        filed = self.server.files.get(self.path.partition("?")[0])
        if self.headers.get_all("Host", [])[:2] not in [[name] for name in names]:
            self._refuse(421)
        elif filed is None:
            self._refuse(404)
        else:
            self._give(filed)

    def _refuse(self, status: int) -> None:
        self.send_response_only(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _give(self, filed: Filed) -> None:
        with filed.path.open("rb") as file:
            size = filed.path.stat().st_size
            part = span_of(self.headers.get("Range", ""), size)
            span = range(size) if part is None else part
            self.send_response_only(200 if part is None else 206 if part else 416)
            if part is not None:
                where = f"{span.start}-{span.stop - 1}" if span else "*"
                self.send_header("Content-Range", f"bytes {where}/{size}")
            self.send_header("Content-Type", filed.media_type)
            self.send_header("Content-Length", str(len(span)))
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Cross-Origin-Resource-Policy", "same-origin")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            if self.command == "HEAD":
                return
            file.seek(span.start)
            left = len(span)
            while left and (piece := file.read(min(PIECE, left))):
                self.wfile.write(piece)
                left -= len(piece)

    do_GET = do_HEAD = _answer  # noqa: N815 - as http.server has it

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server has it
        """Log nothing: what is looked at is nobody's business."""
