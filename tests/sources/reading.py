"""Opening a source and looking at all of it."""

from pathlib import Path

from pipeline.sources import Absent, open_source

# What the fixture `site` holds at its tip.
SITE = {
    "_config.yml": b"title: A\n",
    "about/us.md": b"---\n---\nAll of us\n",
    "index.md": b"---\n---\nHello again\n",
}


def contents(location: Path, rev: str | None = None) -> dict[str, bytes | Absent]:
    with open_source(str(location), rev=rev) as source:
        return {entry.path: data for entry, data in source.read(source.entries)}


def codes(location: Path) -> list[str]:
    with open_source(str(location)) as source:
        return [finding.code for finding in source.findings]
