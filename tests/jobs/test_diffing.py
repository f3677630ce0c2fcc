"""What changed in one document between two moments."""

from pathlib import Path

import pytest

from pipeline.errors import ArchiveError, NotFoundError, UsageError
from pipeline.history.comparison.kinds import Effect, Field, RunKind
from pipeline.jobs.diffing import KeyEffect, diff, diff_raw
from pipeline.jobs.place import Place, find_place
from tests.archives import archive
from tests.cli.command import command
from tests.sources.workshop import Workshop, run_git

FIRST = """\
---
title: The wheel
author: Mara Quill
category: journal
---
The old wheel turns slowly at night.
"""
SECOND = FIRST.replace("slowly", "quickly")
THIRD = """\
---
title: The wheel
slug: wheel
tags: [mill]
---
The old wheel turns quickly at night. Share this page.
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, list[str]]:
    folder = tmp_path_factory.mktemp("diffing")
    workshop = Workshop.create(folder / "site")
    config = "title: x\ncollections: {stories: {output: true}}\n"
    commits = [
        workshop.commit({"_config.yml": config, "other.md": "---\ntitle: O\n---\n"}),
        workshop.commit({"_posts/2024-01-02-wheel.md": FIRST}),
        workshop.commit({"_posts/2024-01-02-wheel.md": SECOND}),
        workshop.commit({"_posts/2024-01-02-wheel.md": None, "_stories/wheel.md": THIRD}),
    ]
    archive(workshop.folder, folder / "a")
    return find_place(folder / "a", None), commits


def test_without_moments_it_is_from_the_first_state_to_the_newest(
    told: tuple[Place, list[str]],
) -> None:
    place, commits = told
    found = diff(place, "_stories/wheel.md", ())
    assert (found.before.path, found.after.path) == (
        "_posts/2024-01-02-wheel.md",
        "_stories/wheel.md",
    )
    assert (found.before.since, found.after.since) == (commits[1], commits[3])
    changes = {change.field: change for change in found.changes.fields}
    assert changes[Field.AUTHORS].lost == ("Mara Quill",)
    assert changes[Field.CATEGORIES].effect is Effect.LOST
    assert changes[Field.TAGS].gained == ("mill",)
    assert Field.TITLE not in changes
    assert [(key.name, key.effect) for key in found.changes.keys] == [
        ("author", KeyEffect.LOST),
        ("category", KeyEffect.LOST),
        ("slug", KeyEffect.ADDED),
        ("tags", KeyEffect.ADDED),
    ]
    text = found.changes.text
    assert text is not None
    assert (text.before, text.after, text.removed, text.added) == (7, 10, 1, 4)
    assert [run.text for run in text.runs if run.kind is RunKind.REMOVED] == ["slowly"]
    assert "front matter lost: author, category" in found.sentence


def test_moments_are_commits_days_and_what_was_before_or_after(
    told: tuple[Place, list[str]],
) -> None:
    place, commits = told
    found = diff(place, "wheel", (commits[1], f"before:{commits[3]}"))
    assert (found.before.since, found.after.since) == (commits[1], commits[2])
    assert not found.changes.keys
    same = diff(place, "wheel", (f"after:{commits[3]}", "2030-01-01"))
    assert same.sentence == "nothing that a reader sees has changed"
    assert diff(place, "wheel", (commits[2],)).after.since == commits[3]
    with pytest.raises(NotFoundError, match="it stood since"):
        diff(place, "wheel", (commits[0],))
    with pytest.raises(UsageError):
        diff(place, "wheel", ("soon",))


def test_the_source_bytes_are_a_patch(told: tuple[Place, list[str]], tmp_path: Path) -> None:
    place, commits = told
    patch = diff_raw(place, "wheel", (commits[1], commits[2]))
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_posts/2024-01-02-wheel.md").write_text(FIRST)
    run_git(tmp_path, "apply", "-", stdin=patch)
    assert (tmp_path / "_posts/2024-01-02-wheel.md").read_text() == SECOND
    assert diff_raw(place, "wheel", (commits[2], commits[2])) == b""


def test_a_person_sees_it_field_by_field_and_word_by_word(told: tuple[Place, list[str]]) -> None:
    place, commits = told
    archive_at = ("--archive", str(place.archive))
    ran = command("diff", "wheel", *archive_at)
    assert ran.code == 0
    assert "authors: lost Mara Quill" in ran.lines
    assert "turns [-slowly-] {+quickly+} at night." in ran.out
    assert "  lost   author    Mara Quill" in ran.lines
    same = command("diff", "wheel", commits[3], *archive_at)
    assert "the same bytes" in same.lines
    raw = command("diff", "wheel", commits[1], commits[2], "--raw", *archive_at)
    assert raw.out.startswith("--- a/_posts/2024-01-02-wheel.md\n+++ b/_posts/")
    command("diff", "wheel", "--raw", "--json", *archive_at).assert_refused(2, "choose one")
    command("diff", "nothing", *archive_at).assert_refused(24, "nothing")
    assert '"sentence": "' in command("diff", "wheel", "--json", *archive_at).out


def test_bytes_that_are_not_there_are_told(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    workshop.commit({"_config.yml": "title: x\n", "a.md": "---\ntitle: A\n---\nOne.\n"})
    workshop.commit({"a.md": "---\ntitle: A\n---\nTwo.\n"})
    archive(workshop.folder, tmp_path / "a")
    place = find_place(tmp_path / "a", None)
    (warc,) = (tmp_path / "a" / "archive").iterdir()
    warc.write_bytes(warc.read_bytes()[:300])
    for job in (diff, diff_raw):
        with pytest.raises(ArchiveError, match="its state since"):
            job(place, "a.md", ())
