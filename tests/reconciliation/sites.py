"""Small sites with their rendering, one thing wrong in each."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.jobs.place import find_place
from pipeline.jobs.reconcile import reconcile
from pipeline.reconciliation.values import Reconciliation
from tests.archives import archive, write_files

CONFIG = "title: x\nurl: https://x.example\n"
TEXT = "Two wheels turn at the mill all day, and the miller counts the sacks."
POST = "_posts/2024-05-01-mill.md"
AT = "2024/05/01/mill.html"
URL = f"/{AT}"

Files = Mapping[str, str | bytes]


def source(front: str = "", body: str = TEXT, title: str = "The mill") -> str:
    """A post."""
    return f"---\ntitle: {title}\n{front}---\n{body}\n"


def rendered(
    body: str = "", head: str = "", title: str = "The mill", text: str = f"<p>{TEXT}</p>"
) -> str:
    """The page of it."""
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>"
        f"<article>{text}{body}</article></body></html>"
    )


def kept(folder: Path, files: Files, pages: Files, *, records: bool = True) -> Path:
    """Archive a site with its rendering, or describe both alone; give the archive."""
    site = write_files(folder / "site", {"_config.yml": CONFIG, **files})
    built = write_files(folder / "_site", pages)
    archive(site, folder / "archive", rendered=built, records=records)
    return folder / "archive"


def held(
    folder: Path, files: Files, pages: Files, *, render: bool = False, records: bool = True
) -> Reconciliation:
    """Archive a site, and hold its rendering against it."""
    return reconcile(find_place(kept(folder, files, pages, records=records), None), render=render)


def adds_up(found: Reconciliation) -> bool:
    """Hold the sums."""
    totals = found.totals
    pages = totals.tied + totals.generated + totals.unexplained + totals.unread
    documents = totals.with_page + totals.explained + totals.without
    tied = totals.by_url + totals.by_path + totals.by_content
    return (pages, documents, tied) == (totals.pages, totals.documents, totals.tied)
