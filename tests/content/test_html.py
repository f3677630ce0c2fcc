"""Words and links of HTML read in one pass are those that BeautifulSoup's tree of it holds."""

from collections.abc import Iterator
from itertools import islice

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString, PageElement
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.content.html import BLOCKS, MAX_LABEL, TARGETS, scan
from pipeline.content.markup import put_aside
from pipeline.content.raw import one_line

PIECES = """<a/href="x"> </a> <a/href=y> <p> </p> <b> </b> <pre> </pre> <script> </script>
    <template> </template> <ruby> <rt> </rt> <table> <tr> <td> </table> <br> <textarea>
    </textarea> <svg:x>
    <style> </style> <title> </title> <html> <body> <head> </head> </body> </html> <li> <ul>
    <iframe/src="u"title=t> <object/data=o> <video/src=v> <img/src=a/alt="b"> <option> <select>
    </select> <noscript> </noscript> <plaintext> <form> <!--c--> <?pi?> <![CDATA[q]]> &amp; &nbsp;
    <!DOCTYPE> text < > &"""
HTML = st.lists(
    st.sampled_from((*PIECES.split(), " ", "\n", "  \n ", "\0", "\r", "é", "\u00a0", "\ufeff"))
)


def block_of(element: PageElement) -> Tag | None:
    return next((parent for parent in element.parents if parent.name in BLOCKS), None)


def words(soup: BeautifulSoup) -> Iterator[str]:
    block: PageElement | None = None
    for element in soup.descendants:
        if isinstance(element, Tag):
            yield "\n" if element.name in BLOCKS else ""
        elif type(element) in {NavigableString, CData}:  # subclasses are comments, scripts, styles
            home = block_of(element)
            yield "" if home is block else "\n"
            block = home
            text = str(element)
            yield text if home is not None and home.name == "pre" else text.replace("\n", " ")


def links(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    for tag in soup.find_all(list(TARGETS)):
        target = str(tag.get(TARGETS[tag.name]) or "").strip()
        inside = [e for e in islice(tag.descendants, MAX_LABEL) if type(e) is NavigableString]
        said = {"a": "".join(inside), "img": tag.get("alt")}.get(tag.name, tag.get("title"))
        if target:
            yield target, one_line(str(said or ""))


@settings(max_examples=400, deadline=None)
@given(HTML.map("".join))
@example("")
@example("\ufeff")
@example("a<!DOCTYPE html> b")
@example("<a href=x>" * 3 + "<b>c</b>" * MAX_LABEL)
@example("<pre>\n a\n\n b</pre> \n <p>\nc\n</p>")
@example("<div>" * 400 + "deep")
def test_one_pass_says_what_the_tree_says(html: str) -> None:
    text, liquid = put_aside(html)
    soup = BeautifulSoup(text, "lxml")
    seen = scan(text)
    assert seen.words() == "".join(words(soup))
    assert [(each.target, each.text) for each in seen.links(liquid)] == list(links(soup))
