"""`replay --get`: what was captured, on stdout, proved first."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.jobs.place import find_place
from pipeline.jobs.replay_serving import Serving
from pipeline.jobs.wacz import export_wacz
from pipeline.model import Sha256
from pipeline.warc.signing.anonymous import package_signer
from pipeline.warc.signing.keys import Algorithm, SigningKey
from tests.archives import LATER
from tests.cli.command import CHECKOUT, Ran, command
from tests.replay.warcs import Crawl
from tests.warc.wacz.packages import (
    DATAPACKAGE,
    DIGEST,
    WARC,
    forge,
    members,
    write_package,
    zipped,
)

ABOUT = "https://quay.example/about.html"


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def get(path: Path, url: str = ABOUT, *more: str | Path) -> Ran:
    return command("replay", path, "--get", url, *more)


def test_the_body_is_written(quay_archive: Path) -> None:
    ran = get(quay_archive)
    assert (ran.code, ran.err) == (0, "")
    assert b"Two wheels" in ran.raw
    assert get(quay_archive, ABOUT, "--raw").raw == ran.raw


def test_the_header_is_written_before_it(quay_archive: Path) -> None:
    ran = get(quay_archive, ABOUT, "-i", "--at", "2026-01-02")
    head, _, body = ran.raw.partition(b"\n\n")
    lines = head.decode().splitlines()
    assert lines[:2] == ["HTTP/1.1 200", "Content-Type: text/html; charset=UTF-8"]
    assert "X-Archive-Date: 2026-01-02T03:04:05Z" in lines
    assert f"X-Archive-Size: {len(body)}" in lines


def test_a_package_gives_the_same(quay_archive: Path, tmp_path: Path) -> None:
    package = tmp_path / "a.wacz"
    export_wacz(find_place(quay_archive, None), package, LATER)
    assert get(package).raw == get(quay_archive).raw


def test_what_is_not_held_and_what_is_no_time_are_refused(quay_archive: Path) -> None:
    get(quay_archive, "https://quay.example/none").assert_refused(24, "no capture of it")
    get(quay_archive, ABOUT, "--at", "soon").assert_refused(2, "soon")


def signed(tmp_path: Path) -> Path:
    key = SigningKey.generate(Algorithm.P384)
    path, _ = write_package(tmp_path, sign=package_signer(key, "jekyll-archive 0"))
    return path


def test_a_forged_package_with_its_old_signature_is_refused(tmp_path: Path) -> None:
    path = signed(tmp_path)
    warc = Crawl().response("https://example.org/", b"forged", "Content-Type: text/html")
    data = warc.write(tmp_path / "f.warc.gz").read_bytes()
    assert get(path, "https://example.org/").out == "<p>Home"
    listed = members(forge(path, {WARC: data}))[DATAPACKAGE]
    digest = json.loads(members(path)[DIGEST]) | {"hash": str(Sha256.of(listed))}
    forged = forge(path, {WARC: data, DIGEST: json.dumps(digest).encode()})
    get(forged, "https://example.org/").assert_refused(1, "signature")
    shown = get(forged, "https://example.org/", "--damaged")
    assert (shown.code, shown.out) == (0, "forged")


def test_a_package_whose_list_was_left_as_it_was_is_refused(tmp_path: Path) -> None:
    path = signed(tmp_path)
    warc = Crawl().response("https://example.org/", b"forged", "Content-Type: text/html")
    data = warc.write(tmp_path / "f.warc.gz").read_bytes()
    forged = zipped(tmp_path / "z.wacz", members(path) | {WARC: data})
    get(forged, "https://example.org/").assert_refused(1, "changed after it was sealed")


def test_a_deflated_package_is_read(tmp_path: Path) -> None:
    path, _ = write_package(tmp_path)
    deflated = zipped(tmp_path / "z.wacz", members(path), frozenset({WARC}))
    assert get(deflated, "https://example.org/").out == "<p>Home"


def test_a_cut_package_gives_what_is_whole_and_says_so(tmp_path: Path) -> None:
    path, _ = write_package(tmp_path)
    path.write_bytes(path.read_bytes()[:-40])
    ran = get(path, "https://example.org/about/")
    assert (ran.code, ran.out) == (0, "<p>About")
    assert "not whole" in ran.err


def test_terminal_controls_of_a_header_are_not_written(tmp_path: Path) -> None:
    crawl = Crawl().response("https://a.example/", b"x", "X-Odd: \x1b[2J\x9b1m")
    ran = get(crawl.write(tmp_path / "a.warc.gz"), "https://a.example/", "-i")
    assert b"\x1b" not in ran.raw
    assert b"X-Odd: \xef\xbf\xbd[2J" in ran.raw


def test_a_document_is_shown_where_it_was_captured(
    mill_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(_: Serving) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Serving, "forever", ended)
    words = ("visit.md", "--archive", mill_archive, "--no-browser", "--port", "0")
    ran = command("replay", *words, "--at", "2023-11-02")
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "ended")
    assert ran.out.endswith("/20260102030405/https://tidemill.example/visit/\n")
    assert command("replay", *words).out.endswith("/https://tidemill.example/visit/\n")
    command("replay", "nothing", "--archive", mill_archive).assert_refused(24, "no document")
    command("replay", mill_archive, "--at", "2023").assert_refused(2, "--at goes with")
    far = command("replay", *words, "--at", "2024-01-02").err.splitlines()[0]
    assert far.startswith("the nearest capture is of 2026-01-02, 731 days after that; `--render`")
    command("replay", "none.wacz").assert_refused(3, "none.wacz")


def test_what_is_built_today_is_told_before_it_is_shown(
    mill_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(_: Serving) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Serving, "forever", ended)
    words = ("closed-for-the-winter", "--archive", mill_archive, "--no-browser", "--port", "0")
    offer = "`--render --at 2024-01-15` builds the page as its source stood then, with Jekyll"
    command("replay", *words).assert_refused(24, offer)
    ran = command("replay", *words, "--at", "2024-02-01", "--render")
    assert ran.code == 0
    assert ran.out.endswith("/https://tidemill.example/journal/closed-for-the-winter\n")
    lines = ran.err.splitlines()
    assert lines[0].startswith("Not a capture: rendered today from commit ")
    assert " rendered files, nobody signed it" in lines[-3]
    monkeypatch.setenv("PATH", "/nowhere")
    command("replay", *words).assert_refused(24, "but Jekyll is not installed")
    command("replay", *words, "--at", "2024-02-01", "--render").assert_refused(40, "not installed")


def test_options_that_do_not_go_together_are_refused(mill_archive: Path) -> None:
    get(mill_archive, ABOUT, "--render").assert_refused(2, "--get writes what was captured")
    get(mill_archive, ABOUT, "--series", "wheel").assert_refused(2, "--series is a page of our own")
    command("replay", mill_archive, "--source", "x").assert_refused(2, "--source is what --render")


def test_a_missing_browser_is_told_and_sigterm_ends_it_as_ctrl_c_does(mill_archive: Path) -> None:
    words = [sys.executable, "-m", "pipeline", "replay", str(mill_archive), "--port", "0"]
    nowhere = {**os.environ, "BROWSER": "/bin/false"}
    with subprocess.Popen(words, env=nowhere, cwd=CHECKOUT, stderr=subprocess.PIPE) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if line == b"no browser was found: open that address in one\n":
                running.terminate()
                break
        assert running.stderr.read() == b"ended\n"
    assert running.returncode == 0
