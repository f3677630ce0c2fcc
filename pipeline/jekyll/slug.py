"""Slugs and titles made from names: `slugify` and `titleize_slug` of Jekyll's utils.rb."""

import re
import unicodedata
from functools import lru_cache

from pipeline.jekyll.ruby_text import capitalize, downcase

MODES = frozenset({"raw", "default", "pretty", "ascii", "latin"})
_PRETTY = frozenset("._~!$&'()+,;=@")
_ASCII_DEFAULT = re.compile(r"[^A-Za-z0-9]+")
_ASCII_PRETTY = re.compile(r"[^A-Za-z0-9._~!$&'()+,;=@]+")
_RAW = re.compile(r"[ \t\r\n\f\v]+")
_EDGES = re.compile(r"^-|-$", re.MULTILINE)


@lru_cache(maxsize=1024)
def _kept(char: str) -> bool:
    r"""Whether `[\p{M}\p{L}\p{Nd}]` matches (the class that slugs keep)."""
    category = unicodedata.category(char)
    return category[0] in "ML" or category == "Nd"


def _hyphens(text: str, mode: str) -> str:
    if mode == "raw":
        return _RAW.sub("-", text)
    if text.isascii() or mode == "ascii":
        return (_ASCII_PRETTY if mode == "pretty" else _ASCII_DEFAULT).sub("-", text)
    also = _PRETTY if mode == "pretty" else frozenset()
    out: list[str] = []
    for char in text:
        if _kept(char) or char in also:
            out.append(char)
        elif not out or out[-1] != "-":
            out.append("-")
    return "".join(out)


def _latin(text: str) -> str:
    """What `I18n.transliterate` leaves: letters without their accents, `?` for everything else."""
    return "".join(
        char if char.isascii() else _LATIN.get(char) or _unaccented(char) for char in text
    )


def _unaccented(char: str) -> str:
    base = unicodedata.normalize("NFD", char)[0]
    return base if base.isascii() and base.isalpha() else "?"


_LATIN = {
    "Æ": "AE", "Ð": "D", "\u00d7": "x", "Ø": "O", "Þ": "Th", "ß": "ss", "æ": "ae", "ð": "d",
    "ø": "o",
    "þ": "th", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "\u0131": "i", "Ĳ": "IJ", "ĳ": "ij",
    "ĸ": "k",
    "Ŀ": "L", "ŀ": "l", "Ł": "L", "ł": "l", "ŉ": "'n", "Ŋ": "NG", "ŋ": "ng", "Œ": "OE", "œ": "oe",
    "Ŧ": "T", "ŧ": "t",
}  # fmt: skip


def slugify(text: str, mode: str = "default", *, cased: bool = False) -> str:
    """Make a slug as `Jekyll::Utils.slugify` does. An unknown mode leaves the characters alone."""
    if mode not in MODES:
        return text if cased else downcase(text)
    if mode == "latin":
        text = _latin(text)
    slug = _EDGES.sub("", _hyphens(text, mode))
    return slug if cased else downcase(slug)


def titleize(slug: str) -> str:
    """Make a title from a slug: `titleize_slug` in utils.rb."""
    parts = slug.split("-")
    while parts and not parts[-1]:
        parts.pop()
    return " ".join(capitalize(part) for part in parts)
