"""An HTML page cut as HTML's own tokenizer cuts it (html.spec.whatwg.org, section 13.2.5).

Tags, attributes, comments, and elements whose text is no markup. The same letters are found
whatever the charset is, as long as it has those of ASCII.
"""

import re
from html import unescape
from html.entities import html5
from typing import Final

TOKEN: Final = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?][^>]*(?:>|\Z)|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*)",
    re.DOTALL,
)
ATTRIBUTE: Final = re.compile(
    r"[\s/]*(?P<name>=?[^\s/>=]+)"
    r"(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s>\"'][^\s>]*)))?"
)
END: Final = re.compile(r"[\s/]*>")
TEXT: Final = frozenset({
    "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes",
})  # fmt: skip
"""Elements whose text is no markup, up to their end tag."""

_REFERENCE: Final = re.compile(
    r"&(?:#(?:[0-9]++|[xX][0-9a-fA-F]++);?+|(?P<name>[a-zA-Z][a-zA-Z0-9]*+)(?:(?P<end>;)|(?!=)))"
)


def which_of(found: re.Match[str]) -> str | None:
    """Say in which group of an attribute its value is, None where it has none."""
    return next((each for each in ("double", "single", "bare") if found[each] is not None), None)


def read(raw: str) -> str:
    """Take the character references off a value of an attribute, as browsers do there.

    One without a semicolon that `=` or a letter follows is none (section 13.2.5.73): `?a=1&copy=2`.
    """
    return _REFERENCE.sub(lambda one: unescape(one[0]) if _is_reference(one) else one[0], raw)


def end_of_text(text: str, at: int, name: str) -> int:
    """Give where the text of an element ends whose text is no markup."""
    end = re.compile(rf"</{re.escape(name)}(?=[\s/>])", re.IGNORECASE).search(text, at)
    return end.start() if end else len(text)


def _is_reference(found: re.Match[str]) -> bool:
    name = found["name"]
    return name is None or (f"{name};" if found["end"] == ";" else name) in html5
