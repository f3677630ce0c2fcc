"""What our rules compute for a site in a folder: the other side of the comparison."""

import json
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.jekyll.config import CONFIG_NAMES, Config, parse_config
from pipeline.jekyll.item import Item
from pipeline.jekyll.links import follow_links
from pipeline.jekyll.options import ReadOptions
from pipeline.jekyll.outcome import Outcome
from pipeline.jekyll.placement import Placement
from pipeline.jekyll.rules import PUBLISHABLE, Rules
from pipeline.model import FileMode, TreeEntry

SKIPPED_FOLDERS = frozenset({".git", "_site", ".jekyll-cache"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """The outcome of a site, and the bytes of each item by its path."""

    config: Config
    outcome: Outcome
    placements: tuple[Placement, ...]
    sources: Mapping[str, bytes]


def tree(folder: Path) -> list[TreeEntry]:
    """List a folder as git would: files and links with POSIX paths, no folder of its own."""
    return sorted(_entries(folder, ""), key=lambda entry: entry.path)


def _entries(folder: Path, prefix: str) -> Iterable[TreeEntry]:
    for child in folder.iterdir():
        path = f"{prefix}{child.name}"
        if child.is_symlink():
            yield TreeEntry(path=path, mode=FileMode.SYMLINK, oid=path)
        elif child.is_dir():
            if prefix or child.name not in SKIPPED_FOLDERS:
                yield from _entries(child, f"{path}/")
        elif stat.S_ISREG(child.stat().st_mode):
            yield TreeEntry(path=path, mode=FileMode.REGULAR, oid=path)


def config_files(folder: Path) -> list[tuple[str, bytes]]:
    """Read the configuration file that Jekyll picks."""
    found = next((name for name in CONFIG_NAMES if (folder / name).is_file()), None)
    return [(found, (folder / found).read_bytes())] if found else []


def extract(
    folder: Path, options: ReadOptions, settings: Mapping[str, Any] | None = None
) -> Extracted:
    """Compute every item of the site in `folder`; `settings` go over its configuration."""
    files = config_files(folder)
    if settings:
        files.append(("settings.yml", json.dumps(dict(settings)).encode()))  # JSON is YAML
    config = parse_config(files, options)
    followed = follow_links(tree(folder), lambda link: bytes(folder.joinpath(link.path).readlink()))
    rules = Rules(config, options, [entry.path for entry in followed.entries])
    placements = tuple(rules.place(entry) for entry in followed.entries)
    items: list[Item] = []
    sources: dict[str, bytes] = {}
    for placement in placements:
        if placement.role in PUBLISHABLE:
            data = (folder / placement.entry.oid).read_bytes()
            sources[placement.path] = data
            items.append(rules.read(placement, data))
    return Extracted(
        config=config, outcome=rules.finish(items), placements=placements, sources=sources
    )
