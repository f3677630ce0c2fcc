"""What a path means, told by names and first bytes alone: an archive folder, or what stands alone.

Nothing here is slow to import: a WARC file by itself is verified without the catalogue's libraries.
"""

from pathlib import Path
from typing import Final

from pipeline.errors import NotVerifiableError
from pipeline.warc.wacz.layout import SUFFIX

CATALOGUE: Final = "catalogue.db"
SQLITE: Final = b"SQLite format 3\x00"
_ZIP: Final = b"PK\x03\x04"


def is_lone_warc(path: Path) -> bool:
    """Tell whether a path is a file that can only be meant as a WARC. Raises NotVerifiableError."""
    try:
        if not path.is_file() or path.name == CATALOGUE:
            return False
    except OSError as error:  # it lies in a folder that nobody may enter
        raise NotVerifiableError(str(path), error.strerror or str(error)) from error
    return not (begins_with(path, SQLITE) or is_wacz(path))


def is_wacz(path: Path) -> bool:
    """Tell whether a file is meant as a package: by its name, or by how it begins."""
    return path.name.endswith(SUFFIX) or begins_with(path, _ZIP)


def begins_with(path: Path, magic: bytes) -> bool:
    """Tell whether these are the first bytes of a file. Raises NotVerifiableError."""
    try:
        with path.open("rb") as file:
            return file.read(len(magic)) == magic
    except OSError as error:
        raise NotVerifiableError(str(path), error.strerror or str(error)) from error
