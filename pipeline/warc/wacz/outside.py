"""The outside of a package: `datapackage.json`, its digest, and every file against them."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from pipeline.model import Sha256
from pipeline.warc.bearable import VALUES_MOST, is_bearable
from pipeline.warc.dates import parse_warc_date
from pipeline.warc.member import MAGIC
from pipeline.warc.wacz.datapackage import PROFILE
from pipeline.warc.wacz.directory import Directory
from pipeline.warc.wacz.frame import FULL, TAIL, is_framed
from pipeline.warc.wacz.layout import (
    ARCHIVE,
    DATAPACKAGE,
    DIGEST,
    INDEX,
    INDEXES,
    OURS,
    PAGE_LIST,
    PAGES,
    SHORT_INDEX,
)
from pipeline.warc.wacz.members import BadMemberError, Contents
from pipeline.warc.wacz.rules import (
    ARCHIVE_MISSING,
    ARCHIVE_NAME,
    CONTEXT,
    DATAPACKAGE_FORM,
    DATAPACKAGE_JSON,
    DATAPACKAGE_MISSING,
    DIGEST_FORM,
    DIGEST_HASH,
    DIGEST_MISSING,
    FILE_HASH,
    FILE_MISSING,
    FILE_SIZE,
    FILE_STRAY,
    FILE_UNLISTED,
    HASH_UNKNOWN,
    HASH_WEAK,
    OWN,
    RESOURCE,
    ZIP_FRAME,
    Tell,
)
from pipeline.warc.wacz.rules import PROFILE as PROFILE_RULE
from pipeline.warc.wacz.rules import VERSION as VERSION_RULE

JSON_MOST: Final = 1 << 23
"""8 MiB list 30,000 files. Python takes more, see `is_bearable`."""
_KNOWN: Final = {"1.0.0", "1.1.0", "1.1.1", "1.2.0"}
_CONTEXT: Final = ("title", "created", "software")
_WEAK: Final = {"md5", "sha1"}
_HASHES: Final = {*_WEAK, "sha224", "sha256", "sha384", "sha512"}
_NAMES: Final = {
    ARCHIVE: (".warc", ".warc.gz"),
    INDEXES: (".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz", ".idx"),
    PAGES: (".jsonl",),
}


class NotJsonError(ValueError):
    """Text is not one JSON value, or names something in it twice."""


def load(data: bytes) -> object:
    """Read JSON that can be understood in one way only. Raises NotJsonError."""

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            raise NotJsonError("a name stands twice in an object")
        return dict(pairs)

    if not is_bearable(data):
        raise NotJsonError(f"it holds more than {VALUES_MOST} values")
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=once, parse_constant=_refuse)
    except RecursionError as error:
        raise NotJsonError("nested too deeply") from error
    except ValueError as error:
        raise NotJsonError(str(error)) from error


def _refuse(word: str) -> object:
    raise NotJsonError(f"{word} is no JSON")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What the outside of a package says. `is_ours`: it says that this software made it."""

    datapackage: Sha256
    created: str
    signed: Mapping[str, object] | None
    is_ours: bool


def look_outside(contents: Contents, directory: Directory) -> Outside | None:
    """Check everything but what index, pages and WARC files say; None where nothing is listed."""
    tell = contents.tell
    _names(contents, tell)
    if DATAPACKAGE not in contents.members:
        tell(DATAPACKAGE_MISSING, DATAPACKAGE, "it is not there")
        return None
    found = _object(contents, DATAPACKAGE)
    if found is None:
        return None
    data, said = found
    is_ours = str(said.get("software", "")).startswith(OURS)
    _form(said, tell, is_ours=is_ours)
    _files(contents, said)
    signed = _digest(contents, data)
    if is_ours:
        _own(contents, directory, said)
    return Outside(
        datapackage=Sha256.of(data),
        created=str(said.get("created", "")),
        signed=signed,
        is_ours=is_ours,
    )


def _names(contents: Contents, tell: Tell) -> None:
    """Hold the files in WACZ's own folders to what may be there."""
    for name in contents.members:
        folder, slash, rest = name.partition("/")
        endings = _NAMES.get(folder + slash)
        if endings is not None and (not rest.endswith(endings) or "/" in rest):
            tell(FILE_STRAY, name, "it is nothing that belongs into this folder")
        if name.startswith(ARCHIVE) and name.endswith(".warc") and contents.begins(name, MAGIC):
            tell(ARCHIVE_NAME, name, "it is gzipped and not called .warc.gz")
    if not any(name.startswith(ARCHIVE) for name in contents.members):
        tell(ARCHIVE_MISSING, ARCHIVE, "there is no WARC file")


def _object(contents: Contents, name: str) -> tuple[bytes, dict[str, object]] | None:
    try:
        data = contents.whole(name, JSON_MOST)
        said = load(data)
    except BadMemberError:
        return None
    except NotJsonError as error:
        contents.tell(DATAPACKAGE_JSON, name, f"not JSON: {error}")
        return None
    if not isinstance(said, dict):
        contents.tell(DATAPACKAGE_JSON, name, "not a JSON object")
        return None
    return data, said


