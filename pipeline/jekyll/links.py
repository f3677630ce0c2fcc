"""Symbolic links of a tree, followed as far as they stay inside it.

Jekyll (outside of its safe mode) reads through links like any program. Here a link becomes ordinary
entries under its own path with the blobs of its target; a link that leaves the tree, leads nowhere
or turns in a circle is a finding and stays what it is. Ruby's `Dir["**/*"]`, which Jekyll uses
inside `_posts` and collections, does not enter linked folders, so those are not followed there.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.jekyll.codes import finding
from pipeline.model import FileMode, Finding, Place, TreeEntry

MAX_HOPS = 40  # what Linux allows
MAX_NEW = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The entries with links replaced by what they lead to, sorted by path."""

    entries: tuple[TreeEntry, ...]
    findings: tuple[Finding, ...]


def follow_links(entries: Sequence[TreeEntry], target_of: Callable[[TreeEntry], bytes]) -> Followed:
    """Follow the symbolic links of a tree.

    Args:
        entries: the whole tree, so that a link may leave the site's folder within it.
        target_of: returns the blob of a link, which is the path it leads to.
    """
    links = [entry for entry in entries if entry.mode is FileMode.SYMLINK]
    if not links:
        return Followed(entries=tuple(entries), findings=())
    tree = _Tree(entries, {link.path: _decode(target_of(link)) for link in links})
    found = [entry for entry in entries if entry.mode is not FileMode.SYMLINK]
    findings: list[Finding] = []
    for link in links:
        reached = tree.reach(link)
        if reached is None or len(found) + len(reached) > len(entries) + MAX_NEW:
            message = "the symbolic link leads out of the tree, to nothing or in a circle"
            findings.append(finding("LINK-OUTSIDE", message, Place(path=link.path)))
            found.append(link)
        else:
            found.extend(reached)
    found.sort(key=lambda entry: entry.path)
    return Followed(entries=tuple(found), findings=tuple(findings))


def _decode(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


class _Tree:
    """The entries by path, and the way through links."""

    def __init__(self, entries: Iterable[TreeEntry], targets: dict[str, str]) -> None:
        self._files = {entry.path: entry for entry in entries}
        self._targets = targets

    def reach(self, link: TreeEntry) -> list[TreeEntry] | None:
        """Return the entries that stand under the link, None if it cannot be followed."""
        goal = self._resolve(link.path)
        if goal is None or f"{link.path}/".startswith(f"{goal}/") or goal == "":
            return None
        if goal in self._files:
            return [replace(self._files[goal], path=link.path)]
        inside = [entry for path, entry in self._files.items() if path.startswith(f"{goal}/")]
        if not inside:
            return None
        if _in_special_folder(link.path):
            return []
        return [
            replace(entry, path=link.path + entry.path[len(goal) :])
            for entry in inside
            if entry.mode is not FileMode.SYMLINK
        ]

    def _resolve(self, path: str) -> str | None:
        """Return the path without a link in it, None if it leaves the tree or turns in a circle."""
        for _ in range(MAX_HOPS):
            parts = path.split("/")
            for end in range(1, len(parts) + 1):
                head = "/".join(parts[:end])
                if head in self._targets:
                    following = _join("/".join(parts[: end - 1]), self._targets[head], parts[end:])
                    break
            else:
                return path
            if following is None:
                return None
            path = following
        return None


def _join(folder: str, target: str, rest: Sequence[str]) -> str | None:
    if target.startswith("/"):
        return None
    stack = folder.split("/") if folder else []
    for part in (*target.split("/"), *rest):
        if part == "..":
            if not stack:
                return None
            stack.pop()
        elif part not in {"", "."}:
            stack.append(part)
    return "/".join(stack)


def _in_special_folder(path: str) -> bool:
    folders = path.split("/")[:-1]
    return any(part.startswith("_") for part in folders) and folders[0] != "_data"
