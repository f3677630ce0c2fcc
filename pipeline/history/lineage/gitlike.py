"""Git's own measure of how alike two files are, which decides what `git diff -M` calls a rename.

After `diffcore_count_changes` in git's diffcore-delta.c: both files are cut at line ends or after
64 bytes, and the similarity is the bytes of pieces that both have, over the size of the larger.
"""

from collections import Counter
from functools import lru_cache

CHUNK = 64
_LEAST = 0.5  # git's threshold: less is no rename
_NUL_WITHIN = 8000  # bytes: `buffer_is_binary`


def git_similarity(old: bytes, new: bytes) -> float:
    """Give the similarity as git's rename detection scores it, 0 to 1; below a half maybe 0."""
    larger, smaller = max(len(old), len(new)), min(len(old), len(new))
    if not larger or smaller < _LEAST * larger:
        return 0.0  # git pairs no empty files, and none whose sizes alone rule it out
    if old == new:
        return 1.0
    have, want = _pieces(old), _pieces(new)
    copied = sum(min(size, want[piece]) for piece, size in have.items() if piece in want)
    return copied / larger


@lru_cache(maxsize=512)
def _pieces(data: bytes) -> Counter[bytes]:
    """Bytes by piece. A carriage return before a line end is left out of text, as git does."""
    if b"\0" not in data[:_NUL_WITHIN]:
        data = data.replace(b"\r\n", b"\n")
    found: Counter[bytes] = Counter()
    for line in _lines(data):
        for start in range(0, len(line), CHUNK):
            piece = line[start : start + CHUNK]
            found[piece] += len(piece)
    return found


def _lines(data: bytes) -> list[bytes]:
    if b"\r" not in data:
        return data.splitlines(keepends=True)
    return [line + b"\n" for line in data.split(b"\n")[:-1]] + [data.rpartition(b"\n")[2]]