def _form(said: Mapping[str, object], tell: Tell, *, is_ours: bool) -> None:
    if "profile" not in said and not is_ours:
        tell(PROFILE_RULE, DATAPACKAGE, f"it does not say profile: {PROFILE!r}")
    elif said.get("profile") != PROFILE:
        tell(DATAPACKAGE_FORM, DATAPACKAGE, f"profile is not {PROFILE!r}")
    version = said.get("wacz_version")
    if not isinstance(version, str):
        tell(DATAPACKAGE_FORM, DATAPACKAGE, "there is no wacz_version")
    elif version not in _KNOWN:
        tell(VERSION_RULE, DATAPACKAGE, f"wacz_version is {version[:20]!r}")
    if not isinstance(said.get("resources"), list):
        tell(DATAPACKAGE_FORM, DATAPACKAGE, "there is no list of resources")
    missing = [name for name in _CONTEXT if not isinstance(said.get(name), str)]
    if missing:
        tell(CONTEXT, DATAPACKAGE, f"it should say {', '.join(missing)}")


def _files(contents: Contents, said: Mapping[str, object]) -> None:
    """Hold every file against what is listed, and what is listed against the files."""
    tell = contents.tell
    listed: set[str] = set()
    resources = said.get("resources")
    for resource in resources if isinstance(resources, list) else ():
        path, hashed, size = _resource(resource)
        if path is None or hashed is None or size is None:
            tell(RESOURCE, DATAPACKAGE, f"not path, hash and bytes: {resource!r:.160}")
        elif path in listed:
            tell(RESOURCE, path, "it is listed twice")
        elif path not in contents.members:
            tell(FILE_MISSING, path, "it is listed and not there")
        else:
            _file(contents, path, hashed, size)
        listed |= {path} if path is not None else set()
    for name in contents.members.keys() - listed - {DATAPACKAGE, DIGEST}:
        tell(FILE_UNLISTED, name, "it is there and not listed")
        with suppress(BadMemberError):
            for _ in contents.pieces(name):
                pass


def _resource(resource: object) -> tuple[str | None, str | None, int | None]:
    if not isinstance(resource, dict):
        return None, None, None
    path, hashed, size = (resource.get(name) for name in ("path", "hash", "bytes"))
    plain = isinstance(size, int) and not isinstance(size, bool)
    return (
        path if isinstance(path, str) else None,
        hashed if isinstance(hashed, str) else None,
        size if plain else None,
    )


def _file(contents: Contents, path: str, hashed: str, size: int) -> None:
    tell = contents.tell
    name, colon, value = hashed.partition(":")
    algorithm = name.lower().replace("-", "") if colon else "md5"  # Frictionless: MD5 has no label
    known = algorithm in _HASHES
    if not known:
        tell(HASH_UNKNOWN, path, f"its hash cannot be computed: {hashed[:80]!r}")
    elif algorithm in _WEAK:
        tell(HASH_WEAK, path, f"anybody can forge a file of the same {algorithm}")
    digest = hashlib.new(algorithm if known else "sha256", usedforsecurity=False)
    found = 0
    try:
        for piece in contents.pieces(path):
            digest.update(piece)
            found += len(piece)
    except BadMemberError:
        return
    if found != size:
        tell(FILE_SIZE, path, f"it has {found} bytes, listed are {size}")
    if known and digest.hexdigest() != (value if colon else hashed).lower():
        tell(FILE_HASH, path, f"its {algorithm} is {digest.hexdigest()}")


def _digest(contents: Contents, datapackage: bytes) -> Mapping[str, object] | None:
    tell = contents.tell
    if DIGEST not in contents.members:
        tell(DIGEST_MISSING, DIGEST, "it is not there")
        return None
    found = _object(contents, DIGEST)
    if found is None:
        return None
    said = found[1]
    hashed = said.get("hash")
    if said.get("path") != DATAPACKAGE or not isinstance(hashed, str):
        tell(DIGEST_FORM, DIGEST, f"not `path` {DATAPACKAGE!r} and `hash`")
        return None
    name, _, value = hashed.partition(":")
    algorithm = name.lower().replace("-", "")
    if algorithm not in _HASHES:
        tell(HASH_UNKNOWN, DIGEST, f"the hash cannot be computed: {hashed[:80]!r}")
    elif hashlib.new(algorithm, datapackage, usedforsecurity=False).hexdigest() != value.lower():
        tell(DIGEST_HASH, DIGEST, f"datapackage.json has another {algorithm}")
    if algorithm in _WEAK:
        tell(HASH_WEAK, DIGEST, f"anybody can forge a file of the same {algorithm}")
    signed = said.get("signedData")
    if signed is not None and not isinstance(signed, dict):
        tell(DIGEST_FORM, DIGEST, "signedData is no object")
        return None
    return signed


def _own(contents: Contents, directory: Directory, said: Mapping[str, object]) -> None:
    """Hold a package of this software to the frame that it gives: each bit of it is decided."""
    tell = contents.tell
    for name in (INDEX, SHORT_INDEX, PAGE_LIST, DIGEST):
        if name not in contents.members:
            tell(OWN, name, "it is not there")
    try:
        created = parse_warc_date(str(said.get("created")))
    except ValueError:
        tell(OWN, DATAPACKAGE, "created is not a time")
        return
    for member in directory.members:
        if not is_framed(member, created):
            tell(ZIP_FRAME, member.name, "its time, attributes or further fields are not ours")
    large = any(max(member.size, member.end) > FULL for member in directory.members)
    if len(directory.tail) != TAIL or directory.zip64 > large:
        tell(ZIP_FRAME, "", "the end of the file is not ours")
