"""Archives for the tests of the jobs: made once, copied by the tests that damage them."""

import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.jobs.demo import demo
from pipeline.jobs.place import find_place
from pipeline.jobs.run import RunOptions, run
from pipeline.jobs.summary import Summary
from pipeline.sources import DEFAULT_LIMITS, Limits
from pipeline.store.auditing import site_ids
from pipeline.store.base import Base
from pipeline.store.rows import stored_rows
from pipeline.store.session import reading
from tests.sources.workshop import Workshop

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LATER = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)

CONFIG = """\
title: Sallow Quay
url: https://quay.example
timezone: Europe/London
collections:
  events: {output: true}
  people: {output: true}
"""
POST = """\
---
title: The sluice gate
author: Mara Quill and Bram Oakhanger
tags: [tide, gate]
category: journal
redirect_from: /gate/
---
The gate is [stuck](/about/). See [the wheel](/wheel/).
"""
EVENT = """\
---
title: Open day
date: 2024-05-04 10:00:00 +0100
deadline: 1 May 2024
event_content: Bring *boots*.
speakers:
  - Mara Quill
---
"""
PERSON = "---\ntitle: Mara Quill\nbiography: She keeps the **gate**.\n---\n"
FIRST: dict[str, str | bytes | None] = {
    "_config.yml": CONFIG,
    "_posts/2024-04-02-the-sluice-gate.md": POST,
    "_people/mara-quill.md": PERSON,
    "about.md": "---\ntitle: About the mill\n---\nTwo wheels.\n",
    "assets/gate.png": b"\x89PNG\r\n\x1a\n not a picture",
}
SECOND: dict[str, str | bytes | None] = {
    "_events/open-day.md": EVENT,
    "_layouts/default.html": "{{ content }}\n",
}
RENDERED: dict[str, str | bytes] = {
    "about/index.html": "<html><head><title>About the mill</title></head><body>Two</body></html>",
    "about.html": "<title>About the mill</title><p>Two wheels.</p>",
    "assets/gate.png": b"\x89PNG\r\n\x1a\n not a picture",
    "feed.xml": "<feed/>",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A small site with two commits, and its rendered folder."""

    workshop: Workshop
    rendered: Path
    first: str
    second: str

    @property
    def location(self) -> str:
        """What is typed as SOURCE."""
        return str(self.workshop.folder)


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files into a folder."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def plain_site(folder: Path) -> Path:
    """Write the small site as a plain folder."""
    return write_files(folder, {p: c for p, c in {**FIRST, **SECOND}.items() if c is not None})


def make_source(folder: Path) -> Source:
    """Make the small site in a folder."""
    workshop = Workshop.create(folder / "quay")
    first = workshop.commit(FIRST, "Open the mill")
    second = workshop.commit(SECOND, "Announce the open day")
    rendered = write_files(folder / "_site", RENDERED)
    return Source(workshop=workshop, rendered=rendered, first=first, second=second)


def archive(
    source: str | Path | Source,
    folder: Path,
    *,
    now: datetime = NOW,
    database: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    **asked: Any,  # noqa: ANN401 - rev, rendered, dry_run
) -> Summary:
    """Run the main job on a source."""
    location = source.location if isinstance(source, Source) else str(source)
    options = RunOptions(
        source=location, archive=folder, now=now, database=database, limits=limits, **asked
    )
    return run(options)


def contents(folder: Path) -> dict[str, object]:
    """Give all that a folder holds: bytes of files, targets of links, None for folders."""
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = path.readlink()
        else:
            found[name] = None if path.is_dir() else path.read_bytes()
    return found


def stamped(folder: Path) -> dict[str, object]:
    """Give all that a folder holds, with the time of its last change."""
    times = {
        path.relative_to(folder).as_posix(): path.lstat().st_mtime_ns
        for path in folder.rglob("*")
        if not stat.S_ISLNK(path.lstat().st_mode)
    }
    return {name: (times.get(name), content) for name, content in contents(folder).items()}


def sealed(folder: Path) -> dict[str, object]:
    """Give the sealed files of an archive: not the database, not the lock."""
    parts = ("archive/", "ledger/", "manifests/")
    return {
        n: data for n, data in contents(folder).items() if n.startswith(parts) and data is not None
    }


def logical(database: str) -> dict[str, list[dict[str, Any]]]:
    """Give every row of every table, of all sites, as plain values."""
    with reading(database) as connection:
        return {
            table.name: [
                row
                for site_id in site_ids(connection).values()
                for row in stored_rows(connection, table, site_id)
            ]
            for table in Base.metadata.sorted_tables
        }


def rows(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Give the rows of an archive's catalogue."""
    return logical(find_place(folder, None).database)


@contextmanager
def kept_as_it_was(*folders: Path) -> Iterator[None]:
    """Hold that what happens inside leaves the folders byte for byte as they were."""
    before = [stamped(folder) for folder in folders]
    yield
    assert [stamped(folder) for folder in folders] == before


@pytest.fixture(scope="session")
def quay(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The small site. Nobody changes it: make one with `make_source` for that."""
    return make_source(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="session")
def quay_archive(quay: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the small site with its rendered pages. Nobody changes it."""
    folder = tmp_path_factory.mktemp("archives") / "quay"
    archive(quay, folder, rendered=quay.rendered)
    return folder


@pytest.fixture
def quay_copy(quay_archive: Path, tmp_path: Path) -> Path:
    """A copy of that archive, to be damaged."""
    return Path(shutil.copytree(quay_archive, tmp_path / "quay"))


@pytest.fixture
def open_path() -> Iterator[Path]:
    """A folder like `tmp_path` that other users can reach: they cannot reach that one."""
    folder = Path(tempfile.mkdtemp(prefix="open-"))
    folder.chmod(0o755)
    yield folder
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def mill_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the sample site, as `demo` makes it. Nobody changes it."""
    folder = tmp_path_factory.mktemp("archives") / "mill"
    demo(folder, NOW)
    return folder


@pytest.fixture(scope="session")
def aicam_archive(aicam_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the real site's tip. Nobody changes it."""
    folder = tmp_path_factory.mktemp("archives") / "aicam"
    archive(aicam_bundle, folder)
    return folder
