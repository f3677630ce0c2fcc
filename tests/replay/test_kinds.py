"""What each kind of archive has to offer on the server's own pages."""

from pathlib import Path

from pipeline.jobs.place import find_place
from pipeline.jobs.wacz import export_wacz
from tests.archives import LATER
from tests.replay.served import header, served
from tests.replay.warcs import Crawl

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
