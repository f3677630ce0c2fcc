"""Take out of a WACZ the two files that its signature is about; nothing else of it is looked at."""

from pathlib import Path

from pipeline.errors import NotVerifiableError
from pipeline.warc.signing.signed_data import DIGEST_PATH, PACKAGE_PATH
from pipeline.warc.wacz.directory import BrokenZipError, read_directory
from pipeline.warc.wacz.members import BadMemberError, Contents, readable
from pipeline.warc.wacz.outside import JSON_MOST
from pipeline.warc.wacz.rules import Tell


def read_packed(path: Path) -> tuple[bytes | None, bytes]:
    """Give `datapackage-digest.json` (None: there is none) and `datapackage.json`.

    Raises NotVerifiableError where the package cannot be read, or has one of them twice.
    """
    tell = Tell(str(path))
    try:
        with path.open("rb") as file:
            members = read_directory(file, tell).members
            names = [member.name for member in members]
            if names.count(PACKAGE_PATH) != 1 or names.count(DIGEST_PATH) > 1:
                why = f"{PACKAGE_PATH} or {DIGEST_PATH} is not there exactly once"
                raise NotVerifiableError(str(path), why)
            kept = readable(members, tell)
            contents = Contents(path=path, file=file, members=kept, tell=tell)
            digest = _read(contents, DIGEST_PATH) if DIGEST_PATH in names else None
            return digest, _read(contents, PACKAGE_PATH)
    except (OSError, BrokenZipError) as error:
        raise NotVerifiableError(str(path), f"not a readable WACZ: {error}") from error


def _read(contents: Contents, name: str) -> bytes:
    try:
        if name in contents.members:
            return contents.whole(name, JSON_MOST)
    except BadMemberError:
        pass
    why = f"{name} is damaged, or over {JSON_MOST} bytes"
    raise NotVerifiableError(str(contents.path), why)
