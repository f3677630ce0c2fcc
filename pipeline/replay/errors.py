"""The exceptions of this room, in the pipeline's tree.

PipelineError
├── UntrueError              1   (what would be shown is not what was captured; a result)
└── StorageError
    └── NotCapturedError    24   (the archive holds nothing of that URL)
"""

from pipeline.errors import PipelineError, StorageError


class UntrueError(PipelineError):
    """A capture is there, and is not shown: its bytes are not what they should be."""

    exit_code = 1

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"{url}: not shown: {why}")
        self.why = why


class NotCapturedError(StorageError):
    """Nothing of that URL is held."""

    exit_code = 24

    def __init__(self, url: str) -> None:
        super().__init__(f"{url}: no capture of it is in this archive")
