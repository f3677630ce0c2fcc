"""Lead the links of an HTML page. Only values of attributes change; every other byte stays.

What keeps a page from reaching out is the policy that it is served with; leading its links is so
that they work.
"""

import re
from typing import Final

from pipeline.html.refresh import parse_refresh
from pipeline.replay.origins import Mapping
from pipeline.replay.styles import map_style
from pipeline.replay.tokens import ATTRIBUTE, END, TEXT, TOKEN, end_of_text, read, which_of

_LINKS: Final = frozenset({
    "href", "src", "action", "formaction", "poster", "data", "background", "manifest",
    "xlink:href", "codebase", "lowsrc", "longdesc",
})  # fmt: skip
_SETS: Final = frozenset({"srcset", "imagesrcset"})
_DROPPED: Final = frozenset({"target", "ping", "integrity", "nonce"})
_SET: Final = re.compile(r"(?P<before>[\s,]*+)(?P<url>\S*+)(?P<after>(?:(?<!,)[^,]*+)?+)")


def map_markup(text: str, mapping: Mapping) -> str:
    """Lead every link of a page that leads anywhere by itself."""
    out: list[str] = []
    at = 0
    while (found := TOKEN.search(text, at)) is not None:
        out.append(text[at : found.end()])
        at = found.end()
        if found["name"] is None:
            continue
        name, kept = found["name"].lower(), found["close"] == ""
        end = _attributes(text, at, out, mapping if kept else None, name)
        if end is None:
            break
        at = end
        if kept and name in TEXT:
            at = _raw_text(text, at, out, mapping, name)
        elif kept and name == "plaintext":
            break
    out.append(text[at:])
    return "".join(out)


def _attributes(
    text: str, at: int, out: list[str], mapping: Mapping | None, tag: str
) -> int | None:
    """Take the attributes of a tag, led, and its end; give where it ends, None if it does not."""
    pieces: list[str] = []
    is_refresh = False
    while (end := END.match(text, at)) is None:
        found = ATTRIBUTE.match(text, at)
        if found is None or found.end() == at:
            return None  # browsers drop a tag that does not end, with all that follows
        name = found["name"].lower()
        is_refresh = is_refresh or (name == "http-equiv" and "refresh" in found[0].lower())
        pieces.append(_attribute(found, name, mapping, tag))
        at = found.end()
    if is_refresh and mapping is not None:
        pieces = [_refreshed(piece, mapping) for piece in pieces]
    out += [*pieces, end[0]]
    return end.end()


def _attribute(found: re.Match[str], name: str, mapping: Mapping | None, tag: str) -> str:
    which = which_of(found)
    if mapping is None or which is None:
        return found[0]
    if name in _DROPPED:
        return " " if name != "integrity" or tag == "link" else found[0]
    value = read(found[which])
    led = _led(name, value, mapping)
    if led == value:
        return found[0]
    head = found[0][: found.start(which) - found.start()]
    if which == "bare":
        return f'{head}"{_escaped(led)}"'
    return f"{head}{_escaped(led)}{found[0][found.end(which) - found.start() :]}"


def _led(name: str, value: str, mapping: Mapping) -> str:
    if name in _LINKS:
        return mapping.link(value)
    if name in _SETS:
        return _SET.sub(lambda one: _candidate(one, mapping), value)
    if name == "style":
        return map_style(value, mapping)
    return value


def _candidate(found: re.Match[str], mapping: Mapping) -> str:
    """Lead one image of a set; commas at the end of its URL part it from the next."""
    url = found["url"].rstrip(",")
    after = found["url"][len(url) :] + found["after"]
    return found["before"] + mapping.link(url) + after


def _refreshed(piece: str, mapping: Mapping) -> str:
    """Lead the URL of `<meta http-equiv=refresh content=…>`."""
    found = ATTRIBUTE.fullmatch(piece)
    if found is None or found["name"].lower() != "content":
        return piece
    which = which_of(found)
    said = parse_refresh(read(found[which])) if which else None
    if said is None or (led := mapping.link(said.url)) == said.url:
        return piece
    head = piece[: found.start("name")] + found["name"]
    return f'{head}="{_escaped(said.before + led)}"'


def _raw_text(text: str, at: int, out: list[str], mapping: Mapping, name: str) -> int:
    """Pass over text that is no markup; a style sheet is led."""
    stop = end_of_text(text, at, name)
    inside = text[at:stop]
    out.append(map_style(inside, mapping) if name == "style" else inside)
    return stop


def _escaped(value: str) -> str:
    table = {"&": "&amp;", '"': "&quot;", "'": "&#39;", "<": "&lt;", ">": "&gt;"}
    return "".join(table.get(char, char) for char in value)
