"""Packages for the tests: one whole, and what is made of it by whoever changes or forges it."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from pipeline.model import Sha256
from pipeline.warc.record import Original
from pipeline.warc.wacz.check import Checked
from pipeline.warc.wacz.datapackage import About, Sign
from pipeline.warc.wacz.frame import frame
from pipeline.warc.wacz.pages import Page
from pipeline.warc.wacz.writer import Packed, write_wacz
from pipeline.warc.writer import WarcWriter
from tests.warc.building import INFO

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
HOME, ABOUT = "https://example.org/", "https://example.org/about/"
WARC = "archive/tiny.warc.gz"
INDEX, SHORT = "indexes/index.cdx.gz", "indexes/index.idx"
PAGES = "pages/pages.jsonl"
DATAPACKAGE, DIGEST = "datapackage.json", "datapackage-digest.json"
LISTS = (DATAPACKAGE, DIGEST)
Changes = Mapping[str, bytes | None]


def write_warc(folder: Path) -> Path:
    """Write a WARC file of two pages, a revisit, a commit, and fields about a page."""
    with WarcWriter(folder, "tiny", INFO, NOW) as warc:
        home = warc.resource(uri=HOME, payload=b"<p>Home", media_type="text/html", date=NOW)
        warc.metadata(uri=HOME, fields=[("a", "b")], date=NOW)
        warc.resource(uri=ABOUT, payload=b"<p>About", media_type="text/html", date=NOW)
        warc.metadata_block(
            uri="swh:1:rev:" + "a" * 40, block=b"tree", media_type="text/x", date=NOW
        )
        original = Original(
            record_id=home.record_id, target_uri=HOME, date=NOW, payload_sha256=home.block_sha256
        )
        warc.revisit(uri="https://example.org/copy", original=original, date=NOW)
        warc.seal()
        return warc.path


def pages() -> tuple[Page, ...]:
    """Give the pages, not in their order."""
    return (
        Page(url=HOME, at=NOW, title="Home \ud800", text="Home\0"),
        Page(url=ABOUT, at=NOW, title=None, text=None),
    )


def write_package(
    folder: Path,
    name: str = "tiny.wacz",
    software: str = "jekyll-archive 0",
    sign: Sign | None = None,
) -> tuple[Path, Checked]:
    """Write a package; give its path and its check."""
    warc = folder / "tiny.warc.gz"
    if not warc.exists():
        write_warc(folder)
    note = folder / "000001.txt"
    note.write_bytes(b"a manifest\n")
    about = About(
        title="Example",
        description="An example",
        software=software,
        created=NOW,
        main_page=(HOME, NOW),
    )
    files = [packed(warc, WARC), packed(note, "manifests/000001.txt")]
    path = folder / name
    return path, write_wacz(path, about, files, pages(), sign=sign)


def packed(source: Path, path: str) -> Packed:
    """Say of a file what it is now."""
    data = source.read_bytes()
    return Packed(source=source, path=path, size=len(data), sha256=Sha256.of(data))


def members(path: Path) -> dict[str, bytes]:
    """Unpack a package."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def forge(path: Path, changes: Changes, **said: object) -> Path:
    """Change files (None: drop them) and make every digest fit again; `said` goes on top."""
    found = {**members(path), **changes}
    kept = {name: data for name, data in found.items() if data is not None and name not in LISTS}
    listed = json.loads(members(path)[DATAPACKAGE])
    listed["resources"] = [
        {
            "name": name.rpartition("/")[2],
            "path": name,
            "hash": "sha256:" + hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
        }
        for name, data in kept.items()
    ]
    listed |= said
    if DATAPACKAGE not in changes:
        kept[DATAPACKAGE] = json.dumps({k: v for k, v in listed.items() if v is not None}).encode()
    elif (data := changes[DATAPACKAGE]) is not None:
        kept[DATAPACKAGE] = data
    if DIGEST not in changes and DATAPACKAGE in kept:
        digest = "sha256:" + hashlib.sha256(kept[DATAPACKAGE]).hexdigest()
        kept[DIGEST] = json.dumps({"path": DATAPACKAGE, "hash": digest}).encode()
    elif (data := changes.get(DIGEST)) is not None:
        kept[DIGEST] = data
    return zipped(path.with_name("forged.wacz"), kept)


def zipped(path: Path, kept: Mapping[str, bytes], deflated: frozenset[str] = frozenset()) -> Path:
    """Write a zip file of these files, framed as ours."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, data in kept.items():
            info = frame(name, NOW, len(data))
            if name in deflated:
                info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    path.write_bytes(memory.getvalue())
    return path


def patched(path: Path, old: bytes, new: bytes, *, last: bool = True) -> Path:
    """Replace bytes in the zip file itself, where they stand last (or first)."""
    data = path.read_bytes()
    at = data.rfind(old) if last else data.find(old)
    assert at >= 0
    out = path.with_name("patched.wacz")
    out.write_bytes(data[:at] + new + data[at + len(old) :])
    return out
