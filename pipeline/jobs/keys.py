"""Make keys, and read keys and trust files from the disk."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.errors import ArchiveError, UsageError
from pipeline.model import Sha256
from pipeline.warc.durable import storing, sync_folder
from pipeline.warc.signing.keys import Algorithm, SigningKey
from pipeline.warc.signing.trust import Trust, read_trust

SIZE_MOST: Final = 1 << 20
OWNER_ONLY: Final = 0o600
FOR_ALL: Final = 0o644


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A new key: its two files, and what others need to know in order to trust it."""

    private: Path
    public: Path
    algorithm: str
    fingerprint: Sha256
    openssh: str


def keygen(path: Path, algorithm: Algorithm) -> NewKey:
    """Make a key and write it to `path`, for its owner only, and its public half to `path`.pub.

    Raises ArchiveError where one of them is there already, StorageErrors.
    """
    public = path.with_name(path.name + ".pub")
    for each in (path, public):
        if each.exists() or each.is_symlink():
            raise ArchiveError(str(each), "is there already, and keys are never written over")
    key = SigningKey.generate(algorithm)
    _write(path, key.pem, OWNER_ONLY)
    _write(public, key.public.pem, FOR_ALL)
    with storing(path):
        sync_folder(path.absolute().parent)
    return NewKey(
        private=path,
        public=public,
        algorithm=algorithm.value,
        fingerprint=key.public.fingerprint,
        openssh=key.public.openssh.decode(),
    )


def _write(path: Path, data: bytes, mode: int) -> None:
    """Write a new file. It has its mode from the beginning, whatever the umask lets through."""
    with storing(path):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)


def load_key(path: Path) -> SigningKey:
    """Read a private key. Raises UsageError where it is none."""
    return SigningKey.from_pem(read_small(path), str(path))


def load_trust(path: Path | None) -> Trust:
    """Read a trust file and what it names, beside it; None trusts nobody. Raises UsageError."""
    if path is None:
        return Trust()
    return read_trust(read_small(path), str(path), lambda name: read_small(path.parent / name))


def read_small(path: Path) -> bytes:
    """Read a key or a trust file. Raises UsageError."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UsageError(f"{path}: not a file")
        with path.open("rb") as file:
            data = file.read(SIZE_MOST + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise UsageError(f"{path}: cannot be read: {error}") from error
    if len(data) > SIZE_MOST:
        raise UsageError(f"{path}: over {SIZE_MOST} bytes; no key or trust file is as long")
    return data
