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

MISSING = Absent(kind=AbsentKind.MISSING, reason="is not in the repository")
DAMAGED = Absent(kind=AbsentKind.DAMAGED, reason="is damaged in the repository")


_Answer = tuple[str, int, bytes]
"""Kind, size, and data, empty where only the size was asked for; a history has very many."""


def hash_blob(raw: BinaryIO, size: int) -> str:
    """Compute the SHA-1 blob id of an open file, a block at a time."""
    digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    while block := raw.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()


class ObjectReader:
    """Gives objects in the order asked for. A context; one pair of processes for its life."""

    def __init__(self, git: Git) -> None:
        self._largest = git.limits.file_bytes
        self._sizes = _Conversation(git=git, mode="--batch-check")
        self._contents = _Conversation(git=git, mode="--batch")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        early = error is not None
        try:
            self._sizes.close(early=early)
        finally:
            self._contents.close(early=early)

    def fetch(self, kind: ObjectKind, oids: Sequence[str]) -> Iterator[bytes | Absent]:
        """Give the bytes of each object of this kind or why not."""
        for start in range(0, len(oids), _BATCH):
            yield from self._fetch_batch(kind, oids[start : start + _BATCH])

    def _fetch_batch(self, kind: ObjectKind, oids: Sequence[str]) -> Iterator[bytes | Absent]:
        valid = [oid for oid in oids if _OID.fullmatch(oid)]
        refused: dict[str, Absent] = {}
        wanted = kind.value
        for oid, answer in zip(valid, self._sizes.ask(valid), strict=True):
            if (absent := self._refusal(wanted, answer)) is not None:
                refused[oid] = absent
        asked = [oid for oid in valid if oid not in refused]
        contents = self._contents.ask(asked)
        known = frozenset(asked)
        for oid in oids:
            yield _proved(kind, oid, next(contents)) if oid in known else refused.get(oid, MISSING)

    def _refusal(self, wanted: str, answer: _Answer | Absent) -> Absent | None:
        """Decide by type and size, before git has to hold the object in memory."""
        if isinstance(answer, Absent):
            return answer
        kind, size, _ = answer
        if kind != wanted:
            return Absent(kind=AbsentKind.UNREADABLE, reason=f"is a {kind}, not a {wanted}")
        if size > self._largest:
            reason = f"has {size} bytes, more than the limit of {self._largest}"
            return Absent(kind=AbsentKind.TOO_LARGE, reason=reason)
        return None


def _proved(kind: ObjectKind, oid: str, answer: _Answer | Absent) -> bytes | Absent:
    if isinstance(answer, Absent):
        return answer
    object_format = ObjectFormat.SHA256 if len(oid) == _SHA256_WIDTH else ObjectFormat.SHA1
    data = answer[2]
    if object_id(kind, data, object_format) != oid:
        return Absent(kind=AbsentKind.DAMAGED, reason="does not have the content its id stands for")
    return data


class _Conversation:
    """One `cat-file` that is asked many times, and started again when an object kills it."""

    def __init__(self, *, git: Git, mode: str) -> None:
        self._git = git
        self._mode = mode
        self._contents = mode == "--batch"
        self._stack = ExitStack()
        self._running: Running | None = None

    def ask(self, oids: Sequence[str]) -> Iterator[_Answer | Absent]:
        """Ask for at most `_BATCH` ids and give the answers in order."""
        done = 0
        while done < len(oids):
            stdout = self._ask_again(oids[done:]).stdout
            for _ in oids[done:]:
                answer = self._answer(stdout)
                done += 1
                if answer is None:
                    # Git gives up at a damaged object; the ones after it are asked for again.
                    self.close(early=True)
                    yield DAMAGED
                    break
                yield answer

    def close(self, *, early: bool) -> None:
        """End the process; `early` if there may be answers that nobody has read."""
        running, stack = self._running, self._stack
        self._running, self._stack = None, ExitStack()
        if running is not None and early:
            running.abandon()
        stack.close()

    def _ask_again(self, oids: Sequence[str]) -> Running:
        if self._running is None:
            command = self._git.stream("cat-file", self._mode)
            self._running = self._stack.enter_context(command)
        self._running.stdin.write("".join(f"{oid}\n" for oid in oids).encode("ascii"))
        self._running.stdin.flush()
        return self._running

    def _answer(self, stdout: IO[bytes]) -> _Answer | Absent | None:
        words = stdout.readline().split()
        if len(words) == 2 and words[1] == b"missing":  # noqa: PLR2004 - `<id> missing`
            return MISSING
        if len(words) != 3:  # noqa: PLR2004 - `<id> <type> <size>`
            return None
        size = int(words[2])
        data = b""
        if self._contents:
            data = stdout.read(size)
            if len(data) != size or stdout.read(1) != b"\n":
                return None
        return words[1].decode("ascii"), size, data
