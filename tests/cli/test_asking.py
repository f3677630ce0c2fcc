"""What the catalogue answers: in columns for people, in JSON for programs, the bytes behind it."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from pipeline.sample import TIP
from tests.archives import Source, archive, rows, write_files
from tests.cli.command import Ask, Ran, command, facts
from tests.databases import Server
from tests.sources.workshop import run_git


def test_list_names_every_document(ask: Ask) -> None:
    ran = ask("list")
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[-1].startswith("37 documents; a date in brackets is the first commit's")
    assert (
        "  2024-05-14  The lease of the sea                       /stories/the-lease-of-" in ran.out
    )
    assert "  (2023-03-14)  Łucja Wrzos         /people/%C5%82ucja-wrzos/" in ran.lines
    assert "_drafts/on-millstones.md (draft)" in ran.out
    assert [line for line in ran.lines if line and not line.startswith(" ")][:-1] == [
        "pages", "calls", "event_categories", "events", "news", "people", "posts", "stories",
    ]  # fmt: skip


def test_list_gives_the_same_as_json(ask: Ask) -> None:
    entries = facts(ask("list", "--json"))
    assert len(entries) == 37
    lease = next(entry for entry in entries if entry["slug"] == "the-lease-of-the-sea")
    assert lease["url"] == "/stories/the-lease-of-the-sea/"
    assert lease["sha256"].startswith("sha256:")
    assert lease["date"].startswith("2024-05-14T")
    assert facts(ask("list", "stories", "--json")) == [
        entry for entry in entries if entry["collection"] == "stories"
    ]
    assert facts(ask("list", "pages", "--json")) == [
        entry for entry in entries if entry["collection"] is None
    ]


@pytest.mark.parametrize(
    "name",
    [
        "_stories/letters-from-upstream.md",
        "/stories/letters-from-upstream/",
        "stories/letters-from-upstream",
        "letters-from-upstream",
        "Letters from upstream",
        "LETTERS FROM UPSTREAM",
        "letters-from-upstream.md",
    ],
)
def test_show_finds_a_document_by_any_of_its_names(name: str, ask: Ask) -> None:
    shown = ask("show", name)
    assert (shown.code, shown.lines[0]) == (0, "Letters from upstream")
    uid = facts(ask("show", name, "--json"))["entry"]["uid"]
    assert ask("show", uid).out == shown.out
    assert re.search(rf"^uid +{uid}$", shown.out, re.MULTILINE)


def test_show_tells_all_about_a_document(ask: Ask) -> None:
    ran = ask("show", "flour-day")
    for words in (
        "kind      document, collection events",
        "path      _events/flour-day.md",
        "url       /events/flour-day/",
        "(front matter, written ",
        "── event_content (text, part:",
        "_events/flour-day.md:5: warning: start_time: 10:30 was read as the number 630",
        f"revision  {TIP}",
        "record    archive/mill-20260102030405-000001.warc.gz, byte ",
        ";path=/_events/flour-day.md",
    ):
        assert words in ran.out, words
    told = facts(ask("show", "flour-day", "--json"))
    assert told["front_matter"]["start_time"] == 630
    assert told["evidence"]["revision"] == TIP
    assert "event_content" in [part["name"] for part in told["parts"]]


def test_show_does_not_make_up_a_date(ask: Ask) -> None:
    assert "date    2023-02-06 " in ask("show", "about.md").out
    assert "(first commit" in ask("show", "about.md").out
    draft = ask("show", "on-millstones").out
    assert "(draft)" in draft


def test_every_stored_content_is_had_by_its_digest(
    ask: Ask, sample_bundle: Path, tmp_path: Path, mill_archive: Path
) -> None:
    run_git(tmp_path, "clone", "--quiet", "--bare", str(sample_bundle), "mill.git")
    paths = run_git(tmp_path / "mill.git", "ls-tree", "-r", "--name-only", "-z", "HEAD")
    names = paths.decode().split("\0")[:-1]
    assert len(names) == 63
    for name in names:
        data = run_git(tmp_path / "mill.git", "cat-file", "blob", f"HEAD:{name}")
        digest = hashlib.sha256(data).hexdigest()
        ran = command("show", "--sha256", digest, "--raw", "--archive", mill_archive)
        assert (ran.code, ran.raw) == (0, data), name
    shown = ask("show", "--sha256", f"sha256:{digest.upper()}")
    assert shown.code == 0
    assert "proved" in shown.out
    assert ask("show", "two-wheels", "--raw").raw.startswith(b"---\n")


def test_every_record_is_had_by_its_digest(mill_archive: Path) -> None:
    """Commits, rendered pages and metadata too."""
    captures = rows(mill_archive)["captures"]
    for kind in ("file_id", "commit_id", "url_id"):
        for row in [row for row in captures if row[kind] is not None][::5]:
            digest = str(row["block_sha256"])
            ran = command("show", "--sha256", digest, "--raw", "--archive", mill_archive)
            assert hashlib.sha256(ran.raw).hexdigest() == digest


def test_search_finds_text_wherever_it_stands(ask: Ask) -> None:
    found = facts(ask("search", "flour", "--json"))
    assert "/events/flour-day/" in [hit["entry"]["url"] for hit in found]
    assert [hit["score"] for hit in found] == sorted((h["score"] for h in found), reverse=True)
    for words in (["maree", "equinoxe"], ["Łucja"], ["a reply"], ["wheel*"], ["wheel", "-eels"]):
        ran = ask("search", *words)
        assert ran.code == 0, words
        assert re.fullmatch(r"[1-9]\d* found", ran.lines[-1]), words
    assert ask("search", "zyzzyva").lines == ["0 found"]
    assert ask("search", "...").lines == ["0 found"]
    assert len(facts(ask("search", "the", "--limit", "3", "--json"))) == 3


def test_search_shows_the_words_around_a_match(ask: Ask) -> None:
    hit = next(h for h in facts(ask("search", "piano", "--json")) if h["snippet"])
    assert "piano" in hit["snippet"].lower()
    assert hit["part"]
    assert hit["snippet"] in " ".join(ask("search", "piano").out.split())


def test_a_word_with_a_minus_is_no_option(ask: Ask) -> None:
    both = {hit["entry"]["path"] for hit in facts(ask("search", "mill", "--json"))}
    without = {hit["entry"]["path"] for hit in facts(ask("search", "mill", "-wheel", "--json"))}
    assert without < both
    assert facts(ask("search", "mill", "-h", "--json"))
    assert ask("search", "--help").out.startswith("Usage: jekyll-archive search")


def test_search_is_the_same_in_both_engines(
    postgres: Server, quay: Source, quay_archive: Path, tmp_path: Path
) -> None:
    with postgres.empty() as url:
        archive(quay, tmp_path / "quay", database=url, rendered=quay.rendered)
        for words in ("gate", "mara quill", "boots", "stuck wheel", "tide -stuck", "gat*"):
            there = command("search", *words.split(), "--archive", quay_archive, "--json")
            here = command("search", *words.split(), "--db", url, "--json")
            assert _told(here) == _told(there), words


def _told(ran: Ran) -> list[tuple[str, str, str]]:
    return [(hit["entry"]["path"], hit["part"], hit["snippet"]) for hit in facts(ran)]


def test_findings_are_listed_one_a_line(ask: Ask) -> None:
    ran = ask("findings")
    told = facts(ask("findings", "--json"))
    assert len(ran.lines) == len(told) > 10
    assert all(re.search(r": (info|warning|error): .+ \[[A-Z-]+\]$", line) for line in ran.lines)
    assert {finding["code"] for finding in told} >= {"FM-YAML", "LINK-BROKEN", "REDIRECT-SELF"}


def test_control_characters_of_a_source_do_not_reach_the_terminal(tmp_path: Path) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\x9b31m\x7f\r\x08"
    escaped = json.dumps(evil)
    site = write_files(
        tmp_path / f"evil{evil}".replace("/", ""),
        {
            "_config.yml": f"title: {escaped}\ncollections: {{notes: {{output: true}}}}\n",
            f"_notes/{evil}\n.md": f"---\ntitle: {escaped}\nauthor: {escaped}\ntags: [{escaped}]\n"
            f"date: {escaped}\nlayout: {escaped}\nredirect_from: {escaped}\nslug: {escaped}\n"
            f"event_date: {escaped}\n---\n{evil} word [a](</b{evil}>)\n",
            "b.md": f"---\na: [\n{evil}\n---\n",
        },
    )
    folder = tmp_path / "archive"
    said = [command("run", site, "--archive", folder)]
    said += [command("run", site, "--archive", folder, "--json")]
    place = ["--archive", str(folder)]
    entries = json.loads(command("list", "--json", *place).out)
    for arguments in (
        ["list"], ["findings"], ["search", "word"], ["export", "jsonl"], ["verify", str(folder)],
        *(["show", entry["uid"]] for entry in entries),
        *(["explain", entry["uid"]] for entry in entries),
    ):  # fmt: skip
        target = place if arguments[0] != "verify" else []
        said.append(command(*arguments, *target))
        if arguments[0] != "export":
            said.append(command(*arguments, *target, "--json"))
    said.append(command("show", evil, *place))
    said.append(command("run", site / "nowhere"))
    for ran in said:
        printed = ran.out + ran.err
        assert not set(re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", printed)), printed
        assert "word" not in printed or "owned" in printed or "\n" in printed
    findings = command("findings", *place)
    assert len(findings.lines) == len(json.loads(command("findings", "--json", *place).out))
