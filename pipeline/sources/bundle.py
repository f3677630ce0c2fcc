"""A git bundle: a header that says which refs it holds, then a pack (gitformat-bundle(5)).

We read the header and hand the pack to `git index-pack`, which computes the id of every object in
it. `git fetch` or `git clone` would do the same at twice the cost.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import LimitError, NotARepositoryError
from pipeline.sources.git import Git
from pipeline.sources.limits import Limits
from pipeline.sources.plainfile import open_plain
from pipeline.sources.refs import Refs, choose_refs, is_followed, is_object_id, is_ref_name

_SIGNATURES = {b"# v2 git bundle": 2, b"# v3 git bundle": 3}
_LONGEST_LINE = 8192
_OID_WIDTHS = {"sha1": 40, "sha256": 64}


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleHeader:
    """What stands before the pack. `filtered` bundles leave objects out on purpose."""

    refs: Refs
    sha256: bool
    filtered: bool
    ignored: tuple[bytes, ...]
    pack_offset: int


def read_header(path: Path, location: str, limits: Limits) -> BundleHeader:
    """Read a bundle's header. Raises NotARepositoryError, LimitError."""
    try:
        with open_plain(path) as raw:
            size = os.fstat(raw.fileno()).st_size
            if size > limits.total_bytes:
                raise LimitError(location, "the bundle", f"{limits.total_bytes} bytes")
            return _read_header(raw, location, limits)
    except OSError as error:
        raise NotARepositoryError(location, error.strerror or "not a regular file") from error


def unpack(path: Path, header: BundleHeader, git: Git) -> None:
    """Index the bundle's pack into our repository. Raises NotARepositoryError, LimitError."""
    with open_plain(path) as raw:
        raw.seek(header.pack_offset)
        command = ("index-pack", "--stdin", "--threads=1")
        with git.stream(*command, stdin=raw, failure=_damaged) as running:
            running.stdout.read()


def _damaged(place: str, said: str) -> NotARepositoryError:
    return NotARepositoryError(place, f"the bundle cannot be unpacked ({said})")


def _read_header(raw: BinaryIO, location: str, limits: Limits) -> BundleHeader:
    lines = _Lines(raw)
    version = _SIGNATURES.get(lines.take())
    if version is None:
        raise NotARepositoryError(location, "a file that is not a git bundle (version 2 or 3)")
    capabilities: dict[str, str] = {}
    named: dict[bytes, bytes] = {}
    ignored: list[bytes] = []
    for line in lines:
        if version == 3 and line.startswith(b"@"):  # noqa: PLR2004 - capabilities came with v3
            key, _, value = line[1:].decode("utf-8", "replace").partition("=")
            capabilities[key] = value
        elif line.startswith(b"-"):
            why = "the bundle continues another one; make it with `git bundle create FILE --all`"
            raise NotARepositoryError(location, why)
        elif not _take_ref(line, named):
            ignored.append(line)
        if len(named) + len(ignored) > limits.refs:
            raise LimitError(location, "the number of branches and tags", f"{limits.refs}")
    if not lines.complete:
        raise NotARepositoryError(location, "the bundle is cut off in its header")
    head = named.pop(b"HEAD", None)
    return BundleHeader(
        refs=choose_refs(head, named),
        sha256=_object_format(capabilities, location) == "sha256",
        filtered="filter" in capabilities,
        ignored=tuple(ignored),
        pack_offset=lines.offset,
    )


def _object_format(capabilities: Mapping[str, str], location: str) -> str:
    unknown = capabilities.keys() - {"object-format", "filter"}
    stated = capabilities.get("object-format", "sha1")
    if unknown or stated not in _OID_WIDTHS:
        raise NotARepositoryError(location, "the bundle needs a newer reader")
    return stated


def _take_ref(line: bytes, named: dict[bytes, bytes]) -> bool:
    oid, _, name = line.partition(b" ")
    good = is_object_id(oid) and (name == b"HEAD" or (is_ref_name(name) and is_followed(name)))
    if good:
        named[name] = oid
    return good


class _Lines:
    """The lines of a header up to the empty one, counting the bytes."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._buffer = b""
        self.offset = 0
        self.complete = False

    def take(self) -> bytes:
        """Give the next line without its end; empty at the end of the header or the file."""
        while b"\n" not in self._buffer and len(self._buffer) < _LONGEST_LINE:
            block = self._raw.read(_LONGEST_LINE)
            if not block:
                return b""
            self._buffer += block
        line, end, self._buffer = self._buffer.partition(b"\n")
        self.offset += len(line) + len(end)
        self.complete = bool(end) and not line
        return line

    def __iter__(self) -> Iterator[bytes]:
        while line := self.take():
            yield line
