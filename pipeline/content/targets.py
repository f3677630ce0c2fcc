"""Strings that lead somewhere: which fields hold a URL or a path, and what is behind it."""

import re

from pipeline.content.media import MEDIA_TYPES, UNKNOWN
from pipeline.content.raw import word_set
from pipeline.content.values import LinkKind

# Said by Jekyll or its redirect plugin about the document itself; `pipeline.jekyll` reads them.
OWN_ADDRESS = frozenset(("permalink", "redirect_from", "redirect_to", "slug", "id", "layout"))
FILLERS = frozenset(
    ("", "/", "#", ".", "-")
)  # what editors leave in a field that must not be empty

_SCHEME = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}:(?://|(?<=mailto:)|(?<=tel:)|(?<=doi:))\S", re.IGNORECASE
)
_FROM_ROOT = re.compile(r"(?://|/|\./|\.\./|www\.)\S")
_LEADS = re.compile(
    r"(?:^|_)(?:url|uri|link|href|src|website|webpage|homepage|contact|pdf|image|img|photo|"
    r"picture|avatar|thumbnail|banner|cover|logo|icon|file|document|download|attachment|video|"
    r"audio|poster|slides|canonical)s?(?:$|_(?:url|link|to|path|small|large)$)"
)
_PAGES = word_set("html htm xhtml xht md markdown php txt xml json rss atom")


def leads_somewhere(key: str, value: str) -> bool:
    """Tell whether a field's value is a URL or a path. `key` is in snake case."""
    value = value.strip()
    if key in OWN_ADDRESS or value in FILLERS or "\n" in value:
        return False
    if _SCHEME.match(value) or _FROM_ROOT.match(value):
        return " " not in value or _is_file(value)
    if " " in value or "@" in value:
        return False
    return (
        ("/" in value and bool(_LEADS.search(key)))
        or (_is_file(value) and "/" in value)
        or ("." in value and bool(_LEADS.search(key)))
    )


def is_link_field(key: str) -> bool:
    """Tell whether a field is there to hold a link, by its name."""
    return bool(_LEADS.search(key))


def kind_of(target: str) -> LinkKind:
    """Tell a link to read from a file to download, by the extension of the target's path."""
    return LinkKind.FILE if _is_file(target) else LinkKind.LINK


def is_image(target: str) -> bool:
    """Tell whether the target's path ends like an image."""
    return MEDIA_TYPES.get(_extension(target), UNKNOWN).startswith("image/")


def _is_file(target: str) -> bool:
    extension = _extension(target)
    return extension in MEDIA_TYPES and extension not in _PAGES


def _extension(target: str) -> str:
    # By hand: `urlsplit` raises on what people write, such as `http://[`.
    path = re.split(r"[?#]", target, maxsplit=1)[0]
    before, slashes, rest = path.partition("//")
    if slashes and (not before or before.endswith(":")):
        path = rest.partition("/")[2]
    return path.rpartition("/")[2].rpartition(".")[2].lower()
