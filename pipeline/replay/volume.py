"""One WARC file to be replayed, and who says what its bytes are."""

import hashlib
import threading
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pipeline.errors import NotVerifiableError
from pipeline.model import Sha256
from pipeline.warc.check import digest_file
from pipeline.warc.within import Readable


class Standing(Enum):
    """What the SHA-256 of a whole file says about it."""

    SEALED = "the file is as it was sealed"
    CHANGED = "the file was changed after it was sealed"
    ALONE = "nothing but the record itself vouches for it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A WARC file: what it is called, where its bytes are, what a manifest says that they are.

    `sealed` is the file whose SHA-256 that is, where the records lie in a part of it.
    """

    name: str
    where: Readable
    sha256: Sha256 | None = None
    sealed: Path | None = None

    @property
    def key(self) -> str:
        """What stands for these bytes as they lie there now. Raises NotVerifiableError."""
        path = self.where if isinstance(self.where, Path) else self.where.path
        try:
            about = path.stat()
        except OSError as error:
            raise NotVerifiableError(str(path), error.strerror or str(error)) from error
        facts = (
            str(path.resolve()),
            str(self.where),
            about.st_size,
            about.st_mtime_ns,
            about.st_ino,
            self.name,
        )
        return hashlib.sha256(repr(facts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


class Vouching:
    """Computes the digest of each file once, when something of it is wanted for the first time."""

    def __init__(self) -> None:
        self._known: dict[str, Standing] = {}
        self._lock = threading.Lock()

    def of(self, volume: Volume) -> Standing:
        """Say what a file is worth. Raises NotVerifiableError where it cannot be read."""
        if volume.sha256 is None:
            return Standing.ALONE
        file = volume.sealed or volume.where
        with self._lock:
            if str(file) not in self._known:
                is_same = digest_file(file)[1] == volume.sha256
                self._known[str(file)] = Standing.SEALED if is_same else Standing.CHANGED
            return self._known[str(file)]
