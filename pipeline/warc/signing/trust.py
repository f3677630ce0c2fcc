"""Whom to trust: keys, domains and root certificates, from `trust.toml` or a list in PEM.

    [[key]]                                # who may sign
    name = "The archive of Example"
    file = "example.pub"                   # or: sha256 = "…" of the key, as `keygen` prints it
    since = 2026-01-01T00:00:00Z           # both may be left out
    until = 2030-01-01T00:00:00Z

    [[domain]]                             # who may sign with a certificate for a host
    name = "sign.example.org"

    [[root]]                               # who says that a certificate is what it says
    name = "Example Time Authority"
    for = "time"                           # or "domain"; both, where it is left out
    file = "root.pem"                      # or: sha256 = "…" of the certificate
    policies = ["1.2.3.4"]                 # under which a time must be stamped; may be left out

A list in PEM trusts each `PUBLIC KEY` in it, and each `CERTIFICATE` as a root for both.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from pipeline.errors import UsageError
from pipeline.model import Sha256
from pipeline.warc.signing.keys import PublicKey

_BLOCK: Final = re.compile(
    rb"-----BEGIN (PUBLIC KEY|CERTIFICATE)-----.+?-----END \1-----", re.DOTALL
)
Read = Callable[[str], bytes]


class Use(Enum):
    """What a root certificate is trusted for."""

    DOMAIN = "domain"
    TIME = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedKey:
    """A key of somebody's, by its fingerprint; trusted from `since` until `until`."""

    name: str
    fingerprint: Sha256
    since: datetime | None = None
    until: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        """Tell whether the key is trusted for this time."""
        begun = self.since is None or self.since <= moment
        return begun and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedRoot:
    """A root certificate; only its SHA-256 where the certificate itself has to come along."""

    name: str
    fingerprint: Sha256
    certificate: bytes | None = None
    uses: frozenset[Use] = frozenset(Use)
    policies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """All that is trusted. By default nothing is."""

    keys: tuple[TrustedKey, ...] = ()
    domains: frozenset[str] = frozenset()
    roots: tuple[TrustedRoot, ...] = ()

    def key(self, fingerprint: Sha256) -> TrustedKey | None:
        """Give who has this key."""
        return next((key for key in self.keys if key.fingerprint == fingerprint), None)

    def roots_for(self, use: Use) -> tuple[TrustedRoot, ...]:
        """Give the roots for one use."""
        return tuple(root for root in self.roots if use in root.uses)


