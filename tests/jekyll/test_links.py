"""Symbolic links are followed inside the tree, and never out of it."""

from collections.abc import Mapping

from pipeline.jekyll.links import Followed, follow_links
from pipeline.model import FileMode, TreeEntry


def _follow(files: tuple[str, ...], links: Mapping[str, str]) -> Followed:
    entries = [TreeEntry(path=path, mode=FileMode.REGULAR, oid=path) for path in files]
    entries += [TreeEntry(path=path, mode=FileMode.SYMLINK, oid=path) for path in links]
    return follow_links(entries, lambda entry: links[entry.path].encode())


def _reached(followed: Followed) -> dict[str, str]:
    return {entry.path: entry.oid for entry in followed.entries if entry.mode is FileMode.REGULAR}


def test_a_tree_without_links_stays_as_it_is() -> None:
    assert _reached(_follow(("a", "b/c"), {})) == {"a": "a", "b/c": "b/c"}


def test_files_and_folders_are_reached_through_links() -> None:
    followed = _follow(("a/x.md", "a/b/y.md"), {"one.md": "a/x.md", "dir": "a", "a/up": "../a/b"})
    assert _reached(followed) == {
        "a/x.md": "a/x.md",
        "a/b/y.md": "a/b/y.md",
        "one.md": "a/x.md",
        "dir/x.md": "a/x.md",
        "dir/b/y.md": "a/b/y.md",
        "a/up/y.md": "a/b/y.md",
    }
    assert followed.findings == ()


def test_links_lead_through_links() -> None:
    assert _reached(_follow(("a/x",), {"b": "c", "c": "a", "d": "b/x"}))["d"] == "a/x"


def test_links_out_of_the_tree_to_nothing_and_in_circles_are_findings() -> None:
    links = {
        "out": "../x", "root": "/etc/passwd", "nothing": "gone", "self": "self", "a/up": "..",
        "ping": "pong", "pong": "ping", "a/here": ".",
    }  # fmt: skip
    followed = _follow(("a/x",), links)
    assert sorted(finding.place.path or "" for finding in followed.findings) == sorted(links)
    assert _reached(followed) == {"a/x": "a/x"}


def test_linked_folders_inside_a_collection_are_not_entered_as_in_ruby() -> None:
    followed = _follow(("a/x.md",), {"_posts/dir": "../a", "_notes": "a", "_data/d": "../a"})
    assert _reached(followed) == {
        "a/x.md": "a/x.md",
        "_notes/x.md": "a/x.md",
        "_data/d/x.md": "a/x.md",
    }
