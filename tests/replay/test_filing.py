"""Files for a viewer: whole or in part, under their names and to this machine's own pages only."""

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.replay.filing import PIECE, Filed, FileServer

DATA = bytes(range(256)) * (PIECE // 128)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FileServer]:
    path = tmp_path / "a.wacz"
    path.write_bytes(DATA)
    filed = Filed(path=path, media_type="application/octet-stream")
    with FileServer(0, {"/a.wacz": filed}) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(
    server: FileServer, target: str = "/a.wacz", method: str = "GET", **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    try:
        connection.request(method, target, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def test_a_file_is_given_whole_or_in_part(server: FileServer) -> None:
    size = len(DATA)
    status, headers, body = ask(server, "/a.wacz?x=1")
    assert (status, body) == (200, DATA)
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    status, headers, body = ask(server, Range="bytes=10-19")
    assert (status, headers["Content-Range"], body) == (206, f"bytes 10-19/{size}", DATA[10:20])
    assert ask(server, Range="bytes=-5")[2] == DATA[-5:]
    status, headers, body = ask(server, Range=f"bytes={size}-")
    assert (status, headers["Content-Range"], body) == (416, f"bytes */{size}", b"")
    status, headers, body = ask(server, method="HEAD", Range="bytes=0-")
    assert (status, headers["Content-Length"], body) == (206, str(size), b"")


def test_nothing_else_is_given_and_to_nobody_else(server: FileServer) -> None:
    assert ask(server, "/../a.wacz")[0] == 404
    assert ask(server, "/etc/passwd")[0] == 404
    assert ask(server, Host="rebound.example")[0] == 421
    assert ask(server, Host=f"localhost:{server.port}")[0] == 200
    assert ask(server, method="POST")[0] == 501
