"""RFC 3986: is this a URI, and what is the URI of something called that?"""

import re
from collections.abc import Callable
from ipaddress import AddressValueError, IPv6Address
from typing import Final

from pipeline.warc.errors import InvalidRecordError

_PCT = "%[0-9A-Fa-f]{2}"
_UNRESERVED = r"A-Za-z0-9\-._~"
_SUB_DELIMS = r"!$&'()*+,;="
_USERINFO = rf"{_UNRESERVED}{_SUB_DELIMS}:"
_REG_NAME = rf"{_UNRESERVED}{_SUB_DELIMS}"
_PATH = rf"{_UNRESERVED}{_SUB_DELIMS}:@/"
_QUERY = rf"{_PATH}?"


def _run(allowed: str) -> str:
    """Match any run of these characters and of escapes: `[..]*(%..[..]*)*` is quick, `|` is not."""
    return f"[{allowed}]*(?:{_PCT}[{allowed}]*)*"


# RFC 3986 appendix A; hex digits and IPv6 are looked at apart.
_URI: Final = re.compile(
    rf"(?P<scheme>[A-Za-z][A-Za-z0-9+\-.]*):"
    rf"(?://(?P<authority>(?:{_run(_USERINFO)}@)?"
    rf"(?:\[(?P<literal>[^\]]*)\]|{_run(_REG_NAME)})(?::[0-9]*)?)(?=[/?#]|\Z)|(?!//))"
    rf"{_run(_PATH)}(?:\?{_run(_QUERY)})?(?:\#{_run(_QUERY)})?\Z",
    re.ASCII,
)
_PARTS: Final = re.compile(  # RFC 3986 appendix B, with the scheme asked for
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+\-.]*):(?://(?P<authority>[^/?#]*))?"
    r"(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?\Z",
    re.ASCII | re.DOTALL,
)
_AUTHORITY: Final = re.compile(r"(?P<user>.*@)?(?P<host>\[.*\]|.*?)(?P<port>:[0-9]*)?\Z", re.DOTALL)
_FUTURE: Final = re.compile(rf"[vV][0-9A-Fa-f]+\.[{_USERINFO}]+\Z", re.ASCII)
_BEYOND: Final = re.compile(  # RFC 3987 section 2.2, `ucschar`; no marks of direction or lines
    "[\u00a0-\u200d\u2010-\u2027\u2030-\u2065\u206a-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    + "".join(f"{chr(plane << 16)}-{chr(plane << 16 | 0xFFFD)}" for plane in range(1, 14))
    + "]"
)
_NOT_BYTES: Final = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def is_uri(text: str) -> bool:
    """Tell whether this is a `URI` (with a scheme, absolute) by RFC 3986 appendix A."""
    match = _URI.match(text)
    return match is not None and (match["literal"] is None or _is_literal(match["literal"]))


def is_iri(text: str) -> bool:
    """Tell whether this would be a `URI` but for letters that are not ASCII (RFC 3987)."""
    plain = _BEYOND.sub("x", text)
    return plain != text and is_uri(plain)


def _is_literal(inside: str) -> bool:
    if _FUTURE.match(inside):
        return True
    try:
        IPv6Address(inside)
    except AddressValueError:
        return False
    return "%" not in inside  # a zone needs %25 and RFC 6874; ISO 28500 cites RFC 3986 only


def _escaper(allowed: str, *, keep_escapes: bool) -> Callable[[str], str]:
    """Give a function that percent-encodes, as UTF-8, everything but the allowed characters."""
    percent = b"%(?![0-9A-Fa-f]{2})|" if keep_escapes else b""
    kept = allowed + ("%" if keep_escapes else "")
    pattern = re.compile(percent + b"[^" + kept.encode("ascii") + b"]")

    def escape(text: str) -> str:
        raw = _NOT_BYTES.sub("\ufffd", text).encode("utf-8", "surrogateescape")
        return pattern.sub(lambda found: b"%%%02X" % found[0][0], raw).decode("ascii")

    return escape


_escape_user = _escaper(_USERINFO, keep_escapes=True)
_escape_host = _escaper(_REG_NAME, keep_escapes=True)
_escape_path = _escaper(_PATH, keep_escapes=True)
_escape_query = _escaper(_QUERY, keep_escapes=True)
_escape_file = _escaper(_PATH, keep_escapes=False)


def to_uri(text: str) -> str:
    """Make the URI of an absolute IRI, or of a URL as people type it (RFC 3987 section 3.1).

    Reserved characters and valid escapes stay, everything else is percent-encoded as UTF-8 (the
    bytes of a `surrogateescape` name as they were). Raises InvalidRecordError where there is no
    scheme or the host cannot be one. For a path that is a file's name, see `under`.
    """
    match = _PARTS.match(text)
    if match is None:
        raise InvalidRecordError("WARC-Target-URI", f"no scheme in {text!r}")
    authority = "" if match["authority"] is None else "//" + _authority(match["authority"])
    query = "?" + _escape_query(match["query"][1:]) if match["query"] else ""
    fragment = "#" + _escape_query(match["fragment"][1:]) if match["fragment"] else ""
    uri = f"{match['scheme']}:{authority}{_escape_path(match['path'])}{query}{fragment}"
    return checked_uri(uri)


def _authority(text: str) -> str:
    parts = _AUTHORITY.match(text)
    assert parts is not None, "the pattern matches every text"  # noqa: S101 - for the type checker
    user = _escape_user(parts["user"][:-1]) + "@" if parts["user"] else ""
    host = parts["host"]
    if not (host.startswith("[") and host.endswith("]")):
        host = _escape_host(host)
    return f"{user}{host}{parts['port'] or ''}"


def under(base: str, path: str) -> str:
    """Give the URI of the file called `path` (POSIX, relative) under the URI `base`.

    In a name `?`, `#` and `%` are letters like others, so they are encoded too.
    """
    return checked_uri(f"{to_uri(base).rstrip('/')}/{_escape_file(path)}")


def checked_uri(uri: str) -> str:
    """Give the URI back, or raise InvalidRecordError if RFC 3986 does not know it as one."""
    if not is_uri(uri):
        raise InvalidRecordError("WARC-Target-URI", f"not a URI by RFC 3986: {uri!r}")
    return uri
