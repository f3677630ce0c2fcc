"""How alike texts and files are: properties, and git itself as the oracle."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.history.lineage.fingerprint import Fingerprint, likeness, shingled
from pipeline.history.lineage.fingerprint import fingerprint as of_passages
from pipeline.history.lineage.gitlike import git_similarity, lines
from pipeline.history.lineage.passages import passages, seen_words
from tests.history.lineage.story import prose


def fingerprint(text: str) -> Fingerprint:
    return of_passages([shingled(seen_words(passage)) for passage in passages(text)])


TEXTS = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), max_size=40).map(" ".join)


@given(one=TEXTS, other=TEXTS)
@settings(max_examples=100, deadline=None)
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    alike = likeness(fingerprint(one), fingerprint(other))
    assert alike == likeness(fingerprint(other), fingerprint(one))
    assert 0 <= alike.jaccard <= alike.containment <= 1


@given(text=TEXTS.filter(bool))
@settings(max_examples=50, deadline=None)
def test_a_text_is_wholly_like_itself(text: str) -> None:
    alike = likeness(fingerprint(text), fingerprint(text))
    assert alike.jaccard == alike.containment == 1


def test_spelling_of_punctuation_and_case_do_not_count() -> None:
    one = fingerprint("Don't “quote” it: the Well-known text, again.")
    other = fingerprint("don\u2019t 'quote' it - the well known TEXT again")
    assert likeness(one, other).jaccard == 1


def test_a_part_is_contained_and_a_stranger_is_not() -> None:
    whole = prose("whole", 200)
    part = " ".join(whole.split()[50:120])
    alike = likeness(fingerprint(part), fingerprint(whole))
    assert alike.containment > 0.9  # but for the runs over its end
    assert alike.jaccard < 0.5
    assert likeness(fingerprint(whole), fingerprint(prose("stranger", 200))).jaccard < 0.01


def test_a_text_without_words_is_like_nothing() -> None:
    assert likeness(fingerprint("—"), fingerprint("—")).containment == 0


def test_two_texts_are_looked_up_by_the_same_shingles() -> None:
    whole, part = fingerprint(prose("x", 900)), fingerprint(prose("x", 900)[:2000])
    common = set(whole.sample) & part.shingles
    assert common
    assert common <= set(part.sample)
    assert len(whole.sample) < len(whole.shingles) / 4


def numbered(form: str, count: int) -> str:
    return "".join(form.format(number) for number in range(count))


FILES = {
    "edited": (
        numbered("line {} of the file\n", 40),
        "".join(f"line {n} of the file{'!' * (n % 5 == 0)}\n" for n in range(40)),
    ),
    "shortened": (numbered("{} words\n", 90), numbered("{} words\n", 60)),
    "one long line": (prose("long", 300), prose("long", 250) + " and so on"),
    "windows": (numbered("a line {}\r\n", 50), numbered("a line {}\n", 45)),
    "repeated": ("same\n" * 50 + "x\n" * 9, "same\n" * 40 + "y\n" * 9),
    "a very long line": (prose("x", 900), prose("x", 700) + " and " + prose("y", 60) + "\r\n"),
    "no line end": ("one\ntwo\nthree\nfour", "one\ntwo\nthree\nfour\n"),
    "a nul": ("bin\0ary\r\n" * 20, "bin\0ary\r\n" * 15 + "more\r\n"),
}


@pytest.mark.parametrize("name", FILES)
def test_git_finds_the_same_similarity(tmp_path: Path, name: str) -> None:
    """`git diff -M` prints the score that its rename detection computed."""
    old, new = (text.encode() for text in FILES[name])
    git(tmp_path, "init", "--quiet")
    first, second = (tree(tmp_path, path, data) for path, data in (("old", old), ("new", new)))
    raw = git(tmp_path, "diff-tree", "--raw", "-M1%", first, second).decode()
    status = raw.split()[4]
    assert status.startswith("R")
    assert int(git_similarity(lines(old), lines(new)) * 100) == int(status[1:])


def test_git_pairs_no_empty_files_and_none_of_very_different_sizes() -> None:
    assert git_similarity((), ()) == 0
    assert git_similarity([b"a\n"], [b"a\n"] * 9) == 0
    assert git_similarity([b"a\n"], [b"a\n"]) == 1


@given(data=st.binary(max_size=3000) | st.text("ab\r\n", max_size=3000).map(str.encode))
@settings(max_examples=100, deadline=None)
def test_lines_make_the_file_again(data: bytes) -> None:
    assert b"".join(lines(data)) == data


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(
        ["git", *arguments],  # noqa: S607
        cwd=folder,
        input=stdin,
        capture_output=True,
        check=True,
    ).stdout.strip()


def tree(folder: Path, path: str, data: bytes) -> str:
    blob = git(folder, "hash-object", "-w", "--stdin", stdin=data).decode()
    return git(folder, "mktree", stdin=f"100644 blob {blob}\t{path}\n".encode()).decode()
