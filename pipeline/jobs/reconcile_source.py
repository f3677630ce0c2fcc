"""Read the source of the newest snapshot, to hold a rendering against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.content.normalise import normalise
from pipeline.content.parts import body_format
from pipeline.content.values import Content
from pipeline.html.values import Selectors
from pipeline.jekyll.generated import GeneratedKind
from pipeline.jekyll.item import Item, ItemKind
from pipeline.jekyll.rules import PUBLISHABLE, Placement, ReadOptions
from pipeline.jobs.survey import Survey, survey
from pipeline.jobs.then import ArchivedSource
from pipeline.model import Finding, shown_path
from pipeline.reconciliation.codes import ReconcileCode
from pipeline.reconciliation.sources import hidden_by, source_side
from pipeline.reconciliation.values import SourceSide
from pipeline.sources import Absent
from pipeline.store.answers import Site
from pipeline.store.session import Connection
from pipeline.store.urls import today


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRead:
    """All documents, other files by destination, what plugins add, and how the site is read."""

    sides: tuple[SourceSide, ...]
    statics: dict[str, str]
    generated: dict[str, GeneratedKind]
    selectors: Selectors
    findings: tuple[Finding, ...]


def read_source(
    connection: Connection, site: Site, source: ArchivedSource, built_at: datetime | None
) -> SourceRead:
    """Read documents and pages. Raises NoConfigError, BadConfigError."""
    plan = survey(source, ReadOptions())
    published = today(connection, site).published
    statics = {p.destination: shown_path(p.path) for p in published if p.kind is ItemKind.STATIC}
    copied = {p.path for p in published if p.kind is ItemKind.STATIC}
    wanted = [
        placement
        for placement in plan.placements
        if placement.role in PUBLISHABLE and placement.entry.path not in copied
    ]
    found, findings = _read(plan, source, wanted)
    outcome = plan.rules.finish([item for item, _ in found])
    sides = [
        source_side(shown_path(item.path), item, content, built_at)
        for item, (_, content) in zip(outcome.items, found, strict=True)
    ]
    return SourceRead(
        sides=visible(sides, [item.kind for item in outcome.items]),
        statics=statics,
        generated={each.destination: each.kind for each in outcome.generated},
        selectors=plan.settings.selectors,
        findings=findings,
    )


def _read(
    plan: Survey, source: ArchivedSource, wanted: list[Placement]
) -> tuple[list[tuple[Item, Content]], tuple[Finding, ...]]:
    found: list[tuple[Item, Content]] = []
    findings: list[Finding] = []
    contents = source.read(placement.entry for placement in wanted)
    for placement, (entry, data) in zip(wanted, contents, strict=True):
        if isinstance(data, Absent):
            if body_format(entry.path) is None:  # an image: pages that lack it are told of
                continue
            path = shown_path(entry.path)
            findings.append(ReconcileCode.UNREADABLE.at(path, f"the source {data.reason}"))
            continue
        item = plan.rules.read(placement, data)
        if item.kind is not ItemKind.STATIC:
            found.append((item, normalise(item, data, plan.settings)))
    return found, tuple(findings)


def visible(sides: Iterable[SourceSide], kinds: Iterable[ItemKind]) -> tuple[SourceSide, ...]:
    """Say of documents that another one is written over them (Jekyll writes pages first)."""
    pairs = list(zip(sides, kinds, strict=True))
    last: dict[str, str] = {}
    for kind in (ItemKind.PAGE, ItemKind.DOCUMENT):
        for side, is_a in pairs:
            if is_a is kind and side.destination and not side.why:
                last[side.destination] = side.path
    return tuple(
        side
        if side.destination is None or last.get(side.destination, side.path) == side.path
        else hidden_by(side, last[side.destination])
        for side, _ in pairs
    )
