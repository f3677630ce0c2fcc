"""The files of a package as stretches of it, and what its list says that each of them is."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import NotVerifiableError
from pipeline.model import Sha256
from pipeline.warc.wacz.directory import BrokenZipError, Member, read_directory
from pipeline.warc.wacz.layout import ARCHIVE, DATAPACKAGE, PAGE_LIST
from pipeline.warc.wacz.members import STORED, BadMemberError, Contents, readable
from pipeline.warc.wacz.outside import JSON_MOST, NotJsonError, load
from pipeline.warc.wacz.rules import Tell
from pipeline.warc.within import Within

PAGES_MOST = 1 << 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A WARC file in a package. `sha256` is what the list says, None where it does not.

    `deflated` says that the stretch is not the file's own bytes: they come by `inflated`.
    """

    name: str
    where: Within
    sha256: Sha256 | None
    deflated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """The WARC files of a package, its title, and its list of pages as it lies there."""

    warcs: tuple[Listed, ...]
    title: str
    main_page: str
    pages: bytes


def stretches(path: Path) -> Stretches:
    """Read the directory and the lists. Raises NotVerifiableError where it is no whole package."""
    tell = Tell(str(path))
    try:
        with path.open("rb") as file:
            members = readable(read_directory(file, tell).members, tell)
            contents = Contents(path=path, file=file, members=members, tell=tell)
            said = _said(contents)
            pages = b""
            if PAGE_LIST in members:
                pages = contents.whole(PAGE_LIST, PAGES_MOST)
    except OSError as error:
        raise NotVerifiableError(str(path), error.strerror or str(error)) from error
    except BrokenZipError as error:
        raise NotVerifiableError(str(path), str(error)) from error
    except BadMemberError as error:
        why = str(tell.findings()[-1].message)
        raise NotVerifiableError(str(path), why) from error
    hashes = _hashes(said)
    return Stretches(
        warcs=tuple(
            _listed(path, name, members[name], hashes.get(name))
            for name in sorted(members)
            if name.startswith(ARCHIVE)
        ),
        title=str(said.get("title", "")),
        main_page=str(said.get("mainPageUrl", "")),
        pages=pages,
    )


def inflate(path: Path, name: str, into: Path) -> None:
    """Write a deflated member to a file of its own. Raises NotVerifiableError."""
    tell = Tell(str(path))
    try:
        with path.open("rb") as file, into.open("wb") as out:
            members = readable(read_directory(file, tell).members, tell)
            out.writelines(Contents(path=path, file=file, members=members, tell=tell).pieces(name))
    except OSError as error:
        raise NotVerifiableError(str(path), error.strerror or str(error)) from error
    except (BrokenZipError, BadMemberError) as error:
        raise NotVerifiableError(str(path), f"{name} cannot be read") from error


def _listed(path: Path, name: str, member: Member, sha256: Sha256 | None) -> Listed:
    where = Within(path=path, name=name, offset=member.start, length=member.packed)
    return Listed(name=name, where=where, sha256=sha256, deflated=member.method != STORED)


def _said(contents: Contents) -> Mapping[str, object]:
    if DATAPACKAGE not in contents.members:
        return {}
    try:
        said = load(contents.whole(DATAPACKAGE, JSON_MOST))
    except NotJsonError:
        return {}
    return said if isinstance(said, dict) else {}


def _hashes(said: Mapping[str, object]) -> dict[str, Sha256]:
    found: dict[str, Sha256] = {}
    resources = said.get("resources")
    for each in resources if isinstance(resources, list) else ():
        if not isinstance(each, dict):
            continue
        path, digest = each.get("path"), each.get("hash")
        if isinstance(path, str) and isinstance(digest, str) and digest.startswith("sha256:"):
            try:
                found[path] = Sha256.parse(digest)
            except ValueError:
                continue
    return found
