"""Finding and checking the repository in a stranger's folder, without running git there.

What we accept is what git itself writes; everything by which such a folder could make us read
something outside of it (symbolic links, a `.git` file without a way back) is refused by name.
Known alternates are followed, because `git clone --shared` makes them, and told as findings.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import LimitError, NotARepositoryError
from pipeline.model import Finding
from pipeline.sources.codes import SourceCode
from pipeline.sources.gitconfig import parse_config
from pipeline.sources.location import printable
from pipeline.sources.plainfile import NotPlainError, read_small

_POINTER_BYTES = 8192
_CONFIG_BYTES = 1024 * 1024
_ALTERNATES_DEPTH = 5  # as git follows them (link_alt_odb_entries)
_FAN_OUT = frozenset(f"{number:02x}" for number in range(256))
_MOST_OBJECT_FILES = 4_000_000
_OBJECT_FORMATS = frozenset({"sha1", "sha256"})
# Extensions of the format (git-config(1)) that change nothing in how objects and refs are stored.
_HARMLESS_EXTENSIONS = frozenset(
    {"noop", "objectformat", "partialclone", "preciousobjects", "refstorage", "relativeworktrees"}
    | {"worktreeconfig"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignRepository:
    """A repository on disk. `private` holds HEAD, `common` what linked worktrees share."""

    private: Path
    common: Path
    objects: tuple[Path, ...]
    sha256: bool
    origin: str | None
    partial: bool
    findings: tuple[Finding, ...]


def find_repository(folder: Path, location: str) -> ForeignRepository | None:
    """Find the repository of a folder, None where there is none. Raises NotARepositoryError."""
    found = _find_git_folder(folder, location)
    if found is None:
        return None
    private, common = found
    settings = _settings(common, location)
    findings: list[Finding] = []
    objects = tuple(_object_folders(common / "objects", location, findings))
    return ForeignRepository(
        private=private,
        common=common,
        objects=objects,
        sha256=_check_format(common, settings, location) == "sha256",
        origin=settings.get("remote.origin.url"),
        partial=any(key.endswith((".promisor", ".partialclone")) for key in settings),
        findings=tuple(findings),
    )


def _find_git_folder(folder: Path, location: str) -> tuple[Path, Path] | None:
    marker = folder / ".git"
    mode = _mode(marker)
    if mode is None:
        bare = all(_mode(folder / part) is not None for part in ("HEAD", "objects", "refs"))
        return (folder, folder) if bare else None
    if stat.S_ISLNK(mode):
        raise NotARepositoryError(
            location, "its .git is a symbolic link; name the repository that it leads to"
        )
    if stat.S_ISREG(mode):
        return _follow_pointer(marker, location)
    if not stat.S_ISDIR(mode) or _mode(marker / "HEAD") is None:
        raise NotARepositoryError(location, "its .git is not a git repository")
    return marker, marker


def _follow_pointer(marker: Path, location: str) -> tuple[Path, Path]:
    """Follow `gitdir: PATH`, if what is there says that it belongs to this folder."""
    text = _pointer(marker, location)
    if not text.startswith(b"gitdir:"):
        raise NotARepositoryError(location, "its .git is a file that does not name a repository")
    private = _resolved(marker.parent, text.removeprefix(b"gitdir:").strip())
    if _mode(private / "gitdir") is not None:  # a linked worktree (gitrepository-layout(5))
        back = _resolved(private, _pointer(private / "gitdir", location))
        common = _resolved(private, _pointer(private / "commondir", location))
        if back == marker.resolve() and private.parent == common / "worktrees":
            return private, common
    elif _mode(private / "HEAD") is not None:  # a submodule, whose config points back
        work_tree = _settings(private, location).get("core.worktree")
        if work_tree and _resolved(private, os.fsencode(work_tree)) == marker.parent.resolve():
            return private, private
    why = f"its .git points at {printable(str(private))}, which does not point back; name that"
    raise NotARepositoryError(location, why)


def _settings(common: Path, location: str) -> dict[str, str]:
    try:
        data = read_small(common / "config", _CONFIG_BYTES)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _unreadable(location, common / "config", error) from error
    return dict(parse_config(data.decode("utf-8", "surrogateescape")))


def _check_format(common: Path, settings: dict[str, str], location: str) -> str:
    """Refuse what we would read wrongly; give the object format."""
    storage = settings.get("extensions.refstorage", "files").lower()
    if storage != "files" or _mode(common / "reftable") is not None:
        why = f"its refs are stored as {printable(storage)}; only git's files format is read, "
        raise NotARepositoryError(location, why + "use `git clone` or `git bundle create` on it")
    stated = {key.partition(".")[2] for key in settings if key.startswith("extensions.")}
    unknown = sorted(stated - _HARMLESS_EXTENSIONS)
    if unknown and settings.get("core.repositoryformatversion", "0") != "0":
        raise NotARepositoryError(location, f"it needs the extension {printable(unknown[0])}")
    object_format = settings.get("extensions.objectformat", "sha1").lower()
    if object_format not in _OBJECT_FORMATS:
        raise NotARepositoryError(location, f"its object format is {printable(object_format)}")
    return object_format


def _object_folders(start: Path, location: str, findings: list[Finding]) -> Iterator[Path]:
    """Give the object folders of a repository: its own, then those it borrows from."""
    seen: set[Path] = set()
    level = [start]
    for depth in range(_ALTERNATES_DEPTH + 1):
        below: list[Path] = []
        for folder in level:
            if folder in seen:
                continue
            seen.add(folder)
            if depth and _mode(folder) is None:
                message = f"objects are borrowed from {printable(str(folder))}, which is not there"
                findings.append(SourceCode.BORROWED_ABSENT.at(None, message))
                continue
            if depth:
                message = f"objects are borrowed from {printable(str(folder))}"
                findings.append(SourceCode.BORROWED.at(None, message))
            _check_objects(folder, location)
            yield folder
            below += _alternates(folder, location)
        level = below


def _check_objects(objects: Path, location: str) -> None:
    """Refuse links and special files where git would open them without a thought."""
    count = 0
    for entry in _scan(objects, location):
        if entry.is_symlink():
            raise _linked(location, entry)
        if entry.name not in _FAN_OUT and entry.name not in {"pack", "info"}:
            continue
        for inner in _scan(Path(entry.path), location):
            count += 1
            if not (inner.is_file(follow_symlinks=False) or inner.is_dir(follow_symlinks=False)):
                raise _linked(location, inner)
            if count > _MOST_OBJECT_FILES:
                raise LimitError(location, "the number of object files", f"{_MOST_OBJECT_FILES}")


def _scan(folder: Path, location: str) -> list[os.DirEntry[str]]:
    mode = _mode(folder)
    if mode is None or not stat.S_ISDIR(mode):
        why = f"{printable(str(folder))} is not a folder"
        raise NotARepositoryError(location, why)
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        raise _unreadable(location, folder, error) from error


def _alternates(objects: Path, location: str) -> list[Path]:
    """Read objects/info/alternates: a path a line, relative to the folder, `#` is a comment."""
    try:
        text = read_small(objects / "info" / "alternates", _CONFIG_BYTES)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unreadable(location, objects / "info" / "alternates", error) from error
    lines = [line for line in text.split(b"\n") if line and not line.startswith((b"#", b'"'))]
    return [_resolved(objects, line) for line in lines]


def _pointer(path: Path, location: str) -> bytes:
    try:
        return read_small(path, _POINTER_BYTES).strip()
    except OSError as error:
        raise _unreadable(location, path, error) from error


def _resolved(base: Path, raw: bytes) -> Path:
    return (base / os.fsdecode(raw.replace(b"\0", b""))).resolve()


def _mode(path: Path) -> int | None:
    try:
        return path.lstat().st_mode
    except OSError:
        return None


def _linked(location: str, entry: os.DirEntry[str]) -> NotARepositoryError:
    why = f"{printable(entry.path)} is a link or a special file; git does not make such objects"
    return NotARepositoryError(location, why)


def _unreadable(location: str, path: Path, error: OSError) -> NotARepositoryError:
    said = "is not a plain file" if isinstance(error, NotPlainError) else error.strerror
    return NotARepositoryError(location, f"{printable(str(path))}: {said}")
