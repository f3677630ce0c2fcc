"""Build what the package ships of the sample site: `python -m tests.sample.build`.

Writes `site.bundle` (the history, the same commit ids every time) and `rendered.zip` (the tip as
Jekyll renders it) into `pipeline/sample/`. Needs git and Jekyll 4.3.1 with jekyll-feed,
jekyll-redirect-from and jekyll-sitemap, as Debian 12 has them.
"""

import os
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pipeline.sample import RENDERED_AT
from tests.sample.history import Commit, read_history

PACKAGE = Path(__file__).parents[2] / "pipeline" / "sample"
REFS = ("HEAD", "refs/heads/main", "refs/tags/before-redesign")


def run(command: list[str | Path], *, home: Path, given: bytes = b"") -> bytes:
    """Run a program that sees nothing of this machine's settings."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "JEKYLL_ENV": "production",
        "JEKYLL_NO_BUNDLER_REQUIRE": "true",
    }
    return subprocess.run(
        command, input=given, env=environment, check=True, capture_output=True
    ).stdout


def build_repository(target: Path) -> None:
    """Make a bare repository with the whole history."""
    home = target.parent
    run(["git", "init", "--quiet", "--bare", "--initial-branch=main", target], home=home)
    stream = b"".join(_fast_import(read_history()))
    run(["git", "-C", target, "fast-import", "--quiet"], home=home, given=stream)


def _fast_import(commits: Iterator[Commit]) -> Iterator[bytes]:
    """Speak the stream format of git-fast-import(1), each commit with its full tree."""
    for commit in commits:
        yield f"commit refs/heads/{commit.branch}\nmark :{commit.mark}\n".encode()
        yield f"author {commit.author} {_moment(commit.date)}\n".encode()
        yield f"committer {commit.committer} {_moment(commit.commit_date)}\n".encode()
        yield _data(f"{commit.message}\n".encode())
        for word, parent in zip(("from", "merge"), commit.parents, strict=False):
            yield f"{word} :{parent}\n".encode()
        yield b"deleteall\n"
        for path, content in sorted(commit.tree.items()):
            yield f"M 100644 inline {path}\n".encode() + _data(content)
        if commit.tag:
            yield f"reset refs/tags/{commit.tag}\nfrom :{commit.mark}\n".encode()


def _moment(moment: datetime) -> str:
    return f"{int(moment.timestamp())} {moment:%z}"


def _data(content: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(content), content)


def build_bundle(repository: Path, target: Path) -> None:
    """Pack the history as small as git can."""
    git: list[str | Path] = ["git", "-C", repository, "-c", "pack.threads=1"]
    home = repository.parent
    run([*git, "repack", "-q", "-a", "-d", "-f", "--depth=50", "--window=250"], home=home)
    run([*git, "bundle", "create", "--quiet", target.absolute(), *REFS], home=home)


def render(bundle: Path, target: Path, revision: str = "main") -> None:
    """Render one state into `target` with the installed Jekyll, as at `RENDERED_AT`."""
    with tempfile.TemporaryDirectory() as scratch:
        source, moment = Path(scratch, "source"), Path(scratch, "moment.yml")
        run(["git", "clone", "--quiet", bundle.absolute(), source], home=Path(scratch))
        run(["git", "-C", source, "checkout", "--quiet", revision], home=Path(scratch))
        moment.write_text(f"time: {RENDERED_AT:%Y-%m-%d %H:%M:%S %z}\n", "utf-8")
        configs = f"{source / '_config.yml'},{moment}"
        options: list[str | Path] = ["--quiet", "--disable-disk-cache", "--config", configs]
        places: list[str | Path] = ["--source", source, "--destination", target.absolute()]
        run(["jekyll", "build", *options, *places], home=Path(scratch))


def build_zip(rendered: Path, target: Path) -> None:
    """Zip a rendered folder: sorted names, one time, no attributes of this machine."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(rendered.rglob("*")):
            if file.is_file():
                name = file.relative_to(rendered).as_posix()
                entry = zipfile.ZipInfo(name, RENDERED_AT.timetuple()[:6])
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, file.read_bytes())


def main() -> None:
    """Build both files into the package."""
    with tempfile.TemporaryDirectory() as scratch:
        repository, rendered = Path(scratch, "site.git"), Path(scratch, "_site")
        build_repository(repository)
        build_bundle(repository, PACKAGE / "site.bundle")
        render(PACKAGE / "site.bundle", rendered)
        build_zip(rendered, PACKAGE / "rendered.zip")


if __name__ == "__main__":
    main()
