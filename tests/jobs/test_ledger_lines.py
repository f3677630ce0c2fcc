"""The lines of a ledger are bounded: one without an end costs neither memory nor time."""

import gzip
from pathlib import Path

import pytest

from pipeline.errors import ArchiveError
from pipeline.jobs import durable
from pipeline.jobs.durable import compressed, read_lines
from pipeline.store.ledger import Expected, entry_of


def test_lines_come_back(tmp_path: Path) -> None:
    path = tmp_path / "ledger.gz"
    lines = [b"%d\n" % number * number for number in range(1, 400)]
    path.write_bytes(b"".join(compressed(lines)))
    assert b"".join(read_lines(path)) == b"".join(lines)
    assert gzip.decompress(b"".join(compressed([]))) == b""


def test_a_line_without_an_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "LINE_LIMIT", 1000)
    path = tmp_path / "ledger.gz"
    path.write_bytes(gzip.compress(b"short\n" + b"a" * 998 + b"\n" + b"b" * 10_000_000))
    read = read_lines(path)
    assert next(read) == b"short\n"
    with pytest.raises(ArchiveError, match="a line has more than 1000 bytes"):
        list(read)


@pytest.mark.parametrize("value", [b"[]," * 1_100_000 + b"[]", b"[" * 1_100_000, b"[" * 50_000])
def test_a_row_that_takes_much_more_memory_than_its_bytes_is_refused(value: bytes) -> None:
    line = b'{"put":"sites","row":{"id":' + value
    with pytest.raises(ValueError, match=r"more than 1000000 values|nested too deep"):
        Expected().apply(line)
    with pytest.raises(ValueError, match=r"more than 1000000 values|nested too deep"):
        entry_of(line)
