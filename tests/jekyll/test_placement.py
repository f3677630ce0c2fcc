"""What a file is by its path, with the reason for what Jekyll leaves out."""

import pytest

from pipeline.jekyll.placement import Role, name_parts
from pipeline.model import FileMode
from tests.jekyll.sites import entry, place, rules_of

COLLECTION = "collections: {notes: {output: true}}\n"


@pytest.mark.parametrize(
    ("path", "config", "role", "collection"),
    [
        ("_config.yml", "", Role.CONFIG, ""),
        ("_posts/2020-01-01-a.md", "", Role.DOCUMENT, "posts"),
        ("a/_posts/x/2020-01-01-a.md", "", Role.DOCUMENT, "posts"),
        ("_drafts/a.md", "", Role.DOCUMENT, "posts"),
        ("_notes/a.md", COLLECTION, Role.CANDIDATE, "notes"),
        ("_notes/a.md", "", Role.OTHER, ""),
        ("a/b.md", "", Role.CANDIDATE, ""),
        ("image.png", "", Role.CANDIDATE, ""),
        ("_data/a.yml", "", Role.DATA, ""),
        ("_layouts/a.html", "", Role.LAYOUT, ""),
        ("_includes/a/b.html", "", Role.INCLUDE, ""),
        ("tpl/a.html", "layouts_dir: tpl\nexclude: [tpl]", Role.LAYOUT, ""),
        (".htaccess", "", Role.CANDIDATE, ""),
        ("_pages/a.md", "include: [_pages]", Role.CANDIDATE, ""),
        ("vendor/bundle/deep/a.md", "include: [vendor/bundle/deep/a.md]", Role.CANDIDATE, ""),
        ("c/_notes/a.md", COLLECTION + "collections_dir: c", Role.CANDIDATE, "notes"),
        ("c/_posts/2020-01-01-a.md", "collections_dir: c", Role.DOCUMENT, "posts"),
        ("src/a.md", "source: src", Role.CANDIDATE, ""),
        ("src/_posts/2020-01-01-a.md", "source: ./src/", Role.DOCUMENT, "posts"),
        ("_config.yml", "source: src", Role.CONFIG, ""),
    ],
)
def test_roles(path: str, config: str, role: Role, collection: str) -> None:
    placement = place(path, config)
    assert (placement.role, placement.collection, placement.reason) == (
        role,
        collection,
        placement.reason if role is Role.OTHER else "",
    )


@pytest.mark.parametrize(
    ("path", "config", "word"),
    [
        ("_posts/a.md", "", "begin with a date"),
        ("_posts/2020-01-01-a", "", "begin with a date"),
        ("_posts/.h/2020-01-01-a.md", "", "hidden"),
        ("_posts/_x/2020-01-01-a.md", "", "special"),
        ("_posts/2020-01-01-a.md~", "", "backup"),
        ("_drafts/a", "", "extension"),
        ("a/_posts/2020-01-01-a.md", "collections_dir: c", "collections_dir"),
        ("a.", "", "dot"),
        ("_x/a.md", "", "special"),
        (".git/config", "", "special"),
        ("node_modules/a.md", "", "excludes"),
        ("node_modules.md", "", "excludes"),
        ("x/y/z.md", "exclude: ['x/y']", "excludes"),
        ("x/y/z.md", "exclude: ['*.md']", "excludes"),
        ("public/a.md", "destination: ./public", "destination"),
        ("other/a.md", "source: src", "outside"),
        ("_notes/.a.md", COLLECTION, "special"),
        ("_notes/a.md", COLLECTION + "exclude: [_notes]", "excludes"),
    ],
)
def test_reasons(path: str, config: str, word: str) -> None:
    placement = place(path, config)
    assert placement.role is Role.OTHER
    assert word in placement.reason


@pytest.mark.parametrize(
    ("mode", "word"), [(FileMode.SYMLINK, "link"), (FileMode.SUBMODULE, "submodule")]
)
def test_links_and_submodules_are_not_read(mode: FileMode, word: str) -> None:
    placement = rules_of("").place(entry("a.md", mode))
    assert placement.role is Role.OTHER
    assert word in placement.reason


def test_paths_are_relative_to_the_source_and_the_entry_is_kept() -> None:
    placement = place("src/a/b.md", "source: src")
    assert (placement.path, placement.entry.path) == ("a/b.md", "src/a/b.md")


def test_what_is_not_published_is_not_read() -> None:
    rules = rules_of("")
    with pytest.raises(ValueError, match="data files are not published"):
        rules.read(rules.place(entry("_data/a.yml")), b"a: 1\n")


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("_posts/2020-01-02-a.b.md", ("2020-01-02", "a.b", ".md")),
        ("_posts/x/20-1-2-a.md", ("20-1-2", "a", ".md")),
        ("_notes/a.tar.gz", (None, "a.tar", ".gz")),
        ("_notes/v1.2/noext", (None, "v1", ".2/noext")),
        ("_notes/noext", (None, "noext", None)),
        ("_notes/a.", (None, "a", None)),
    ],
)
def test_names_are_taken_apart_as_jekyll_does(path: str, parts: tuple[str | None, ...]) -> None:
    assert name_parts(path) == parts
