"""A crawl that fills more than one WARC file: each stands alone, and a crash loses none of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipeline.audit.report import Verdict
from pipeline.errors import ArchiveError
from pipeline.jobs.captured_pages import pages_of_captures
from pipeline.jobs.crawl import Crawled, crawl
from pipeline.jobs.verify import verify
from pipeline.warc.durable import sync_folder
from pipeline.warc.limits import HEADER_MOST
from pipeline.warc.wacz.check import check_wacz
from tests.jobs.test_crawl import plan
from tests.sources.crawl.servers import Answers, Server, Watch, reply, serving

NUMBERS = range(1, 9)
LARGE = 1 << 19
SEGMENT = LARGE * 3 + HEADER_MOST * 4
SITE: Answers = {
    "/robots.txt": reply("no robots", "404 Not Found"),
    "/sitemap.xml": reply("no map", "404 Not Found"),
    "/feed.xml": reply("no feed", "404 Not Found"),
    "/": reply("".join(f"<a href=/{n}>x</a><a href=/again/{n}>x</a>" for n in NUMBERS)),
    **{f"/{n}": reply(f"<title>{n}</title><p>{n}".ljust(LARGE)) for n in NUMBERS},
    **{f"/again/{n}": reply("<title>again</title><p>again".ljust(LARGE)) for n in NUMBERS},
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(SITE) as found:
        yield found


def crawled(server: Server, path: Path, segment: int = SEGMENT) -> Crawled:
    return crawl(plan(server), path, clock=Watch().clock, segment=segment)


def uris(*paths: Path) -> list[str]:
    """Give the target URI of every answer, as warcio reads them."""
    found = []
    for path in paths:
        with path.open("rb") as file:
            found += [
                record.rec_headers.get_header("WARC-Target-URI")
                for record in ArchiveIterator(file)
                if record.rec_type in {"response", "revisit"}
            ]
    return found


def test_each_file_keeps_the_bound_and_stands_alone(server: Server, tmp_path: Path) -> None:
    whole = crawled(server, tmp_path / "whole.warc.gz", 1 << 30)
    done = crawled(server, tmp_path / "a.warc.gz")
    paths = [Path(file.path) for file in done.files]
    names = [f"a{number}.warc.gz" for number in ("", *(f"-{n:06}" for n in range(2, 9)))]
    assert 2 < len(paths) < 9
    assert [path.name for path in paths] == names[: len(paths)]
    assert sorted(tmp_path.iterdir()) == sorted((tmp_path / "whole.warc.gz", *paths))
    assert done.verdict is Verdict.PASS
    for file, path in zip(done.files, paths, strict=True):
        assert file.size == path.stat().st_size <= SEGMENT
        assert verify(path).verdict is Verdict.PASS
    asked = uris(*paths)
    assert len(asked) == len(set(asked)) == len(SITE)
    assert asked == uris(Path(whole.files[0].path))
    pages = [{page.url: page.data for page in pages_of_captures(path)} for path in paths]
    (all_of_it,) = (
        {page.url: page.data for page in pages_of_captures(tmp_path / "whole.warc.gz")},
    )
    assert {url: data for each in pages for url, data in each.items()} == all_of_it


def test_a_package_has_all_of_them(server: Server, tmp_path: Path) -> None:
    done = crawled(server, tmp_path / "a.wacz")
    assert [file.path for file in done.files] == [str(tmp_path / "a.wacz")]
    checked = check_wacz(tmp_path / "a.wacz")
    assert checked.findings == ()
    assert list(tmp_path.iterdir()) == [tmp_path / "a.wacz"]
    assert done.records == crawled(server, tmp_path / "a.warc.gz").records


@pytest.mark.parametrize("moved", [0, 1, 2])
def test_a_crash_while_they_are_moved_is_made_good(
    server: Server, tmp_path: Path, moved: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = crawled(server, tmp_path / "whole" / "a.warc.gz")
    path, synced = tmp_path / "a.warc.gz", 0

    def dies(folder: Path) -> None:
        nonlocal synced
        synced += 1
        if synced > moved:
            raise KeyboardInterrupt
        sync_folder(folder)

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.jobs.crawl_sealing.sync_folder", dies)
        with pytest.raises(KeyboardInterrupt):
            crawled(server, path)
    assert not path.exists()
    assert len(list(tmp_path.glob("a-*.warc.gz"))) == moved + 1
    done = crawled(server, path)
    assert done.resumed == done.asked
    assert done.verdict is Verdict.PASS
    assert len(done.files) == len(whole.files)
    assert uris(*(Path(file.path) for file in done.files)) == uris(
        *(Path(file.path) for file in whole.files)
    )
    assert not (tmp_path / "a.warc.gz.crawl").exists()


def test_what_others_left_there_is_never_replaced(server: Server, tmp_path: Path) -> None:
    theirs = tmp_path / "a-000002.warc.gz"
    theirs.write_bytes(b"theirs")
    with pytest.raises(ArchiveError, match="a-000002"):
        crawled(server, tmp_path / "a.warc.gz")
    assert theirs.read_bytes() == b"theirs"
    assert not (tmp_path / "a.warc.gz").exists()
    shutil.move(theirs, tmp_path / "elsewhere")
    done = crawled(server, tmp_path / "a.warc.gz")
    assert (done.resumed, done.verdict) == (done.asked, Verdict.PASS)
