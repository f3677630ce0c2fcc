"""The main job on the sample site."""

import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipeline.jobs.progress import Progress, silent
from pipeline.jobs.run import RunOptions, run
from pipeline.jobs.summary import Summary
from pipeline.sample import bundle_path, unpack_rendered


def demo(archive: Path, now: datetime, progress: Progress = silent) -> Summary:
    """Archive the sample's history and its rendered pages. Raises as `run` does."""
    with tempfile.TemporaryDirectory(prefix="jekyll-archive-demo-") as temporary:
        rendered = Path(temporary) / "_site"
        unpack_rendered(rendered)
        options = RunOptions(source=str(bundle_path()), now=now, rendered=rendered, archive=archive)
        return replace(run(options, progress), source="the sample site")
