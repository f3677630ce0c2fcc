"""The tree that files make, beside the tree that they should make."""

from collections.abc import Iterable

from pipeline.history.gitobject import ObjectFormat, tree_id
from pipeline.model import TreeEntry


def tree_of(entries: Iterable[TreeEntry], oid: str) -> str:
    """Compute the id of a tree that should be `oid`; of what makes no tree, say why not."""
    sha256 = len(oid) == ObjectFormat.SHA256.hex_size
    try:
        return tree_id(entries, ObjectFormat.SHA256 if sha256 else ObjectFormat.SHA1)
    except ValueError as error:
        return f"none ({error})"
