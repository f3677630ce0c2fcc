"""Excerpts: up to the separator, with what the cut would otherwise break."""

import time

import pytest

from pipeline.jekyll.excerpt import cut_excerpt


@pytest.mark.parametrize(
    ("body", "excerpt"),
    [
        ("one\n\ntwo", "one"),
        ("one", "one"),
        ("one\n\n", "one"),
        ("", ""),
        ("{% if a %}x\n\ny{% endif %}", "{% if a %}x\n{% endif %}"),
        ("{% if a %}x{% endif %}\n\ny", "{% if a %}x{% endif %}"),
        (
            "{%- for a in b -%}{% if a %}\n\ny",
            "{%- for a in b -%}{% if a %}\n{% endif %}\n{% endfor %}",
        ),
        ("{% include x %}\n\ny", "{% include x %}"),
        ("{% if\n\ny", "{% if"),
        (
            "see [a] and [b][c]\n\nx\n\n[a]: /1\n  [c]: /2\n[d]: /3\n",
            "see [a] and [b][c]\n\n[a]: /1\n[c]: /2",
        ),
        ("[a]\n\n[a]:\n[a]x\n[]: /0\n    [a]: /4\n", "[a]"),
        ("[a\nb]\n\n[a\nb]: /x\n", "[a\nb]\n\n[a\nb]: /x"),
        ("[x [y]]\n\n[x [y]: /x\n", "[x [y]]\n\n[x [y]: /x"),
        ("[a]\n\n[b\n", "[a]"),
    ],
)
def test_excerpts(body: str, excerpt: str) -> None:
    assert cut_excerpt(body, "\n\n") == excerpt


@pytest.mark.parametrize(
    "body",
    [
        "[a" * 200_000 + "\n\n" + "[b\n" * 200_000 + "]",
        "text " * 100_000 + "\n\n" + "".join(f"[l{n}]: x\n" for n in range(60_000)),
        "{% for a %}" * 60_000 + "\n\nx",
        "{% endfor " * 60_000 + "{% for %}\n\nx",
        "{%" + " " * 400_000 + "\n\nx",
    ],
)
def test_excerpts_take_linear_time(body: str) -> None:
    start = time.process_time()
    cut_excerpt(body, "\n\n")
    assert time.process_time() - start < 1
