"""The sample site's history as values: `history.toml` and the folders under `steps/`."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

Tree = Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit with its whole tree. `mark` counts from 1; `parents` are marks."""

    mark: int
    branch: str
    parents: tuple[int, ...]
    author: str
    date: datetime
    committer: str
    commit_date: datetime
    message: str
    tag: str | None
    tree: Tree = field(repr=False)


def read_history(definition: Path = HERE / "history.toml") -> Iterator[Commit]:
    """Yield the commits, oldest first. Raises KeyError or ValueError where a step does not fit."""
    told = tomllib.loads(definition.read_text("utf-8"))
    tips: dict[str, Commit] = {}
    forks: dict[str, Tree] = {}
    for mark, step in enumerate(told["step"], start=1):
        branch = step.get("branch", "main")
        before = tips.get(branch) or tips.get("main")
        if branch not in tips:
            forks[branch] = before.tree if before else {}
        merged = tips.get(step.get("merge", ""))
        tree = dict(before.tree) if before else {}
        if merged:
            tree |= _changed(forks[merged.branch], merged.tree)
        _edit(tree, step, definition.parent / "steps")
        author, date = told["people"][step["author"]], step["date"]
        tips[branch] = Commit(
            mark=mark,
            branch=branch,
            parents=tuple(parent.mark for parent in (before, merged) if parent),
            author=author,
            date=date,
            committer=told["people"][step.get("committer", step["author"])],
            commit_date=step.get("commit_date", date),
            message=step["message"],
            tag=step.get("tag"),
            tree=tree,
        )
        yield tips[branch]


def _changed(before: Tree, after: Tree) -> Tree:
    if gone := before.keys() - after.keys():
        raise ValueError(gone)  # merging deletions is more than this history needs
    return {path: data for path, data in after.items() if before.get(path) != data}


def _edit(tree: dict[str, bytes], step: Mapping[str, Any], steps: Path) -> None:
    """Apply a step in the order: delete, rename, replace, write files."""
    for path in step.get("delete", ()):
        del tree[path]
    for old_path, new_path in step.get("rename", ()):
        tree[new_path] = tree.pop(old_path)
    for edit in step.get("replace", ()):
        text = tree[edit["path"]].decode("utf-8")
        if text.count(edit["old"]) != 1:
            raise ValueError(edit)
        tree[edit["path"]] = text.replace(edit["old"], edit["new"]).encode("utf-8")
    if "files" in step:
        top = steps / step["files"]
        for file in sorted(top.rglob("*")):
            if file.is_file():
                tree[file.relative_to(top).as_posix()] = file.read_bytes()
