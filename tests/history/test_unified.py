"""A patch that git applies, whatever the two files hold."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.history import unified as module
from pipeline.history.unified import unified
from tests.sources.workshop import run_git

NAMES = ("a/x.md", "b/x.md")
LINES = st.lists(st.sampled_from([b"a", b"b\r", b"", b"c\x0b", b"\xff\xfe"]), max_size=24)
FILES = st.tuples(LINES, st.booleans()).map(
    lambda told: b"\n".join(told[0]) + (b"\n" if told[1] and told[0] else b"")
)


def test_a_difference_is_told_in_hunks_with_three_lines_around() -> None:
    old = b"".join(b"line %d\n" % number for number in range(30))
    new = old.replace(b"line 4\n", b"line four\n").replace(b"line 20\n", b"")
    assert unified(old, new, NAMES).decode().splitlines()[:6] == [
        "--- a/x.md", "+++ b/x.md", "@@ -2,7 +2,7 @@", " line 1", " line 2", " line 3",
    ]  # fmt: skip
    assert "@@ -18,7 +18,6 @@" in unified(old, new, NAMES).decode()
    assert unified(old, old, NAMES) == b""
    assert b"\\ No newline at end of file" in unified(b"a\nb", b"a\n", NAMES)


@settings(deadline=None, max_examples=60)
@given(old=FILES, new=FILES)
def test_git_applies_it(old: bytes, new: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    if old == new or not old or not new:  # git wants another head for a file that comes or goes
        return
    folder = Path(tmp_path_factory.mktemp("patch"))
    (folder / "x.md").write_bytes(old)
    run_git(folder, "apply", "--whitespace=nowarn", "-p1", "-", stdin=unified(old, new, NAMES))
    assert (folder / "x.md").read_bytes() == new


def test_what_is_too_long_is_still_a_whole_patch(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "CELLS", 10)
    old, new = b"a\nb\nc\nd\n", b"a\nB\nc\nd\n"
    (tmp_path / "x.md").write_bytes(old)
    run_git(tmp_path, "apply", "-p1", "-", stdin=unified(old, new, NAMES))
    assert (tmp_path / "x.md").read_bytes() == new