class TrustFileError(UsageError):
    """A trust file does not say whom to trust."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: not a list of whom to trust: {why}")


def read_trust(data: bytes, path: str, read: Read) -> Trust:
    """Read a trust file; `read` gives the files that it names. Raises TrustFileError."""
    if b"-----BEGIN " in data:
        return _from_pem(data, path)
    try:
        told = tomllib.loads(data.decode())
    except ValueError as error:  # bad UTF-8 and bad TOML
        raise TrustFileError(path, f"neither TOML nor PEM: {error}") from error
    if unknown := told.keys() - {"key", "domain", "root"}:
        raise TrustFileError(path, f"[[key]], [[domain]] and [[root]], not {sorted(unknown)}")
    entries = _Entries(told, path, read)
    return Trust(keys=entries.keys(), domains=entries.domains(), roots=entries.roots())


def _from_pem(data: bytes, path: str) -> Trust:
    keys: list[TrustedKey] = []
    roots: list[TrustedRoot] = []
    blocks = list(_BLOCK.finditer(data))
    if len(blocks) != data.count(b"-----BEGIN "):
        raise TrustFileError(path, "only whole PUBLIC KEY and CERTIFICATE blocks can be here")
    for number, block in enumerate(blocks, start=1):
        place = f"{path}:{number}"
        if block[1] == b"PUBLIC KEY":
            key = PublicKey.from_pem(block[0], place)
            keys.append(TrustedKey(name=place, fingerprint=key.fingerprint))
        else:
            der = certificate_of(block[0], place)
            roots.append(TrustedRoot(name=place, fingerprint=Sha256.of(der), certificate=der))
    return Trust(keys=tuple(keys), roots=tuple(roots))


def certificate_of(pem: bytes, place: str) -> bytes:
    """Read one certificate in PEM, as DER. Raises TrustFileError."""
    try:
        return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
    except ValueError as error:
        raise TrustFileError(place, "not a certificate in PEM") from error


class _Entries:
    """The tables of a trust file, each read as what it has to be."""

    def __init__(self, told: Mapping[str, Any], path: str, read: Read) -> None:
        self._told, self._path, self._read = told, path, read

    def keys(self) -> tuple[TrustedKey, ...]:
        return tuple(
            TrustedKey(
                name=self._text(entry, "name", place),
                fingerprint=self._key(entry, place),
                since=self._moment(entry, "since", place),
                until=self._moment(entry, "until", place),
            )
            for place, entry in self._tables("key", {"name", "file", "sha256", "since", "until"})
        )

    def domains(self) -> frozenset[str]:
        tables = self._tables("domain", {"name"})
        return frozenset(self._text(entry, "name", place).lower() for place, entry in tables)

    def roots(self) -> tuple[TrustedRoot, ...]:
        fields = {"name", "file", "sha256", "for", "policies"}
        return tuple(self._root(entry, place) for place, entry in self._tables("root", fields))

    def _root(self, entry: Mapping[str, Any], place: str) -> TrustedRoot:
        file = self._file(entry, place)
        der = None if file is None else certificate_of(file, place)
        policies = entry.get("policies", [])
        if not isinstance(policies, list) or not all(isinstance(each, str) for each in policies):
            raise TrustFileError(place, "`policies` is not a list of texts")
        try:
            uses = frozenset({Use(entry["for"])} if "for" in entry else Use)
        except ValueError as error:
            raise TrustFileError(place, '`for` is "domain" or "time"') from error
        return TrustedRoot(
            name=self._text(entry, "name", place),
            fingerprint=Sha256.of(der) if der else self._sha256(entry, place),
            certificate=der,
            uses=uses,
            policies=tuple(policies),
        )

    def _tables(self, kind: str, fields: set[str]) -> list[tuple[str, Mapping[str, Any]]]:
        tables = self._told.get(kind, [])
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            raise TrustFileError(self._path, f"write [[{kind}]], with two brackets")
        numbered = [(f"{self._path}: {kind} {n}", entry) for n, entry in enumerate(tables, 1)]
        for place, entry in numbered:
            if unknown := entry.keys() - fields:
                raise TrustFileError(place, f"unknown: {', '.join(sorted(unknown))}")
        return numbered

    def _key(self, entry: Mapping[str, Any], place: str) -> Sha256:
        file = self._file(entry, place)
        if file is None:
            return self._sha256(entry, place)
        return PublicKey.from_pem(file, place).fingerprint

    def _file(self, entry: Mapping[str, Any], place: str) -> bytes | None:
        if ("file" in entry) == ("sha256" in entry):
            raise TrustFileError(place, "one of `file` and `sha256` has to be given")
        return self._read(self._text(entry, "file", place)) if "file" in entry else None

    def _sha256(self, entry: Mapping[str, Any], place: str) -> Sha256:
        try:
            return Sha256.parse(self._text(entry, "sha256", place))
        except ValueError as error:
            raise TrustFileError(place, "`sha256` is not 64 hex digits") from error

    def _text(self, entry: Mapping[str, Any], name: str, place: str) -> str:
        value = entry.get(name)
        if not isinstance(value, str) or not value.strip():
            raise TrustFileError(place, f"`{name}` is not a text")
        return value

    def _moment(self, entry: Mapping[str, Any], name: str, place: str) -> datetime | None:
        value = entry.get(name)
        if value is None:
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise TrustFileError(
                place, f"`{name}` is not a time with its zone: 2026-01-01T00:00:00Z"
            )
        return value.astimezone(UTC)
