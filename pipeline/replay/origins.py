"""Which captured origin stands at which origin of this machine, and back.

`https://example.org/a` of a moment is `http://<moment>.example.org.localhost:PORT/a`: browsers
take every name under `localhost` for this machine (RFC 6761 section 6.3), and keep each apart. A
host that cannot be part of such a name is shown under a path, in an origin that nobody else has.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

_NAME: Final = re.compile(r"(?=.{1,190}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*", re.ASCII)
_LABEL: Final = re.compile(
    r"(?:(?P<stamp>[0-9]{14})\.)?(?P<name>[^:]+?)(?:--(?P<port>[0-9]{1,5}))?\.localhost", re.ASCII
)
_WWW: Final = re.compile(r"www[0-9]*\.")
_ABSOLUTE: Final = re.compile(
    r"[\x00-\x20]*(?:(?P<scheme>https?):)?[\\/]{2}(?P<authority>[^\\/?#]*)", re.IGNORECASE
)
_ROOT: Final = re.compile(r"[\x00-\x20]*[\\/](?![\\/])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """An origin of this machine that stands for a captured host, at a moment or the newest."""

    host: str
    stamp: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """The origins of one server: its own, and one for each captured host and moment."""

    hosts: frozenset[str]
    port: int
    _bare: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        bare = frozenset(_WWW.sub("", host, count=1) for host in self.hosts)
        object.__setattr__(self, "_bare", bare)

    @classmethod
    def of(cls, hosts: Iterable[str], port: int) -> "Origins":
        """Take the hosts that were captured."""
        return cls(hosts=frozenset(hosts), port=port)

    @property
    def home(self) -> str:
        """The server's own origin, where nothing of an archive is."""
        return f"http://localhost:{self.port}"

    @property
    def homes(self) -> tuple[str, ...]:
        """All that it answers to as itself."""
        return (self.home, f"http://127.0.0.1:{self.port}")

    @property
    def everyone(self) -> str:
        """What a policy calls all captured origins together, and not the server's own."""
        return f"http://*.localhost:{self.port}"

    def knows(self, host: str) -> bool:
        """Tell whether anything of a host was captured, with or without `www`."""
        return _WWW.sub("", host, count=1) in self._bare

    def origin(self, host: str, stamp: str | None) -> str | None:
        """Give the origin of a captured host at a moment; None where it can have none."""
        name, _, port = host.partition(":")
        if not _NAME.fullmatch(name) or ("--" in name and re.search(r"--[0-9]+\Z", name)):
            return None
        if stamp is None and re.match(r"[0-9]{14}\.", name):
            return None
        label = f"{name}--{port}" if port else name
        return f"http://{f'{stamp}.' if stamp else ''}{label}.localhost:{self.port}"

    def parse(self, host: str) -> Captured | None:
        """Read the Host of a request that is not the server's own. None: it is nobody's here."""
        name, _, port = host.lower().rpartition(":")
        found = _LABEL.fullmatch(name)
        if port != str(self.port) or found is None:
            return None
        captured = found["name"] + (f":{found['port']}" if found["port"] else "")
        if not self.knows(captured):
            return None
        return Captured(host=captured, stamp=found["stamp"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """How links of a page are led: to captured origins of a moment, else to where it says so.

    `base` is scheme and host of the page, where it is shown under a path of the server's own
    origin; "" where it has an origin.
    """

    origins: Origins
    stamp: str
    base: str = ""

    def link(self, value: str) -> str:
        """Lead a link, as it stands in an attribute; one that is relative stays as it is."""
        found = _ABSOLUTE.match(value)
        if found is None:
            if self.base and (root := _ROOT.match(value)):
                return f"{self._path}{self.base}/{value[root.end() :]}"
            return value
        rest = value[found.end() :]
        host = found["authority"].rpartition("@")[2].lower()
        scheme = (found["scheme"] or "https").lower()
        host = host.removesuffix(":80" if scheme == "http" else ":443")
        if rest[:1] not in {"", "/", "?", "#"}:
            rest = f"/{rest[1:]}"
        if not self.origins.knows(host):
            return f"{self.origins.home}/outside/{scheme}://{host}{rest}"
        origin = None if self.base else self.origins.origin(host, self.stamp)
        return f"{origin or f'{self.origins.home}{self._path}{scheme}://{host}'}{rest}"

    @property
    def _path(self) -> str:
        return f"/{self.stamp}mp_/"
