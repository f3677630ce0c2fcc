"""Tags with absurdly many attributes, which libxml2 compares each with each: cut down before."""

import re

SMALL = 300 * 1024  # a page of this size cannot hold enough of them to hurt
LONG = 16 * 1024
MOST = 2_000
# Quantifiers are possessive: no byte is looked at twice. Scripts hold signs that look like tags.
_TAG = re.compile(
    r"<!--(?:[^-]++|-(?!->))*+"
    r"|(?P<opening><(?:script|style)\b[^>]*+)>(?:[^<]++|<(?!/(?:script|style)))*+"
    r"""|<[a-z](?:[^>"']++|"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))*+""",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""[^\s=/>"']++(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]++)?)?""")


def spare(text: str) -> str:
    """Take from each tag the attributes after the first 2,000."""
    if len(text) <= SMALL:
        return text
    kept: list[str] = []
    here = 0
    for tag in _TAG.finditer(text):
        end = tag.end("opening") if tag["opening"] else tag.end()
        if end - tag.start() <= LONG or text[tag.start() + 1] == "!":
            continue
        for number, attribute in enumerate(_ATTRIBUTE.finditer(text, tag.start() + 1, end)):
            if number > MOST:
                kept.append(text[here : attribute.start()])
                here = end
                break
    return "".join((*kept, text[here:])) if kept else text
