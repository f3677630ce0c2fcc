import subprocess

import pytest

from pipeline.sources.refs import choose_refs, is_ref_name, resolve

OID = "1" * 40


@pytest.mark.parametrize(
    "name",
    [
        "refs/heads/main",
        "refs/heads/a/b-c_d.e",
        "refs/heads/ümlaut",
        "refs/heads/@",
        "refs/tags/v1.0",
        "refs/heads/a@b",
        "refs/heads/-dash",
        "refs/heads/a{b}",
        "refs/heads/.hidden",
        "refs/heads/a..b",
        "refs/heads/a.lock",
        "refs/heads/a.lock/b",
        "refs/heads/a/",
        "refs/heads/a.",
        "refs/heads//a",
        "refs/heads/a b",
        "refs/heads/a~b",
        "refs/heads/a^b",
        "refs/heads/a:b",
        "refs/heads/a?b",
        "refs/heads/a*b",
        "refs/heads/a[b",
        "refs/heads/a\\b",
        "refs/heads/a@{b",
        "refs/heads/a\tb",
        "refs/heads/a\x7f",
        "refs/../HEAD",
    ],
)
def test_accepts_the_names_that_git_accepts(name: str) -> None:
    said = subprocess.run(["git", "check-ref-format", name], check=False)  # noqa: S607
    assert is_ref_name(name.encode()) == (said.returncode == 0)


def test_refuses_names_outside_of_refs_and_very_long_ones() -> None:
    assert not is_ref_name(b"HEAD")
    assert not is_ref_name(b"config")
    assert not is_ref_name(b"refs/heads/a\n" + OID.encode() + b" refs/heads/b")
    assert not is_ref_name(b"refs/heads/" + b"a" * 2000)


def test_follows_symbolic_refs_a_few_steps() -> None:
    raw = {b"refs/%d" % number: b"ref: refs/%d" % (number + 1) for number in range(9)}
    raw[b"refs/9"] = OID.encode()
    assert resolve(b"ref: refs/6", raw) == OID
    assert resolve(b"ref: refs/0", raw) is None
    assert resolve(b"ref: refs/none", raw) is None


def test_says_when_the_tip_is_a_guess() -> None:
    named = {b"refs/heads/x": OID.encode(), b"refs/heads/master": OID.encode()}
    assert choose_refs(None, named).guessed == "refs/heads/master"
    assert choose_refs(b"ref: refs/heads/x", named).guessed is None
    assert choose_refs(None, {}).head is None
    assert choose_refs(b"ref: refs/heads/unborn", named).head is None
