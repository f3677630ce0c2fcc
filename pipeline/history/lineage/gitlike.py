"""Git's own measure of how alike two files are, which decides what `git diff -M` calls a rename.

After `diffcore_count_changes` in git's diffcore-delta.c: both files are cut at line ends or after
64 bytes, and the similarity is the bytes of pieces that both have, over the size of the larger.
"""

from collections.abc import Sequence
from functools import lru_cache

CHUNK = 64
LONG = 8 * CHUNK
_LEAST = 0.5  # git's threshold: less is no rename
_NUL_WITHIN = 8000  # bytes: `buffer_is_binary`


def lines(data: bytes) -> list[bytes]:
    """Cut a file at its line ends, which stay, and long lines where git cuts them, too."""
    if b"\r" in data:  # at which Python cuts, too, but git does not
        found = [line + b"\n" for line in data.split(b"\n")]
        found[-1] = found[-1][:-1]
        if not found[-1]:
            del found[-1]
    else:
        found = data.splitlines(keepends=True)
    if found and max(map(len, found)) > LONG:
        return [line[at : at + LONG] for line in found for at in range(0, len(line), LONG)]
    return found


def git_similarity(old: Sequence[bytes], new: Sequence[bytes]) -> float:
    """Give the similarity as git's rename detection scores it, 0 to 1; below a half maybe 0.

    Takes the `lines` of two files.
    """
    before, after = sum(map(len, old)), sum(map(len, new))
    larger, smaller = max(before, after), min(before, after)
    if not larger or smaller < _LEAST * larger:
        return 0.0  # git pairs no empty files, and none whose sizes alone rule it out
    if old == new:
        return 1.0
    have, want = _pieces(tuple(old)), _pieces(tuple(new))
    copied = sum(min(have[piece], want[piece]) for piece in have.keys() & want.keys())
    return copied / larger


@lru_cache(maxsize=512)
def _pieces(found: tuple[bytes, ...]) -> dict[bytes, int]:
    """Bytes by piece. A carriage return before a line end is left out of text, as git does."""
    head = b"".join(found[:_NUL_WITHIN])[:_NUL_WITHIN]
    text = b"\0" not in head
    pieces: dict[bytes, int] = {}
    for line in found:
        if text and line.endswith(b"\r\n"):
            line = line[:-2] + b"\n"  # noqa: PLW2901
        if len(line) <= CHUNK:
            pieces[line] = pieces.get(line, 0) + len(line)
            continue
        for start in range(0, len(line), CHUNK):
            piece = line[start : start + CHUNK]
            pieces[piece] = pieces.get(piece, 0) + len(piece)
    return pieces
