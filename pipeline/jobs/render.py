"""Build a site as it stood, with real Jekyll, and hold what came out against Jekyll's rules."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from pipeline.errors import BuildFailedError
from pipeline.jekyll.config import inside
from pipeline.jekyll.item import Item
from pipeline.jekyll.options import ReadOptions
from pipeline.jekyll.rules import PUBLISHABLE, Rules
from pipeline.jobs.outcome import bring, compare_built, own_plugins, refuse_full
from pipeline.jobs.progress import Progress, silent
from pipeline.jobs.standing import Standing, open_standing
from pipeline.jobs.survey import public_url, read_config
from pipeline.model import Finding, Severity
from pipeline.sources import DEFAULT_LIMITS, Limits
from pipeline.sources.building import (
    DEFAULT_BUILD_LIMITS,
    Building,
    BuildLimits,
    build_tree,
    find_jekyll,
)
from pipeline.sources.building.confining import Confinement
from pipeline.sources.building.jekyll import Jekyll
from pipeline.sources.building.tree import lay_out


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """What to build, as it stood when, and where to put it.

    `clock` is what the build takes for the present, where that is not the moment of what is built.
    """

    source: str
    folder: Path
    now: datetime
    at: str | None = None
    rev: str | None = None
    clock: datetime | None = None
    limits: Limits = DEFAULT_LIMITS
    build: BuildLimits = field(default=DEFAULT_BUILD_LIMITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What came of it: found = built + failed + absent, of all that Jekyll should write.

    `added` are the files without a source, which plugins make; `moment` is the clock of the build;
    `address` is the site's public one, None where nothing says it.
    """

    folder: str
    commit: str
    committed_at: datetime | None
    moment: datetime
    address: str | None
    jekyll: str
    plugins: tuple[str, ...]
    confinement: Confinement
    found: int
    built: int
    failed: int
    absent: int
    added: int
    files: int
    size: int
    findings: tuple[Finding, ...]

    @property
    def exit_code(self) -> int:
        """1 where a page is missing, else 0."""
        return int(any(finding.severity is Severity.ERROR for finding in self.findings))


def render(options: RenderOptions, progress: Progress = silent) -> Rendered:
    """Build a site into a new or empty folder. Raises PipelineError; then the folder is as it was.

    Raises NoJekyllError where it is not installed, BuildFailedError where it gave nothing.
    """
    jekyll = find_jekyll()
    refuse_full(options.folder)
    with (
        open_standing(
            options.source,
            at=options.at,
            rev=options.rev,
            now=options.now,
            limits=options.limits,
        ) as standing,
        tempfile.TemporaryDirectory(
            prefix="jekyll-archive-", ignore_cleanup_errors=True
        ) as scratch,
    ):
        if options.clock is not None:
            standing = replace(standing, now=options.clock)  # noqa: PLW2901
        return _render(options, standing, jekyll, Path(scratch).resolve(), progress)


def _render(
    options: RenderOptions, standing: Standing, jekyll: Jekyll, scratch: Path, progress: Progress
) -> Rendered:
    findings = list(standing.source.findings)
    reading = ReadOptions(yaml_engine=jekyll.yaml, now=standing.now)
    config, settings, texts = read_config(standing.source, reading)
    findings += config.findings
    building = Building(
        scratch=scratch,
        config=next(iter(texts)),
        now=standing.now,
        within=inside(config.text("source")),
        limits=options.build,
    )
    progress("laying out", 0, 0)
    rules = Rules(config, reading, [entry.path for entry in standing.source.entries])
    items = _expected(standing, rules, building.source, findings.append)
    if not building.site.is_dir():
        raise BuildFailedError(f"`source` says {building.within!r}, a folder that is not there")
    progress("building", 0, 0)
    built = build_tree(jekyll, building)
    findings += built.findings
    findings += own_plugins(standing.source.entries, config)
    compared = compare_built(items, built, building.destination)
    findings += compared.findings
    files, size = bring(building.destination, options.folder)
    return Rendered(
        folder=str(options.folder),
        commit=standing.commit,
        committed_at=standing.committed_at,
        moment=standing.now,
        address=public_url(config, settings),
        jekyll=jekyll.version,
        plugins=built.plugins,
        confinement=built.confinement,
        found=len(items),
        built=compared.built,
        failed=compared.failed,
        absent=compared.absent,
        added=len(set(built.written) - {item.path for item in items}),
        files=files,
        size=size,
        findings=tuple(findings),
    )


def _expected(
    standing: Standing, rules: Rules, folder: Path, tell: Callable[[Finding], None]
) -> tuple[Item, ...]:
    """Lay out the tree, and compute what Jekyll should write for it."""
    items: list[Item] = []
    for entry, data in lay_out(standing.source, folder, standing.now, tell):
        placement = rules.place(entry)
        if placement.role in PUBLISHABLE:
            item = rules.read(placement, data)
            items.append(item)
            for finding in item.findings:
                tell(finding)
    outcome = rules.finish(items)
    for finding in outcome.findings:
        tell(finding)
    return tuple(item for item in outcome.items if item.written and item.destination is not None)
