"""Plain text: the words a reader sees, without Markdown, Liquid and HTML."""

import json
import subprocess

import pytest

from pipeline.content.plain import MAX_BRACKETS, MAX_LENGTH, plain_text, read
from pipeline.content.values import Part, PartFormat


def plain(text: str, markup: PartFormat = PartFormat.MARKDOWN) -> str:
    return plain_text(Part(name="body", position=0, format=markup, text=text))


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("# Tides\n\nTwo *a* __day__.", "Tides\nTwo a day."),
        ("one\ntwo\n\nthree  \nfour", "one two\nthree\nfour"),
        ("[the mill](/mill) and ![wheel](/w.png)", "the mill and"),
        ("- one\n- two\n\n1. three", "one\ntwo\nthree"),
        ("> said\n\n```\nx  =  1\ny\n```", "said\nx = 1\ny"),
        ("a <b>bold</b> word<br>next <!-- not this -->", "a bold word\nnext"),
        ("<div><p>one</p>two</div>", "one\ntwo"),
        ("<script>no()</script><style>p{}</style>\n\nyes", "yes"),
        ("|a|b|\n|-|-|\n|c|d|", "a\nb\nc\nd"),
        ("AT&amp;T &lt;3 caf&eacute;", "AT&T <3 café"),
        ("~~old~~ new", "old new"),
        # kramdown
        ("# Tides {#tides}\n{: .note}\n\ntext{:.small}", "Tides {#tides}\ntext"),
        ("true[^1]\n\n[^1]: so they say", "true\nso they say"),
        # Liquid
        ("see {{ page.title }}{% if a %} yes{% endif %}", "see yes"),
        ("a{% comment %} no {% endcomment %}b", "ab"),
        ("a{% comment %} never closed", "a"),
        ("{% raw %}shown{% endraw %} {{ unclosed", "shown {{ unclosed"),
        ("left {% open and {{ closed }}", "left {% open and"),
        # what marks are made of, in the source itself
        ("a \ue0000\ue001 b", "a \ufffd0\ufffd b"),
        ("A\ufb01x\u00a0y", "A\ufb01x y"),
    ],
)
def test_markdown_becomes_words(markdown: str, words: str) -> None:
    assert plain(markdown) == words


def test_html_and_text_become_words() -> None:
    html = "<html><head><title>T</title></head><body><p>one<p>two <i>three</i></body>"
    assert plain(html, PartFormat.HTML) == "T\none\ntwo three"
    assert plain(" a  *b*\n\n c ", PartFormat.TEXT) == "a *b*\nc"


def test_words_worked_out_before_are_not_worked_out_again() -> None:
    part = Part(name="x", position=0, format=PartFormat.MARKDOWN, text="*a*", plain="known")
    assert plain_text(part) == "known"


@pytest.mark.parametrize("depth", [10, 300, 20_000])
def test_deep_nesting_loses_no_word(depth: int) -> None:
    assert "end" in plain("<div>" * depth + "deep" + "</div>" * depth + " end", PartFormat.HTML)
    assert "end" in plain("> " * depth + "deep\n\nend")


@pytest.mark.parametrize(
    "text",
    [
        "[" * (MAX_BRACKETS + 1) + " words",
        "words " * (MAX_LENGTH // 6 + 1),
        "<b>words</b> " * 30_000,
    ],
)
def test_past_a_bound_the_words_stay_and_the_reader_is_told(text: str) -> None:
    reading = read(text + "[a](/b)", PartFormat.MARKDOWN)
    assert not reading.whole
    assert reading.links == ()
    assert "words" in reading.plain
    assert "<b>" not in reading.plain


# Texts that make careless parsers look ahead again and again. A quadratic one takes minutes.
@pytest.mark.parametrize("piece", ["{{", "{%", "{% comment %}", "[", "![](", "*a ", "<a>", "<!--"])
def test_hostile_text_is_read_in_time(piece: str) -> None:
    for markup in (PartFormat.MARKDOWN, PartFormat.HTML):
        read(piece * (40_000 // len(piece)), markup)


KRAMDOWN = """
require 'kramdown'; require 'json'
puts JSON.parse(STDIN.read).map { |text| Kramdown::Document.new(text).to_html }.to_json
"""
SAMPLES = [
    "# Tides\n\nThe mill *turns* with **each** tide, says [Ada](/ada/).",
    "* one\n* two\n  * three\n\nafter",
    "1. one\n2. two\n\n   still two",
    "A | B\n--|--\nc | d",
    "> quoted\n> on\n\nnot",
    "    code = here\n\ntext `and code`",
    '<div class="x">inner</div>\n\nouter <em>word</em>',
    "Term with http://mill.example/ bare and <https://mill.example/auto>",
    '![alt text](/a.png "title") after\n{: .wide}',
    "a line\\\\\nbroken",
    "[ref][one] and [two]\n\n[one]: /1\n[two]: /2",
]  # fmt: skip


def test_words_are_those_that_kramdown_shows(need_ruby: str) -> None:
    made = subprocess.run(
        [need_ruby, "-e", KRAMDOWN],
        input=json.dumps(SAMPLES),
        capture_output=True,
        text=True,
        check=True,
    )
    for source, html in zip(SAMPLES, json.loads(made.stdout), strict=True):
        assert plain(source).split() == plain(html, PartFormat.HTML).split()
