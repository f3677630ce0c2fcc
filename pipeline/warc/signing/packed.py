"""Take out of a WACZ the two files that its signature is about; nothing else of it is looked at."""

import zipfile
import zlib
from pathlib import Path
from typing import Final

from pipeline.errors import NotVerifiableError
from pipeline.warc.signing.signed_data import DIGEST_PATH, PACKAGE_PATH

SIZE_MOST: Final = 1 << 26


def read_packed(path: Path) -> tuple[bytes | None, bytes]:
    """Give `datapackage-digest.json` (None: there is none) and `datapackage.json`.

    Raises NotVerifiableError where the package cannot be read, or has one of them twice.
    """
    try:
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
            if names.count(PACKAGE_PATH) != 1 or names.count(DIGEST_PATH) > 1:
                why = f"{PACKAGE_PATH} or {DIGEST_PATH} is not there exactly once"
                raise NotVerifiableError(str(path), why)
            digest = _read(package, DIGEST_PATH, path) if DIGEST_PATH in names else None
            return digest, _read(package, PACKAGE_PATH, path)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error) as error:
        raise NotVerifiableError(str(path), f"not a readable WACZ: {error}") from error


def _read(package: zipfile.ZipFile, name: str, path: Path) -> bytes:
    with package.open(name) as file:
        data = file.read(SIZE_MOST + 1)
    if len(data) > SIZE_MOST:
        raise NotVerifiableError(str(path), f"{name} is over {SIZE_MOST} bytes")
    return data
