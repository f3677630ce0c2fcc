"""URLs as they are asked for: one spelling each, and nothing in them that could be read two ways.

The host is a plain ASCII name, a dotted quad or an IPv6 address; whatever else a resolver might
take for an address (`127.1`, `0x7f.1`, `017700000001`) is refused here, before anyone is asked.
"""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from pipeline.warc.errors import InvalidRecordError
from pipeline.warc.uri import to_uri

URL_MOST: Final = 4096
PORTS: Final = {"http": 80, "https": 443}

_NAME: Final = re.compile(
    r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_NAME_MOST: Final = 253
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DOT: Final = re.compile(r"\.|%2e", re.IGNORECASE)
_REMOVED: Final = re.compile(r"[\t\r\n]")
_SPACE: Final = "".join(map(chr, range(0x21)))
_LOCAL: Final = re.compile(r"(.*\.)?localhost(\.localdomain)?|(.*\.)?local")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL that can be asked for. `path` has the query; `host` has no brackets."""

    url: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Whom robots.txt and pace are kept for."""
        return self.url.removesuffix(self.path)

    @property
    def authority(self) -> str:
        """What the `Host` field says."""
        return self.origin.partition("//")[2]

    @property
    def is_address(self) -> bool:
        """Whether the host is an IP address."""
        return ":" in self.host or _NUMBER.fullmatch(self.host.rpartition(".")[2]) is not None

    @property
    def is_local(self) -> bool:
        """Whether the host has a name that stands for this machine or this network."""
        return _LOCAL.fullmatch(self.host) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What was found is not a URL that we ask for. `scheme` is empty where none can be told."""

    text: str
    why: str
    scheme: str = ""


def read_url(text: str, base: str = "") -> Target | Refused:
    """Read a reference as browsers do, against a base, and give it its one spelling."""
    text = _REMOVED.sub("", text.strip(_SPACE))
    if len(text) > URL_MOST:
        return Refused(text=text[:80], why=f"longer than {URL_MOST} characters")
    head, mark, tail = _split_at_query(text)
    is_web = urlscheme(text) in {"", *PORTS}
    try:
        parts = urlsplit(urljoin(base, (head.replace("\\", "/") if is_web else head) + mark + tail))
        port = parts.port
        host = parts.hostname or ""
    except ValueError as error:
        return Refused(text=text, why=f"not a URL: {error}", scheme=urlscheme(text))
    if parts.scheme not in PORTS:
        return Refused(text=text, why="not of http or https", scheme=parts.scheme)
    if "@" in parts.netloc:
        return Refused(text=text, why="names a user", scheme=parts.scheme)
    name = _host(host, is_literal="[" in parts.netloc)
    if name is None:
        return Refused(text=text, why=f"no plain host name: {host[:80]!r}", scheme=parts.scheme)
    return _target(text, parts, name, port)


def urlscheme(text: str) -> str:
    """Give the scheme that a reference begins with, empty where it has none."""
    found = re.match(r"([A-Za-z][A-Za-z0-9+.\-]*):", text)
    return found[1].lower() if found else ""


def _split_at_query(text: str) -> tuple[str, str, str]:
    found = re.search(r"[?#]", text)
    return (
        (text, "", "") if found is None else (text[: found.start()], found[0], text[found.end() :])
    )


def _target(text: str, parts: SplitResult, host: str, port: int | None) -> Target | Refused:
    port = PORTS[parts.scheme] if port is None else port
    shown = f"[{host}]" if ":" in host else host
    suffix = "" if port == PORTS[parts.scheme] else f":{port}"
    origin = f"{parts.scheme}://{shown}{suffix}"
    query = f"?{parts.query}" if parts.query else ""
    try:
        url = to_uri(f"{origin}{_without_dots(parts.path)}{query}")
    except InvalidRecordError as error:
        return Refused(text=text, why=str(error), scheme=parts.scheme)
    if len(url) > URL_MOST or not port:
        return Refused(text=text[:80], why="too long, or without a port", scheme=parts.scheme)
    path = url.removeprefix(origin)
    return Target(url=url, scheme=parts.scheme, host=host, port=port, path=path)


def _host(host: str, *, is_literal: bool) -> str | None:
    """Give the one spelling of a host, None where it is not plain."""
    if is_literal:
        try:
            address = IPv6Address(host)
        except AddressValueError:
            return None
        return None if address.scope_id else _literal(address)
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    name = name.lower().removesuffix(".")
    if len(name) > _NAME_MOST or not _NAME.fullmatch(name):
        return None
    if _NUMBER.fullmatch(name.rpartition(".")[2]):  # as WHATWG has it: meant as an address
        return name if _is_quad(name) else None
    return name


def _literal(address: IPv6Address) -> str:
    """Write an address as WHATWG's IPv6 serializer does: no part of it as IPv4."""
    if address.ipv4_mapped:  # which Python writes as IPv4 from 3.13 on
        low = int(address.ipv4_mapped)
        return f"::ffff:{low >> 16:x}:{low & 0xFFFF:x}"
    return address.compressed


def _is_quad(name: str) -> bool:
    try:
        return str(IPv4Address(name)) == name
    except AddressValueError:
        return False


def _without_dots(path: str) -> str:
    """Take `.` and `..` out of a path (RFC 3986, section 5.2.4), also where they are encoded."""
    kept: list[str] = []
    segments = path.split("/")[1:] or [""]
    for number, segment in enumerate(segments):
        dots = _DOT.sub(".", segment) if len(segment) <= len("%2e%2e") else segment
        is_last = number == len(segments) - 1
        if dots == ".." and kept:
            kept.pop()
        if dots in {".", ".."}:
            kept += [""] if is_last else []
        else:
            kept.append(segment)
    return "/" + "/".join(kept)
