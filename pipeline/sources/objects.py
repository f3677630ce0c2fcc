"""Reading git objects by id through `git cat-file`, each proved by computing its id again.

`cat-file` does not check what it gives out: in a stranger's repository the index of a pack may
point anywhere. So no object leaves this module whose bytes do not hash to the id asked for.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import IO, BinaryIO, Self

from pipeline.history.gitobject import ObjectFormat, ObjectKind, object_id
from pipeline.sources.git import Git, Running
from pipeline.sources.source import Absent, AbsentKind

# Requests are written before answers are read: 100 ids of 65 bytes fit into any pipe's buffer.
_BATCH = 100
_BLOCK = 1 << 20
_SHA256_WIDTH = ObjectFormat.SHA256.hex_size
_OID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_OIDS = re.compile(rf"(?:(?:{_OID.pattern})\n)*")

MISSING = Absent(kind=AbsentKind.MISSING, reason="is not in the repository")
DAMAGED = Absent(kind=AbsentKind.DAMAGED, reason="is damaged in the repository")


def hash_blob(raw: BinaryIO, size: int) -> str:
    """Compute the SHA-1 blob id of an open file, a block at a time."""
    digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    while block := raw.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()


class ObjectReader:
    """Gives objects in the order asked for. A context; one process for its life.

    It is started again when an object kills it, or is too large to be read to its end.
    """

    def __init__(self, git: Git) -> None:
        self._git = git
        self._largest = git.limits.file_bytes
        self._stack = ExitStack()
        self._running: Running | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        self._close(early=error is not None)

    def fetch(self, kind: ObjectKind, oids: Sequence[str]) -> Iterator[bytes | Absent]:
        """Give the bytes of each object of this kind or why not."""
        for start in range(0, len(oids), _BATCH):
            yield from self._fetch_batch(kind, oids[start : start + _BATCH])

    def _fetch_batch(self, kind: ObjectKind, oids: Sequence[str]) -> Iterator[bytes | Absent]:
        if _OIDS.fullmatch(_lines(oids)) and not any("\n" in oid for oid in oids):
            yield from self._ask(kind, oids)
            return
        valid = [oid for oid in oids if _OID.fullmatch(oid)]
        contents = self._ask(kind, valid)
        known = frozenset(valid)
        for oid in oids:
            yield next(contents) if oid in known else MISSING

    def _ask(self, kind: ObjectKind, oids: Sequence[str]) -> Iterator[bytes | Absent]:
        """Ask for at most `_BATCH` ids and give the answers in order."""
        wanted = kind.value.encode("ascii")
        done = 0
        while done < len(oids):
            stdout = self._begin(oids[done:])
            while done < len(oids) and self._running is not None:
                answer = self._answer(stdout, wanted)
                oid = oids[done]
                done += 1
                yield answer if isinstance(answer, Absent) else _proved(kind, oid, answer)

    def _begin(self, oids: Sequence[str]) -> IO[bytes]:
        if self._running is None:
            command = self._git.stream("cat-file", "--batch")
            self._running = self._stack.enter_context(command)
        self._running.stdin.write(_lines(oids).encode("ascii"))
        self._running.stdin.flush()
        return self._running.stdout

    def _answer(self, stdout: IO[bytes], wanted: bytes) -> bytes | Absent:
        """Read one answer; the process is gone afterwards if nothing can follow it."""
        words = stdout.readline().split()
        if len(words) == 2 and words[1] == b"missing":  # noqa: PLR2004 - `<id> missing`
            return MISSING
        if len(words) != 3:  # noqa: PLR2004 - `<id> <type> <size>`
            return self._given_up()
        kind, size = words[1], int(words[2])
        if size > self._largest:
            # The limit on what git may allocate holds whatever it does until it is ended.
            self._close(early=True)
            return _not_a(wanted, kind) or _too_large(size, self._largest)
        data = stdout.read(size)
        if len(data) != size or stdout.read(1) != b"\n":
            return self._given_up()
        return _not_a(wanted, kind) or data

    def _given_up(self) -> Absent:
        # Git gives up at a damaged object; the ones after it are asked for again.
        self._close(early=True)
        return DAMAGED

    def _close(self, *, early: bool) -> None:
        """End the process; `early` if there may be answers that nobody has read."""
        running, stack = self._running, self._stack
        self._running, self._stack = None, ExitStack()
        if running is not None and early:
            running.abandon()
        stack.close()


def _lines(oids: Sequence[str]) -> str:
    return "".join([f"{oid}\n" for oid in oids])


def _not_a(wanted: bytes, kind: bytes) -> Absent | None:
    if kind == wanted:
        return None
    reason = f"is a {kind.decode('ascii')}, not a {wanted.decode('ascii')}"
    return Absent(kind=AbsentKind.UNREADABLE, reason=reason)


def _too_large(size: int, largest: int) -> Absent:
    reason = f"has {size} bytes, more than the limit of {largest}"
    return Absent(kind=AbsentKind.TOO_LARGE, reason=reason)


def _proved(kind: ObjectKind, oid: str, data: bytes) -> bytes | Absent:
    object_format = ObjectFormat.SHA256 if len(oid) == _SHA256_WIDTH else ObjectFormat.SHA1
    if object_id(kind, data, object_format) != oid:
        return Absent(kind=AbsentKind.DAMAGED, reason="does not have the content its id stands for")
    return data
