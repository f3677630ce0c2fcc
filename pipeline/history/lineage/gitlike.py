"""Git's own measure of how alike two files are, which decides what `git diff -M` calls a rename.

After `diffcore_count_changes` in git's diffcore-delta.c: both files are cut at line ends or after
64 bytes, and the similarity is the bytes of pieces that both have, over the size of the larger.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

CHUNK = 64
LONG = 8 * CHUNK
_LEAST = 0.5  # git's threshold: less is no rename
_NUL_WITHIN = 8000  # bytes: `buffer_is_binary`


def lines(data: bytes) -> list[bytes]:
    """Cut a file at its line ends, which stay, and long lines where git cuts them, too."""
    found = []
    for line in data.split(b"\n"):
        if len(line) > LONG:
            found += [line[start : start + LONG] for start in range(0, len(line), LONG)]
            found[-1] += b"\n"
        else:
            found.append(line + b"\n")
    last = found.pop()[:-1]
    return [*found, last] if last else found


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
    copied = sum(min(size, want[piece]) for piece, size in have.items() if piece in want)
    return copied / larger


@lru_cache(maxsize=512)
def _pieces(found: tuple[bytes, ...]) -> Counter[bytes]:
    """Bytes by piece. A carriage return before a line end is left out of text, as git does."""
    head = b"".join(found[:_NUL_WITHIN])[:_NUL_WITHIN]
    text = b"\0" not in head
    pieces: Counter[bytes] = Counter()
    for line in found:
        if text and line.endswith(b"\r\n"):
            line = line[:-2] + b"\n"  # noqa: PLW2901
        if len(line) <= CHUNK:
            pieces[line] += len(line)
            continue
        for start in range(0, len(line), CHUNK):
            piece = line[start : start + CHUNK]
            pieces[piece] += len(piece)
    return pieces
