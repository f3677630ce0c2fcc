"""A definition that does not fit together is refused, since the builder would lose something."""

from pathlib import Path

import pytest

from tests.sample.history import read_history

PEOPLE = '[people]\na = "A <a@example.org>"\n'


def step(**facts: str) -> str:
    told = {"author": '"a"', "date": "2024-01-01T00:00:00+00:00", "message": '"m"'} | facts
    return "[[step]]\n" + "".join(f"{key} = {value}\n" for key, value in told.items())


def define(folder: Path, *steps: str) -> Path:
    files = folder / "steps" / "first"
    files.mkdir(parents=True)
    (files / "x.md").write_text("two two\n", "utf-8")
    definition = folder / "history.toml"
    definition.write_text(PEOPLE + step(files='"first"') + "".join(steps), "utf-8")
    return definition


def test_an_edit_must_have_exactly_one_place(tmp_path: Path) -> None:
    edit = step(replace='[{ path = "x.md", old = "two", new = "2" }]')
    with pytest.raises(ValueError, match=r"x\.md"):
        list(read_history(define(tmp_path, edit)))


def test_deleting_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match=r"y\.md"):
        list(read_history(define(tmp_path, step(delete='["y.md"]'))))


def test_a_branch_that_deletes_cannot_be_merged(tmp_path: Path) -> None:
    branch = step(branch='"side"', delete='["x.md"]')
    with pytest.raises(ValueError, match=r"x\.md"):
        list(read_history(define(tmp_path, branch, step(merge='"side"'))))


def test_a_merge_takes_what_the_branch_changed_and_keeps_the_rest(tmp_path: Path) -> None:
    branch = step(branch='"side"', rename='[["x.md", "y.md"]]')
    back = step(branch='"side"', rename='[["y.md", "x.md"]]')
    edit = step(branch='"side"', replace='[{ path = "x.md", old = "two two", new = "four" }]')
    other = step(rename='[["x.md", "z.md"]]')
    definition = define(tmp_path, branch, back, edit, other, step(merge='"side"'))
    merged = list(read_history(definition))[-1]
    assert merged.parents == (5, 4)
    assert merged.tree == {"z.md": b"two two\n", "x.md": b"four\n"}
