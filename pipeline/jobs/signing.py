"""Sign an archive: the newest manifest, and the head of the event log, each in a file of its own.

`signatures/000001.txt.sig` is about `manifests/000001.txt`; manifests form a chain, so it is about
all before it, too. `signatures/events-000007.txt` says what the seventh event was, and has such a
signature. A `.tsr` beside a `.sig` is an authority's answer (RFC 3161) over the `.sig`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.audit.report import Report, Verdict
from pipeline.errors import NotVerifiableError, UsageError
from pipeline.jobs.durable import make_folder
from pipeline.jobs.keys import load_key
from pipeline.jobs.lock import locked
from pipeline.jobs.place import Place
from pipeline.jobs.sealing import SOFTWARE
from pipeline.jobs.stamping import Authority
from pipeline.model import Sha256
from pipeline.store import events
from pipeline.store.auditing import site_ids
from pipeline.store.events import Event
from pipeline.store.session import reading
from pipeline.warc.durable import write_durably
from pipeline.warc.manifests import read_manifest, sequences
from pipeline.warc.signing.anonymous import Stamping, package_signer
from pipeline.warc.signing.detached import EVENTS, MANIFEST, sign_detached
from pipeline.warc.signing.keys import SigningKey
from pipeline.warc.signing.stamp import read_response
from pipeline.warc.signing.stamp_check import check_stamp
from pipeline.warc.signing.trust import Trust
from pipeline.warc.wacz.datapackage import Sign

SIGNATURES: Final = "signatures"
SIG, TSR = ".sig", ".tsr"
TITLE: Final = "# jekyll-archive event log 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What was signed now: the files that were written, and those that were signed already."""

    fingerprint: Sha256
    written: tuple[str, ...]
    already: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """With which key to sign what a job writes, and whom to ask for time stamps."""

    key: SigningKey
    stamp: Stamping | None = None

    @property
    def of_package(self) -> Sign:
        """What a writer of packages signs with."""
        return package_signer(self.key, SOFTWARE, self.stamp)


def signer(key: Path | None, authority: str | None = None) -> Signer | None:
    """Read a key, before there is anything to sign; None where nothing is to be signed.

    Raises UsageError where the key is none, or a time stamp would be of nothing.
    """
    if key is None:
        if authority is not None:
            raise UsageError("a time stamp is of a signature: name a key with --sign")
        return None
    return Signer(key=load_key(key), stamp=Authority(url=authority) if authority else None)


def sign_verified(place: Place, verified: Report, by: Signer) -> Signed | None:
    """Sign an archive that has just been verified; None where it failed, for nobody vouches for it.

    Raises as `sign_archive`.
    """
    if verified.verdict is Verdict.FAIL:
        return None
    return sign_archive(place, by.key, by.stamp)


def sign_archive(place: Place, key: SigningKey, stamp: Stamping | None = None) -> Signed:
    """Sign the newest manifest and the newest event. Raises NotVerifiableError, StorageErrors.

    What is signed already stays as it is: an archive can be signed again after each run.
    """
    folder = place.archive
    newest = max(sequences(folder), default=None)
    if newest is None:
        raise NotVerifiableError(str(folder), "it has no manifest that could be signed")
    with locked(folder):
        writing = _Writing(folder, key, stamp)
        filed = read_manifest(folder, newest)
        manifest = folder / filed.path
        writing.sign(f"{manifest.name}{SIG}", manifest.read_bytes(), MANIFEST)
        event = newest_event(place, filed.manifest.site)
        if event is not None:
            name, data = statement_name(event.sequence), statement(filed.manifest.site, event)
            writing.keep(name, data)
            writing.sign(f"{name}{SIG}", data, EVENTS)
    return Signed(
        fingerprint=key.public.fingerprint,
        written=tuple(writing.written),
        already=tuple(writing.already),
    )


def newest_event(place: Place, site: str) -> Event | None:
    """Read the head of a site's event log."""
    with reading(place.database) as connection:
        site_id = site_ids(connection).get(place.site or site)
        return None if site_id is None else events.head(connection, site_id)


def statement_name(sequence: int) -> str:
    """Name the file that says what an event was."""
    return f"events-{sequence:06}.txt"


def statement(site: str, event: Event) -> bytes:
    """Say what an event was: with its digest, which is about all events before it, too."""
    lines = (
        TITLE,
        f"# site: {site}",
        f"# event: {event.sequence}",
        f"# at: {event.at.strftime(events.TIME_FORMAT)}",
        f"# digest: {event.digest}",
    )
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")


class _Writing:
    """Writes the files of one signing, none over another."""

    def __init__(self, folder: Path, key: SigningKey, stamp: Stamping | None) -> None:
        self._folder, self._key, self._stamp = folder / SIGNATURES, key, stamp
        self.written: list[str] = []
        self.already: list[str] = []

    def sign(self, name: str, data: bytes, namespace: str) -> None:
        """Write a signature, and then a time stamp over it if one is wanted and none is there."""
        signature = sign_detached(data, self._key, namespace)
        path = self._folder / name
        if path.exists():
            signature = path.read_bytes()
            self.already.append(f"{SIGNATURES}/{name}")
        else:
            self.keep(name, signature)
        if self._stamp is not None and not path.with_name(name + TSR).exists():
            response = self._stamp(signature)
            check_stamp(read_response(response), signature, Trust(), place=name + TSR)
            self.keep(name + TSR, response)

    def keep(self, name: str, data: bytes) -> None:
        """Write a file durably, if it is not there."""
        make_folder(self._folder)
        if (self._folder / name).exists():
            return
        write_durably(self._folder / name, data)
        self.written.append(f"{SIGNATURES}/{name}")
