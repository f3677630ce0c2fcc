"""A change of one file as a patch that `git apply` takes, whatever the bytes are."""

from collections.abc import Iterator

from pipeline.model import shown_path

CONTEXT = 3
_NO_NEWLINE = b"\\ No newline at end of file\n"


def patch_of(path: str, before: bytes, after: bytes) -> bytes:
    """Write the difference of two states of a file as one hunk. They must differ."""
    old, new = _at_newlines(before), _at_newlines(after)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    first = max(0, start - CONTEXT)
    tail = min(end, CONTEXT)
    changed = (len(old) - end, len(new) - end)
    lines = [
        *((b" ", line) for line in old[first:start]),
        *((b"-", line) for line in old[start : changed[0]]),
        *((b"+", line) for line in new[start : changed[1]]),
        *((b" ", line) for line in old[changed[0] : changed[0] + tail]),
    ]
    counts = (changed[0] + tail - first, changed[1] + tail - first)
    return b"".join([*_head(path, first, counts), *_body(lines)])


def _at_newlines(data: bytes) -> list[bytes]:
    """Cut as git does: at line feeds alone."""
    lines = [line + b"\n" for line in data.split(b"\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _common(one: list[bytes], other: list[bytes]) -> int:
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _head(path: str, first: int, counts: tuple[int, int]) -> Iterator[bytes]:
    old, new = (shown_path(f"{side}/{path}") for side in "ab")
    end = "\t" if " " in path else ""  # as git ends a name that has a space
    yield f"diff --git {old} {new}\n--- {old}{end}\n+++ {new}{end}\n".encode()
    ranges = [f"{first + 1 if count else first},{count}" for count in counts]
    yield f"@@ -{ranges[0]} +{ranges[1]} @@\n".encode()


def _body(lines: list[tuple[bytes, bytes]]) -> Iterator[bytes]:
    for sign, line in lines:
        yield sign + line
        if not line.endswith(b"\n"):
            yield b"\n" + _NO_NEWLINE
