"""Cloning a URL."""

from pathlib import Path

from pipeline.errors import UnreachableError
from pipeline.sources.limits import Limits
from pipeline.sources.location import RemoteUrl
from pipeline.sources.repository import Prepared


def clone(url: RemoteUrl, directory: Path, limits: Limits) -> Prepared:
    """Clone."""
    raise UnreachableError(url.clean, f"not yet {directory} {limits}")
