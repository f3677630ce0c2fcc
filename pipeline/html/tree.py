"""Bytes to a tree of elements, by lxml, within bounds."""

from dataclasses import dataclass
from itertools import dropwhile

from lxml import etree

from pipeline.html.attributes import MOST, spare
from pipeline.html.charset import charset_of, decode
from pipeline.html.codes import HtmlCode
from pipeline.html.values import Value
from pipeline.html.wording import word_set
from pipeline.model import Finding

# The longest real page that we know, the HTML Standard on one page, has 14 MB. A tree takes up to
# fifty times the bytes of a page that is nothing but tags.
MAX_BYTES = 16 * 1024 * 1024
MAX_TAGS = 400_000

HEAD = word_set("base basefont bgsound link meta noframes noscript script style template title")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A parsed page. `root` is None where there is no element; there are at most `tags`."""

    root: etree._Element | None
    charset: Value
    tags: int
    findings: tuple[Finding, ...] = ()


def parse(data: bytes, charset: str | None = None, size: int | None = None) -> Tree:
    """Parse a page as broken as it is. Past a bound it is cut, and a finding says so.

    `size` is how many bytes it has, where `data` is only as many of them as are read at most.
    """
    findings = []
    size = len(data) if size is None else size
    tags, cut = _bound(data, size)
    if cut is not None:
        findings.append(HtmlCode.CUT.at(None, f"only the first {cut} of {size} bytes"))
        data = data[:cut]
    encoding = charset_of(data, charset)
    text = decode(data, encoding.text)
    if "\ufffd" in text and cut is None and not _spelt_out(data, encoding.text):
        findings.append(
            HtmlCode.CHARSET.at(None, f"some bytes are not {encoding.text} ({encoding.origin})")
        )
    if "\x00" in text:
        text = text.replace("\x00", "")
    spared = spare(text)
    if len(spared) < len(text):
        findings.append(HtmlCode.CUT.at(None, f"a tag has more than {MOST} attributes"))
    root, whole = _parse(spared)
    if not whole:
        findings.append(HtmlCode.CUT.at(None, "elements are nested too deeply"))
    return Tree(root=root, charset=encoding, tags=tags, findings=tuple(findings))


def _bound(data: bytes, size: int) -> tuple[int, int | None]:
    """Count what may be tags; say where to cut a page that is too long or has too many."""
    cut = min(len(data), MAX_BYTES)
    tags = data.count(b"<", 0, cut)
    if tags > MAX_TAGS:
        place = -1
        for _ in range(MAX_TAGS):
            place = data.find(b"<", place + 1)
        cut = place
    return min(tags, MAX_TAGS), cut if cut < size else None


def _spelt_out(data: bytes, encoding: str) -> bool:
    return encoding == "utf-8" and "\ufffd".encode() in data


def _parse(text: str) -> tuple[etree._Element | None, bool]:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # a page without any element
        return None, not text.strip()
    if root is not None:
        _end_head(root)
    deep = any(entry.level_name == "FATAL" for entry in parser.error_log)
    return root, not deep


def _end_head(root: etree._Element) -> None:
    """Begin the body where the HTML Standard does (13.2.6.4.4): at what cannot be in a head.

    libxml2 knows no elements of HTML 5, and leaves `<main>` in the head of a page that, as it may,
    writes neither `</head>` nor `<body>`.
    """
    head = root.find("head")
    if head is None:
        return
    strays = list(dropwhile(_may_be_in_head, head))
    if not strays:
        return
    body = root.find("body")
    if body is None:
        body = etree.SubElement(root, "body")
    last = strays[-1]
    last.tail, body.text = f"{last.tail or ''}{body.text or ''}" or None, None
    body[:0] = strays


def _may_be_in_head(element: etree._Element) -> bool:
    return not isinstance(element.tag, str) or element.tag in HEAD
