"""What was found in records, sorted by level."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.audit.levels import at_level
from pipeline.audit.report import Level, Looked
from pipeline.model import Finding
from pipeline.warc.record import Proved

if TYPE_CHECKING:
    from pipeline.jobs.comparing import Comparison

NO_PAYLOADS = "no record has a payload"
NO_REVISITS = "no record is a revisit"


def levels_of(
    records: int,
    proved: Proved,
    outside: Sequence[Finding],
    comparison: "Comparison | None",
    why: str = "",
) -> dict[Level, Looked]:
    """Sort what was found by level. `why` says what was left out, if anything was."""
    inside = () if comparison is None else tuple(comparison.finish())
    payloads = ""
    if proved.unvouched:
        payloads = f"payloads without a digest that can be checked: {proved.unvouched}"
    revisits = Looked(
        checked=proved.revisits - proved.dangling if comparison is None else comparison.revisits,
        findings=(*at_level(Level.REVISITS, outside), *at_level(Level.REVISITS, inside)),
        not_verified=_join(_dangling(proved) if comparison is None else "", why),
        does_not_apply=NO_REVISITS,
    )
    levels = {
        Level.RECORDS: Looked(
            checked=records, findings=at_level(Level.RECORDS, outside), not_verified=why
        ),
        Level.PAYLOADS: Looked(
            checked=proved.payloads,
            findings=at_level(Level.PAYLOADS, outside),
            not_verified=_join(payloads, why),
            does_not_apply=NO_PAYLOADS,
        ),
        Level.REVISITS: revisits,
    }
    if comparison is None:
        levels[Level.CONTENTS] = Looked(not_verified="the catalogue cannot be read")
    else:
        findings = at_level(Level.CONTENTS, inside, Level.CONTENTS)
        levels[Level.CONTENTS] = Looked(
            checked=comparison.compared, findings=findings, not_verified=why
        )
    return levels


def _dangling(proved: Proved) -> str:
    if not proved.dangling:
        return ""
    return f"revisits of payloads that their file does not hold: {proved.dangling}"


def _join(*sentences: str) -> str:
    return "; ".join(filter(None, sentences))
