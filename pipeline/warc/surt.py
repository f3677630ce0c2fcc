"""The searchable form of a URL (SURT), by which an index is sorted and looked up.

The rules are those of the tools that look URLs up (pywb, cdxj-indexer): what a URL says in several
ways becomes one key, so that `http://www.x.org:80/A/?b&a#c` and `https://x.org/a?a&b` are found
together. The CDXJ specification's own steps are a rough account of them: it keeps `www.`, which
none of the tools does.
"""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

_PARTS: Final = re.compile(
    rb"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*)://(?P<authority>[^/?#]*)"
    rb"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?\Z",
    re.DOTALL,
)
_OPAQUE: Final = re.compile(rb"(?P<all>[^#]*)", re.DOTALL)
_BLANK: Final = re.compile(rb"[\x00-\x20\x7f]")
_LITERAL: Final = re.compile(rb"[\x00-\x20\x7f-\xff#%]")
_HOST: Final = re.compile(rb"(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>[0-9]*))?\Z")
_WWW: Final = re.compile(rb"www[0-9]*\.")
_DEFAULT_PORTS: Final = {b"http": b"80", b"https": b"443"}
_SESSION_PATH: Final = re.compile(rb"\A(.*/)\((?:[a-z]\([0-9a-z]{24}\)|[0-9a-z]{24})\)/(.+\.aspx)")
_SESSION_QUERY: Final = re.compile(
    rb"(?:\A|(?<=&))(?:(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24}"
    rb"|cfid=[^&]+&cftoken=[^&]+)(?:&|\Z)"
)
_ADDRESS: Final = re.compile(rb"[0-9]{1,10}")
_UNESCAPES_MOST: Final = 16
"""An escape may be escaped again; who does it more often than this has a key of his own."""


def searchable(url: str) -> str:
    """Give the key of a URL; of one without a host, such as a SWHID, the text in lower case."""
    raw = _without_blanks(url.encode("utf-8", "surrogateescape"))
    match = _PARTS.match(raw)
    if match is None:
        return _text(_opaque(raw))
    scheme = match["scheme"].lower()
    path = _path(_plain(match["path"]))
    query = _query(_plain(match["query"] or b""))
    # A blank in the key would end it, and no line of an index could be read back.
    authority = _BLANK.sub(_escaped, _authority(scheme, match["authority"]))
    return _text(authority + b")" + path + query)


def _text(key: bytes) -> str:
    return key.decode("utf-8", "replace")


def _without_blanks(raw: bytes) -> bytes:
    return raw.strip(b" \t\r\n").translate(None, b"\t\r\n")


def _opaque(raw: bytes) -> bytes:
    found = _OPAQUE.match(raw)
    text = _plain(found["all"] if found else b"").lower()
    return text[:-1] if text.endswith(b"/") and len(text) > 1 else text


def _plain(part: bytes) -> bytes:
    """Undo every escape, then escape only what cannot be written: so it is always written alike."""
    for _ in range(_UNESCAPES_MOST):
        shorter = unquote_to_bytes(part)
        if shorter == part:
            break
        part = shorter
    return _LITERAL.sub(_escaped, part)


def _escaped(found: re.Match[bytes]) -> bytes:
    return b"%%%02x" % found[0][0]


def _path(path: bytes) -> bytes:
    kept: list[bytes] = []
    for name in path.split(b"/")[1:]:
        if name == b".." and kept:
            del kept[-1]
        elif name != b".":
            kept.append(name)
    short = b"/" + b"/".join(filter(None, kept))
    return _SESSION_PATH.sub(rb"\1\2", short.lower())


def _query(query: bytes) -> bytes:
    left = _SESSION_QUERY.sub(b"", query.lower())
    if not left:
        return b""
    fields = sorted(field.split(b"=", 1) for field in left.split(b"&"))
    return b"?" + b"&".join(map(b"=".join, fields))


def _authority(scheme: bytes, authority: bytes) -> bytes:
    match = _HOST.match(authority.rpartition(b"@")[2])
    host, port = (match["host"], match["port"]) if match else (authority, None)
    name = _bare(_ascii(_plain(host).lower().strip(b".")))
    key = b",".join(reversed(re.split(rb"\.+", _numbers(name).strip(b"[]"))))
    number = port.lstrip(b"0") if port else b""
    if not number or number == _DEFAULT_PORTS.get(scheme):
        return key
    return key + b":" + number


def _bare(host: bytes) -> bytes:
    """Leave out `www.` at the beginning, with whatever number."""
    match = _WWW.match(host)
    return host[match.end() :] if match else host


def _ascii(host: bytes) -> bytes:
    """Give the host as DNS knows it (IDNA); as it is, where it is no name that DNS could know."""
    if b"%" not in host:
        return host
    try:
        return unquote_to_bytes(host).decode("utf-8").encode("idna").lower()
    except UnicodeError:
        return host


def _numbers(host: bytes) -> bytes:
    """Give an address of one number with its four."""
    if not _ADDRESS.fullmatch(host) or int(host) >> 32:
        return host
    return b".".join(str(byte).encode() for byte in int(host).to_bytes(4, "big"))
