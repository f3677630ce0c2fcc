"""Making repositories for tests with real git, the same bytes every time."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

START = 1_700_000_000


def run_git(folder: Path, *arguments: str, stdin: bytes | None = None, at: int = START) -> bytes:
    """Run git in a folder and give its output; a failure shows what git said."""
    environment = os.environ | {
        "GIT_AUTHOR_DATE": f"{at} +0100",
        "GIT_COMMITTER_DATE": f"{at} +0100",
    }
    done = subprocess.run(
        ["git", "-c", "protocol.file.allow=always", *arguments],  # noqa: S607 - git of the PATH
        cwd=folder,
        input=stdin if stdin is not None else b"",
        capture_output=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def add_unopenable(root: Path) -> tuple[str, str]:
    """Make a file and a folder that nobody can open by path, not even root: it is too long."""
    longest = os.pathconf(root, "PC_PATH_MAX")
    handle, path = os.open(root, os.O_RDONLY), ""
    try:
        while len(os.fsencode(root)) + len(path) < longest - 200:
            name = "d" * min(190, longest - 100 - len(os.fsencode(root)) - len(path))
            os.mkdir(name, dir_fd=handle)
            inner = os.open(name, os.O_RDONLY, dir_fd=handle)
            os.close(handle)
            handle, path = inner, f"{path}{name}/"
        os.close(os.open("f" * 210, os.O_CREAT | os.O_WRONLY, dir_fd=handle))
        os.mkdir("g" * 210, dir_fd=handle)
    finally:
        os.close(handle)
    return f"{path}{'f' * 210}", f"{path}{'g' * 210}"


@dataclass(slots=True)
class Workshop:
    """A repository under construction."""

    folder: Path
    clock: int = START

    @classmethod
    def create(cls, folder: Path, *options: str) -> "Workshop":
        folder.mkdir(parents=True, exist_ok=True)
        run_git(folder, "init", "--quiet", "--initial-branch=main", *options)
        return cls(folder)

    def git(self, *arguments: str, stdin: bytes | None = None) -> str:
        output = run_git(self.folder, *arguments, stdin=stdin, at=self.clock)
        return output.decode("utf-8", "surrogateescape").strip()

    def write(self, path: str, content: str | bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, files: Mapping[str, str | bytes | None], message: str = "a commit") -> str:
        """Write files (`None` removes one) and commit everything there is, a minute later."""
        for path, content in files.items():
            if content is None:
                (self.folder / path).unlink()
            else:
                self.write(path, content)
        self.clock += 60
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def bundle(self, target: Path, *arguments: str) -> Path:
        self.git("bundle", "create", "--quiet", str(target), *(arguments or ("--all", "HEAD")))
        return target
