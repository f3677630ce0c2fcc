"""An https server on the loopback that speaks git's smart protocol, its dumb one, or nonsense."""

import base64
import http.server
import os
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Certificate:
    """A self-signed certificate for localhost and its key, in PEM files."""

    certificate: Path
    key: Path

    @classmethod
    def make(cls, openssl: Path, folder: Path) -> "Certificate":
        made = cls(folder / "certificate.pem", folder / "key.pem")
        subprocess.run(
            [
                *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
                *("-nodes", "-days", "2", "-subj", "/CN=localhost"),
                *("-addext", "subjectAltName=DNS:localhost"),
                *("-keyout", str(made.key), "-out", str(made.certificate)),
            ],
            check=True,
            capture_output=True,
        )
        return made


class Dumb(http.server.SimpleHTTPRequestHandler):
    """Serves files; `git update-server-info` makes a repository readable this way."""

    root: ClassVar[Path]

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments, directory=str(self.root))  # type: ignore[arg-type]

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Smart(Dumb):
    """Hands requests to `git http-backend`."""

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        path, _, query = self.path.partition("?")
        done = subprocess.run(
            ["git", "http-backend"],  # noqa: S607 - git of the PATH
            input=body,
            capture_output=True,
            check=True,
            env=os.environ
            | {
                "GIT_PROJECT_ROOT": str(self.root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "REQUEST_METHOD": self.command,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            },
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        fields = [line.split(": ", 1) for line in head.decode().split("\r\n")]
        status = next((value for key, value in fields if key == "Status"), "200 OK")
        self.send_response(int(status.split()[0]))
        for key, value in fields:
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class Guarded(Smart):
    """Wants a password."""

    expected: ClassVar[str] = "Basic " + base64.b64encode(b"reader:hunter2").decode()

    def do_GET(self) -> None:
        if self.headers.get("Authorization") == self.expected:
            super().do_GET()
        else:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="test"')
            self.send_header("Content-Length", "0")
            self.end_headers()


class Redirecting(Dumb):
    """Sends every reader to the same place without encryption."""

    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", f"http://{self.headers['Host']}{self.path}")
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def serve(handler: type[Dumb], root: Path, certificate: Certificate) -> Iterator[str]:
    """Serve a folder over https and give the URL of its root."""
    bound = type("Bound", (handler,), {"root": root})
    server = http.server.ThreadingHTTPServer(("localhost", 0), bound)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
