"""What Jekyll makes of a path, before it looks at the bytes.

Sources: reader.rb (`read_directories`, `read_included_excludes`), entry_filter.rb, post_reader.rb,
collection.rb (`filtered_entries`) and layout_reader.rb of Jekyll 4.3.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from pipeline.jekyll.config import CONFIG_NAMES, Config, inside
from pipeline.jekyll.globs import fnmatch_pattern
from pipeline.jekyll.ruby_text import basename, dirname
from pipeline.model import FileMode, TreeEntry

DATE_NAME = re.compile(
    r"^(?>.+/)*?([0-9]{2,4}-[0-9]{1,2}-[0-9]{1,2})-([^/]*)(\.[^.]+)$", re.MULTILINE
)
POSTS = "posts"
_MAGIC = frozenset("*?[\\")


class Role(Enum):
    """What a file is for Jekyll."""

    DOCUMENT = "document"
    PAGE = "page"
    STATIC = "static"
    CANDIDATE = "candidate"
    DATA = "data"
    CONFIG = "config"
    LAYOUT = "layout"
    INCLUDE = "include"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a file belongs. A CANDIDATE with front matter is a page or document, else static.

    `path` is the entry's path relative to the site's source. `collection` is empty for pages and
    static files. `reason` is one sentence for a file that Jekyll leaves out, else empty.
    """

    entry: TreeEntry
    path: str
    role: Role
    collection: str = ""
    draft: bool = False
    reason: str = ""


def special_file(path: str, config: Config) -> Role | None:
    """Return the role that a file has by its folder: data, layout, include; None for any other."""
    for key, role in (
        ("data_dir", Role.DATA),
        ("layouts_dir", Role.LAYOUT),
        ("includes_dir", Role.INCLUDE),
    ):
        folder = inside(config.text(key))
        if folder and path.startswith(f"{folder}/"):
            return role
    return None


class EntryFilter:
    """`Jekyll::EntryFilter` with the site's `include` and `exclude`."""

    def __init__(self, config: Config) -> None:
        """Prepare the patterns."""
        include = [item for item in config.items("include") if isinstance(item, str)]
        self._include = tuple(f"/{item.removeprefix('/')}" for item in include)
        self._exclude = tuple(
            f"/{item.removeprefix('/')}"
            for item in config.items("exclude")
            if isinstance(item, str) and item not in include
        )
        self._known: dict[tuple[str, str, bool], str] = {}

    def reason(self, entry: str, base: str, *, folder: bool) -> str:
        """Say why Jekyll rejects an entry of the folder `base`, empty if it does not."""
        key = (entry, base, folder)
        if key not in self._known:
            self._known[key] = self._reason(entry, base, folder=folder)
        return self._known[key]

    def _reason(self, entry: str, base: str, *, folder: bool) -> str:
        if entry.endswith("."):
            return "its name ends with a dot"
        name = basename(entry)
        included = self._listed(self._include, entry, folder=folder and not base) or self._listed(
            self._include, name, folder=folder and not base
        )
        if included:
            return ""
        if self._listed(self._exclude, f"{base}/{entry}" if base else entry, folder=folder):
            return "the configuration excludes it"
        if entry[:1] in "._#~" or name[:1] in "._#~":
            return "its name begins with a character that Jekyll takes as special"
        return "it is a backup file" if entry.endswith("~") else ""

    @staticmethod
    def _listed(patterns: tuple[str, ...], entry: str, *, folder: bool) -> bool:
        """`glob_include?`: a pattern is a glob, a prefix, or a folder's name with slash."""
        path = f"/{entry}"
        if path.startswith(patterns) or (folder and f"{path}/" in patterns):
            return True
        return any(glob.match(path) for glob in _globs(patterns))


