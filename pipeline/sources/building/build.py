"""Run the installed Jekyll over a tree in a folder of ours, locked in, and read what it says."""

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import BuildFailedError
from pipeline.model import Finding
from pipeline.sources.building.codes import BuildCode
from pipeline.sources.building.confining import Confinement, Share, confined, confinement
from pipeline.sources.building.jekyll import Jekyll
from pipeline.sources.building.limits import DEFAULT_BUILD_LIMITS, BuildLimits
from pipeline.sources.building.notes import Notes, read_notes
from pipeline.sources.location import printable

#: Gems that compute from the site alone: no network, no other program, no file elsewhere.
TRUSTED = (
    "jekyll-archives", "jekyll-avatar", "jekyll-commonmark", "jekyll-default-layout",
    "jekyll-feed", "jekyll-include-cache", "jekyll-optional-front-matter", "jekyll-paginate",
    "jekyll-readme-index", "jekyll-redirect-from", "jekyll-relative-links", "jekyll-seo-tag",
    "jekyll-sitemap", "jekyll-titles-from-headings", "jekyll-toc",
)  # fmt: skip
#: Of those, what GitHub Pages loads for every site that names its bundle.
BUNDLED = (
    "jekyll-default-layout", "jekyll-feed", "jekyll-optional-front-matter", "jekyll-paginate",
    "jekyll-readme-index", "jekyll-redirect-from", "jekyll-relative-links", "jekyll-seo-tag",
    "jekyll-sitemap", "jekyll-titles-from-headings",
)  # fmt: skip
_DRIVER = Path(__file__).with_name("driver.rb")
_LAST_WORDS = 2000
_TAIL = 4096
_POLL = 0.25  # seconds
_PATIENCE = 3
"""As many times the time of a page a process may stay in one: C code does not hear the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """What to build: a folder of ours with `source/` in it, and the time that it shall be.

    `within` is the folder of the tree that the site says is its source; empty for the tree itself.
    """

    scratch: Path
    config: str
    now: datetime
    within: str = ""
    limits: BuildLimits = field(default=DEFAULT_BUILD_LIMITS)

    @property
    def site(self) -> Path:
        """Where Jekyll reads the site."""
        return self.source / self.within

    @property
    def source(self) -> Path:
        """Where the tree lies."""
        return self.scratch / "source"

    @property
    def destination(self) -> Path:
        """Where Jekyll writes."""
        return self.scratch / "site"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What came of a build: which source was written where, which failed, and all that was said."""

    written: Mapping[str, str]
    failed: frozenset[str]
    plugins: tuple[str, ...]
    confinement: Confinement
    findings: tuple[Finding, ...]


def build_tree(jekyll: Jekyll, building: Building) -> Built:
    """Build; a page that kills the whole process is taken out and told. Raises BuildFailedError."""
    killers: list[Finding] = []
    lost: set[str] = set()
    while True:
        notes, words = _attempt(jekyll, building)
        if notes.ended:
            break
        if not notes.begun or notes.fatal or len(lost) >= building.limits.crashes:
            raise BuildFailedError(notes.fatal or words or "it was killed")
        lost.add(notes.begun)
        why = "it ends the whole process of Jekyll; taken out"
        killers.append(BuildCode.FAILED.at(printable(notes.begun), why))
        with suppress(OSError):
            building.site.joinpath(notes.begun).unlink()
    kept_in = confinement(building.scratch)
    return Built(
        written=notes.written,
        failed=frozenset(notes.failed | lost),
        plugins=notes.loaded,
        confinement=kept_in,
        findings=(*killers, *notes.findings, *_openings(kept_in)),
    )


