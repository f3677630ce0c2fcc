"""Text of a source as a page may show it: nothing in it moves, hides or turns other text around.

What a browser would drop, refuse or obey is written out instead: C0 controls as their pictures
(U+2400 and on), all else as `[U+202E]`. Markup is not our business: the templates escape it.
"""

import re
from typing import Final

_PICTURES: Final = 0x2400
_DELETE: Final = 0x7F
_C0: Final = 0x20

#: The last two code points of each of the 17 planes are no characters.
_NO_CHARACTERS: Final = "".join(
    chr(plane + last) for plane in range(0, 0x11_0000, 0x1_0000) for last in (0xFFFE, 0xFFFF)
)
#: Controls, marks that turn text around (UAX 9), line separators, tags that no one sees, code
#: points that are no characters, halves of surrogate pairs. Tab and line feed are as good as
#: spaces; the joiners U+200C and U+200D belong to Persian, Indic scripts and emoji.
_UNSEEN: Final = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb"
    f"\ud800-\udfff\ufdd0-\ufdef\U000e0000-\U000e0fff{_NO_CHARACTERS}"
    "]"
)


def visible(text: str) -> str:
    """Write out what cannot be seen. Line ends become line feeds."""
    return _UNSEEN.sub(_written, text.replace("\r\n", "\n"))


def _written(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < _C0:
        return chr(_PICTURES + code)
    return "\u2421" if code == _DELETE else f"[U+{code:04X}]"
