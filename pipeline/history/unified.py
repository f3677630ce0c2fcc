"""The difference of two files as `diff -u` writes it, byte for byte, in bounded time. Pure."""

from collections.abc import Iterator, Sequence

from pipeline.history.comparison.align import Block, blocks

AROUND = 3  # lines of context
CELLS = 400_000_000  # lines times lines; past this, what differs is told without looking inside
NO_NEWLINE = b"\\ No newline at end of file\n"

Step = tuple[bytes, bytes]
"""One line with its mark: b" ", b"-" or b"+"."""


def unified(old: bytes, new: bytes, names: tuple[str, str]) -> bytes:
    """Write the difference as a patch; empty where there is none. Names are as git shows paths."""
    if old == new:
        return b""
    head = "".join(f"{mark} {name}\n" for mark, name in zip(("---", "+++"), names, strict=True))
    return head.encode("utf-8", "surrogateescape") + b"".join(
        _hunks(list(_steps(_lines(old), _lines(new))))
    )


def _lines(data: bytes) -> list[bytes]:
    """Cut at line feeds, which alone end a line here; carriage returns stay in it."""
    lines = data.split(b"\n")
    whole = [line + b"\n" for line in lines[:-1]]
    return [*whole, lines[-1]] if lines[-1] else whole


def _steps(one: Sequence[bytes], other: Sequence[bytes]) -> Iterator[Step]:
    i = j = 0
    for at, there, length in (*_blocks(one, other), (len(one), len(other), 0)):
        yield from ((b"-", line) for line in one[i:at])
        yield from ((b"+", line) for line in other[j:there])
        yield from ((b" ", line) for line in one[at : at + length])
        i, j = at + length, there + length


def _blocks(one: Sequence[bytes], other: Sequence[bytes]) -> list[Block]:
    if len(one) * len(other) <= CELLS:
        return blocks(one, other)
    return []


def _hunks(steps: Sequence[Step]) -> Iterator[bytes]:
    changed = [number for number, (mark, _) in enumerate(steps) if mark != b" "]
    start = 0
    while start < len(changed):
        end = start
        while end + 1 < len(changed) and changed[end + 1] - changed[end] <= 2 * AROUND:
            end += 1
        first = max(0, changed[start] - AROUND)
        yield _hunk(steps, first, changed[end] + AROUND + 1)
        start = end + 1


def _hunk(steps: Sequence[Step], first: int, last: int) -> bytes:
    before, inside = steps[:first], steps[first:last]
    places = []
    for mark in (b"-", b"+"):
        skipped = sum(each != _other(mark) for each, _ in before)
        count = sum(each != _other(mark) for each, _ in inside)
        places.append(f"{skipped + (count > 0)},{count}")
    head = f"@@ -{places[0]} +{places[1]} @@\n".encode()
    return head + b"".join(_line(mark, line) for mark, line in inside)


def _other(mark: bytes) -> bytes:
    return b"+" if mark == b"-" else b"-"


def _line(mark: bytes, line: bytes) -> bytes:
    return mark + line if line.endswith(b"\n") else mark + line + b"\n" + NO_NEWLINE
