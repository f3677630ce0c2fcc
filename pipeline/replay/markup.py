"""Lead the links of an HTML page. Only values of attributes change; every other byte stays.

The page is cut as HTML's own tokenizer cuts it (html.spec.whatwg.org, section 13.2.5): tags,
attributes, comments, and elements whose text is no markup. What keeps a page from reaching out is
the policy that it is served with; leading its links is so that they work.
"""

import re
from html import unescape
from html.entities import html5
from typing import Final

from pipeline.replay.origins import Mapping
from pipeline.replay.styles import map_style

_TOKEN: Final = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?][^>]*(?:>|\Z)|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*)",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(
    r"[\s/]*(?P<name>=?[^\s/>=]+)"
    r"(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s>\"'][^\s>]*)))?"
)
_END: Final = re.compile(r"[\s/]*>")
_TEXT: Final = frozenset({
    "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes",
})  # fmt: skip
_LINKS: Final = frozenset({
    "href", "src", "action", "formaction", "poster", "data", "background", "manifest",
    "xlink:href", "codebase", "lowsrc", "longdesc",
})  # fmt: skip
_SETS: Final = frozenset({"srcset", "imagesrcset"})
_DROPPED: Final = frozenset({"target", "ping", "integrity", "nonce"})
_REFRESH: Final = re.compile(
    r"(?P<before>[\s\d.;,]*+(?:url\s*+=\s*+)?+[\"']?+)(?P<url>[^\"']++)[\"']?+", re.IGNORECASE
)
_SET: Final = re.compile(r"(?P<before>[\s,]*+)(?P<url>\S*+)(?P<after>(?:(?<!,)[^,]*+)?+)")
_REFERENCE: Final = re.compile(
    r"&(?:#(?:[0-9]++|[xX][0-9a-fA-F]++);?+|(?P<name>[a-zA-Z][a-zA-Z0-9]*+)(?:(?P<end>;)|(?!=)))"
)


def map_markup(text: str, mapping: Mapping) -> str:
    """Lead every link of a page that leads anywhere by itself."""
    out: list[str] = []
    at = 0
    while (found := _TOKEN.search(text, at)) is not None:
        out.append(text[at : found.end()])
        at = found.end()
        if found["name"] is None:
            continue
        name, kept = found["name"].lower(), found["close"] == ""
        end = _attributes(text, at, out, mapping if kept else None, name)
        if end is None:
            break
        at = end
        if kept and name in _TEXT:
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
    while (end := _END.match(text, at)) is None:
        found = _ATTRIBUTE.match(text, at)
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
    which = next((each for each in ("double", "single", "bare") if found[each] is not None), None)
    if mapping is None or which is None:
        return found[0]
    if name in _DROPPED:
        return " " if name != "integrity" or tag == "link" else found[0]
    value = _read(found[which])
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


def _read(raw: str) -> str:
    """Take the character references off a value of an attribute, as browsers do there.

    One without a semicolon that `=` or a letter follows is none (section 13.2.5.73): `?a=1&copy=2`.
    """
    return _REFERENCE.sub(lambda one: unescape(one[0]) if _is_reference(one) else one[0], raw)


def _is_reference(found: re.Match[str]) -> bool:
    name = found["name"]
    return name is None or (f"{name};" if found["end"] == ";" else name) in html5


def _refreshed(piece: str, mapping: Mapping) -> str:
    """Lead the URL of `<meta http-equiv=refresh content=…>`."""
    found = _ATTRIBUTE.fullmatch(piece)
    if found is None or found["name"].lower() != "content":
        return piece
    which = next((each for each in ("double", "single", "bare") if found[each] is not None), None)
    parts = _REFRESH.fullmatch(_read(found[which]).strip()) if which else None
    if parts is None:
        return piece
    head = piece[: found.start("name")] + found["name"]
    return f'{head}="{_escaped(parts["before"] + mapping.link(parts["url"]))}"'


def _raw_text(text: str, at: int, out: list[str], mapping: Mapping, name: str) -> int:
    """Pass over text that is no markup; a style sheet is led."""
    end = re.compile(rf"</{re.escape(name)}(?=[\s/>])", re.IGNORECASE).search(text, at)
    stop = end.start() if end else len(text)
    inside = text[at:stop]
    out.append(map_style(inside, mapping) if name == "style" else inside)
    return stop


def _escaped(value: str) -> str:
    table = {"&": "&amp;", '"': "&quot;", "'": "&#39;", "<": "&lt;", ">": "&gt;"}
    return "".join(table.get(char, char) for char in value)
