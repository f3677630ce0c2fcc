"""Which commits there are: the graph behind some tips, from commits that were proved.

`git rev-list` is only asked which objects are worth fetching, because it answers thousands in one
go. What is an ancestor of what is read from the commits themselves, each hashed again; so neither
git giving up at a lost commit nor a lie in its answer matters.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from pipeline.errors import GitError, LimitError
from pipeline.history.commit import Commit, parse_commit
from pipeline.history.gitobject import ObjectKind
from pipeline.history.graph import Graph, Node, arrange
from pipeline.model import Finding
from pipeline.sources.codes import SourceCode
from pipeline.sources.git import Git
from pipeline.sources.location import printable
from pipeline.sources.objects import ObjectReader
from pipeline.sources.refs import Refs
from pipeline.sources.source import Absent

_SHOWN = 100
_TAG_DEPTH = 10
_KEPT = 16 << 20  # bytes of commits, about; those that came first are needed last
_LEAST = 1000  # what a commit takes beside its raw bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancestry:
    """All commits behind some tips, and what could not be seen of them.

    `commits` are some of them as they were read, so that not all have to be read again.
    """

    graph: Graph
    commits: dict[str, Commit]
    findings: tuple[Finding, ...]


def read_ancestry(git: Git, tips: Sequence[str], shallow: AbstractSet[str]) -> Ancestry:
    """Read the graph behind these commits; the branch is that of the first, which must be there.

    `shallow` are those whose parents are left out. Raises LimitError for too many commits.
    """
    with ObjectReader(git) as reader:
        walk = _Walk(git=git, reader=reader, shallow=shallow)
        walk.load(_hint(git, tips))
        seen = walk.run(tips)
    nodes = [_in_sight(node, seen) for node in seen.values()]
    return Ancestry(
        graph=arrange(nodes, tips[0]),
        commits=walk.commits,
        findings=tuple(walk.findings(nodes)),
    )


def ref_tips(git: Git, refs: Refs) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Give the commits that the refs name, by ref name; tags are followed to what they tag."""
    tips: dict[str, None] = {}
    findings: list[Finding] = []
    with ObjectReader(git) as reader:
        for name, oid in sorted(refs.named.items()):
            commit = _peeled(reader, oid)
            if commit is None:
                shown = printable(name.decode("utf-8", "backslashreplace"))
                message = f"the ref {shown} is ignored: it leads to no commit that is here"
                findings.append(SourceCode.REF_IGNORED.at(None, message))
            else:
                tips[commit] = None
    return tuple(tips), tuple(findings)


def _peeled(reader: ObjectReader, oid: str) -> str | None:
    for _ in range(_TAG_DEPTH):
        (commit,) = reader.fetch(ObjectKind.COMMIT, [oid])
        if not isinstance(commit, Absent):
            return oid
        (tag,) = reader.fetch(ObjectKind.TAG, [oid])
        if isinstance(tag, Absent):
            return None
        oid = tag.partition(b"\n")[0].removeprefix(b"object ").decode("ascii", "replace")
    return None


def _hint(git: Git, tips: Sequence[str]) -> list[str]:
    """Ask git for ids that are probably ancestors, as many as it can say."""
    found: list[str] = []
    with tempfile.TemporaryFile() as asked:
        asked.write("".join(f"{tip}\n" for tip in tips).encode("ascii"))
        asked.seek(0)
        try:
            with git.stream("rev-list", "--stdin", stdin=asked) as running:
                for line in running.stdout:
                    found.append(line.decode("ascii", "replace").strip())
                    _bounded(git, len(found))
        except GitError:  # a lost object: what it said until then is still worth fetching
            return found
    return found


def _bounded(git: Git, count: int) -> None:
    if count > git.limits.commits:
        raise LimitError(git.place, "the number of commits", f"{git.limits.commits}")


@dataclass(slots=True, kw_only=True)
class _Walk:
    git: Git
    reader: ObjectReader
    shallow: AbstractSet[str]
    nodes: dict[str, Node] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)
    room: int = field(default_factory=lambda: _KEPT)
    absent: dict[str, Absent] = field(default_factory=dict)

    def load(self, oids: Sequence[str]) -> None:
        """Fetch, prove and read these commits."""
        contents = self.reader.fetch(ObjectKind.COMMIT, oids)
        for oid, raw in zip(oids, contents, strict=True):
            if isinstance(raw, Absent):
                self.absent[oid] = raw
            else:
                commit = parse_commit(oid, raw)
                self.nodes[oid] = _node(commit)
                self._keep(commit)
            _bounded(self.git, len(self.nodes) + len(self.absent))

    def _keep(self, commit: Commit) -> None:
        self.room -= len(commit.raw) + _LEAST
        if self.room >= 0:
            self.commits[commit.oid] = commit

    def run(self, tips: Sequence[str]) -> dict[str, Node]:
        """Follow parents from the tips and give every commit that is reached."""
        seen: dict[str, Node] = {}
        edges = 0
        level = list(dict.fromkeys(tips))
        while level:
            self.load([oid for oid in level if oid not in self.nodes and oid not in self.absent])
            below: dict[str, None] = {}
            for oid in level:
                node = self.nodes.get(oid)
                if node is None:
                    continue
                if oid in self.shallow:
                    node = replace(node, parents=(None,) * len(node.parents))
                seen[oid] = node
                edges += len(node.parents)
                _bounded(self.git, edges)
                below.update((parent, None) for parent in node.parents if parent is not None)
            level = [oid for oid in below if oid not in seen and oid not in self.absent]
        return seen

    def findings(self, nodes: Sequence[Node]) -> Iterator[Finding]:
        """Say where the history is cut."""
        cut = [node for node in nodes if node.cut]
        short = sum(node.oid in self.shallow for node in cut)
        if short:
            message = f"the clone is shallow: nothing before {short} of the commits can be seen"
            yield SourceCode.HISTORY_CUT.at(None, message)
        named = {parent for node in nodes for parent in self.nodes[node.oid].parents}
        lost = [oid for oid in self.absent if oid in named]
        for oid in lost[:_SHOWN]:
            reason = self.absent[oid].reason
            message = f"the commit {printable(oid)} {reason}: nothing before it can be seen"
            yield SourceCode.HISTORY_CUT.at(None, message)
        if len(lost) > _SHOWN:
            message = f"and {len(lost) - _SHOWN} more commits cannot be read"
            yield SourceCode.HISTORY_CUT.at(None, message)


def _node(commit: Commit) -> Node:
    at = commit.committer.at
    seconds = None if at is None else int(at.timestamp())
    return Node(oid=commit.oid, tree=commit.tree, parents=commit.parents, seconds=seconds)


def _in_sight(node: Node, seen: Mapping[str, Node]) -> Node:
    """Leave out the parents that could not be read."""
    parents = tuple(parent if parent in seen else None for parent in node.parents)
    return node if parents == node.parents else replace(node, parents=parents)
