"""Reading a stranger's refs from their files: HEAD, packed-refs, refs/ and shallow."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import LimitError, NotARepositoryError
from pipeline.model import Finding
from pipeline.sources.codes import SourceCode
from pipeline.sources.foreign import ForeignRepository
from pipeline.sources.limits import Limits
from pipeline.sources.location import printable
from pipeline.sources.plainfile import read_small
from pipeline.sources.refs import Refs, choose_refs, is_followed, is_object_id, is_ref_name

_REF_BYTES = 4096
_LINE_BYTES = 1200
_DEPTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignRefs:
    """The refs that passed, the commits at which a shallow history is cut, and what was ignored."""

    refs: Refs
    shallow: frozenset[str]
    findings: tuple[Finding, ...]


@dataclass(slots=True, kw_only=True)
class _Reading:
    location: str
    limits: Limits
    raw: dict[bytes, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    replacements: set[bytes] = field(default_factory=set)

    def take(self, name: bytes, value: bytes) -> None:
        """Keep a ref if its name and value are such as git writes."""
        if not is_followed(name):
            self.replacements.add(name)
            return
        if is_ref_name(name) and (is_object_id(value) or value.startswith(b"ref:")):
            self.raw[name] = value
        else:
            self.ignore(name, "its name or value is not one git would write")
        if len(self.raw) + len(self.findings) > self.limits.refs:
            what = "the number of branches and tags"
            raise LimitError(self.location, what, f"{self.limits.refs}")

    def ignore(self, name: bytes, why: str) -> None:
        """Tell about a ref that is not read."""
        shown = printable(name[:200].decode("utf-8", "replace"))
        self.findings.append(SourceCode.REF_IGNORED.at(None, f"the ref {shown} is ignored: {why}"))


def read_refs(repository: ForeignRepository, location: str, limits: Limits) -> ForeignRefs:
    """Read all refs of a repository. Raises NotARepositoryError if HEAD cannot be read."""
    reading = _Reading(location=location, limits=limits)
    for line in _lines(repository.common / "packed-refs", reading):
        oid, _, name = line.partition(b" ")
        if name and not line.startswith((b"#", b"^")):
            reading.take(name, oid)
    _walk(repository.common, b"refs", reading, depth=0)
    cut = _lines(repository.common / "shallow", reading)
    _tell_untold(repository, reading)
    return ForeignRefs(
        refs=choose_refs(_head(repository.private / "HEAD", location), reading.raw),
        shallow=frozenset(oid.decode("ascii") for oid in cut if is_object_id(oid)),
        findings=tuple(reading.findings),
    )


def _head(path: Path, location: str) -> bytes:
    """Read HEAD; an old repository may have it as a symbolic link to `refs/heads/…`."""
    try:
        if path.is_symlink():
            return b"ref: " + os.fsencode(path.readlink())
        return read_small(path, _REF_BYTES).strip()
    except OSError as error:
        raise NotARepositoryError(location, f"its HEAD cannot be read: {error}") from error


def _lines(path: Path, reading: _Reading) -> list[bytes]:
    try:
        data = read_small(path, reading.limits.refs * _LINE_BYTES)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise NotARepositoryError(reading.location, f"{path.name} cannot be read") from error
    return [line.rstrip(b"\r") for line in data.split(b"\n")]


def _tell_untold(repository: ForeignRepository, reading: _Reading) -> None:
    """Tell of what would make git show another history than the commits have."""
    if reading.replacements:
        message = f"{len(reading.replacements)} objects have a replacement, which is ignored"
        reading.findings.append(SourceCode.REPLACED.at(None, message))
    lines = _lines(repository.common / "info" / "grafts", reading)
    grafts = sum(bool(line) and not line.startswith(b"#") for line in lines)
    if grafts:
        message = f"{grafts} commits have grafted parents, which are ignored"
        reading.findings.append(SourceCode.GRAFTED.at(None, message))


def _walk(common: Path, name: bytes, reading: _Reading, *, depth: int) -> None:
    folder = Path(os.fsdecode(os.fsencode(common) + b"/" + name))
    if folder.is_symlink() or depth > _DEPTH:
        reading.ignore(name, "it is a symbolic link, or nested too deeply")
        return
    try:
        with os.scandir(os.fsencode(folder)) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        reading.ignore(name, error.strerror or "it cannot be read")
        return
    for entry in entries:
        inner = name + b"/" + entry.name
        if entry.is_dir(follow_symlinks=False):
            _walk(common, inner, reading, depth=depth + 1)
        elif not entry.name.endswith(b".lock"):
            _take_loose(Path(os.fsdecode(entry.path)), inner, reading)


def _take_loose(path: Path, name: bytes, reading: _Reading) -> None:
    try:
        value = read_small(path, _REF_BYTES).strip()
    except OSError as error:
        reading.ignore(name, error.strerror or "it is not a plain file")
        return
    reading.take(name, value)
