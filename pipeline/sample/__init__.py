"""The sample site: a bundle of its git history and its rendered HTML, shipped with the package."""

from pathlib import Path


def bundle_path() -> Path:
    """Where the git bundle with the sample site's whole history lies."""
    return Path(__file__).with_name("site.bundle")
