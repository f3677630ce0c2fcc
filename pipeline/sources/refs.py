"""Branches and tags: the rules for their names and values, and where the tip is.

What a source says about its refs becomes the text of a `packed-refs` file of ours, so nothing may
pass that is not a name by git-check-ref-format(1) with an object id as its value.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_OID = re.compile(rb"[0-9a-f]{40}|[0-9a-f]{64}")
_FORBIDDEN = re.compile(rb"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(/|\Z)|[/.]\Z")
_LONGEST = 1024
_HIDDEN = b"refs/replace/"
_CHAIN = 5  # git follows symbolic refs this far (SYMREF_MAXDEPTH)
_LIKELY_TIPS = (b"refs/heads/main", b"refs/heads/master", b"refs/heads/gh-pages")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refs:
    """The refs of a source: names to ids in hex. `head` is the tip, None if it is not born."""

    head: str | None
    named: Mapping[bytes, str]
    guessed: str | None = None


def is_ref_name(name: bytes) -> bool:
    """Tell whether git would accept this as the full name of a ref."""
    return name.startswith(b"refs/") and len(name) <= _LONGEST and _FORBIDDEN.search(name) is None


def is_object_id(value: bytes) -> bool:
    """Tell whether this is an object id in hex."""
    return _OID.fullmatch(value) is not None


def is_followed(name: bytes) -> bool:
    """Tell whether we copy a ref: replacements would change what objects mean."""
    return not name.startswith(_HIDDEN)


def resolve(value: bytes, raw: Mapping[bytes, bytes]) -> str | None:
    """Follow `ref: NAME` through `raw` to an object id in hex; None where the chain breaks."""
    for _ in range(_CHAIN):
        if is_object_id(value):
            return value.decode("ascii")
        if not value.startswith(b"ref:"):
            return None
        value = raw.get(value[4:].strip(), b"")
    return None


def choose_refs(head: bytes | None, raw: Mapping[bytes, bytes]) -> Refs:
    """Resolve all refs; without a stated HEAD the only or likeliest branch is the tip."""
    named = {name: oid for name, value in raw.items() if (oid := resolve(value, raw)) is not None}
    if head is not None:
        return Refs(head=resolve(head, raw), named=named)
    branches = [name for name in named if name.startswith(b"refs/heads/")]
    likely = [name for name in _LIKELY_TIPS if name in named]
    for name in branches if len(branches) == 1 else likely:
        guessed = name.decode("utf-8", "backslashreplace")
        return Refs(head=named[name], named=named, guessed=guessed)
    return Refs(head=None, named=named)
