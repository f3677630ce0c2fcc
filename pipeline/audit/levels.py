"""To which level a finding belongs: the rules of WARC files are about more than records."""

from collections.abc import Iterable
from typing import Final

from pipeline.audit.codes import AuditCode
from pipeline.audit.report import Level
from pipeline.model import Finding
from pipeline.warc.damage import (
    BLOCK_DIGEST,
    ELSEWHERE,
    ORIGINAL,
    ORIGINAL_OTHER,
    PAYLOAD_DIGEST,
    UNCHECKED,
)

_LEVELS: Final = {
    BLOCK_DIGEST.code: Level.PAYLOADS,
    PAYLOAD_DIGEST.code: Level.PAYLOADS,
    UNCHECKED.code: Level.PAYLOADS,
    ORIGINAL.code: Level.REVISITS,
    ORIGINAL_OTHER.code: Level.REVISITS,
    ELSEWHERE.code: Level.REVISITS,
    AuditCode.REVISIT_DIFFERS.code: Level.REVISITS,
}


def at_level(
    level: Level, findings: Iterable[Finding], usual: Level = Level.RECORDS
) -> tuple[Finding, ...]:
    """Give those of some findings that belong to a level; `usual` is that of all others."""
    return tuple(each for each in findings if _LEVELS.get(each.code, usual) is level)
