"""Compute what Jekyll computes for every document, page and static file of a source.

The output is an interface, described by docs/extract.schema.json; `VERSION` changes with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.jekyll.item import Item, Split
from pipeline.jekyll.links import follow_links
from pipeline.jekyll.rules import PUBLISHABLE, Placement, ReadOptions, Rules
from pipeline.jobs.reading import FATES
from pipeline.jobs.survey import read_config
from pipeline.model import FileMode, Finding, Sha256, TreeEntry
from pipeline.sources import Absent, Source, open_source
from pipeline.sources.subfolder import below, subfolder
from pipeline.store.types import jsonable

VERSION = 1
NO_SPLIT = Split(present=False, yaml_start=0, yaml_end=0, body_start=0, size=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """One line for each item, in the order of the tree, and what was found."""

    lines: tuple[dict[str, Any], ...]
    findings: tuple[Finding, ...]


def extract(
    location: str, *, rev: str | None, folder: str | None, options: ReadOptions
) -> Extraction:
    """Read a source and compute its items. Raises SourceError."""
    with open_source(location, rev=rev) as whole:
        source = subfolder(whole, folder or "")
        config, _, _ = read_config(source, options)
        # A link may lead out of the site's folder as long as it stays in the tree.
        followed = follow_links(whole.entries, lambda link: _target(whole, link))
        entries = below(followed.entries, folder or "")
        rules = Rules(config, options, [entry.path for entry in entries])
        placements = [rules.place(entry) for entry in entries]
        wanted = [placement for placement in placements if placement.role in PUBLISHABLE]
        items: list[Item] = []
        digests: list[Sha256] = []
        absent: list[Finding] = []
        for placement, data in _contents(whole, wanted):
            if isinstance(data, Absent):
                _, _, code = FATES[data.kind]
                absent.append(code.at(placement.entry.path, f"the file {data.reason}"))
            else:
                items.append(rules.read(placement, data))
                digests.append(Sha256.of(data))
        outcome = rules.finish(items)
        lines = (_line(item, digest) for item, digest in zip(outcome.items, digests, strict=True))
        return Extraction(
            lines=tuple(lines),
            findings=(
                *whole.findings,
                *config.findings,
                *followed.findings,
                *absent,
                *(finding for item in items for finding in item.findings),
                *outcome.findings,
            ),
        )


def _contents(
    source: Source, placements: list[Placement]
) -> Iterator[tuple[Placement, bytes | Absent]]:
    """Read contents where they are: a file of the tree holds what stands under a link to it."""
    files = {
        entry.oid: entry for entry in reversed(source.entries) if entry.mode is not FileMode.SYMLINK
    }
    wanted = (files[placement.entry.oid] for placement in placements)
    for placement, (_, data) in zip(placements, source.read(wanted), strict=True):
        yield placement, data


def _target(source: Source, link: TreeEntry) -> bytes:
    ((_, data),) = source.read([link])
    return b"" if isinstance(data, Absent) else data


def _line(item: Item, digest: Sha256) -> dict[str, Any]:
    split = item.split or NO_SPLIT
    present = item.split is not None
    line: dict[str, Any] = {
        "version": VERSION,
        "kind": item.kind.value,
        "collection": item.collection or None,
        "path": item.path,
        "url": item.url,
        "destination": item.destination,
        "written": item.written,
        "left_out": item.left_out or None,
        "date": item.date,
        "date_raw": item.date_raw,
        "date_source": item.date_source.value,
        "draft": item.draft,
        "slug": item.front_matter.get("slug", item.slug),
        "title": item.front_matter.get("title", item.title),
        "layout": item.layout,
        "categories": item.categories,
        "tags": item.tags,
        "excerpt": item.excerpt,
        "front_matter": item.front_matter,
        "redirect_from": item.redirect_from,
        "redirect_to": item.redirect_to,
        "sha256": digest.hex,
        "header": [0, split.body_start] if present else None,
        "yaml": [split.yaml_start, split.yaml_end] if present else None,
        "body": [split.body_start, split.size] if present else None,
    }
    return {name: jsonable(value) for name, value in line.items()}
