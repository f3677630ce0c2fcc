"""`urls` and `links`, as people and pipes see them."""

from pathlib import Path

import pytest

from pipeline.sample import TIP
from tests.archives import archive
from tests.cli.command import Ask, command, facts
from tests.sources.workshop import Workshop, run_git

LANDING = "_news/listening-at-the-wheel.md"


def test_urls_tells_each_document_with_its_urls(ask: Ask) -> None:
    ran = ask("urls")
    assert ran.code == 0
    at = next(number for number, line in enumerate(ran.lines) if line.startswith(LANDING))
    assert ran.lines[at + 1].split() == [
        *("2024-05-14", "2025-03-03", "gone", "/news/conversations-at-the-wheel"),
    ]
    assert ran.lines[at + 2].split()[:3] == ["2025-03-03", "now", "served"]
    assert ran.lines[-1] == "58 URLs: 43 served, 6 redirected, 9 gone"


def test_urls_in_json_has_the_same_facts(ask: Ask) -> None:
    found = facts(ask("urls", "--json"))
    assert found["counts"] == {"served": 43, "redirected": 6, "gone": 9}
    assert len(found["urls"]) == 58
    gone = facts(ask("urls", "--gone", "--json"))["urls"]
    assert [line["today"] for line in gone] == ["gone"] * 9
    assert all(line["periods"][-1]["until"] for line in gone)


def test_broken_promises_are_told_longest_first(ask: Ask) -> None:
    ran = ask("urls", "--gone")
    assert len(ran.lines) == 10
    assert ran.lines[0].endswith(")")
    assert "9 gone" in ran.lines[-1]


def test_redirects_and_what_took_a_url_over_are_named(ask: Ask, tmp_path: Path) -> None:
    ran = ask("urls", "night-among-the-stones")
    assert any(
        "redirected  /events/night-among-the-stones → /events/night-among-the-stones/" in line
        for line in ran.lines
    )
    shop = Workshop.create(tmp_path / "shop")
    config = "plugins: [jekyll-redirect-from]\n"
    first = "---\ntitle: First\n---\nThe first one, about the sea.\n"
    shop.commit({"_config.yml": config, "a.md": first, "old.md": "---\ntitle: Old\n---\nOld.\n"})
    shop.commit({"a.md": None, "b.md": "---\npermalink: /a.html\n---\nBread, and no sea.\n"})
    shop.commit({"old.md": "---\npermalink: /other.html\nredirect_to: /lost\ntitle: Old\n---\n"})
    archive(str(shop.folder), tmp_path / "a")
    lines = command("urls", "--archive", tmp_path / "a").lines
    assert any("taken over  /a.html by b.md" in line for line in lines)
    assert any("gone  /other.html → /lost, which is gone" in line for line in lines)
    bare = "/lost, which is gone"
    assert sum(bare in line for line in lines) == 1
    assert lines[-1].startswith("4 URLs: 1 served, 1 taken over, 2 gone")


def test_the_patch_goes_to_stdout_alone(ask: Ask, sample_bundle: Path, tmp_path: Path) -> None:
    ran = ask("urls", "--suggest-redirects")
    assert (ran.code, ran.lines[0]) == (
        0,
        f"# Redirects from 7 URLs that are gone, in 7 files of {TIP[:12]}.",
    )
    assert "nothing was applied" in ran.err
    run_git(tmp_path, "clone", "--quiet", str(sample_bundle), "site")
    run_git(tmp_path / "site", "apply", "--index", "-", stdin=ran.raw)
    changes = run_git(tmp_path / "site", "diff", "--cached", "--numstat").decode().splitlines()
    assert {tuple(line.split("\t")[:2]) for line in changes} == {("1", "0"), ("2", "0")}
    found = facts(ask("urls", "--suggest-redirects", "--json"))
    assert (len(found["files"]), len(found["remarks"])) == (7, 2)


def test_one_document_can_be_mended_alone(ask: Ask) -> None:
    ran = ask("urls", LANDING, "--suggest-redirects")
    assert [line for line in ran.lines if line.startswith("+++")] == [f"+++ b/{LANDING}"]


def test_the_audit_is_one_line_a_finding(ask: Ask) -> None:
    ran = ask("urls", "--audit")
    assert [line.rpartition(" ")[2] for line in ran.lines] == ["[REDIRECT-SELF]"] * 2
    assert [each["code"] for each in facts(ask("urls", "--audit", "--json"))] == [
        *("REDIRECT-SELF", "REDIRECT-SELF"),
    ]
    ask("urls", "--audit", "--gone").assert_refused(2, "--audit")


def test_links_tells_what_broke_when_and_where_it_went(ask: Ask) -> None:
    ran = ask("links", "--broken")
    assert ran.lines[0].startswith(LANDING)
    assert len([line for line in ran.lines if "then broken since 2025-03-03" in line]) == 5
    assert any(line.endswith("→ /stories/the-lease-of-the-sea/") for line in ran.lines)
    found = facts(ask("links", LANDING, "--at", "2024-12-24", "--json"))
    assert {line["then"] for line in found["links"]} == {"fine"}
    assert [line["now"] for line in found["links"]].count("moved") == 5


def test_versions_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    shop = Workshop.create(tmp_path / "shop")
    shop.commit({"_config.yml": "title: A\n", "a.md": "---\n---\n[b](/b.html)\n"})
    archive(str(shop.folder), tmp_path / "a")
    (sealed,) = (tmp_path / "a" / "archive").iterdir()
    data = bytearray(sealed.read_bytes())
    data[:] = bytes(len(data))
    sealed.chmod(0o644)
    sealed.write_bytes(data)
    ran = command("links", "--archive", tmp_path / "a")
    assert ran.code == 0
    assert "1 versions were not read" in ran.lines[-1]


@pytest.mark.parametrize("words", [("urls",), ("links",), ("urls", "--suggest-redirects")])
def test_what_is_not_there_is_refused_in_one_line(ask: Ask, words: tuple[str, ...]) -> None:
    ask(*words, "nothing-of-that-name").assert_refused(24, "nothing-of-that-name")
    ask(*words, "--at", "1999-01-01").assert_refused(24, "1999-01-01")
    ask(*words, "--at", "never").assert_refused(2, "never")
