"""`datapackage.json` and `datapackage-digest.json`: what is in a package, with every digest."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipeline.model import Sha256
from pipeline.warc.dates import to_warc_date
from pipeline.warc.wacz.layout import DATAPACKAGE, VERSION

PROFILE: Final = "data-package"

Sign = Callable[[Sha256, datetime], Mapping[str, object]]
"""Given the SHA-256 of `datapackage.json` and the package's `created`, gives the `signedData`
object of wacz-auth. Its `hash` is `str()` of the digest, its `created` is `created_text()`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a package says of itself. `main_page` is a URL and the moment of its capture."""

    title: str
    description: str
    software: str
    created: datetime
    main_page: tuple[str, datetime] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A file in a package."""

    path: str
    size: int
    sha256: Sha256


def created_text(created: datetime) -> str:
    """Give the time of a package as it says it, to the second, as signatures have it."""
    return to_warc_date(created.replace(microsecond=0))


def render_datapackage(about: About, resources: Sequence[Resource]) -> bytes:
    """Write `datapackage.json` (clause 5.2.4), the same bytes for the same facts."""
    created = created_text(about.created)
    main = {}
    if about.main_page is not None:
        url, moment = about.main_page
        main = {"mainPageUrl": url, "mainPageDate": to_warc_date(moment)}
    return _json(
        {
            "profile": PROFILE,
            "wacz_version": VERSION,
            "title": about.title,
            "description": about.description,
            "created": created,
            "modified": created,
            "software": about.software,
            **main,
            "resources": list(map(_resource, resources, _names(resources))),
        }
    )


def render_digest(datapackage: bytes, created: datetime, sign: Sign | None) -> bytes:
    """Write `datapackage-digest.json` (clause 5.2.5), signed where there is somebody to sign."""
    digest = Sha256.of(datapackage)
    signed = {} if sign is None else {"signedData": dict(sign(digest, created))}
    return _json({"path": DATAPACKAGE, "hash": str(digest), **signed})


def _resource(resource: Resource, name: str) -> dict[str, object]:
    return {
        "name": name,
        "path": resource.path,
        "hash": str(resource.sha256),
        "bytes": resource.size,
    }


def _names(resources: Sequence[Resource]) -> list[str]:
    """Name each file: in lower case, as Frictionless Data asks, and each name once."""
    names: list[str] = []
    for resource in resources:
        name = plain = resource.path.rpartition("/")[2].lower()
        while name in names:
            name = f"{len(names)}-{plain}"
        names.append(name)
    return names


def _json(said: Mapping[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False, indent=2).encode("utf-8") + b"\n"
