"""Front matter read entry by entry is what it is when it is read as a whole."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.jekyll.config import parse_config
from pipeline.jekyll.entries import Entries
from pipeline.jekyll.frontmatter import JekyllYamlHandler
from pipeline.jekyll.rules import ReadOptions, Rules
from pipeline.jekyll.yaml_loader import YamlError
from pipeline.model import FileMode, TreeEntry

PLAIN = "---\ntitle: The sluice\ntags:\n- tide\n- gate\ntext: |\n  One\n\n  two\n"
LINES = st.sampled_from(
    (
        *("a: 1", "b:", "c: |", "c: >+", "d: [x,", 'e: "f', "yes: no", "null: 1", "a-b_c: 'x'"),
        *("  f: g", "  text", "  - h", "- i", "- j: k", "g: &l m", "h: *l", "<<: *l", "{n: o}"),
        *('q"', "]", "x]: y", "# r", "  # s", "", "  ", "---", "--- t", "...", "%YAML 1.1", "? u"),
        *('"v": w', "x y: z", "a: b: c", "\ta: 1", "a:\t1", "a: 1\r", "a: 1\u2028b: 2", "~: 1"),
        *("  ~: x", "date: 2024-01-02", "time: 17:30", "a: !binary eA==", "a: 1 # b", "'", "é: 1"),
    )
)


class Whole(JekyllYamlHandler):
    """Reads every text as a whole."""

    def _alone(self, text: str) -> None:  # noqa: ARG002
        return None


def loaded(handler: JekyllYamlHandler, text: str) -> Any:  # noqa: ANN401 - YAML decides
    """Read a text; of what is refused, say why and where."""
    try:
        return handler.load(text)
    except YamlError as error:
        return error.why, error.line, error.column


@settings(deadline=None, max_examples=400)
@given(st.lists(st.lists(LINES, max_size=7), max_size=4))
def test_what_is_known_changes_nothing(texts: list[list[str]]) -> None:
    handler = JekyllYamlHandler()
    for lines in (*texts, *texts):
        text = "".join(f"{line}\n" for line in ("---", *lines))
        found, wanted = loaded(handler, text), loaded(Whole(), text)
        assert repr(found) == repr(wanted)  # the order of keys and NaN, too


def test_only_what_is_new_is_read() -> None:
    read: list[str] = []

    def parse(text: str) -> dict[str, Any]:
        read.append(text)
        value: dict[str, Any] = Whole().load(text)
        return value

    entries = Entries()
    first = entries.load(PLAIN, parse)
    second = entries.load(PLAIN.replace("sluice", "gate"), parse)
    assert first == {"title": "The sluice", "tags": ["tide", "gate"], "text": "One\n\ntwo\n"}
    assert second == {**first, "title": "The gate"}
    assert entries.load(PLAIN, parse) == first
    assert read == [PLAIN.removeprefix("---\n"), "title: The gate\n"]


@pytest.mark.parametrize(
    "text",
    [
        "---\na: &x 1\nb: 2\n",
        '---\na: "b\nc: d"\n',
        "---\na: 1\na: 2\n",
        "---\nnull: 1\nb: 2\n",
        "---\na: 1\n'b': 2\n",
        "---\na: 1\rb: 2\n",
        "---\n# first\na: 1\n",
        "a: 1\n",
        "---\na: 1",
        "---\n",
    ],
)
def test_what_is_not_plain_is_read_as_a_whole(text: str) -> None:
    handler = JekyllYamlHandler()
    assert loaded(handler, text) == loaded(Whole(), text)
    assert not handler._entries._known


def test_no_more_is_kept_than_there_is_room_for() -> None:
    handler = JekyllYamlHandler()
    for number in range(450):
        assert handler.load(f"---\na: {'x' * 10_000}{number}\n") is not None
    assert sum(map(len, handler._entries._known)) < 4_000_000
    assert handler.load(f"---\na: {'x' * 30_000}\n") == {"a": "x" * 30_000}
    assert max(map(len, handler._entries._known)) < 20_000


def test_rules_of_another_configuration_read_what_is_new_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []
    alone = JekyllYamlHandler._alone

    def counted(self: JekyllYamlHandler, text: str) -> Any:  # noqa: ANN401
        read.append(text)
        return alone(self, text)

    monkeypatch.setattr(JekyllYamlHandler, "_alone", counted)
    entry = TreeEntry(path="_posts/2024-01-02-a.md", mode=FileMode.REGULAR, oid="0" * 40)
    entries = Entries()
    urls = []
    for number, style in enumerate(("pretty", "ordinal", "none")):
        config = parse_config([("_config.yml", f"permalink: {style}\n".encode())], ReadOptions())
        rules = Rules(config, entries=entries)
        data = f"{PLAIN}draft: {number}\n---\n".encode()
        urls.append(rules.read(rules.place(entry), data).url)
    assert urls == ["/2024/01/02/a/", "/2024/002/a.html", "/a.html"]
    assert read == [f"{PLAIN.removeprefix('---' + chr(10))}draft: 0\n", "draft: 1\n", "draft: 2\n"]
