"""A table says the same in memory and past its bound, where it needs little memory."""

import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.warc.table import Table
from tests.cli.command import CHECKOUT

KEYS = st.binary(min_size=1, max_size=2)
GROWN = """
from pathlib import Path
from pipeline.warc.table import Table
def peak():
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
table = Table()
for number in range(25_000):
    table[number.to_bytes(16, "little")] = bytes(40)
before = peak()
for number in range(25_000, 250_000):
    table[number.to_bytes(16, "little")] = bytes(40)
assert all(number.to_bytes(16, "little") in table for number in range(0, 250_000, 1_000))
print((peak() - before) // 1024)
"""


@given(
    entries=st.lists(st.tuples(KEYS, st.binary(max_size=3)), max_size=40), most=st.integers(0, 9)
)
@settings(deadline=None, max_examples=200)
def test_it_says_what_a_dictionary_says(entries: list[tuple[bytes, bytes]], most: int) -> None:
    table, known = Table(most), dict[bytes, bytes]()
    for key, value in entries:
        assert (key in table) == (key in known)
        table[key] = known[key] = value
    assert dict(table.items()) == known
    assert all(table.get(key) == value for key, value in known.items())
    assert table.get(b"none") is None


def test_ten_times_the_entries_need_hardly_more_memory() -> None:
    words = (sys.executable, "-c", GROWN)
    ran = subprocess.run(words, cwd=CHECKOUT, capture_output=True, check=True)
    assert int(ran.stdout) < 16  # a dictionary takes 50
