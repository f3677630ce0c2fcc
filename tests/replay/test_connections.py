"""Who connects is answered, whoever else is connected; when the server ends, nobody is cut off."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.jobs.replay_serving import serving
from pipeline.replay.answer import Answer, Request
from pipeline.replay.connections import CONNECTIONS_MOST
from pipeline.replay.server import TIMEOUT
from tests.replay.served import Served, served
from tests.replay.warcs import Crawl


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    crawl = Crawl().response("https://a.example/data", bytes(range(100)), "Content-Type: x/y")
    with served(crawl.write(tmp_path / "a.warc.gz")) as found:
        yield found


def test_the_wire(server: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    for method, size in (("GET", 100), ("HEAD", 0)):
        connection.request(method, "/data", headers={"Host": f"a.example.localhost:{server.port}"})
        response = connection.getresponse()
        assert (response.status, response.getheader("Content-Length")) == (200, "100")
        assert len(response.read()) == size
        assert response.getheader("Server") is None
    connection.request("POST", "/data", body=b"x")
    assert connection.getresponse().status == 405
    connection.close()


def test_who_asks_for_nothing_makes_room_for_who_asks(server: Served) -> None:
    with ExitStack() as stack:
        idle = []
        for number in range(CONNECTIONS_MOST):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            one.sendall(b"GET / HT"[: number % 9])  # some began to say something
            idle.append(one)
        host = {"Host": f"a.example.localhost:{server.port}"}
        for _ in range(3):
            asking = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT / 2)
            stack.callback(asking.close)
            asking.request("GET", "/data", headers=host)
            assert asking.getresponse().read() == bytes(range(100))
        assert idle[0].recv(9) == b""
        asking.request("GET", "/data", headers=host)  # on the same connection: it was not ended
        assert asking.getresponse().status == 200


def test_those_who_are_being_answered_are_waited_for(tmp_path: Path) -> None:
    path = Crawl().response("https://a.example/", b"a").write(tmp_path / "a.warc.gz")
    begun, answers = threading.Event(), []
    with ExitStack() as after, served(path) as server:
        answering = server.server.answering
        assert answering is not None

        def slowly(request: Request) -> Answer:
            begun.set()
            time.sleep(0.2)
            answers.append(answering(request))
            return answers[-1]

        server.server.answering = slowly
        asking, _ = (
            after.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            for _ in range(2)
        )
        host = f"a.example.localhost:{server.port}"
        asking.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        begun.wait()
    assert [each.status for each in answers] == [200]


def test_a_port_that_is_taken_is_told(server: Served) -> None:
    with (
        pytest.raises(UsageError, match=f"port {server.port} cannot be used"),
        serving(server.opened, server.port),
    ):
        pass
