"""Reading what a person typed as SOURCE: a URL that we fetch, a URL that we refuse, or a path.

Also the two names that follow from it: the site's short name, and the origin without credentials.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from pipeline.errors import NotARepositoryError

_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)(?:://|::)")
_NAME = "[A-Za-z0-9_][A-Za-z0-9._-]*"  # never an option of ssh: no minus at its beginning
_HOST = re.compile(rf"{_NAME}|[0-9A-Fa-f:.]+")
_SCP = re.compile(rf"(?P<user>{_NAME})@(?P<host>{_NAME}):(?P<path>[^-].*)")
_FETCHED = frozenset({"https", "ssh"})
_NAMED = _FETCHED | {"http", "git"}
_LONGEST_URL = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteUrl:
    """A URL to clone. `clean` has no secret in it; `secret` is what git must really ask for."""

    clean: str
    secret: str

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not show in a message, the longest first."""
        if self.secret == self.clean:
            return ()
        parts = urlsplit(self.secret)
        user_and_password = parts.netloc.rpartition("@")[0]
        found = (f"{user_and_password}@", parts.password, f"?{parts.query}", parts.query)
        return tuple(each for each in found if each and each not in {"@", "?"})


def printable(text: str) -> str:
    """Make one harmless line of it: control characters and lone surrogates are escaped."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "replace").decode("ascii")
        for char in text
    )


def parse_url(location: str) -> RemoteUrl | None:
    """Read a URL that can be cloned; None for a path. Raises NotARepositoryError for other URLs.

    `user@host:path` is a URL as git has it, unless a file of that very name exists.
    """
    scheme = _SCHEME.match(location)
    if scheme is not None:
        return _parse_scheme(location, scheme["scheme"].lower())
    if location.isprintable() and _SCP.fullmatch(location) and not Path(location).exists():
        return RemoteUrl(clean=location, secret=location)
    return None


def _parse_scheme(location: str, scheme: str) -> RemoteUrl:
    shown = printable(without_secrets(location) or f"{scheme}:…")
    if scheme not in _FETCHED or not location[len(scheme) :].startswith("://"):
        raise NotARepositoryError(shown, "only https:// and ssh:// URLs are fetched")
    parts = _split(location)
    if parts is None or _HOST.fullmatch(parts.hostname or "") is None:
        raise NotARepositoryError(shown, "the URL has no host that could be asked")
    return RemoteUrl(clean=without_secrets(location) or shown, secret=location)


def _split(url: str) -> SplitResult | None:
    if len(url) > _LONGEST_URL or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.hostname else None


def without_secrets(url: str) -> str | None:
    """Take password, user (ssh needs it, https does not), query and fragment out of a URL."""
    parts = _split(url)
    if parts is None:
        return None
    user, _, host = parts.netloc.rpartition("@")
    if parts.scheme.lower() == "ssh" and user:
        host = f"{user.partition(':')[0]}@{host}"
    return parts._replace(netloc=host, query="", fragment="").geturl()


def origin_url(text: str) -> str | None:
    """Read a remote's URL as the name of an origin: no credentials, and None for a file path.

    `user@host:path` becomes `ssh://user@host/path`, because an origin has to be a URL (SWHID).
    """
    scheme = _SCHEME.match(text)
    if scheme is not None:
        named = scheme["scheme"].lower() in _NAMED and "://" in text
        return without_secrets(text) if named else None
    scp = _SCP.fullmatch(text)
    if scp is None or not text.isprintable():
        return None
    return without_secrets(f"ssh://{scp['user']}@{scp['host']}/{scp['path'].lstrip('/')}")


def site_name(location: str) -> str:
    """Make a short name `[a-z0-9-]+` from the last part of a path or URL; else `site`."""
    last = re.split(r"[/:]", location.rstrip("/"))[-1]
    last = re.sub(r"(?i)\.(git|bundle)$", "", last)
    ascii_only = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")[:60].strip("-") or "site"
