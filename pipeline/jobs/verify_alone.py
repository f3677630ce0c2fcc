"""Verify what stands alone: a package of anybody, a database without its folder."""

from pathlib import Path
from typing import Final

from pipeline.audit.report import Level, Looked, Report, in_order
from pipeline.errors import NotVerifiableError
from pipeline.jobs.verify_catalogue import look_at_catalogue
from pipeline.jobs.verify_levels import levels_of
from pipeline.jobs.verify_signatures import look_at_package
from pipeline.model import Severity
from pipeline.store.auditing import site_ids
from pipeline.store.engine import shown
from pipeline.store.session import reading
from pipeline.warc.signing.package import Demand
from pipeline.warc.signing.trust import Trust
from pipeline.warc.wacz.check import check_wacz

_NO_FOLDER: Final = "only the database was named: name the archive folder to verify it"
_IN_FOLDER: Final = (
    Level.MANIFESTS,
    Level.FILES,
    Level.SIGNATURES,
    Level.RECORDS,
    Level.PAYLOADS,
    Level.REVISITS,
    Level.CONTENTS,
)


def verify_wacz(path: Path, trust: Trust, demand: Demand) -> Report:
    """Check a package by itself. Raises NotVerifiableError."""
    found = check_wacz(path)
    levels = levels_of(found.records, found.proved, found.warcs, None)
    del levels[Level.CONTENTS]
    levels |= {
        Level.PACKAGE: Looked(checked=found.files, findings=found.package),
        Level.INDEX: Looked(checked=found.entries + found.pages, findings=found.index),
        Level.SIGNATURES: _signature(path, trust, demand),
    }
    return Report(place=str(path), levels=in_order(levels, "it is a package by itself"))


def _signature(path: Path, trust: Trust, demand: Demand) -> Looked:
    try:
        signatures = look_at_package(path, trust, demand)
    except NotVerifiableError as error:
        return Looked(not_verified=str(error))
    return signed_or_not(signatures.looked, bool(signatures.of))


def signed_or_not(looked: Looked, is_signed: bool) -> Looked:  # noqa: FBT001 - as it is called
    """Say of what is not signed, and need not be, that the level does not apply."""
    if is_signed or any(each.severity is not Severity.INFO for each in looked.findings):
        return looked
    return Looked(does_not_apply="nothing is signed")


def verify_database(url: str, site: str | None) -> tuple[Report, ...]:
    """Verify the catalogues of a database as far as they can be without the archive folders.

    One report a site. Raises NotVerifiableError where there is no such site, DatabaseErrors.
    """
    reports = []
    with reading(url) as connection:
        known = site_ids(connection)
        chosen = {key: found for key, found in known.items() if site in {None, key}}
        if not chosen:
            names = ", ".join(known) or "none"
            why = f"no site {site!r} in it, only: {names}" if site else "it has no site"
            raise NotVerifiableError(shown(url), why)
        for key, site_id in chosen.items():
            levels = dict.fromkeys(_IN_FOLDER, Looked(not_verified=_NO_FOLDER))
            levels |= look_at_catalogue(None, (), connection, site_id)
            place = shown(url) if len(known) == 1 else f"{shown(url)} {key}"
            reports.append(Report(place=place, levels=in_order(levels, "it is a database")))
    return tuple(reports)
