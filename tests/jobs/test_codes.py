"""Every finding of lineage, and of the run as a whole, has a site that yields it, and no other."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.audit.run_codes import RunCode
from pipeline.history.lineage.codes import Code
from pipeline.jobs.summary import Summary
from pipeline.model import FindingCode
from pipeline.sources import DEFAULT_LIMITS, Limits
from tests.archives import archive, write_files
from tests.sources.workshop import Workshop
from tests.warc.payloads.making import HTML, http, record

CONFIG = "title: x\nurl: https://x.example\n"
PAGE = "---\ntitle: The mill\n---\nTwo wheels turn.\n"
SERIES = '[series.Talks]\nlanding = "a.md"\nmembers = ["/never/"]\n'
#: Few enough letters to be read whole, but of four bytes each: too many bytes to be searched.
LONG = " ".join(chr(0x20000 + number) * 60 for number in range(4_280))
HERE = "https://x.example"
CAPTURE = record("resource", HTML, url=f"{HERE}/a.html")

Commit = dict[str, str | bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What a site's commits put into it, and where the finding should be."""

    commits: tuple[Commit, ...] = ()
    decisions: str = ""
    limits: Limits = DEFAULT_LIMITS
    rendered: bool = False
    captures: bytes = b""
    archived: bool = True
    alter: Callable[[Workshop], None] | None = None
    place: str | None = None


def lose(workshop: Workshop) -> None:
    """Take away the bytes of a file that the tree names."""
    oid = workshop.git("rev-parse", "HEAD:b.png")
    (workshop.folder / ".git" / "objects" / oid[:2] / oid[2:]).unlink()


def submodule(workshop: Workshop) -> None:
    """Commit a submodule."""
    tip = workshop.git("rev-parse", "HEAD")
    workshop.git("update-index", "--add", "--cacheinfo", f"160000,{tip},theme")
    workshop.git("commit", "--quiet", "--message", "a submodule")


def old_mode(workshop: Workshop) -> None:
    """Commit a tree with a mode that git does not write any more."""
    blob = workshop.git("rev-parse", "HEAD:_config.yml")
    content = b"100664 _config.yml\0" + bytes.fromhex(blob)
    tree = workshop.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=content)
    workshop.git("update-ref", "refs/heads/main", workshop.git("commit-tree", tree, "-m", "odd"))


BROKEN: dict[FindingCode, Broken] = {
    RunCode.RENDERED_NOT_ARCHIVED: Broken(rendered=True, archived=False, place="_site"),
    Code.DECISION_UNREADABLE: Broken(decisions="perhaps a.md b.md\n", place="lineage.txt"),
    Code.DECISION_UNUSED: Broken(decisions="accept a.md b.md\n", place="lineage.txt"),
    Code.SERIES_UNKNOWN: Broken(
        commits=({"a.md": PAGE, "jekyll-archive.toml": SERIES},), place="jekyll-archive.toml"
    ),
    Code.CONFIG_UNREADABLE: Broken(
        commits=({"_config.yml": "a: ["}, {"_config.yml": CONFIG}), place="_config.yml"
    ),
    RunCode.FILE_ABSENT: Broken(commits=({"b.png": "picture"},), alter=lose, place="b.png"),
    RunCode.FILE_FAILED: Broken(
        commits=({"large.md": PAGE + "x" * 5000},),
        limits=Limits(file_bytes=4096),
        place="large.md",
    ),
    RunCode.FILE_SUBMODULE: Broken(alter=submodule, place="theme"),
    RunCode.LINK_BROKEN: Broken(commits=({"a.md": f"{PAGE}[b](/b.html)\n"},), place="a.md"),
    RunCode.LINK_FILE_MISSING: Broken(commits=({"a.md": f"{PAGE}![b](/b.png)\n"},), place="a.md"),
    RunCode.PAST_UNREADABLE: Broken(
        commits=({"a.md": PAGE.replace("The", "[")}, {"a.md": PAGE}), place="a.md"
    ),
    RunCode.SEARCH_CUT: Broken(commits=({"a.md": f"{PAGE}{LONG}"},), place="a.md"),
    RunCode.RENDERED_NO_ADDRESS: Broken(
        commits=({"_config.yml": "title: x\n"},), rendered=True, place="_config.yml"
    ),
    RunCode.RENDERED_ELSEWHERE: Broken(
        captures=CAPTURE + record("resource", HTML, url="https://other.example/", number=2),
        place="crawl.warc",
    ),
    RunCode.RENDERED_OTHER: Broken(
        captures=CAPTURE + record("response", http(b"", status=404), url=f"{HERE}/b", number=2),
        place="crawl.warc",
    ),
    RunCode.TREE_ODD: Broken(alter=old_mode),
}


def made(broken: Broken, folder: Path) -> Summary:
    """Make the site, and an archive of it."""
    workshop = Workshop.create(folder / "site")
    workshop.commit({"_config.yml": CONFIG})
    for files in broken.commits:
        workshop.commit(files)
    if broken.alter:
        broken.alter(workshop)
    write_files(folder / "_site", {"index.html": "<p>Two wheels turn."})
    write_files(folder / "a", {"lineage.txt": broken.decisions})
    rendered = folder / "_site" if broken.rendered else None
    if broken.captures:
        rendered = folder / "crawl.warc"
        rendered.write_bytes(broken.captures)
    return archive(
        workshop.folder,
        folder / "a",
        limits=broken.limits,
        rendered=rendered,
        records=broken.archived,
    )


@pytest.mark.parametrize("code", BROKEN, ids=lambda code: code.code)
def test_a_broken_site_yields_its_code(code: FindingCode, tmp_path: Path) -> None:
    summary = made(BROKEN[code], tmp_path)
    (finding,) = summary.findings
    assert (finding.code, finding.severity) == (code.code, code.severity)
    assert finding.place.path == BROKEN[code].place
    assert (summary.verified is not None) is BROKEN[code].archived
    assert summary.verified is None or summary.verified.findings == ()


def test_a_sound_site_yields_none(tmp_path: Path) -> None:
    sound = Broken(commits=({"a.md": PAGE},), decisions="# nothing was decided yet\n")
    assert made(sound, tmp_path).findings == ()


def test_no_code_is_without_its_site() -> None:
    assert set(BROKEN) == {*Code, *RunCode}
