"""Every commit behind a revision and what it changed, read through two streams of `git cat-file`.

The bytes of every commit and every tree are hashed before they are believed, so a change is as well
proved as the file it speaks of.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from pipeline.errors import GitError
from pipeline.history.changes import Against, Step
from pipeline.history.commit import Commit, parse_commit
from pipeline.history.gitobject import ObjectKind
from pipeline.history.graph import Node
from pipeline.sources.git import Git
from pipeline.sources.objects import ObjectReader
from pipeline.sources.source import Absent, History
from pipeline.sources.treediff import Difference, TreeDiffer

_TOGETHER = 200


@dataclass(slots=True, kw_only=True)
class GitHistory(History):
    """The history in a repository. Valid while the scratch repository exists.

    `commits` are those that were read already; each is let go when it was given.
    """

    git: Git
    commits: dict[str, Commit] = field(default_factory=dict)

    def steps(self) -> Iterator[Step]:
        """Give every commit and its changes, parents first. Raises LimitError, GitError."""
        before = self.findings
        waiting = iter(self.graph.nodes.values())
        with ObjectReader(self.git) as reader:
            differ = TreeDiffer(self.git, reader)
            while together := list(islice(waiting, _TOGETHER)):
                yield from self._steps(together, differ, reader)
                self.findings = before + differ.findings

    def _steps(
        self, nodes: Sequence[Node], differ: TreeDiffer, reader: ObjectReader
    ) -> Iterator[Step]:
        pairs = [(parent, node.tree) for node in nodes for parent in _compared(node)]
        trees = ((self._tree(parent), tree) for parent, tree in pairs)
        differences = iter(differ.compare(trees))
        unknown = [node.oid for node in nodes if node.oid not in self.commits]
        fetched = reader.fetch(ObjectKind.COMMIT, unknown)
        for node in nodes:
            commit = self.commits.pop(node.oid, None) or self._commit(node.oid, next(fetched))
            found = [(parent, next(differences)) for parent in _compared(node)]
            yield Step(
                commit=commit,
                against=tuple(_against(parent, each) for parent, each in found),
                unread=tuple(sorted({path for _, each in found for path in each.unread_after})),
            )

    def _commit(self, oid: str, raw: bytes | Absent) -> Commit:
        if isinstance(raw, Absent):
            raise GitError(self.git.place, f"the commit {oid} {raw.reason} any more")
        return parse_commit(oid, raw)

    def _tree(self, commit: str | None) -> str | None:
        return None if commit is None else self.graph.nodes[commit].tree


def _compared(node: Node) -> tuple[str | None, ...]:
    """Give the first parent, or None in its place, and every other one in sight."""
    others = (parent for parent in node.parents[1:] if parent is not None)
    return (node.parents[0] if node.parents else None, *others)


def _against(parent: str | None, difference: Difference) -> Against:
    return Against(
        parent=parent,
        changes=tuple(difference.changes),
        unread=tuple(sorted(difference.unread_before)),
    )
