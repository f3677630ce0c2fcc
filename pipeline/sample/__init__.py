"""The sample site: a made-up tide mill whose website went through what real ones go through.

`site.bundle` holds its history (33 commits, 2023 to 2025), `rendered.zip` its tip as Jekyll 4.3.1
renders it. Both are built by `tests/sample/build.py` from readable files. The tip has 26 documents
in seven collections, a person whom Jekyll takes for a static file, a draft, ten pages, data and
static files. What is wrong with it is wrong on purpose:

- **The lost series.** In May 2024 `_news` gets a landing page and `_posts` five conversations,
  under file names with the wrong month that are corrected on a side branch before it is merged. In
  March 2025 one commit deletes all six and adds them under other names, the conversations in
  `_stories`. Authors, categories, excerpts and the list of people are gone; two of their titles
  and some text change; no old URL is redirected, and the landing page still links to all five.
  Share buttons scraped from the page were left at the ends of all five, and later taken off one.
- **Text without a body** in `event_content`, `registration_text`, `agenda` (a list of mappings),
  `call_content`, `biography` and `information_content`.
- **People in many shapes**: `author` as a name, "A and B", "A & B", a list, a mapping; `authors`
  as mappings; `people`; names that have a page in `_people` and names that have none.
- **Tags in many shapes**: words in a string, a list, a list of `tag: X`; `category`, `categories`.
- **Dates**: from the file name, from front matter in four spellings, none (Jekyll prints the time
  of the build), clocks without quotation marks (`10:30` becomes 37800), commits from five time
  zones, one of them applied three days after it was written.
- **Redirects**: onto itself, onto itself but for a slash, two onto one document, one by
  `redirect_to`.
- **Broken files**: YAML that breaks on a colon since 2023 (`_news/car-park-closed.md`), a
  byte-order mark before the front matter that turns a person into a static file, CRLF line ends,
  images and photographs that were never committed.
- **Letters beyond ASCII** in file names, slugs, titles, tags, people and committers.
- Files renamed, renamed and edited, deleted; a document whose text moves from body to front
  matter.
"""

import errno
import os
import zipfile
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

from pipeline.errors import DiskFullError, NotWritableError

SITE_NAME: Final = "sallow-quay"
SITE_URL: Final = "https://tidemill.example"
TIP: Final = "86ad3f32433fc1ce767b0073d3a9516abfe0316f"
BEFORE_REDESIGN: Final = "9a102797e7059fe9c75f0c21ff0e78af962b2b6b"
RENDERED_AT: Final = datetime(2025, 11, 3, 9, tzinfo=UTC)
"""The moment that Jekyll was told it is; pages without a date carry it."""


def bundle_path() -> Path:
    """Give the git bundle: `HEAD`, `main` (at `TIP`) and the tag `before-redesign`."""
    return _part("site.bundle")


def unpack_rendered(target: Path) -> None:
    """Write the rendered site into a new or empty folder, file times at `RENDERED_AT`.

    Raises NotWritableError or DiskFullError; what was there before stays.
    """
    try:
        target.mkdir(parents=True, exist_ok=True)
        if any(target.iterdir()):
            raise NotWritableError(str(target), "the folder is not empty; name a new one")
        with zipfile.ZipFile(_part("rendered.zip")) as rendered:
            rendered.extractall(target)
            for entry in rendered.infolist():
                _set_time(target / entry.filename)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFullError(str(target)) from error
        raise NotWritableError(str(target), error.strerror or str(error)) from error


def _part(name: str) -> Path:
    return Path(str(files(__name__) / name))


def _set_time(file: Path) -> None:
    moment = RENDERED_AT.timestamp()
    os.utime(file, (moment, moment))
