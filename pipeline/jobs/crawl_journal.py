"""The journal of a crawl: every exchange, on the disk before the next URL is asked for.

A file that only grows: a line of JSON that says how long what follows is and what its digest is,
then the bytes themselves. What a crash tore off at the end is cut off when the crawl goes on.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

from pipeline.errors import UsageError
from pipeline.sources.crawl.plan import Plan
from pipeline.sources.crawl.values import Answer, Exchange, Failure, Peer, Role, Wanted
from pipeline.warc.circumstances import Truncated
from pipeline.warc.durable import storing

NAME: Final = "journal"
_LINE_MOST: Final = 1 << 20
_WHAT: Final = ("seeds", "exclude", "ports", "loopback")
"""What of a plan has to stay as it was; how fast and how far may change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """An entry as it lies in the file: what it says, its bytes, where it ends."""

    said: dict[str, Any]
    parts: tuple[bytes, ...]
    end: int


class Journal:
    """A journal that is open: a context manager. `began` is when the crawl first started.

    Raises UsageError if another crawl lies there, StorageErrors.
    """

    def __init__(self, folder: Path, plan: Plan, now: datetime) -> None:
        self._path, self._plan, self._now = folder / NAME, plan, now
        self._file: BinaryIO | None = None
        self._end = 0
        self.began = now

    def __enter__(self) -> Self:
        with storing(self._path):
            self._file = self._path.open("a+b")
            self._file.seek(0)
            first = _read_entry(self._file, 0)
        if first is None:
            self._cut(0)
            self._append({"plan": _what(self._plan), "began": self._now.isoformat()}, ())
        elif first.said.get("plan") != _what(self._plan):
            self._file.close()
            why = "another crawl was begun there; remove it, or go on with the same seeds and scope"
            raise UsageError(f"{self._path.parent}: {why}")
        else:
            self.began = datetime.fromisoformat(first.said["began"])
            self._end = first.end
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            with suppress(OSError):  # what matters was synced when it was written
                self._file.close()

    def exchanges(self) -> Iterator[Exchange]:
        """Give what is in the journal, from its beginning; cut off what is not whole at its end."""
        file = self._opened()
        with storing(self._path):
            file.seek(0)
            entry = _read_entry(file, 0)
        while entry is not None:
            self._end = entry.end
            with storing(self._path):
                file.seek(entry.end)
                entry = _read_entry(file, entry.end)
            if entry is not None:
                yield _exchange(entry)
        self._cut(self._end)

    def append(self, exchange: Exchange) -> None:
        """Put an exchange on the disk."""
        answer = exchange.answer
        said = {
            "wanted": asdict(exchange.wanted) | {"role": exchange.wanted.role.value},
            "at": exchange.at.isoformat(),
            "seconds": exchange.seconds,
            "ip": answer.ip,
            "truncated": answer.truncated.value if answer.truncated else None,
            "failure": answer.failure.value if answer.failure else None,
            "why": answer.why,
            "peer": [answer.peer.version, answer.peer.cipher] if answer.peer else None,
        }
        certificate = answer.peer.certificate if answer.peer else b""
        self._append(said, (answer.request, answer.interim, answer.response, certificate))

    def _append(self, said: dict[str, Any], parts: tuple[bytes, ...]) -> None:
        file = self._opened()
        line = {
            "sizes": [len(part) for part in parts],
            "sha256": _digest(said, parts),
            "said": said,
        }
        with storing(self._path):
            file.write(json.dumps(line).encode("ascii") + b"\n")
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
            self._end = file.tell()

    def _cut(self, end: int) -> None:
        file = self._opened()
        with storing(self._path):
            file.truncate(end)
            file.seek(end)
            os.fsync(file.fileno())

    def _opened(self) -> BinaryIO:
        assert self._file is not None, "entered"  # noqa: S101 - for the type checker
        return self._file


def _what(plan: Plan) -> dict[str, Any]:
    """Give what of a plan has to stay, as JSON gives it back."""
    values = {name: getattr(plan, name) for name in _WHAT}
    return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}


def _digest(said: dict[str, Any], parts: tuple[bytes, ...]) -> str:
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode("ascii"))
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _read_entry(file: BinaryIO, start: int) -> _Entry | None:
    """Read the entry that begins where the file stands; None where there is no whole one."""
    line = file.readline(_LINE_MOST)
    try:
        head: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {}
        said, sizes, digest = head["said"], head["sizes"], head["sha256"]
    except (ValueError, KeyError, TypeError):
        return None
    parts = tuple(file.read(size) for size in sizes)
    if _digest(said, parts) != digest:
        return None
    return _Entry(said=said, parts=parts, end=start + len(line) + sum(sizes))


def _exchange(entry: _Entry) -> Exchange:
    said = entry.said
    request, interim, response, certificate = entry.parts
    peer = None
    if said["peer"] is not None:
        version, cipher = said["peer"]
        peer = Peer(version=version, cipher=cipher, certificate=certificate)
    wanted = said["wanted"]
    return Exchange(
        wanted=Wanted(**wanted | {"role": Role(wanted["role"])}),
        at=datetime.fromisoformat(said["at"]),
        seconds=said["seconds"],
        answer=Answer(
            request=request,
            interim=interim,
            response=response,
            ip=said["ip"],
            truncated=Truncated(said["truncated"]) if said["truncated"] else None,
            failure=Failure(said["failure"]) if said["failure"] else None,
            why=said["why"],
            peer=peer,
        ),
    )
