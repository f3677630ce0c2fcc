"""Replay against the rendered folder: are the bytes the same, and do pages look the same?

    python -m tests.bench.replay_same ARCHIVE FOLDER [PAGES] [--chromium PROGRAM] [--keep FOLDER]

ARCHIVE is what `run --rendered FOLDER` made. Every capture is asked of the server in its raw form
and held against what warcio finds in its record: the payload, or of a revisit its digest. PAGES
pages (20), spread over the site, are shown by the server and by a plain one on FOLDER, and their
pixels compared; those that lead on by `<meta http-equiv=refresh>` are left out.
"""

import argparse
import functools
import hashlib
import http.client
import sys
import tempfile
import threading
from base64 import b16decode, b32decode, b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright
from warcio.archiveiterator import ArchiveIterator

from pipeline.jobs.replay import Opened, Wanted, open_replay
from pipeline.jobs.replay_serving import serving
from pipeline.warc.dates import parse_warc_date
from pipeline.warc.signing.trust import Trust

WIDTH, HEIGHT = 800, 1200
WORST = 0.01
RULES = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE *localhost, EXCLUDE 127.0.0.1"
HEX_DIGITS = 64
STILL = "*{animation:none!important;transition:none!important;caret-color:transparent!important}"
COUNT = """async ([a, b]) => {
  const pixels = async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.getContext('2d').getImageData(0, 0, image.width, image.height).data;
  };
  const [x, y] = [await pixels(a), await pixels(b)];
  if (x.length !== y.length) return 1;
  let other = 0;
  for (let i = 0; i < x.length; i += 4)
    other += x[i] !== y[i] || x[i + 1] !== y[i + 1] || x[i + 2] !== y[i + 2];
  return other / (x.length / 4);
}"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called
        """Say nothing."""


def main() -> None:
    """Print both figures; 1 where one of them is not what it should be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("archive", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("pages", nargs="?", type=int, default=20)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--keep", type=Path, help="Put both pictures of each page there.")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        wanted = Wanted(trust=Trust(), cache=Path(cache))
        with open_replay(chosen.archive, wanted) as opened, _home(opened) as port:
            same, asked = compare_bytes(opened, port)
            _say(f"{same} of {asked} captures have the bytes of their record")
            urls = _spread(opened, chosen.folder, chosen.pages)
            worst = _compare_looks(urls, port, chosen)
    sys.exit(int(same != asked or not asked or worst >= WORST))


@contextmanager
def _home(opened: Opened) -> Iterator[int]:
    with serving(opened, 0) as it:
        thread = threading.Thread(target=it.server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield it.server.port
        it.server.shutdown()
        thread.join()


def compare_bytes(opened: Opened, port: int) -> tuple[int, int]:
    """Ask for every capture's raw form; give how many are the record's payload, and of how many."""
    same = asked = 0
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for volume in opened.named.volumes:
        assert isinstance(volume.where, Path)
        with volume.where.open("rb") as file:
            for record in ArchiveIterator(file, no_record_parse=True):
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                kind = record.rec_type
                if kind not in {"resource", "revisit"} or not url.startswith("http"):
                    continue
                at = parse_warc_date(record.rec_headers.get_header("WARC-Date"))
                connection.request(
                    "GET",
                    f"/{at:%Y%m%d%H%M%S}id_/{url}",
                    headers={"Host": f"localhost:{port}"},
                )
                body = connection.getresponse().read()
                asked += 1
                digest = record.rec_headers.get_header("WARC-Payload-Digest") or ""
                is_same = body == record.raw_stream.read()
                same += _has(body, digest) if kind == "revisit" else is_same
    return same, asked


def _has(body: bytes, digest: str) -> bool:
    raw = hashlib.sha256(body).digest()
    said = digest.removeprefix("sha256:")
    return raw == (b16decode(said, casefold=True) if len(said) == HEX_DIGITS else b32decode(said))


def _spread(opened: Opened, folder: Path, most: int) -> Sequence[str]:
    """Choose pages, as far apart in the list as there are."""
    every = [
        url
        for url, _ in opened.holding.survey.pages
        if _stays(folder / urlsplit(url).path.lstrip("/"))
    ]
    step = max(1, len(every) // most)
    return every[::step][:most]


def _stays(path: Path) -> bool:
    file = path / "index.html" if path.is_dir() else path
    return file.is_file() and b'http-equiv="refresh"' not in file.read_bytes()


def _compare_looks(urls: Sequence[str], port: int, chosen: argparse.Namespace) -> float:
    handler = functools.partial(_Quiet, directory=str(chosen.folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as plain, sync_playwright() as playwright:
        threading.Thread(target=plain.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(
            executable_path=chosen.chromium,
            args=["--no-sandbox", RULES],
        )
        page = browser.new_page()
        shares = [_share(page, url, port, plain.server_port, chosen.keep) for url in urls]
        browser.close()
        plain.shutdown()
    worst = max(shares, default=1.0)
    _say(f"{len(urls)} pages: {sum(not each for each in shares)} have all pixels the same")
    _say(f"the most that differs is {worst:.4%} of a page")
    return worst


def _share(page: Page, url: str, port: int, plain: int, keep: Path | None) -> float:
    """Give the share of pixels that differ between the captured page and the file."""
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.goto(f"http://localhost:{port}/{url}", wait_until="networkidle")
    held = page.query_selector("#page")
    assert held is not None
    frame, box = held.content_frame(), held.bounding_box()
    assert frame is not None
    assert box is not None
    frame.add_style_tag(content=STILL)
    shown = held.screenshot(animations="disabled")
    page.set_viewport_size({"width": round(box["width"]), "height": round(box["height"])})
    page.goto(f"http://127.0.0.1:{plain}{urlsplit(url).path}", wait_until="networkidle")
    page.add_style_tag(content=STILL)
    file = page.screenshot(animations="disabled")
    if keep is not None:
        name = urlsplit(url).path.strip("/").replace("/", "-") or "index"
        (keep / f"{name}.shown.png").write_bytes(shown)
        (keep / f"{name}.file.png").write_bytes(file)
    page.goto("about:blank")
    share = float(page.evaluate(COUNT, [b64encode(each).decode() for each in (shown, file)]))
    _say(f"{share:8.4%} {url}")
    return share


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
