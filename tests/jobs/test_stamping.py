"""An authority is asked once, within bounds, and only an answer to this request is taken."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipeline.errors import LimitError, UnreachableError, UsageError
from pipeline.jobs.stamping import Authority
from pipeline.sources.limits import Limits
from pipeline.warc.signing import der
from pipeline.warc.signing.stamp import SIZE_MOST, read_response
from tests.conftest import Need
from tests.warc.signing import openssl
from tests.warc.signing.certificates import STAMPS, Wish, issue
from tests.warc.signing.tokens import Told, response

ROOT = issue(Wish(name="Root", authority=True))
TSA = issue(Wish(name="Clock", purposes=[STAMPS]), ROOT)
REPLY = "application/timestamp-reply"


@dataclass
class Answering:
    """How the server answers, and what it was asked."""

    answer: Callable[[bytes], bytes]
    status: int = 200
    kind: str = REPLY
    slowly: bool = False
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@contextmanager
def serving(answering: Answering) -> Iterator[str]:
    """Serve on loopback; give the URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            answering.asked.append((self.path, self.headers["Content-Type"]))
            body = answering.answer(query)
            self.send_response(answering.status)
            self.send_header("Content-Type", answering.kind)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(body) + answering.slowly))
            self.end_headers()
            try:
                self.wfile.write(body)
                if answering.slowly:
                    stop.wait(5)
            except OSError:
                return

        def log_message(self, *_: object) -> None:  # nobody reads it
            return

    stop = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsr?a=1"
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        thread.join()


def told(data: bytes, nonce: int | None = 7) -> bytes:
    return response(Told(signer=TSA, data=data, certificates=(TSA,), nonce=nonce))


def asking(url: str, **changes: object) -> Authority:
    return replace(Authority(url=url, nonce=lambda: 7), **changes)  # type: ignore[arg-type]


def test_an_answer_is_taken() -> None:
    answering = Answering(lambda _: told(b"data"))
    with serving(answering) as url:
        assert read_response(asking(url)(b"data")).nonce == 7
    assert answering.asked == [("/tsr?a=1", "application/timestamp-query")]


def test_each_request_has_a_number_of_its_own() -> None:
    seen: list[int] = []

    def answer(query: bytes) -> bytes:
        parts = list(der.read(query).children())
        seen.append(parts[2].integer())
        return told(b"data", seen[-1])

    with serving(Answering(answer)) as url:
        for _ in range(2):
            Authority(url=url)(b"data")
    assert len(set(seen)) == 2


def test_openssl_answers_over_http(need: Need, tmp_path: Path) -> None:
    authority = openssl.Authority(need("openssl"), tmp_path)
    with serving(Answering(authority.answer)) as url:
        answer = Authority(url=url, policy="1.2.3.4.2")(b"data")
        assert authority.accepts(b"data", answer)
        with pytest.raises(UnreachableError, match="TIMESTAMP-REFUSED"):
            Authority(url=url, policy="1.9")(b"data")


WRONG = {
    "another request": (Answering(lambda _: told(b"data", 8)), "TIMESTAMP-NONCE"),
    "no time stamp": (Answering(lambda _: b"sorry"), "TIMESTAMP-MALFORMED"),
    "an error": (Answering(lambda _: b"", status=500), "answers 500"),
    "moved": (Answering(lambda _: b"", status=302), "answers 302; it is not followed"),
    "a page": (Answering(lambda _: b"<html>", kind="text/html"), "answers with 'text/html'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_another_answer_is_refused(name: str) -> None:
    answering, why = WRONG[name]
    with serving(answering) as url, pytest.raises(UnreachableError, match=why):
        asking(url)(b"data")


def test_another_policy_is_refused() -> None:
    answering = Answering(lambda _: told(b"data"))
    with serving(answering) as url, pytest.raises(UnreachableError, match="TIMESTAMP-POLICY"):
        asking(url, policy="1.9")(b"data")


def test_an_endless_answer_is_cut() -> None:
    answering = Answering(lambda _: b"x" * (SIZE_MOST + 10))
    with serving(answering) as url, pytest.raises(LimitError, match="the answer is over"):
        asking(url)(b"data")


def test_a_silent_authority_is_left() -> None:
    limits = Limits(connect_seconds=0.2)
    answering = Answering(lambda _: told(b"data"), slowly=True)
    with serving(answering) as url, pytest.raises(LimitError, match="the wait is over"):
        asking(url, limits=limits)(b"data")


def test_nobody_answers() -> None:
    with serving(Answering(lambda _: b"")) as url:
        gone = url
    with pytest.raises(UnreachableError, match="cannot be fetched"):
        asking(gone)(b"data")


def test_https_is_spoken_with_certificates_that_are_there(tmp_path: Path) -> None:
    limits = Limits(certificates=tmp_path / "none.pem", connect_seconds=1)
    with pytest.raises(UnreachableError, match="No such file"):
        asking("https://127.0.0.1:1/", limits=limits)(b"data")
    with pytest.raises(UnreachableError, match="cannot be fetched"):
        asking("https://127.0.0.1:1/")(b"data")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "example.org",
        "http://",
        "http://[::1",
        "http://example.org:x/",
        "http://exa mple.org/",
        "http://example.org/\r\nX: y",
        "http://me:secret@example.org/",
        "http://é.example/",
    ],
)
def test_only_plain_urls_are_asked(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        asking(url)(b"data")
    assert "secret" not in str(refused.value)


def test_a_policy_is_a_number() -> None:
    with pytest.raises(UsageError, match="not the number of a policy"):
        asking("http://127.0.0.1/", policy="soon")(b"data")
