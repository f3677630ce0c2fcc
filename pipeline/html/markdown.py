"""The article as Markdown: the words of its text, with its headings, lists, links and images.

Elements are rendered from the innermost outwards, without recursion. What Markdown has no sign
for keeps its words.
"""

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString

from pipeline.html.facts import absolute
from pipeline.html.outline import INLINE
from pipeline.html.wording import all_in_one_line

_SIGNS = re.compile(r"([\\`*_\[\]<])")
_START = re.compile(r"^([#>+-]|\d+[.)])(?=\s|$)", re.MULTILINE)
_GAPS = re.compile(r"\n{3,}")
_MARKS = {"em": "*", "i": "*", "strong": "**", "b": "**"}
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}


def markdown_of(soup: BeautifulSoup, base: str | None) -> str:
    """Render a region as Markdown."""
    inner: dict[int, list[str]] = {}
    literal = {id(each) for pre in soup.find_all("pre") for each in pre.descendants}
    for element in reversed([soup, *soup.descendants]):
        if isinstance(element, Tag):
            pieces = inner.pop(id(element), [])[::-1]
            done = _render(element, "".join(pieces), base)
        elif type(element) in {NavigableString, CData}:
            done = _words(str(element), id(element) in literal)
        else:
            continue
        if element.parent is not None:
            inner.setdefault(id(element.parent), []).append(done)
        else:
            return _GAPS.sub("\n\n", done).strip()
    return ""


def _words(text: str, literal: bool) -> str:  # noqa: FBT001
    return text if literal else _SIGNS.sub(r"\\\1", re.sub(r"\s+", " ", text))


def _render(tag: Tag, inner: str, base: str | None) -> str:
    name = tag.name
    if name in _MARKS:
        return _wrapped(inner, _MARKS[name])
    if name == "a":
        return _link(tag, inner, base)
    if name == "img":
        alt = _SIGNS.sub(r"\\\1", all_in_one_line(str(tag.get("alt") or "")))
        return f"![{alt}]({_target(str(tag.get('src') or ''), base)})"
    if name == "br":
        return "\\\n"
    if name == "code" and tag.find_parent("pre") is None:
        return _code(all_in_one_line(tag.get_text()))
    return inner if name in INLINE else _block(tag, name, inner)


def _block(tag: Tag, name: str, inner: str) -> str:
    if name == "pre":
        return f"\n\n{_fenced(tag.get_text())}\n\n"
    if name in _HEADINGS:
        line = all_in_one_line(inner)
        return f"\n\n{_HEADINGS[name]} {line}\n\n" if line else ""
    if name == "hr":
        return "\n\n---\n\n"
    if name == "li":
        mark = _mark(tag)
        return f"{mark}{_indented(_tidy(inner), ' ' * len(mark))}\n"
    if name in {"td", "th", "tr", "thead", "tbody", "tfoot"}:
        return _of_table(tag, name, inner)
    if name == "blockquote":
        return f"\n\n> {_indented(_tidy(inner), '> ')}\n\n"
    if name in {"ul", "ol", "table"}:
        return f"\n\n{inner.strip()}\n\n"
    if name == "p":
        inner = _START.sub(r"\\\1", inner.strip())
    return f"\n\n{inner}\n\n"


def _of_table(tag: Tag, name: str, inner: str) -> str:
    if name in {"td", "th"}:
        return f" {all_in_one_line(inner).replace('|', chr(92) + '|')} |"
    if name == "tr":
        return f"|{inner.strip()}\n{_rule(tag)}"
    return inner.lstrip()


def _tidy(text: str) -> str:
    return _GAPS.sub("\n\n", text).strip()


def _wrapped(inner: str, sign: str) -> str:
    bare = inner.strip()
    if not bare or "\n" in bare:
        return inner
    before, _, after = inner.partition(bare)
    return f"{before}{sign}{bare}{sign}{after}"


def _link(tag: Tag, inner: str, base: str | None) -> str:
    label = all_in_one_line(inner)
    target = str(tag.get("href") or "").strip()
    return f"[{label}]({_target(target, base)})" if label and target else inner


def _target(written: str, base: str | None) -> str:
    url = absolute(written.strip(), base)
    return "".join(f"%{ord(c):02X}" if c in " ()<>\n\t\r" else c for c in url)


def _code(text: str) -> str:
    return f"``{text}``" if "`" in text else f"`{text}`"


def _fenced(text: str) -> str:
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`{3,}", text))])
    return f"{fence}\n{text.strip(chr(10))}\n{fence}"


def _mark(tag: Tag) -> str:
    return "1. " if tag.parent is not None and tag.parent.name == "ol" else "- "


def _rule(row: Tag) -> str:
    """Give the line under the first row of a table, which Markdown cannot do without."""
    table = row.find_parent("table")
    if table is None or table.find("tr") is not row:
        return ""
    return "|" + " --- |" * len(row.find_all(["td", "th"], recursive=False)) + "\n"


def _indented(text: str, by: str) -> str:
    return text.replace("\n", f"\n{by}")
