"""How trees differ, from tree objects that were proved; no blob is needed.

Many pairs of trees are compared side by side, so that git is asked for a hundred trees at a time.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from pipeline.errors import LimitError
from pipeline.history.changes import Change
from pipeline.history.gitobject import ObjectKind
from pipeline.model import FileMode, Finding, TreeEntry
from pipeline.sources.codes import SourceCode
from pipeline.sources.git import Git
from pipeline.sources.objects import ObjectReader
from pipeline.sources.source import Absent
from pipeline.sources.treerows import NO_ROWS, TREE_MODE, Row, TreeRows, parse_tree

_SIDE_BY_SIDE = 100
_CACHED_ROWS = 50_000
_TOLD = 1000


@dataclass(slots=True, kw_only=True)
class Difference:
    """What differs, and the folders that could not be read before and after."""

    changes: list[Change] = field(default_factory=list)
    unread_before: list[str] = field(default_factory=list)
    unread_after: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Two trees at one place, None for none, and where what differs is to be put."""

    prefix: bytes
    before: str | None
    after: str | None
    into: Difference


class TreeDiffer:
    """Compares trees of one repository. Its findings grow while it works."""

    def __init__(self, git: Git, reader: ObjectReader) -> None:
        self._git = git
        self._trees = _Trees(reader)
        self._changes = 0
        self._told: dict[tuple[SourceCode, str | None], Finding] = {}
        self._unread: dict[bytes, dict[str, None]] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is odd in the trees, and what of them could not be read, once for each place."""
        lost = (self._lost(prefix, list(trees)) for prefix, trees in self._unread.items())
        every = [*self._told.values(), *islice(lost, _TOLD)]
        hidden = len(self._told) + len(self._unread) - _TOLD
        if hidden > 0:
            message = f"and {hidden} more places in the history have something wrong"
            every[_TOLD:] = [SourceCode.HISTORY_TREE.at(None, message)]
        return tuple(every)

    def compare(self, pairs: Iterable[tuple[str | None, str]]) -> list[Difference]:
        """Give the difference of each pair of root trees. Raises LimitError."""
        waiting: deque[_Pair] = deque()
        results: list[Difference] = []
        for before, after in pairs:
            results.append(Difference())
            if before != after:
                waiting.append(_Pair(prefix=b"", before=before, after=after, into=results[-1]))
        while waiting:
            together = [waiting.popleft() for _ in range(min(_SIDE_BY_SIDE, len(waiting)))]
            rows = self._trees.of({oid for pair in together for oid in (pair.before, pair.after)})
            for pair in together:
                waiting.extend(self._take(pair, rows))
        for result in results:
            result.changes.sort(key=lambda change: change.path.encode("utf-8", "surrogateescape"))
        return results

    def _take(self, pair: _Pair, rows: dict[str | None, TreeRows | Absent]) -> list[_Pair]:
        before = self._rows(pair, pair.before, pair.into.unread_before, rows)
        after = self._rows(pair, pair.after, pair.into.unread_after, rows)
        names = [name for name, row in after.items() if before.get(name) != row]
        names += sorted(before.keys() - after.keys())
        below: list[_Pair] = []
        for name in names:
            old, new = before.get(name), after.get(name)
            path = pair.prefix + name
            self._put(pair.into, path, _file(path, old), _file(path, new))
            folders = _folder(old), _folder(new)
            if folders != (None, None):
                inside = path + b"/"
                below.append(
                    _Pair(prefix=inside, before=folders[0], after=folders[1], into=pair.into)
                )
        if below and pair.prefix.count(b"/") + 1 >= self._git.limits.depth:
            raise LimitError(self._git.place, "the nesting of folders", f"{self._git.limits.depth}")
        return below

    def _put(
        self, into: Difference, path: bytes, before: TreeEntry | None, after: TreeEntry | None
    ) -> None:
        if before == after:
            return
        self._count()
        into.changes.append(Change(path=_text(path), before=before, after=after))

    def _rows(
        self,
        pair: _Pair,
        oid: str | None,
        unread: list[str],
        rows: dict[str | None, TreeRows | Absent],
    ) -> Mapping[bytes, Row]:
        tree = rows[oid]
        if isinstance(tree, Absent):
            self._count()
            unread.append(_text(pair.prefix))
            self._unread.setdefault(pair.prefix, {})[f"{oid} {tree.reason}"] = None
            return {}
        for fault in tree.faults:
            path = fault.path_in(pair.prefix)
            finding = fault.code.at(path, fault.message)
            self._told.setdefault((fault.code, path), finding)
        return tree.rows

    def _count(self) -> None:
        self._changes += 1
        if self._changes > self._git.limits.changes:
            what = "the number of changed files in the history"
            raise LimitError(self._git.place, what, f"{self._git.limits.changes}")

    def _lost(self, prefix: bytes, trees: Sequence[str]) -> Finding:
        more = f", and so are {len(trees) - 1} more of its states" if len(trees) > 1 else ""
        message = f"the tree {trees[0]}{more}: what stood in it then is not known"
        return SourceCode.HISTORY_TREE.at(_text(prefix) or None, message)


class _Trees:
    """Parsed trees by id; those used lately are kept, the others are read again."""

    def __init__(self, reader: ObjectReader) -> None:
        self._reader = reader
        self._young: dict[str, TreeRows | Absent] = {}
        self._old: dict[str, TreeRows | Absent] = {}
        self._size = 0

    def of(self, oids: Iterable[str | None]) -> dict[str | None, TreeRows | Absent]:
        """Give these trees; None is the tree that has nothing."""
        result: dict[str | None, TreeRows | Absent] = {None: NO_ROWS}
        unknown: list[str] = []
        for oid in sorted(oid for oid in oids if oid is not None):
            tree = self._young.get(oid) or self._old.get(oid)
            if tree is None:
                unknown.append(oid)
            else:
                result[oid] = self._keep(oid, tree)
        for oid, content in zip(unknown, self._reader.fetch(ObjectKind.TREE, unknown), strict=True):
            tree = content if isinstance(content, Absent) else parse_tree(content, oid)
            result[oid] = self._keep(oid, tree)
        return result

    def _keep(self, oid: str, tree: TreeRows | Absent) -> TreeRows | Absent:
        """Two generations: what was not used while the young one filled up is forgotten."""
        if oid not in self._young:
            self._young[oid] = tree
            self._size += 1 if isinstance(tree, Absent) else 1 + len(tree.rows)
            if self._size > _CACHED_ROWS:
                self._old, self._young, self._size = self._young, {}, 0
        return tree


def _file(path: bytes, row: Row | None) -> TreeEntry | None:
    if row is None or row[0] == TREE_MODE:
        return None
    return TreeEntry(path=_text(path), mode=FileMode(row[0]), oid=row[1].hex())


def _folder(row: Row | None) -> str | None:
    return row[1].hex() if row is not None and row[0] == TREE_MODE else None


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