@lru_cache(maxsize=256)
def _globs(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Make what matches of those patterns that are more than a prefix."""
    return tuple(fnmatch_pattern(each) for each in patterns if not _MAGIC.isdisjoint(each))


class Placer:
    """Decides the role of every path of one site."""

    def __init__(self, config: Config) -> None:
        """Prepare the folders of the configuration."""
        self._config = config
        self._filter = EntryFilter(config)
        self._source = inside(config.text("source"))
        self._dest = self.relative(inside(config.text("destination")))
        self._collections_dir = inside(config.text("collections_dir"))
        self._folders = {
            self._below(f"_{label}"): label
            for label in (re.sub(r"[^a-zA-Z0-9_.-]", "", name) for name in config.collections)
            if label not in {POSTS, "data"}
        }
        self._included = frozenset(
            inside(item) for item in config.items("include") if isinstance(item, str)
        )
        self._walks: dict[str, str] = {"": ""}
        self._last: Placement | None = None

    def relative(self, path: str) -> str | None:
        """Return a path relative to the site's source, None for one outside of it."""
        if not self._source:
            return path
        folder = f"{self._source}/"
        return path.removeprefix(folder) if path.startswith(folder) else None

    def place(self, entry: TreeEntry) -> Placement:
        """Decide what a file is, by its path and mode alone."""
        if self._last is None or self._last.entry is not entry:  # often asked several times
            self._last = self._place(entry)
        return self._last

    def _place(self, entry: TreeEntry) -> Placement:
        path = self.relative(entry.path)
        if path is None:
            role = Role.CONFIG if entry.path in CONFIG_NAMES else Role.OTHER
            reason = "" if role is Role.CONFIG else "it is outside of the site's source"
            return Placement(entry=entry, path=entry.path, role=role, reason=reason)
        if entry.mode in {FileMode.SUBMODULE, FileMode.SYMLINK}:
            what = "submodule" if entry.mode is FileMode.SUBMODULE else "symbolic link"
            return Placement(
                entry=entry,
                path=path,
                role=Role.OTHER,
                reason=f"it is a {what}, which was not followed",
            )
        if path in CONFIG_NAMES:
            return Placement(entry=entry, path=path, role=Role.CONFIG)
        return (
            self._in_collection(entry, path)
            or self._in_posts(entry, path)
            or self._in_folders(entry, path)
        )

    def _below(self, name: str) -> str:
        return f"{self._collections_dir}/{name}" if self._collections_dir else name

    def _in_collection(self, entry: TreeEntry, path: str) -> Placement | None:
        # A label has no slash in it, so the folder is one step below that of all collections.
        end = path.find("/", len(self._collections_dir) + 1 if self._collections_dir else 0)
        label = self._folders.get(path[:end]) if end > 0 else None
        if label is None:
            return None
        reason = self._filter.reason(path[end + 1 :], f"_{label}", folder=False)
        return Placement(
            entry=entry,
            path=path,
            role=Role.OTHER if reason else Role.CANDIDATE,
            collection=label,
            reason=reason,
        )

    def _in_posts(self, entry: TreeEntry, path: str) -> Placement | None:
        """Find the `_posts` or `_drafts` folder around a file, in any folder that Jekyll walks."""
        parts = path.split("/")
        for index, part in enumerate(parts[:-1]):
            if part not in {"_posts", "_drafts"}:
                continue
            folder = "/".join(parts[:index])
            if self._walk(folder):
                return None
            rest = "/".join(parts[index + 1 :])
            base = f"{folder}/{part}" if folder else part
            reason = self._post_reason(folder, rest, base, draft=part == "_drafts")
            return Placement(
                entry=entry,
                path=path,
                role=Role.OTHER if reason else Role.DOCUMENT,
                collection=POSTS,
                draft=part == "_drafts",
                reason=reason,
            )
        return None

    def _post_reason(self, folder: str, rest: str, base: str, *, draft: bool) -> str:
        if self._collections_dir and not f"/{folder}".startswith(f"/{self._collections_dir}"):
            return "it is outside of the configured collections_dir"
        if any(part.startswith(".") for part in rest.split("/")):
            return "it is hidden"
        reason = self._filter.reason(rest, base, folder=False)
        if reason:
            return reason
        if draft:
            return "" if _split_name(rest) else "a draft needs an extension"
        return "" if DATE_NAME.search(rest) else "the name of a post must begin with a date"

    def _in_folders(self, entry: TreeEntry, path: str) -> Placement:
        folder = "" if "/" not in path else dirname(path)
        reason = self._walk(folder) or self._filter.reason(basename(path), folder, folder=False)
        if not reason or path in self._included:
            return Placement(entry=entry, path=path, role=Role.CANDIDATE)
        role = special_file(path, self._config)
        if role is not None:
            return Placement(entry=entry, path=path, role=role)
        return Placement(entry=entry, path=path, role=Role.OTHER, reason=reason)

    def _walk(self, folder: str) -> str:
        """Say why Jekyll does not walk into a folder, empty if it does."""
        if folder not in self._walks:
            parent, _, name = folder.rpartition("/")
            self._walks[folder] = (
                self._walk(parent)
                or self._filter.reason(name, parent, folder=True)
                or ("it is in the destination folder" if folder == self._dest else "")
            )
        return self._walks[folder]


def _split_name(path: str) -> bool:
    """Whether `DATELESS_FILENAME_MATCHER` finds an extension."""
    stem, dot, ext = path.rpartition(".")
    return bool(dot and ext and stem is not None)


def name_parts(path: str) -> tuple[str | None, str, str | None]:
    """Read date, slug and extension out of a path (`Document#populate_title`)."""
    match = DATE_NAME.search(path)
    if match:
        return match[1], match[2], match[3]
    before, dot, after = path.rpartition(".")
    if not dot or not after:
        name = basename(path)
        return None, name.rstrip(".") if name.endswith(".") else name, None
    return None, before.rpartition("/")[2], f".{after}"
