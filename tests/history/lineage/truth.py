"""What people found by reading, and how well lineage agrees with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.history.lineage.values import Document, Lineage, Point, Stay

HERE = Path(__file__).parent
NONE, UNDECIDED = "-", "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The commit (abbreviated) that ended what `old` held; where it went on, or NONE."""

    commit: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Joins that are right, wrong, and missing, with the rows that are not right."""

    right: int
    wrong: int
    missing: int
    rows: tuple[str, ...]

    @property
    def precision(self) -> float:
        """The share of the joins made that are right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of the joins wanted that were made."""
        return self.right / max(1, self.right + self.missing)


def read_truth(name: str) -> tuple[Move, ...]:
    rows = (HERE / name).read_text(encoding="utf-8").splitlines()
    fields = [row.split("\t") for row in rows if row and not row.startswith("#")]
    return tuple(Move(commit=each[0], old=each[1], new=each[2]) for each in fields)


def score(found: Lineage, moves: tuple[Move, ...]) -> Score:
    """Compare. A move is right if the document of the old path held the new path afterwards."""
    orders = {point.commit: point.order for point in _points(found)}
    right = wrong = missing = 0
    rows = []
    for move in moves:
        if move.new == UNDECIDED:
            continue
        order = next(orders[commit] for commit in orders if commit.startswith(move.commit))
        stay, document = _before(found, move.old, order)
        onward = [join.new.path for join in document.joins if join.old == stay]
        later = {
            each.path
            for each in document.stays
            if each != stay and (each.until is None or each.until.order > order)
        }
        if move.new in later:
            right += 1
            continue
        wrong += bool(onward)
        missing += move.new != NONE
        if onward or move.new != NONE:
            rows.append(f"{move.commit} {move.old}: {onward}, but by reading {move.new}")
    return Score(right=right, wrong=wrong, missing=missing, rows=tuple(rows))


def successor(found: Lineage, old: str, commit: str) -> set[str]:
    """The paths that the document of a path held after a commit."""
    orders = {point.commit: point.order for point in _points(found)}
    order = next(orders[each] for each in orders if each.startswith(commit))
    _, document = _before(found, old, order)
    return {each.path for each in document.stays if each.until is None or each.until.order > order}


def _before(found: Lineage, path: str, order: int) -> tuple[Stay, Document]:
    standing = [
        (stay, document)
        for document in found.documents
        for stay in document.stays
        if stay.path == path
        and stay.since.order < order
        and (stay.until is None or stay.until.order >= order)
    ]
    return standing[-1]


def _points(found: Lineage) -> Iterator[Point]:
    for document in found.documents:
        for stay in document.stays:
            yield stay.since
            if stay.until is not None:
                yield stay.until
