"""What cannot be read is counted and named, and never stops the rest from being kept."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.jobs.ask import bytes_of, findings, list_documents, show
from pipeline.jobs.place import find_place
from pipeline.jobs.summary import Counts, Summary
from pipeline.jobs.verify import verify
from pipeline.sources import Limits
from tests.archives import FIRST, LATER, NOW, Source, archive, rows, sealed, write_files
from tests.sources.workshop import Workshop, run_git

CONFIG = "title: Untidy\ncollections: {notes: {output: true}}\n"


def codes(summary: Summary) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.place.path) for finding in summary.findings]


def lose(repository: Path, path: str) -> bytes:
    """Delete the object of a file from a repository; give its bytes."""
    oid = run_git(repository, "rev-parse", f"HEAD:{path}").decode().strip()
    data = run_git(repository, "cat-file", "blob", oid)
    (repository / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    return data


def test_a_partial_clone_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    workshop.commit({"_config.yml": CONFIG, "_notes/a.md": "---\ntitle: A\n---\n", "b.png": "b"})
    run_git(workshop.folder, "config", "extensions.partialClone", "origin")
    lose(workshop.folder, "b.png")
    lose(workshop.folder, "_notes/a.md")
    summary = archive(workshop.folder, tmp_path / "archive")
    assert summary.counts == {
        "(candidate)": Counts(absent=1),  # page or static file: only its bytes could say
        "(config)": Counts(stored=1),
        "notes": Counts(absent=1),
    }
    assert {("FILE-ABSENT", "b.png"), ("FILE-ABSENT", "_notes/a.md")} <= set(codes(summary))
    assert summary.exit_code == 0
    assert verify(tmp_path / "archive").exit_code == 0


def test_what_was_absent_is_told_anew_when_it_comes(tmp_path: Path) -> None:
    workshop, folder = Workshop.create(tmp_path / "site"), tmp_path / "archive"
    people = {"_people/ada.md": "---\ntitle: Ada\n---\n", "a.md": "---\nauthor: Ada\n---\n"}
    config = "title: A\ncollections: {people: {output: true}}\n"
    workshop.commit({"_config.yml": config, **people})
    whole = archive(workshop.folder, tmp_path / "whole" / "archive")
    data = lose(workshop.folder, "_people/ada.md")
    archive(workshop.folder, folder)
    assert [entry.path for entry in list_documents(find_place(folder, None))] == ["a.md"]
    run_git(workshop.folder, "hash-object", "-w", "--stdin", stdin=data)
    summary = archive(workshop.folder, folder, now=LATER)
    assert (summary.total, summary.findings) == (Counts(stored=1, skipped=2), whole.findings)
    place = find_place(folder, None)
    assert findings(place) == whole.findings
    assert show(place, "Ada").entry.url == "/people/ada.html"
    assert show(place, "a.md").mentions[0]["document"] == "_people/ada.md"
    assert verify(folder).exit_code == 0
    # It is absent once more, and what was read of it is not forgotten.
    lose(workshop.folder, "_people/ada.md")
    again = archive(workshop.folder, folder, now=LATER + timedelta(days=1))
    assert again.total == Counts(skipped=2, absent=1)
    assert bytes_of(place, "Ada") == data


def test_a_tree_with_everything_that_is_no_plain_file(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    files: dict[str, str | bytes | None] = {
        "_config.yml": CONFIG,
        "_notes/broken.md": "---\na: b: c\n---\nStill here\n",
        "_notes/latin-1.md": b"---\ntitle: caf\xe9\n---\n",
        "run.sh": "#!/bin/sh\n",
    }
    workshop.commit(files)
    (workshop.folder / "run.sh").chmod(0o755)
    (workshop.folder / "outside.md").symlink_to("/etc/hostname")
    (workshop.folder / "_notes" / "inside.md").symlink_to("broken.md")
    Path(os.fsdecode(bytes(workshop.folder / "_notes") + b"/caf\xe9 \xff.md")).write_text(
        "---\ntitle: Name\n---\n"
    )
    workshop.commit({})
    inner = Workshop.create(tmp_path / "inner")
    tip = inner.commit({"x": "y"})
    workshop.git("update-index", "--add", "--cacheinfo", f"160000,{tip},theme")
    workshop.git("commit", "--quiet", "--message", "a submodule")
    folder = tmp_path / "archive"
    summary = archive(workshop.folder, folder)
    assert summary.total == Counts(stored=8, skipped=1)  # one is a former state of run.sh
    told = codes(summary)
    assert ("FILE-SUBMODULE", "theme") in told
    assert ("FM-YAML", "_notes/broken.md") in told
    assert summary.exit_code == 0
    assert verify(folder).exit_code == 0
    stored = sorted(rows(folder)["files"], key=lambda row: int(str(row["mode"])))
    table = {row["path"]: row for row in stored}
    assert [row["mode"] for row in stored if row["path"] == "run.sh"] == [0o100644, 0o100755]
    assert table["outside.md"]["mode"] == 0o120000
    assert table["theme"]["mode"] == 0o160000
    name = '"_notes/caf\\351 \\377.md"'
    assert bytes.fromhex(str(table[name]["path_raw"])) == b"_notes/caf\xe9 \xff.md"
    place = find_place(folder, None)
    assert show(place, name).entry.title == "Name"
    assert bytes_of(place, name) == b"---\ntitle: Name\n---\n"


def test_a_file_over_the_limit_is_a_failure_not_a_cut(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    workshop.commit({"_config.yml": CONFIG, "large.md": "---\n---\n" + "x" * 5000})
    summary = archive(workshop.folder, tmp_path / "archive", limits=Limits(file_bytes=4096))
    assert summary.total == Counts(stored=1, failed=1)
    assert ("FILE-FAILED", "large.md") in codes(summary)
    assert summary.exit_code == 1  # of severity error: it is not kept
    assert verify(tmp_path / "archive").exit_code == 0
    again = archive(workshop.folder, tmp_path / "archive", now=LATER)
    assert again.total == Counts(stored=1, skipped=1)
    assert again.exit_code == 0
    kept = find_place(tmp_path / "archive", None)
    assert [entry.path for entry in list_documents(kept)] == ["large.md"]
    assert findings(kept) == again.findings
    assert verify(tmp_path / "archive").exit_code == 0


def test_a_rendered_folder_with_what_is_no_file(quay: Source, tmp_path: Path) -> None:
    rendered = write_files(tmp_path / "_site", {"a.html": "<p>", "large.bin": "x" * 9000})
    (rendered / "link.html").symlink_to("a.html")
    (rendered / "outside.html").symlink_to("/etc/hostname")
    os.mkfifo(rendered / "pipe")
    summary = archive(quay, tmp_path / "archive", rendered=rendered, limits=Limits(file_bytes=8000))
    assert summary.rendered == Counts(stored=2, failed=2, absent=1)
    told = {path for _, path in codes(summary)}
    assert {"large.bin", "outside.html", "pipe"} <= told
    assert verify(tmp_path / "archive").exit_code == 0


def test_a_plain_folder_with_a_file_that_nobody_can_open(tmp_path: Path) -> None:
    from tests.sources.workshop import add_unopenable  # noqa: PLC0415 - slow to make, used once

    site = write_files(tmp_path / "site", {"_config.yml": CONFIG, "a.md": "---\n---\n"})
    add_unopenable(site)
    summary = archive(site, tmp_path / "archive")
    assert (summary.total.stored, summary.total.failed) == (2, 1)
    assert summary.exit_code == 1
    assert verify(tmp_path / "archive").exit_code == 0


def test_a_repository_of_sha256(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site", "--object-format=sha256")
    commit = workshop.commit(FIRST)
    assert len(commit) == 64
    archive(workshop.folder, tmp_path / "archive")
    uris = [str(row["target_uri"]) for row in rows(tmp_path / "archive")["captures"]]
    assert f"gitoid:commit:sha256:{commit}" in uris
    assert verify(tmp_path / "archive").exit_code == 0


def test_commits_from_times_that_are_none(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    workshop.commit({"_config.yml": CONFIG, "a.md": "---\n---\n"})
    tree = workshop.git("rev-parse", "HEAD^{tree}")
    who = "A <a@example.org> 99999999999999999 +0000"
    raw = f"tree {tree}\nauthor {who}\ncommitter {who}\n\nfrom the far future\n"
    oid = workshop.git(
        "hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=raw.encode()
    )
    workshop.git("update-ref", "refs/heads/main", oid)
    summary = archive(workshop.folder, tmp_path / "archive")
    assert summary.revision == oid
    assert verify(tmp_path / "archive").exit_code == 0
    assert show(find_place(tmp_path / "archive", None), "a.md").entry.date is None


@pytest.mark.parametrize("settings", ["", "[site]\nname = 'Named'\nurl = 'https://n.example'\n"])
def test_settings_beside_the_configuration(settings: str, tmp_path: Path) -> None:
    site = write_files(tmp_path / "site", {"_config.yml": CONFIG, "a.md": "---\n---\n"})
    (site / "jekyll-archive.toml").write_text(settings)
    summary = archive(site, tmp_path / "archive")
    table = rows(tmp_path / "archive")["sites"][0]
    assert summary.title == table["title"] == ("Named" if settings else "Untidy")
    assert table["url"] == ("https://n.example" if settings else None)


def test_an_archive_grows_by_whole_files_only(tmp_path: Path) -> None:
    workshop, folder = Workshop.create(tmp_path / "site"), tmp_path / "archive"
    workshop.commit({"_config.yml": CONFIG})
    seen: dict[str, object] = {}
    for turn in range(4):
        workshop.commit({f"{turn}.md": f"---\ntitle: {turn}\n---\n"})
        archive(workshop.folder, folder, now=NOW + timedelta(hours=turn))
        now = sealed(folder)
        assert {name: now[name] for name in seen} == seen
        assert len(now) == len(seen) + 3
        seen = now
    assert verify(folder).exit_code == 0
