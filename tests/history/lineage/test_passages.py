"""Texts read roughly: what a reader sees, what they lead to, and in little time."""

import time

import pytest

from pipeline.history.lineage.passages import passages, seen_words, targets


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("", ()),
        ("one\nline more\n\ntwo\n \t\n\r\n three ", ("one\nline more", "two", "three")),
        ("before <!-- hidden\n\nstill --> after", ("before  after",)),
        ("a\n<script>\n\nx = 1</script>\nb", ("a", "b")),
        ("a<STYLE type='x'>\n\np {}</style >b", ("ab",)),
        ("a {% comment %}\n\nnote{%- endcomment -%} b", ("a  b",)),
        ("a <!-- never closed\n\nb <style> neither", ("a <!-- never closed", "b <style> neither")),
        ("a <!-- open <script>x</script> b", ("a <!-- open  b",)),
    ],
)
def test_a_text_is_cut_at_blank_lines_without_what_nobody_sees(
    text: str, cut: tuple[str, ...]
) -> None:
    assert passages(text) == cut


@pytest.mark.parametrize(
    ("passage", "words"),
    [
        ("The **Mill** pond's _depth_", "the mill pond s depth"),
        ("[the mill](https://a.example/b_c 'x') and more", "the mill and more"),
        ('see [it](/a "A title"), ![a mill](mill.png)', "see it a mill"),
        ("<p class='x'>one</p><b>two</b>", "one two"),
        ("{{ site.title }} says {% link a.md %}{: .note} so", "says so"),
        ("Tea &amp; cr&egrave;me", "tea crème"),
        ("not { a tag < here", "not a tag here"),
    ],
)
def test_the_words_of_a_passage_are_those_that_are_seen(passage: str, words: str) -> None:
    assert " ".join(seen_words(passage)) == words


@pytest.mark.parametrize(
    ("passage", "found"),
    [
        ("[a](/b) and [c]( <d.html> )", [("/b", False), ("d.html", False)]),
        ("![a](/b.png 'x')", [("/b.png", True)]),
        ("[![a](/b.png)](/c)", [("/b.png", True), ("/c", False)]),
        ("[a]({{ site.url }}/b) [c]({% post_url d %})", None),
        (
            "<a class=x href='/a'>b</a> <img alt='c' src=\"/d.png\">",
            [("/a", False), ("/d.png", True)],
        ),
        ("[1]: https://a.example/b\n[^2]: a note", [("https://a.example/b", False)]),
        ("<https://a.example/c>", [("https://a.example/c", False)]),
        ("no link, [brackets] (apart)", []),
    ],
)
def test_what_a_passage_leads_to(passage: str, found: list[tuple[str, bool]] | None) -> None:
    if found is None:
        found = [("{{ site.url }}/b", False), ("{% post_url d %}", False)]
    assert list(targets(passage)) == found


@pytest.mark.parametrize(
    "piece",
    ["<!--", "<script ", "{% comment ", "[", "![", "](", "<", "<a href=", "{{", "{%", "{:", "\n ",
     "\n", " ", "&", '](x "', "<a href='{{", "[a]:", "<http://"],
)  # fmt: skip
def test_hostile_text_is_read_in_time_that_grows_with_it(piece: str) -> None:
    def cost(size: int) -> float:
        text = (piece * size)[:size] + "x"
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            for passage in passages(text):
                seen_words(passage)
                list(targets(passage))
            best = min(best, time.process_time() - start)
        return best

    assert cost(100_000) < 1.0
