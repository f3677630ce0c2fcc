"""Verify who signed an archive or a WACZ: nothing is written, nothing is asked of the network."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.audit.report import Looked
from pipeline.errors import ArchiveError, DatabaseError, NotVerifiableError
from pipeline.jobs.keys import SIZE_MOST
from pipeline.jobs.place import MANIFESTS, Place
from pipeline.jobs.signing import SIG, SIGNATURES, TSR, statement, statement_name
from pipeline.model import Finding
from pipeline.store import events
from pipeline.store.auditing import site_ids
from pipeline.store.events import Event
from pipeline.store.session import reading
from pipeline.store.types import UnreadableValueError
from pipeline.warc.manifests import Filed, manifest_path, read_manifest, sequences
from pipeline.warc.signing.codes import SignatureCode as Code
from pipeline.warc.signing.detached import EVENTS, MANIFEST, Detached, verify_detached
from pipeline.warc.signing.package import Demand, SignatureReport, Standing, verify_signature
from pipeline.warc.signing.packed import read_packed
from pipeline.warc.signing.signed_data import DIGEST_PATH, PACKAGE_PATH
from pipeline.warc.signing.trust import Trust

_NAME: Final = re.compile(r"(events-)?([0-9]{6,})\.txt\.sig", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureOf:
    """A signature of an archive: its file, what it is about, what came of checking it."""

    path: str
    about: str
    report: SignatureReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatures:
    """All signatures of an archive, and the level as a whole."""

    of: tuple[SignatureOf, ...]
    looked: Looked


def look_at_signatures(place: Place, trust: Trust, demand: Demand | None = None) -> Signatures:
    """Check every signature of an archive. What is demanded has to hold for the newest manifest."""
    folder, demand = place.archive, demand or Demand()
    look = _Look(place, trust)
    newest = max(sequences(folder), default=None)
    names = _names(folder)
    if newest is not None and Path(manifest_path(newest)).name + SIG not in names:
        if names or demand.signature or demand.stamp:
            look.manifest(newest, demand)
        if not names:
            return look.result("nothing is signed")
    for name in names:
        found = _NAME.fullmatch(name)
        if found is None:
            look.odd(name)
        elif found[1]:
            look.event(int(found[2]))
        else:
            look.manifest(int(found[2]), demand if int(found[2]) == newest else Demand())
    return look.result("" if names else "nothing is signed")


def look_at_package(path: Path, trust: Trust, demand: Demand | None = None) -> Signatures:
    """Check the signature of a WACZ over its `datapackage.json`; not the files that this names.

    Raises NotVerifiableError where the package cannot be read.
    """
    digest, datapackage = read_packed(path)
    report = verify_signature(digest, datapackage, trust, demand)
    signed = report.standing is not Standing.UNSIGNED
    of = (SignatureOf(path=DIGEST_PATH, about=PACKAGE_PATH, report=report),) if signed else ()
    not_verified = "" if signed else "nothing is signed"
    looked = Looked(checked=len(of), findings=report.findings, not_verified=not_verified)
    return Signatures(of=of, looked=looked)


def _names(folder: Path) -> list[str]:
    """List the signatures, and all else that lies there without belonging to one."""
    names = {path.name for path in (folder / SIGNATURES).glob("*")}
    signatures = {name for name in names if name.endswith(SIG)}
    beside = {name + TSR for name in signatures} | {name.removesuffix(SIG) for name in signatures}
    return sorted(signatures | names - beside)


class _Look:
    """One archive, looked at signature by signature."""

    def __init__(self, place: Place, trust: Trust) -> None:
        self._place, self._folder, self._trust = place, place.archive, trust
        self._of: list[SignatureOf] = []
        self._findings: list[Finding] = []
        self._not_verified = ""
        self._log: Mapping[int, Event] | None = None

    def result(self, not_verified: str) -> Signatures:
        """Give all that was seen."""
        findings = [finding for each in self._of for finding in each.report.findings]
        looked = Looked(
            checked=len(self._of),
            findings=(*findings, *self._findings),
            not_verified=self._not_verified or not_verified,
        )
        return Signatures(of=tuple(self._of), looked=looked)

    def odd(self, name: str) -> None:
        """Name a file that is no signature, or a part of one whose rest is gone."""
        message = "neither a signature nor what belongs to one that is here"
        self._findings.append(Code.STRIPPED.at(f"{SIGNATURES}/{name}", message))

    def manifest(self, number: int, demand: Demand) -> None:
        """Check the signature of a manifest."""
        about = manifest_path(number)
        name = Path(about).name + SIG
        filed = self._filed(number)
        if filed is None:
            message = f"{about}, which was signed, is not there or damaged"
            self._findings.append(Code.CHANGED.at(f"{SIGNATURES}/{name}", message))
            return
        data = (self._folder / MANIFESTS / Path(about).name).read_bytes()
        it = Detached(
            data=data,
            namespace=MANIFEST,
            place=f"{SIGNATURES}/{name}",
            signature=self._read(name),
            response=self._read(name + TSR),
            created=filed.manifest.created,
        )
        self._add(about, it, demand)

    def _filed(self, number: int) -> Filed | None:
        try:
            return read_manifest(self._folder, number)
        except (ArchiveError, NotVerifiableError):
            return None

    def event(self, number: int) -> None:
        """Check the statement about an event against the log, and its signature."""
        name = statement_name(number)
        path, data = f"{SIGNATURES}/{name}", self._read(name)
        if data is None:
            message = "the statement that was signed is not there"
            self._findings.append(Code.CHANGED.at(f"{path}{SIG}", message))
            return
        event = self._event(number)
        if event is None and not self._not_verified:
            self._findings.append(Code.CHANGED.at(path, f"the log has no event {number}"))
        elif event is not None and statement(self._site(), event) != data:
            self._findings.append(Code.CHANGED.at(path, f"the log has another event {number}"))
        it = Detached(
            data=data,
            namespace=EVENTS,
            place=f"{path}{SIG}",
            signature=self._read(name + SIG),
            response=self._read(name + SIG + TSR),
            created=event.at if event else None,
        )
        self._add(path, it, Demand())

    def _add(self, about: str, it: Detached, demand: Demand) -> None:
        report = verify_detached(it, self._trust, demand)
        self._of.append(SignatureOf(path=it.place, about=about, report=report))

    def _event(self, number: int) -> Event | None:
        if self._log is None:
            try:
                with reading(self._place.database) as connection:
                    site = site_ids(connection).get(self._site())
                    log = events.log(connection, site) if site is not None else ()
                    self._log = {each.sequence: each for each in log}
            except (DatabaseError, UnreadableValueError) as error:
                self._log, self._not_verified = {}, f"the event log: {error}"
        event = self._log.get(number)
        if event is None or events.digest_of(event) != event.digest:
            return None
        return event

    def _site(self) -> str:
        newest = max(sequences(self._folder), default=None)
        filed = self._filed(newest) if newest is not None else None
        return self._place.site or (filed.manifest.site if filed else "")

    def _read(self, name: str) -> bytes | None:
        """Read a small file of the signatures; what is no plain file is read as nothing."""
        path = self._folder / SIGNATURES / name
        if not path.is_file():  # a named pipe would never end
            return b"" if path.exists() or path.is_symlink() else None
        try:
            with path.open("rb") as file:
                return file.read(SIZE_MOST + 1)
        except OSError:
            return b""