def _attempt(jekyll: Jekyll, building: Building) -> tuple[Notes, str]:
    scratch, limits = building.scratch, building.limits
    notes, options = scratch / "notes.jsonl", scratch / "options.json"
    notes.unlink(missing_ok=True)
    for name in ("home", "plugins", "temporary"):
        (scratch / name).mkdir(exist_ok=True)
    options.write_text(json.dumps(_options(building, notes)), "utf-8")
    seconds = limits.total_seconds + limits.grace_seconds
    share = Share(
        seconds=int(seconds) + 1, memory=limits.memory_bytes, file_bytes=limits.file_bytes
    )
    command = confined(
        [jekyll.ruby, str(_DRIVER), str(options)],
        scratch=scratch,
        reading=[*jekyll.folders, _DRIVER.parent],
        environment=_environment(jekyll, scratch),
        share=share,
    )
    words = _run(command, scratch, _Watch(notes=notes, total=seconds, page=limits.page_seconds))
    return read_notes(notes, building.config), words


def _options(building: Building, notes: Path) -> dict[str, object]:
    scratch, limits = building.scratch, building.limits
    moment = building.now.astimezone(UTC)
    return {
        "source": str(building.site),
        "destination": str(building.destination),
        "config": str(building.source / building.config),
        "notes": str(notes),
        "now": int(moment.timestamp()),
        "trusted": TRUSTED,
        "bundled": BUNDLED,
        "page_seconds": limits.page_seconds,
        "total_seconds": limits.total_seconds,
        "output_bytes": limits.output_bytes,
        "output_files": limits.output_files,
        "liquid_bytes": limits.liquid_bytes,
        "fixed": {
            "source": str(building.site),
            "destination": str(building.destination),
            "plugins_dir": str(scratch / "plugins"),
            "cache_dir": str(scratch / "temporary"),
            "time": f"{moment:%Y-%m-%d %H:%M:%S} +0000",
            "safe": True,
            "disable_disk_cache": True,
            "incremental": False,
            "profile": False,
            "lsi": False,
            "keep_files": [],
            "highlighter": "rouge",
            "gist": {"noscript": False},
        },
    }


def _environment(jekyll: Jekyll, scratch: Path) -> dict[str, str]:
    return {
        "PATH": f"{Path(jekyll.ruby).parent}:/usr/bin:/bin",
        "HOME": str(scratch / "home"),
        "TMPDIR": str(scratch / "temporary"),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "JEKYLL_ENV": "production",
        "JEKYLL_NO_BUNDLER_REQUIRE": "true",
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watch:
    """How long a process may take, for all and for one page, told by its notes."""

    notes: Path
    total: float
    page: float

    def wait(self, process: subprocess.Popen[bytes]) -> str:
        """Wait for the end; give "", or why it has to be ended."""
        began = time.monotonic()
        while time.monotonic() - began < self.total:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_POLL)
                return ""
            if self._is_stuck():
                return "one page takes longer than the limit, and cannot be interrupted"
        return f"it takes longer than {self.total:g} s"

    def _is_stuck(self) -> bool:
        try:
            idle = time.time() - self.notes.stat().st_mtime
            if idle < _PATIENCE * self.page:
                return False
            with self.notes.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
                last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
        except OSError:
            return False
        return last.startswith(b'{"kind":"begin"')


def _run(command: list[str], scratch: Path, watch: _Watch) -> str:
    """Run to the end or to the end of its time; give its last words."""
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            command,
            cwd=scratch,
            env={},
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
        try:
            why = watch.wait(process)
            if why:
                return why
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        size = words.seek(0, os.SEEK_END)
        words.seek(max(0, size - _LAST_WORDS))
        lines = words.read().decode("utf-8", "replace").strip().splitlines()
        return printable(lines[-1][:300]).replace(str(scratch), "…") if lines else ""


def _openings(kept_in: Confinement) -> tuple[Finding, ...]:
    found = []
    if not kept_in.network:
        found.append(BuildCode.NOT_CONFINED.at(None, "the network could not be cut off (unshare)"))
    if not kept_in.files:
        found.append(
            BuildCode.NOT_CONFINED.at(None, "other files could not be closed off (Landlock)")
        )
    return tuple(found)
