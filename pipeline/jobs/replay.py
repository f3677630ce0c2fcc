"""Open what can be replayed, see who signed it, and give one capture of it."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.errors import NotVerifiableError
from pipeline.jobs.place import find_place
from pipeline.jobs.progress import Progress, silent
from pipeline.jobs.verify_signatures import Signatures, look_at_package, look_at_signatures
from pipeline.replay.errors import UntrueError
from pipeline.replay.holding import Holding
from pipeline.replay.indexing import default_folder
from pipeline.replay.message import Message
from pipeline.replay.opening import Kind, Named, name, opened
from pipeline.replay.tidying import tidy
from pipeline.warc.signing.package import Standing
from pipeline.warc.signing.trust import Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How to open. `cache` is where indexes are kept, None: where they usually are."""

    trust: Trust
    cache: Path | None = None
    damaged_too: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What is open. `signed` says in a sentence who vouches for it, `notes` what is not whole.

    `made` says how it was made today, where it is no captures at all; else it is empty.
    """

    named: Named
    holding: Holding
    signed: str
    trusted: bool
    notes: tuple[str, ...]
    made: str = ""


@contextmanager
def open_replay(path: Path, wanted: Wanted, progress: Progress = silent) -> Iterator[Opened]:
    """Open an archive folder, a package or a WARC file. Nothing of it is written.

    A folder that holds just one archive stands for it. Raises UsageError where it holds several,
    UntrueError where it is signed and is not what was signed, NotVerifiableError.
    """
    if path.is_dir():
        path = find_place(path, None, must_exist=False).archive
    with tempfile.TemporaryDirectory(prefix="jekyll-archive-") as scratch:
        named = name(path, Path(scratch))
        signed, trusted = _signed(named, wanted)
        cache = wanted.cache or default_folder()
        with opened(named, cache, progress, damaged_too=wanted.damaged_too) as holding:
            tidy(cache, time.time())
            yield Opened(
                named=named,
                holding=holding,
                signed=signed,
                trusted=trusted,
                notes=tuple(_notes(named, holding)),
            )


def get(opened_: Opened, url: str, at: datetime | None) -> Message:
    """Read the capture nearest to a moment, proved. Raises NotCapturedError, UntrueError."""
    holding = opened_.holding
    return holding.read(holding.nearest(url, at))


def _signed(named: Named, wanted: Wanted) -> tuple[str, bool]:
    """Say who signed, and whether we trust them. Raises UntrueError where a signature is broken."""
    if named.kind is Kind.WARC:
        return "a WARC file by itself: nobody signed it", False
    if named.cut:
        return "it is not whole, so no signature can be checked", False
    try:
        found = _signatures(named, wanted.trust)
    except NotVerifiableError as error:
        return str(error), False
    broken = [each for each in found.of if each.report.standing is Standing.BROKEN]
    if broken and not wanted.damaged_too:
        why = broken[0].report.findings[-1]
        raise UntrueError(
            str(named.path), f"its signature does not hold: {why.message} [{why.code}]"
        )
    if broken:
        return "the signature is broken", False
    if not found.of:
        return "not signed: nobody vouches for it but itself", False
    newest = found.of[-1].report
    if newest.standing is Standing.TRUSTED:
        return f"signed by {newest.by}, whom you trust", True
    return f"signed by a key that you do not trust: {newest.fingerprint}", False


def _signatures(named: Named, trust: Trust) -> Signatures:
    if named.kind is Kind.PACKAGE:
        return look_at_package(named.path, trust)
    return look_at_signatures(find_place(named.path, None, must_exist=False), trust)


def _notes(named: Named, holding: Holding) -> Iterator[str]:
    survey = holding.survey
    if named.cut:
        yield f"the package is not whole ({named.cut}); what is shown was found in what is left"
    if survey.damaged:
        places = f"{survey.damaged} place{'s' * (survey.damaged != 1)}"
        yield f"damage at {places}, first {survey.damages[0]}; what is whole is shown"
