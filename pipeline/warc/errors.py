"""The exceptions of this room, in the pipeline's tree.

PipelineError
├── DamagedRecordError       1   (the bytes at a place are not the record that they should be)
└── UsageError               2
    └── InvalidRecordError   2   (a record was asked for that ISO 28500 does not allow)
"""

from pipeline.errors import PipelineError, UsageError
from pipeline.warc.damage import Damage


class DamagedRecordError(PipelineError):
    """What lies at a place in a WARC file is damaged; `damage` says how. A result: exit code 1."""

    exit_code = 1

    def __init__(self, damage: Damage, path: str = "") -> None:
        super().__init__(f"{path or '-'}:byte {damage.offset}: {damage.message} [{damage.code}]")
        self.damage = damage


class InvalidRecordError(UsageError):
    """A record cannot be written as asked: a field would break the format, or is not allowed."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}; the record was not written")
