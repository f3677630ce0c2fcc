"""Which encoding a page has: found as browsers find it (HTML Standard, 13.2.3)."""

import re

import webencodings

from pipeline.html.values import Value

PRESCAN = 1024  # bytes that the Standard looks through; real pages put a licence or two before it
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16be"), (b"\xff\xfe", "utf-16le"))
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META = re.compile(rb"<meta[\s/][^>]*", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rb"""([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""", re.IGNORECASE
)
_CONTENT = re.compile(r"""charset\s*=\s*["']?([^\s;"']+)""", re.IGNORECASE)


def charset_of(data: bytes, transport: str | None = None) -> Value:
    """Name the encoding, in the Encoding Standard's words, and where that was said.

    `transport` is the label that came with the page, such as that of its Content-Type.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return Value(text=name, origin="byte-order mark")
    if transport and (found := webencodings.lookup(transport)):
        return Value(text=found.name, origin="transport")
    if declared := _declared(data[:PRESCAN]):
        return Value(text=declared, origin="meta charset")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return Value(text="windows-1252", origin="guess")
    return Value(text="utf-8", origin="guess")


def decode(data: bytes, charset: str) -> str:
    """Decode with a name that `charset_of` gave; what it does not have becomes U+FFFD."""
    text, _ = webencodings.decode(data, charset, errors="replace")
    return text


def _declared(start: bytes) -> str | None:
    for meta in _META.finditer(_COMMENT.sub(b"", start)):
        attributes: dict[str, str] = {}
        for name, *values in _ATTRIBUTE.findall(meta[0][5:]):
            value = b"".join(values).decode("latin-1")
            attributes.setdefault(name.decode("latin-1").lower(), value)
        label = attributes.get("charset")
        if label is None and attributes.get("http-equiv", "").lower() == "content-type":
            content = _CONTENT.search(attributes.get("content", ""))
            label = content[1] if content else None
        encoding = webencodings.lookup(label) if label else None
        if encoding is None:
            continue
        # A page whose `<meta>` could be read byte by byte is not UTF-16 (step 5.14 of the prescan).
        name = "utf-8" if encoding.name.startswith("utf-16") else encoding.name
        return "windows-1252" if name == "x-user-defined" else name
    return None
