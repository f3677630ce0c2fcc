"""Tools by others read what we write: warcio, FastWARC, gzip."""

import gzip
import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from pipeline.warc.reader import walk
from pipeline.warc.record import Record
from pipeline.warc.uri import under
from pipeline.warc.writer import WarcWriter
from tests.warc.building import INFO, NOW, original, small

Read = tuple[tuple[tuple[str, str], ...], bytes, int]


def by_us(path: Path) -> list[Read]:
    found = [record for record in walk(path) if isinstance(record, Record)]
    return [(record.headers, record.block, record.offset) for record in found]


def by_warcio(path: Path) -> list[Read]:
    with path.open("rb") as file:
        iterator: Any = ArchiveIterator(file, check_digests="raise", no_record_parse=True)
        found = []
        for record in iterator:
            block = record.raw_stream.read()
            offset = iterator.get_record_offset()
            found.append((tuple(record.rec_headers.headers), block, offset))
        assert iterator.err_count == 0
        return found


def by_fastwarc(path: Path) -> list[Read]:
    reason = "FastWARC has no wheel for this kind of machine"
    fastwarc = pytest.importorskip("fastwarc.warc", reason=reason)
    with path.open("rb") as file:
        found = []
        for record in fastwarc.ArchiveIterator(file, parse_http=False, strict_mode=True):
            record.freeze()
            assert record.verify_block_digest()
            headers = tuple(record.headers.astuples())
            found.append((headers, record.reader.read(), record.stream_pos))
        return found


@pytest.mark.parametrize("read", [by_warcio, by_fastwarc])
def test_another_reader_sees_the_same_records(
    tmp_path: Path, read: Callable[[Path], list[Read]]
) -> None:
    small(tmp_path)
    path = tmp_path / "small.warc.gz"
    assert len(by_us(path)) == 4
    assert read(path) == by_us(path)


@pytest.mark.parametrize("read", [by_warcio, by_fastwarc])
def test_another_reader_sees_revisits_and_companions(
    tmp_path: Path, read: Callable[[Path], list[Read]]
) -> None:
    with WarcWriter(tmp_path, "again", INFO, NOW) as warc:
        page = warc.resource(uri="a:b", payload=b"text", media_type="text/plain", date=NOW)
        again = [warc.revisit(uri=f"a:{n}", original=original(page), date=NOW) for n in range(3)]
        warc.metadata_block(
            uri="a:about",
            block=b"\0raw\r\n\r\n",
            media_type="application/octet-stream",
            date=NOW,
            concurrent_to=[record.record_id for record in (page, *again)],
        )
        warc.seal()
    path = tmp_path / "again.warc.gz"
    assert len(by_us(path)) == 6
    assert read(path) == by_us(path)


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
            st.binary(max_size=2000),
            st.sampled_from(["text/plain; charset=utf-8", "image/png"]),
        ),
        max_size=6,
    )
)
@settings(deadline=None, max_examples=25)
def test_other_readers_agree_on_anything(
    tmp_path_factory: pytest.TempPathFactory, resources: list[tuple[str, bytes, str]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    with WarcWriter(folder, "any", INFO, NOW) as warc:
        for name, payload, media_type in resources:
            uri = under("https://example.org/", name)
            warc.resource(uri=uri, payload=payload, media_type=media_type, date=NOW)
        warc.seal()
    ours = by_us(folder / "any.warc.gz")
    assert by_warcio(folder / "any.warc.gz") == ours
    assert by_fastwarc(folder / "any.warc.gz") == ours


def test_warcio_check_passes_every_digest(tmp_path: Path) -> None:
    small(tmp_path)
    command = [str(Path(sys.executable).with_name("warcio")), "check", "-v", "small.warc.gz"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.count("digest pass") == 4


def test_gzip_gives_the_record_stream(tmp_path: Path, need: Callable[[str], Path]) -> None:
    sealed, captures = small(tmp_path)
    command = [str(need("gzip")), "-dc", sealed.name]
    stream = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
    assert hashlib.sha256(stream).hexdigest() == sealed.stream_sha256.hex
    data = (tmp_path / sealed.name).read_bytes()
    for capture in captures:  # annex D.2: each member stands alone
        alone = gzip.decompress(data[capture.offset : capture.offset + capture.length])
        assert alone.startswith(b"WARC/1.1\r\n")
        assert alone.endswith(b"\r\n\r\n")
        assert alone in stream
