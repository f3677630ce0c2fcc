"""Histories that nobody made: any graph of commits with any trees, written by git fast-import."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from tests.sources.workshop import START, run_git

PATHS = ("a", "b/c", "b/d", "f", "f/g", "é \n")
MODES = ("100644", "100755", "120000")

State = tuple[str, str]
"""A mode and a content."""


@dataclass(frozen=True)
class Invented:
    """One commit: the positions of its parents, its whole tree, and its clock."""

    parents: tuple[int, ...]
    files: Mapping[str, State]
    seconds: int


@st.composite
def histories(draw: st.DrawFn) -> list[Invented]:
    """Few paths, modes and contents, so that reverts, renames and clean merges come by chance."""
    states = st.tuples(st.sampled_from(MODES), st.sampled_from("123"))
    made: list[Invented] = []
    for number in range(draw(st.integers(1, 9))):
        behind = st.integers(max(0, number - 4), number - 1)
        parents = draw(st.lists(behind, max_size=3, unique=True)) if number else []
        files = dict(made[draw(st.sampled_from(parents))].files) if parents else {}
        files |= draw(st.dictionaries(st.sampled_from(PATHS), states, max_size=2))
        for path in draw(st.sets(st.sampled_from(PATHS), max_size=2)):
            files.pop(path, None)
        if "f" in files:
            files.pop("f/g", None)
        seconds = START + draw(st.integers(-3, 3)) + number
        made.append(Invented(tuple(parents), files, seconds))
    return made


def build(folder: Path, history: list[Invented]) -> list[str]:
    """Write a bare repository, with a branch for each commit and HEAD at the last; give the ids."""
    folder.mkdir(parents=True)
    run_git(folder, "init", "--quiet", "--bare", "--initial-branch=main")
    stream = b"".join(_commit(number, each) for number, each in enumerate(history))
    stream += b"reset refs/heads/main\nfrom :%d\n\n" % len(history)
    run_git(folder, "fast-import", "--quiet", "--export-marks=marks", stdin=stream)
    marks = dict(line.split() for line in (folder / "marks").read_text().splitlines())
    return [marks[f":{number + 1}"] for number in range(len(history))]


def _commit(number: int, commit: Invented) -> bytes:
    lines = [f"commit refs/heads/c{number}", f"mark :{number + 1}"]
    lines += [f"committer A <a@example.org> {commit.seconds} +0000", "data 0"]
    for index, parent in enumerate(commit.parents):
        lines.append(f"{'merge' if index else 'from'} :{parent + 1}")
    lines.append("deleteall")
    for path, (mode, content) in commit.files.items():
        quoted = '"' + path.replace("\n", "\\n") + '"'
        lines += [f"M {mode} inline {quoted}", f"data {len(content)}", content]
    return "".join(f"{line}\n" for line in lines).encode() + b"\n"
