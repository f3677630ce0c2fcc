"""The configuration: files in order over Jekyll's defaults."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from pipeline.errors import BadConfigError
from pipeline.jekyll.config import Config, parse_config
from pipeline.jekyll.options import ReadOptions


def _parse(*texts: str) -> Config:
    return parse_config(
        [(f"_config{n}.yml", text.encode()) for n, text in enumerate(texts)], ReadOptions()
    )


def test_no_file_at_all_gives_jekylls_defaults() -> None:
    config = parse_config([], ReadOptions())
    assert config.text("permalink") == "date"
    assert config.zone is UTC
    assert list(config.collections) == ["posts"]
    assert (
        config.collections["posts"]["permalink"]
        == "/:categories/:year/:month/:day/:title:output_ext"
    )


def test_an_empty_file_is_no_error() -> None:
    assert _parse("").title == ""
    assert _parse("# nothing\n").findings == ()


def test_later_files_win_and_mappings_merge() -> None:
    config = _parse("title: a\nurl: u\nx: {a: 1, b: 1}\n", "title: b\nurl: ~\nx: {b: 2}\n")
    assert (config.title, config.url) == ("b", "u")
    assert config.raw["x"] == {"a": 1, "b": 2}


def test_collections_keep_their_order_behind_posts() -> None:
    config = _parse("collections: {zoo: {output: true}, ape: }\npermalink: pretty\n")
    assert list(config.collections) == ["posts", "zoo", "ape"]
    assert config.collections["ape"] == {}
    assert _parse("collections: [b, a]\n").collections["a"] == {}
    assert _parse("collections: ~\n").collections["posts"]["output"] is True


def test_posts_are_always_written_but_may_have_their_own_permalink() -> None:
    posts = _parse("collections: {posts: {output: false, permalink: /p/:title}}\n").collections[
        "posts"
    ]
    assert posts == {"output": True, "permalink": "/p/:title"}
    assert _parse("collections: {posts: 5}\n").collections["posts"]["output"] is True


def test_toml_is_read_too() -> None:
    config = parse_config([("_config.toml", b'title = "T"\nexclude = ["x"]\n')], ReadOptions())
    assert config.title == "T"
    assert config.items("exclude")[0] == "x"


def test_built_in_excludes_are_added_to_those_of_the_site() -> None:
    assert _parse("exclude: [node_modules, x]\n").items("exclude")[:2] == ("node_modules", "x")
    assert "vendor/bundle/" in _parse("exclude: [x]\n").items("exclude")


def test_time_zone_and_time() -> None:
    config = _parse("timezone: Europe/London\ntime: 2020-07-01 12:00\n")
    assert config.zone == ZoneInfo("Europe/London")
    assert config.time is not None
    assert config.time.isoformat() == "2020-07-01T12:00:00+01:00"
    assert _parse("timezone: No/Where\n").zone is UTC
    assert [finding.code for finding in _parse("time: soon\n").findings] == ["CONFIG-VALUE"]


def test_options_override_the_configuration() -> None:
    options = ReadOptions(drafts=True, future=False, unpublished=True)
    config = parse_config([("_config.yml", b"future: true\n")], options)
    assert (config.flag("show_drafts"), config.flag("future"), config.flag("unpublished")) == (
        True,
        False,
        True,
    )


def test_a_bom_is_read_over() -> None:
    assert parse_config([("_config.yml", b"\xef\xbb\xbftitle: T\n")], ReadOptions()).title == "T"


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("_config.yml", b"title: [\n", 2),
        ("_config.yml", b"a: 1\nb: {\n- x\n", 3),
        ("_config.yml", b"- a\n", 1),
        ("_config.yml", b"just text", 1),
        ("_config.yml", b"a: 1\nb: \xff\n", 2),
        ("_config.toml", b"a = \n", None),
    ],
)
def test_what_is_no_configuration_is_refused_with_its_place(
    name: str, data: bytes, line: int | None
) -> None:
    with pytest.raises(BadConfigError) as refused:
        parse_config([(name, data)], ReadOptions())
    assert str(refused.value).startswith(f"{name}:{line}:" if line else f"{name}:")


@pytest.mark.parametrize(
    "text",
    [
        "include: x",
        "exclude: ~",
        "plugins: {a: 1}",
        "permalink: 5",
        "limit_posts: many",
        "collections: text",
    ],
)
def test_values_that_stop_jekyll_are_findings_and_the_default_stands(text: str) -> None:
    config = _parse(text)
    assert [finding.code for finding in config.findings] == ["CONFIG-VALUE"]
    assert config.text("permalink") == "date"


def test_null_where_a_text_belongs_is_the_default_without_a_word() -> None:
    config = _parse("permalink: ~\nencoding: ~\n")
    assert config.findings == ()
    assert config.text("permalink") == "date"
