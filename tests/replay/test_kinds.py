"""What each kind of archive has to offer on the server's own pages."""

from pathlib import Path

import pytest

from pipeline.errors import NotVerifiableError, UsageError
from pipeline.jobs.place import find_place
from pipeline.jobs.wacz import export_wacz
from tests.archives import LATER, archive, plain_site
from tests.replay.served import header, served
from tests.replay.warcs import Crawl
from tests.warc.wacz.packages import WARC, members, write_package, zipped

HTML = "Content-Type: text/html; charset=utf-8"
PAGE = b"<p>A page"


def test_without_scripts_none_may_run(tmp_path: Path) -> None:
    path = Crawl().response("https://a.example/", PAGE, HTML).write(tmp_path / "a.warc.gz")
    with served(path, scripts=False) as server:
        policy = header(server.ask("/", "a.example.localhost"), "Content-Security-Policy")
        assert "script-src 'none'" in policy
        assert "allow-scripts" not in policy
        text = server.ask("/20240101000000/https://a.example/").body.decode()
        assert 'sandbox="allow-same-origin"' in text


def test_an_archive_folder_has_titles_collections_and_texts(
    mill_archive: Path, tmp_path: Path
) -> None:
    (tmp_path / "mill").symlink_to(mill_archive)
    with served(tmp_path / "mill") as server:
        text = server.ask("/").body.decode()
        assert "stories: 6 pages" in text
        found = server.ask("/?q=eels").body.decode()
        assert "What do eels know about data" in found
        for entry in server.opened.holding.captures("https://tidemill.example/visit/"):
            assert b"digest holds" in server.ask(f"/{entry.timestamp}/{entry.url}").body


def test_a_package_has_the_texts_of_its_list(mill_archive: Path, tmp_path: Path) -> None:
    export_wacz(find_place(mill_archive, None), tmp_path / "mill.wacz", LATER)
    with served(tmp_path / "mill.wacz") as server:
        assert "What do eels know about data" in server.ask("/?q=eels").body.decode()
        assert "tidemill.example: 40 pages" in server.ask("/").body.decode()


WEB = "https://quay.example"


def run_on(folder: Path, rendered: Path) -> Path:
    """Archive a small site with what another tool captured of it."""
    archive(plain_site(folder / "source"), folder / "quay", rendered=rendered)
    return folder / "quay"


def captured() -> Crawl:
    """Capture a page of that site, a redirect and what another host gave, as crawlers do."""
    crawl = Crawl().response(f"{WEB}/about.html", PAGE, HTML, "X-Served-By: harbour")
    crawl.response(f"{WEB}/old", b"", "Location: /about.html", status="301 Moved")
    return crawl.response("https://cdn.example/a.css", b"p{}", "Content-Type: text/css")


@pytest.mark.parametrize("suffix", ["warc.gz", "wacz", "deflated.wacz"])
def test_what_another_tool_captured_is_shown_from_its_file(tmp_path: Path, suffix: str) -> None:
    warc = captured().write(tmp_path / "theirs.warc.gz")
    if suffix != "warc.gz":
        parts, _ = write_package(tmp_path)
        packed = frozenset({WARC} if suffix.startswith("deflated") else ())
        warc = zipped(
            tmp_path / f"theirs.{suffix}", members(parts) | {WARC: warc.read_bytes()}, packed
        )
    folder = run_on(tmp_path, warc)
    with served(folder) as server:
        holding = server.opened.holding
        (found,) = holding.captures(f"{WEB}/about.html")  # and not our own copy of it
        assert found.filename.startswith("foreign/")
        text = server.ask(f"/{found.timestamp}/{WEB}/about.html").body.decode()
        assert "A web server gave this answer then" in text
        assert "the file is as it was sealed" in text
        answer = server.ask("/old", f"{found.timestamp}.quay.example.localhost")
        assert answer.status == 301
        assert server.ask("/a.css", f"{found.timestamp}.cdn.example.localhost").body == b"p{}"
    (kept,) = (folder / "foreign").iterdir()
    kept.chmod(0o644)
    with kept.open("ab") as file:
        file.write(b"\0")
    with served(folder) as server:
        refused = server.ask("/a.css", "cdn.example.localhost")
        assert (refused.status, b"changed after it was sealed" in refused.body) == (502, True)


def test_a_folder_around_one_archive_stands_for_it(mill_archive: Path, tmp_path: Path) -> None:
    (tmp_path / "many" / "mill").mkdir(parents=True)
    (tmp_path / "many" / "mill" / "manifests").symlink_to(mill_archive / "manifests")
    for name in ("archive", "catalogue.db"):
        (tmp_path / "many" / "mill" / name).symlink_to(mill_archive / name)
    with served(tmp_path / "many") as server:
        assert server.opened.named.path == tmp_path / "many" / "mill"
    (tmp_path / "many" / "other" / "manifests").mkdir(parents=True)
    with pytest.raises(UsageError, match=r"which archive.*many/mill, .*many/other"):
        served(tmp_path / "many").__enter__()
    (tmp_path / "none").mkdir()
    with pytest.raises(NotVerifiableError, match="no archive folder"):
        served(tmp_path / "none").__enter__()
