"""How a job tells how far it is, to whoever listens."""

from typing import Protocol


class Progress(Protocol):
    """Called often; must be cheap."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take the name of the stage, and how many of how many things are done."""
        ...


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""
