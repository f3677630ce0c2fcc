"""Adding redirects to front matter: the lines that come, and no other byte."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.history.urls.insertion import UnsafeInsertionError, with_redirects
from pipeline.history.urls.patch import patch_of
from pipeline.jekyll.frontmatter import JekyllYamlHandler, split
from pipeline.jekyll.site import Site
from tests.sources.workshop import Workshop, run_git

NEW = ("/x", "/y/")

PLACED = {
    "no key": (
        b"---\ntitle: A\n---\nbody",
        b"---\ntitle: A\nredirect_from:\n  - /x\n  - /y/\n---\nbody",
    ),
    "empty front matter": (b"---\n---\n", b"---\nredirect_from:\n  - /x\n  - /y/\n---\n"),
    "no final newline": (b"---\na: 1\n---", b"---\na: 1\nredirect_from:\n  - /x\n  - /y/\n---"),
    "CRLF": (
        b"---\r\na: 1\r\n---\r\nb\r\n",
        b"---\r\na: 1\r\nredirect_from:\r\n  - /x\r\n  - /y/\r\n---\r\nb\r\n",
    ),
    "after a text block": (
        b"---\na: |\n  b\n\n---\n",
        b"---\na: |\n  b\n\nredirect_from:\n  - /x\n  - /y/\n---\n",
    ),
    "all keys indented": (
        b"---\n  a: 1\n---\n",
        b"---\n  a: 1\n  redirect_from:\n    - /x\n    - /y/\n---\n",
    ),
    "scalar": (
        b"---\nredirect_from: /old # why\na: 1\n---\n",
        b"---\nredirect_from: [/old, /x, /y/] # why\na: 1\n---\n",
    ),
    "quoted scalar": (
        b"---\nredirect_from: '/old, a'\n---\n",
        b"---\nredirect_from: ['/old, a', /x, /y/]\n---\n",
    ),
    "nothing behind the colon": (
        b"---\nredirect_from:\na: 1\n---\n",
        b"---\nredirect_from: [/x, /y/]\na: 1\n---\n",
    ),
    "flow list": (
        b"---\nredirect_from: [ /a, '/b' ]\n---\n",
        b"---\nredirect_from: [ /a, '/b', /x, /y/ ]\n---\n",
    ),
    "flow list over lines": (
        b"---\nredirect_from: [\n  /a,\n  /b,\n]\n---\n",
        b"---\nredirect_from: [\n  /a,\n  /b, /x, /y/,\n]\n---\n",
    ),
    "empty flow list": (
        b"---\nredirect_from: []\n---\n",
        b"---\nredirect_from: [/x, /y/]\n---\n",
    ),
    "block list": (
        b"---\nredirect_from:\n    - /a\n    - /b # why\nz: 1\n---\n",
        b"---\nredirect_from:\n    - /a\n    - /b # why\n    - /x\n    - /y/\nz: 1\n---\n",
    ),
    "block list without indentation": (
        b"---\nredirect_from:\n- /a\n---\n",
        b"---\nredirect_from:\n- /a\n- /x\n- /y/\n---\n",
    ),
    "block list, CRLF": (
        b"---\r\nredirect_from:\r\n  - /a\r\n---\r\n",
        b"---\r\nredirect_from:\r\n  - /a\r\n  - /x\r\n  - /y/\r\n---\r\n",
    ),
    "letters beyond ASCII before it": (
        "---\na: é…\nredirect_from: /ü\n---\nß".encode(),
        "---\na: é…\nredirect_from: [/ü, /x, /y/]\n---\nß".encode(),
    ),
    "a key like it": (
        b"---\nx: {redirect_from: /a}\n---\n",
        b"---\nx: {redirect_from: /a}\nredirect_from:\n  - /x\n  - /y/\n---\n",
    ),
    "bytes of the body that are no text": (
        b"---\n---\n\xff\x00",
        b"---\nredirect_from:\n  - /x\n  - /y/\n---\n\xff\x00",
    ),
}


@pytest.mark.parametrize("name", PLACED)
def test_lines_are_added_as_the_file_is_written(name: str) -> None:
    before, after = PLACED[name]
    assert with_redirects(before, NEW) == after


REFUSED = {
    "no front matter": b"text",
    "a byte-order mark that hides the front matter": b"\xef\xbb\xbf---\na: 1\n---\n",
    "broken YAML": b"---\na: [\n---\n",
    "not UTF-8": b"---\na: \xff\n---\n",
    "a list": b"---\n- a\n---\n",
    "a mapping in braces": b"---\n{a: 1}\n---\n",
    "several lines of text": b"---\nredirect_from: |\n  /a\n---\n",
    "a scalar over two lines": b"---\nredirect_from: /a\n  b\n---\n",
    "a plain scalar that a list would cut": b"---\nredirect_from: /a,b\n---\n",
    "an alias": b"---\nb: &b [/a]\nredirect_from: *b\n---\n",
    "a mapping": b"---\nredirect_from: {a: /b}\n---\n",
    "a comment before the value": b"---\nredirect_from: # why\n  - /a\n---\n",
    "a last item of several lines": b"---\nredirect_from:\n  - |\n    /a\n\n---\n",
    "another anchor in the list": b"---\nredirect_from: &a []\n---\n",
    "too large": b"---\na: " + b"x" * 70_000 + b"\n---\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_where_a_line_could_be_wrong_there_is_none(name: str) -> None:
    with pytest.raises(UnsafeInsertionError, match=" "):
        with_redirects(REFUSED[name], NEW)


def test_urls_that_yaml_would_read_otherwise_are_quoted() -> None:
    made = with_redirects(b"---\n---\n", ['/a: "b" \\ #c', "/é"])
    assert JekyllYamlHandler().load(made[4:-4].decode()) == {
        "redirect_from": ['/a: "b" \\ #c', "/é"]
    }
    with pytest.raises(UnsafeInsertionError, match="control character"):
        with_redirects(b"---\n---\n", ["/a\x1b"])


LINES = st.sampled_from(
    (
        *("a: 1", "b: [x, y]", "c: |", "  text", "- /i", "  - /j", "# note", "", "redirect_from:"),
        *(
            "redirect_from: /o",
            "redirect_from: [/p]",
            "redirect_from: ~",
            "  k: v",
            "d: >-",
            "'e': f",
        ),
        *("  redirect_from: /in", "g: &g h", "redirect_from: *g", "redirect_from: []"),
    )
)


@given(
    st.lists(LINES, max_size=7),
    st.sampled_from(("\n", "\r\n")),
    st.lists(st.sampled_from(("/x", "/y/", "/a: b", "/c#d")), min_size=1, max_size=3),
)
@settings(deadline=None, max_examples=400)
def test_whatever_is_added_changes_redirects_alone(
    lines: list[str], newline: str, urls: list[str]
) -> None:
    before = newline.join(("---", *lines, "---", "body")).encode()
    try:
        after = with_redirects(before, urls)
    except UnsafeInsertionError:
        return
    old, new = (JekyllYamlHandler().load(_header(data)) or {} for data in (before, after))
    assert Site.redirect_from(new) == (*Site.redirect_from(old), *urls)
    old.pop("redirect_from", None)
    new.pop("redirect_from")
    assert new == old
    assert after.endswith(b"---" + newline.encode() + b"body")
    kept = iter(after)
    assert all(byte in kept for byte in before)


def _header(data: bytes) -> str:
    cut = split(data)
    return data[cut.yaml_start : cut.yaml_end].decode()


FILES: dict[str, tuple[bytes, bytes]] = {
    "a b/ü.md": PLACED["no key"],
    'quo"te\\.md': PLACED["CRLF"],
    "no-newline.md": PLACED["no final newline"],
    "binary.md": PLACED["bytes of the body that are no text"],
    "long.md": (b"1\n" * 50 + b"2\n" * 50, b"1\n" * 50 + b"x\n" + b"2\n" * 50),
    "replaced.md": (b"a\nb\r\nc", b"a\nB\r\nc\n"),
    "emptied.md": (b"a\n", b""),
    "filled.md": (b"", b"a"),
}


def test_git_applies_the_patch_byte_for_byte(tmp_path: Path) -> None:
    shop = Workshop.create(tmp_path / "site")
    shop.commit({path: before for path, (before, _) in FILES.items()})
    patch = b"# a remark\n" + b"".join(patch_of(path, *pair) for path, pair in FILES.items())
    run_git(shop.folder, "apply", "--check", "-", stdin=patch)
    run_git(shop.folder, "apply", "-", stdin=patch)
    assert {path: (shop.folder / path).read_bytes() for path in FILES} == {
        path: after for path, (_, after) in FILES.items()
    }


@given(st.binary(max_size=40), st.binary(max_size=40))
@settings(deadline=None, max_examples=25)
def test_any_difference_is_a_patch(
    tmp_path_factory: pytest.TempPathFactory, before: bytes, after: bytes
) -> None:
    if before == after or not before or not after:
        return
    folder = tmp_path_factory.mktemp("patch")
    (folder / "f").write_bytes(before)
    run_git(folder, "apply", "-", stdin=patch_of("f", before, after))
    assert (folder / "f").read_bytes() == after
