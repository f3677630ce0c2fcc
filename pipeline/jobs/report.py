"""Write reports that can be handed on: a comparison as a page, a verification as page or XML."""

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from enum import Enum
from pathlib import Path

from pipeline.audit.report import Report
from pipeline.errors import NotWritableError
from pipeline.history.comparison.values import Comparison
from pipeline.reconciliation.values import Reconciliation
from pipeline.report.junit import junit_xml
from pipeline.report.page import comparison_page
from pipeline.report.reconciliation import reconciliation_page
from pipeline.report.verification import verification_page
from pipeline.warc.durable import open_path, storing, sync_folder

MARK = b'<meta name="generator" content="jekyll-archive '
HEAD = 4096  # bytes in which the mark stands


class Writable(Enum):
    """What a verification can be written as; the value is by what we know an earlier one again."""

    HTML = MARK
    JUNIT = b"<!-- jekyll-archive verify -->"


def write_report(kind: Writable, reports: Sequence[Report], at: datetime, path: Path) -> None:
    """Write a verification that was made at this time, as `write_page` writes a comparison."""
    render = {Writable.HTML: verification_page, Writable.JUNIT: junit_xml}[kind]
    _write(render(reports, at), path, kind.value)


def write_page(comparison: Comparison, path: Path) -> None:
    """Write the page whole or not at all; only an earlier report of ours is replaced.

    Raises NotWritableError, DiskFullError.
    """
    _write(comparison_page(comparison), path, MARK)


def write_reconciliation(found: Reconciliation, path: Path) -> None:
    """Write a reconciliation, as `write_page` writes a comparison."""
    _write(reconciliation_page(found), path, MARK)


def _write(text: str, path: Path, mark: bytes) -> None:
    refuse_foreign(path, mark)
    data = text.encode("utf-8", "replace")
    written = open_path(path)
    with storing(path):
        try:
            with written.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            written.replace(path)
            sync_folder(path.parent)
        except FileExistsError as error:
            raise NotWritableError(str(written), "left by an earlier try; remove it") from error
        except OSError:
            with suppress(FileNotFoundError):
                written.unlink()
            raise


def refuse_foreign(path: Path, mark: bytes = MARK) -> None:
    """Raise NotWritableError where something is that we did not write."""
    with storing(path):
        if not path.parent.is_dir():
            raise NotWritableError(str(path), "its folder does not exist")
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise NotWritableError(str(path), "it is there and is no file; name another")
        if path.exists():
            with path.open("rb") as file:
                ours = mark in file.read(HEAD)
            if not ours:
                raise NotWritableError(str(path), "it is no report of ours; name another file")
