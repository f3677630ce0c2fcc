"""Front matter made to hurt: no crash, no hang, no bulk; a finding says what is wrong."""

import time
import tracemalloc

import pytest
import yaml
from yaml.scanner import ScannerError

from pipeline.jekyll.frontmatter import split
from pipeline.jekyll.options import ReadOptions, YamlEngine
from pipeline.jekyll.yaml_loader import YamlLimitError, YamlLimits, map_error
from tests.jekyll.sites import item_of

NOTES = "collections: {notes: {output: true}}"
SECONDS = 0.5
BYTES = 100 * 1024 * 1024
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
MERGE_BOMB = "a: &a {k1: 1, k2: 2}\n" + "".join(
    f"{name}: &{name} {{n{name}1: {{<<: *{before}}}, n{name}2: {{<<: *{before}}}}}\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "deep sequences": ("[" * 20_000 + "\n", "FM-LIMIT"),
    "deep mappings": ("{a: " * 10_000 + "\n", "FM-LIMIT"),
    "deep blocks": ("- " * 20_000 + "\n", "FM-LIMIT"),
    "deep indentation": ("".join(" " * n + "a:\n" for n in range(200)), "FM-LIMIT"),
    "alias bomb": (BOMB, "FM-LIMIT"),
    "many aliases": ("a: &a 1\nb: [" + "*a, " * 5000 + "]\n", "FM-LIMIT"),
    "itself": ("a: &a [*a]\n", "FM-LIMIT"),
    "itself, merged": ("a: &a\n  <<: *a\n", "FM-LIMIT"),
    "a megabyte": ("a: " + "x" * 1_000_000 + "\n", "FM-LIMIT"),
    "a megabyte of keys": ("".join(f"k{n}: 1\n" for n in range(100_000)), "FM-LIMIT"),
    "directives": ("\n" + "%TAG !a! !b\n" * 2000 + "--- {}\n", "FM-LIMIT"),
    "NUL": ("a: b\0c\n", "FM-YAML"),
    "control character": ("a: \x01\n", "FM-YAML"),
    "half a surrogate": ('a: "\\ud800"\n', "FM-YAML"),
    "unknown escape": ('a: "\\q"\n', "FM-YAML"),
    "open bracket": ("a: [1, 2\n", "FM-YAML"),
    "tab": ("a:\n\t- b\n", "FM-YAML"),
    "merge of text": ("<<: text\n", "FM-YAML"),
    "a number of many digits": ("a: " + "9" * 50_000 + "\n", "FM-YAML"),
    "bad float": ("a: 1_.5\n", "FM-YAML"),
    "a list": ("- a\n- b\n", "FM-NOT-A-MAPPING"),
    "a text": ("just text\n", "FM-NOT-A-MAPPING"),
    "categories of a wrong kind": ("categories: 5\n", "FM-VALUE"),
    "a day that is none": ("date: 2023-13-45\n", "DATE-INVALID"),
    "a date of many digits": ("date: '" + "9" * 4000 + "'\n", "DATE-INVALID"),
    "a date without a date": ("date: soon\n", "DATE-INVALID"),
    "a year far away": ("date: 99999-01-01\n", "DATE-INVALID"),
    "only a clock": ("date: '10:30'\n", "DATE-BUILD-TIME"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_front_matter_is_a_finding_and_costs_little(name: str) -> None:
    header, code = HOSTILE[name]
    tracemalloc.start()
    start = time.process_time()
    item = item_of(
        "_notes/a.md", f"---\n{header}---\nbody\n", "collections: {notes: {output: true}}"
    )
    seconds = time.process_time() - start
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [finding.code for finding in item.findings] == [code]
    assert item.url == "/notes/a.html"
    assert seconds < SECONDS * 4  # tracing memory makes Python some four times slower
    assert peak < BYTES


def test_a_merge_bomb_within_the_limits_stays_small() -> None:
    item = item_of("a.md", f"---\n{MERGE_BOMB}---\n", yaml_engine=YamlEngine.PSYCH)
    assert item.findings == () or item.findings[0].code == "FM-LIMIT"


def test_a_finding_of_broken_yaml_says_line_and_column() -> None:
    item = item_of("a.md", "---\ntitle: x\nbad: [a\nmore: b\n---\n")
    (finding,) = item.findings
    assert (finding.place.line, finding.place.column) == (5, 1) or finding.place.line == 4
    assert str(finding).startswith("a.md:")


def test_a_nesting_that_libyaml_refuses_is_beyond_a_limit_too() -> None:
    mark = yaml.Mark("front matter", 0, 1, 1000, None, 0)
    refused = ScannerError(
        "while increasing flow level", mark, "exceeded maximum nesting depth", mark
    )
    error = map_error(refused, "---\n" + "[" * 1001)
    assert isinstance(error, YamlLimitError)
    assert (error.why, error.line, error.column) == ("nested too deeply", 2, 1001)


def test_a_character_that_yaml_forbids_is_placed_too() -> None:
    (finding,) = item_of("a.md", "---\ntitle: x\nä: \x02\n---\n").findings
    assert (finding.place.line, finding.place.column) == (3, 4)


def test_a_key_called_content_is_a_key() -> None:
    item = item_of("a.md", "---\ncontent: mine\n---\nbody\n")
    assert item.own == {"content": "mine"}
    assert item.findings == ()


def test_a_nul_escaped_in_yaml_is_a_character() -> None:
    assert item_of("a.md", '---\na: "\\0"\n---\n').own == {"a": "\0"}


def test_limits_can_be_widened() -> None:
    header = "a: " + "x" * 100_000 + "\n"
    wide = YamlLimits(size=1_000_000)
    item = item_of("a.md", f"---\n{header}---\n", limits=wide)
    assert item.findings == ()
    assert ReadOptions().limits.size == 64 * 1024


@pytest.mark.parametrize(
    "data",
    [
        b"---" + b"\n" * 300_000,
        b"---\n" + b"---x\n" * 60_000,
        b"---\n" + b"--- " * 60_000,
        b"---" + b" " * 300_000,
        b"---\n" + b"... \t" * 60_000 + b"x",
    ],
)
def test_the_cut_takes_linear_time(data: bytes) -> None:
    start = time.process_time()
    split(data)
    assert time.process_time() - start < SECONDS
