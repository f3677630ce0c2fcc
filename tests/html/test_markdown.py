"""The Markdown of an article has its words, and reads as what it was."""

import pytest
from markdown_it import MarkdownIt

from pipeline.html.page import read_page


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<h2 id=a>At <em>night</em></h2><p>x", "## At *night*\n\nx"),
        ("<p>a <a href='x y'>b <b>c</b></a>", "a [b **c**](https://m.example/x%20y)"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<ol><li>one<li>two</ol>", "1. one\n1. two"),
        ("<pre><code>a  b\n  c</code></pre>", "```\na  b\n  c\n```"),
        ("<pre>a ``` b</pre>", "````\na ``` b\n````"),
        ("<blockquote><p>a</p></blockquote>", "> a"),
        ("<p># a *b* <code>x`y</code>", "\\# a \\*b\\* ``x`y``"),
        ("<p>a<br>b<hr><p>c", "a\\\nb\n\n---\n\nc"),
        ("<p>w <img src=i.png alt='[w]'>", "w ![\\[w\\]](https://m.example/i.png)"),
    ],
)
def test_each_element_has_its_sign(html: str, markdown: str) -> None:
    assert read_page(f"<main>{html}</main>".encode(), url="https://m.example/").markdown == markdown


def test_a_table_is_one() -> None:
    html = "<main><table><tr><th>k<th>v<tr><td>1<td>2|3</table></main>"
    markdown = read_page(html.encode(), url=None).markdown or ""
    rendered = MarkdownIt("commonmark").enable("table").render(markdown)
    assert "<th>k</th>" in rendered
    assert "<td>2|3</td>" in rendered
