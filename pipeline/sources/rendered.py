"""The rendered site (`_site`): its files in order, and a word about everything that is none."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import LimitError, RenderedError
from pipeline.model import Finding
from pipeline.sources.codes import SourceCode
from pipeline.sources.limits import DEFAULT_LIMITS, Limits
from pipeline.sources.location import printable
from pipeline.sources.plainfile import NotPlainError, read_small
from pipeline.sources.source import Absent, AbsentKind
from pipeline.sources.walk import Found, Sort, walk

INDEX = "index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedFile:
    """One file of a rendered site. Where `data` is `Absent`, `finding` says why."""

    path: str
    data: bytes | Absent
    finding: Finding | None = None


def public_path(path: str) -> str:
    """Give the URL path of a rendered file: an index page is its folder."""
    folder, _, name = path.rpartition("/")
    if name == INDEX:
        path = f"{folder}/" if folder else ""
    return f"/{path}"


def read_rendered(folder: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[RenderedFile]:
    """Give the files below a folder by path bytes, one at a time. Raises RenderedError, LimitError.

    A symbolic link to a file inside the folder is read; any other is given as absent.
    """
    shown = printable(str(folder))
    try:
        root = folder.resolve(strict=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise RenderedError(shown, "there is no such folder") from error
    if not root.is_dir():
        raise RenderedError(shown, "it is a file")
    found = walk(root, shown, limits)
    if any(each.sort is Sort.CLOSED_FOLDER and not each.path for each in found):
        raise RenderedError(shown, "it cannot be opened")
    return _read_all(root, found, shown, limits)


def _read_all(root: Path, found: list[Found], shown: str, limits: Limits) -> Iterator[RenderedFile]:
    size = 0
    for each in found:
        file = _read(root, each, limits)
        if isinstance(file.data, bytes):
            size += len(file.data)
        if size > limits.total_bytes:
            raise LimitError(shown, "the rendered site", f"{limits.total_bytes} bytes")
        yield file


def _read(root: Path, found: Found, limits: Limits) -> RenderedFile:
    match found.sort:
        case Sort.FILE:
            return _content(found, found.place, limits)
        case Sort.LINK:
            return _follow(root, found, limits)
        case Sort.GIT:
            message = "git's own folder; no part of the site"
            return _absent(found, SourceCode.GIT_FOLDER, message, AbsentKind.OUTSIDE)
        case Sort.SPECIAL:
            message = "a device, socket or named pipe; not read"
            return _absent(found, SourceCode.SPECIAL_FILE, message)
        case Sort.CLOSED_FOLDER:
            message = "the folder cannot be opened; nothing in it is read"
            return _absent(found, SourceCode.UNREADABLE, message)


def _follow(root: Path, found: Found, limits: Limits) -> RenderedFile:
    try:
        target = found.place.resolve(strict=True)
        inside = target.is_relative_to(root)
        plain = target.is_file()
    except (OSError, RuntimeError):
        inside, plain = True, False  # a link to nothing, or to itself
    if not inside:
        message = "a symbolic link that leads out of the folder; not followed"
        return _absent(found, SourceCode.LINK_OUTSIDE, message, AbsentKind.OUTSIDE)
    if not plain:
        message = "a symbolic link to a folder, or to nothing; not followed"
        return _absent(found, SourceCode.LINK_FOLDER, message)
    return _content(found, target, limits)


def _content(found: Found, place: Path, limits: Limits) -> RenderedFile:
    try:
        return RenderedFile(path=found.name, data=read_small(place, limits.file_bytes))
    except NotPlainError:
        message = f"has more than the limit of {limits.file_bytes} bytes"
        return _absent(found, SourceCode.TOO_LARGE, message, AbsentKind.TOO_LARGE)
    except OSError as error:
        message = f"cannot be opened: {error.strerror}"
        return _absent(found, SourceCode.UNREADABLE, message)


def _absent(
    found: Found, code: SourceCode, message: str, kind: AbsentKind = AbsentKind.UNREADABLE
) -> RenderedFile:
    absent = Absent(kind=kind, reason=message)
    finding = code.at(found.name or None, message)
    return RenderedFile(path=found.name, data=absent, finding=finding)
