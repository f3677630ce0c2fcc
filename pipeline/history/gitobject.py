r"""Git's object names, computed from content: git itself is not asked, so it can be checked.

A name is the hash of `<kind> <size>\0<content>` (gitformat-pack, "Git Objects" in the Git book). A
tree's content is `<octal mode> <name>\0<raw name>` for each entry, sorted as bytes with `/` after
the name of a directory (`base_name_compare` in git's tree.c).
"""

import hashlib
from collections.abc import Iterable
from enum import Enum
from typing import Final

from pipeline.model import TreeEntry

_DIRECTORY_MODE: Final = b"40000"  # git writes no leading zero
_PARTS_REFUSED: Final = frozenset({b"", b".", b".."})

_Folder = dict[bytes, tuple[bytes, bytes]]  # name to mode and raw object name


class ObjectFormat(Enum):
    """The hash of a repository: git's `extensions.objectFormat`."""

    SHA1 = "sha1"
    SHA256 = "sha256"

    @property
    def hex_size(self) -> int:
        """How many hex digits a name has."""
        return 40 if self is ObjectFormat.SHA1 else 64


class ObjectKind(Enum):
    """The kinds of objects, by the word in their header."""

    BLOB = "blob"
    TREE = "tree"
    COMMIT = "commit"
    TAG = "tag"


def object_id(
    kind: ObjectKind, content: bytes, object_format: ObjectFormat = ObjectFormat.SHA1
) -> str:
    """Give the hex name of an object with this content."""
    hash_of = hashlib.sha1 if object_format is ObjectFormat.SHA1 else hashlib.sha256
    head = b"%s %d\0" % (kind.value.encode("ascii"), len(content))
    hasher = hash_of(head, usedforsecurity=False)
    hasher.update(content)
    return hasher.hexdigest()


def blob_id(content: bytes, object_format: ObjectFormat = ObjectFormat.SHA1) -> str:
    """Give the name of a file's content."""
    return object_id(ObjectKind.BLOB, content, object_format)


def commit_id(content: bytes, object_format: ObjectFormat = ObjectFormat.SHA1) -> str:
    """Give the name of a commit from its raw content, as `git cat-file commit` prints it."""
    return object_id(ObjectKind.COMMIT, content, object_format)


def tree_of_commit(content: bytes) -> str:
    """Give the name of the tree that a raw commit records. Raises ValueError if it names none."""
    word, space, name = content.partition(b"\n")[0].partition(b" ")
    if word != b"tree" or not space:
        raise ValueError("a commit begins with its tree")
    return name.decode("ascii")


def tree_id(entries: Iterable[TreeEntry], object_format: ObjectFormat = ObjectFormat.SHA1) -> str:
    """Give the name of the tree that holds exactly these files, in whatever order they come.

    It equals the tree of a commit only if no file is missing, added, renamed or changed, modes
    included. What git never writes itself (an empty directory, the mode 100664 of its first year)
    has no flat form, so such a tree has another name than what is computed here. Raises ValueError
    for entries that are no tree: a path twice, a file that is also a directory, an empty part, `.`
    or `..`, an object name of the wrong length.
    """
    return object_id(ObjectKind.TREE, tree_contents(entries, object_format)[b""], object_format)


def tree_contents(
    entries: Iterable[TreeEntry], object_format: ObjectFormat = ObjectFormat.SHA1
) -> dict[bytes, bytes]:
    """Give the content of every tree object that these files make, by the path of its folder.

    The root is the empty path. Raises ValueError as `tree_id`.
    """
    folders: dict[bytes, _Folder] = {b"": {}}
    for entry in entries:
        if len(entry.oid) != object_format.hex_size:
            raise ValueError(f"{entry.path}: not a {object_format.value} name: {entry.oid!r}")
        path = entry.path.encode("utf-8", "surrogateescape")
        parts = path.split(b"/")
        if not _PARTS_REFUSED.isdisjoint(parts) or b"\0" in path:
            raise ValueError(f"{entry.path!r}: no path that a tree can hold")
        for depth in range(1, len(parts)):
            folders.setdefault(b"/".join(parts[:depth]), {})
        _put(folders, path, (b"%o" % entry.mode, bytes.fromhex(entry.oid)))
    contents: dict[bytes, bytes] = {}
    for path in sorted(filter(None, folders), key=lambda folder: folder.count(b"/"), reverse=True):
        contents[path] = _content(folders[path])
        oid = object_id(ObjectKind.TREE, contents[path], object_format)
        _put(folders, path, (_DIRECTORY_MODE, bytes.fromhex(oid)))
    contents[b""] = _content(folders[b""])
    return contents


def _put(folders: dict[bytes, _Folder], path: bytes, what: tuple[bytes, bytes]) -> None:
    parent, _, name = path.rpartition(b"/")
    if name in folders[parent]:
        raise ValueError(f"{path!r}: twice in the tree")
    folders[parent][name] = what


def _content(folder: _Folder) -> bytes:
    """Lay out one tree object; a directory sorts as if its name ended in `/`."""

    def order(name: bytes) -> bytes:
        return name + b"/" if folder[name][0] == _DIRECTORY_MODE else name

    lines = ((folder[name][0], name, folder[name][1]) for name in sorted(folder, key=order))
    return b"".join(b"%s %s\0%s" % line for line in lines)
