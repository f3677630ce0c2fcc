"""A person's decisions about lineage: a small text file in the archive folder."""

from pathlib import Path

from pipeline.errors import ArchiveError
from pipeline.history.lineage.codes import Code
from pipeline.history.lineage.decisions import decision_line, parse_decisions
from pipeline.history.lineage.values import Decision, Lineage
from pipeline.model import Finding

DECISIONS = "lineage.txt"


def read_decisions(folder: Path) -> tuple[tuple[Decision, ...], tuple[Finding, ...]]:
    """Read the file; a folder without one holds no decisions. Raises ArchiveError."""
    place = folder / DECISIONS
    try:
        text = place.read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return (), ()
    except OSError as error:
        raise ArchiveError(str(place), f"cannot be read: {error.strerror or error}") from error
    return parse_decisions(text, DECISIONS)


def unused(lineage: Lineage) -> tuple[Finding, ...]:
    """Tell of decisions that fit nothing in a history."""
    return tuple(
        Code.DECISION_UNUSED.at(
            DECISIONS, f"fits nothing in this history: {decision_line(each)}", line=each.line
        )
        for each in lineage.unused
    )
