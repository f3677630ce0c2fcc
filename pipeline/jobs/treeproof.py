"""Prove by git's own trees what a commit has at a path: from the commit to the file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.history.gitobject import (
    ObjectFormat,
    ObjectKind,
    object_id,
    tree_contents,
    tree_of_commit,
)
from pipeline.history.versions import Versions
from pipeline.report.dossier import Held


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeProof:
    """What commits have at paths, and by id the tree objects that lead there."""

    held: Mapping[tuple[str, str], Held] = field(default_factory=dict)
    objects: Mapping[str, bytes] = field(default_factory=dict)


def prove_trees(
    versions: Versions, commits: Mapping[str, bytes], asked: Iterable[tuple[str, str]]
) -> TreeProof:
    """Prove pairs of commit and path, by the raw commits.

    What is not known of a commit, or makes another tree than the commit names (git no longer
    writes some trees of its first year), is left out.
    """
    by_commit: dict[str, set[str]] = defaultdict(set)
    for commit, path in asked:
        if commit in commits:
            by_commit[commit].add(path)
    held: dict[tuple[str, str], Held] = {}
    objects: dict[str, bytes] = {}
    for commit, paths in by_commit.items():
        sha256 = len(commit) == ObjectFormat.SHA256.hex_size
        kind = ObjectFormat.SHA256 if sha256 else ObjectFormat.SHA1
        try:
            entries = versions.tree_at(commit)
            contents = tree_contents(entries, kind)
            root = tree_of_commit(commits[commit])
        except (KeyError, ValueError):
            continue
        if object_id(ObjectKind.TREE, contents[b""], kind) != root:
            continue
        stood = {entry.path: f"{entry.mode:o} {entry.oid}" for entry in entries}
        for path in paths:
            held[commit, path] = Held(commit=commit, holds=stood.get(path, ""))
            for folder in _folders(path.encode("utf-8", "surrogateescape")):
                if folder in contents:
                    content = contents[folder]
                    objects[object_id(ObjectKind.TREE, content, kind)] = content
    return TreeProof(held=held, objects=objects)


def _folders(path: bytes) -> list[bytes]:
    parts = path.split(b"/")
    return [b"/".join(parts[:depth]) for depth in range(len(parts))]
