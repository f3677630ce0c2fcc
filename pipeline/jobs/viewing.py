"""A viewer that others make, while it runs."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

_DATED: Final = re.compile(r"(?:([0-9]{4,14})/)?(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewing:
    """A viewer that runs. `address` is where to look; `wait` returns when it has ended."""

    address: str
    wait: Callable[[], None]

    def forever(self) -> None:
        """Wait until interrupted. Raises ViewerFailedError where it ends by itself."""
        self.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """The page to begin with; "" where none was named. `stamp` has the digits of a moment."""

    stamp: str = ""
    url: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `STAMP/URL` or a URL."""
        found = _DATED.fullmatch(text)
        return cls(stamp=found[1] or "", url=found[2]) if found else cls()
