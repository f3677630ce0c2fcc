"""From the bytes of a rendered page to what it says: the way through this room."""

from dataclasses import dataclass

from lxml import etree

from pipeline.html.chrome import EVERY, EXACT, take_out
from pipeline.html.codes import HtmlCode
from pipeline.html.facts import read_facts
from pipeline.html.layout import NO_LAYOUT, Layout
from pipeline.html.markdown import markdown_of
from pipeline.html.outline import Row, outline
from pipeline.html.reading import MAX_ELEMENTS, headings_of, images_of, links_of, soup_of, text_of
from pipeline.html.region import Found, find_region
from pipeline.html.second_opinion import LOW, ask
from pipeline.html.selecting import select, selected_region, selected_values
from pipeline.html.tree import Tree, parse
from pipeline.html.values import NO_SELECTORS, How, Page, Removed, Selectors

NO_TEXT = HtmlCode.NO_TEXT.at(None, "no article was found on the page")
TOO_MANY = HtmlCode.CUT.at(None, f"the article has more than {MAX_ELEMENTS} elements")
NO_FIT = HtmlCode.SELECTOR.at(None, "no selector for the article fits")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A page as a tree, and its outline. Reading it takes the tree apart."""

    tree: Tree
    rows: list[Row]


def open_page(data: bytes, charset: str | None = None, size: int | None = None) -> Opened:
    """Parse a page, see `parse`. Never raises for what its bytes are."""
    tree = parse(data, charset, size)
    return Opened(tree=tree, rows=[] if tree.root is None else outline(tree.root))


def read_page(
    data: bytes,
    *,
    url: str | None,
    charset: str | None = None,
    selectors: Selectors = NO_SELECTORS,
    layout: Layout = NO_LAYOUT,
    markdown: bool = True,
) -> Page:
    """Read a page. Never raises for what its bytes are; the same input gives the same page.

    `url` is where it was, and makes links absolute; `charset` the label that came with it;
    `layout` what is known of other pages of the site. Raises BadSelectorError. Without `markdown`,
    there is none.
    """
    opened = open_page(data, charset)
    return read_opened(opened, url=url, selectors=selectors, layout=layout, markdown=markdown)


def read_opened(
    opened: Opened,
    *,
    url: str | None,
    selectors: Selectors = NO_SELECTORS,
    layout: Layout = NO_LAYOUT,
    markdown: bool = True,
) -> Page:
    """Read a page that was parsed, once; see `read_page`."""
    tree, root = opened.tree, opened.tree.root
    if root is None:
        return Page(charset=tree.charset, findings=(*tree.findings, NO_TEXT))
    facts = read_facts(root, url)
    title = next(iter(selected_values(root, selectors.title)), facts.title)
    published = next(iter(selected_values(root, selectors.published)), facts.published)
    authors = selected_values(root, selectors.authors) or facts.authors
    found, removed = _article(opened.rows, root, title.text if title else None, selectors, layout)
    soup, whole = soup_of(found.elements)
    text = text_of(soup)
    missed = selectors.article and found.region.how is not How.SELECTOR
    return Page(
        charset=tree.charset,
        canonical=facts.canonical,
        title=title,
        published=published,
        modified=facts.modified,
        description=facts.description,
        language=facts.language,
        image=facts.image,
        site=facts.site,
        generator=facts.generator,
        redirect=facts.redirect,
        authors=authors,
        tags=facts.tags,
        region=found.region,
        removed=removed,
        text=text,
        markdown=markdown_of(soup, facts.base) if markdown else None,
        links=links_of(soup, facts.base),
        images=images_of(soup, facts.base),
        headings=headings_of(soup),
        findings=(
            *tree.findings,
            *facts.findings,
            *((NO_FIT,) if missed else ()),
            *(() if whole else (TOO_MANY,)),
            *(() if text else (NO_TEXT,)),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReader:
    """Reads the pages of one site in one way: by its own selectors, knowing its layout."""

    layout: Layout
    selectors: Selectors = NO_SELECTORS

    def read(self, data: bytes, url: str | None, charset: str | None = None) -> Page:
        """Read a page, without Markdown; see `read_page`."""
        opened = open_page(data, charset)
        return read_opened(
            opened, url=url, selectors=self.selectors, layout=self.layout, markdown=False
        )


def _article(
    rows: list[Row],
    root: etree._Element,
    title: str | None,
    selectors: Selectors,
    layout: Layout,
) -> tuple[Found, tuple[Removed, ...]]:
    if unwanted := {each for selector in selectors.remove for each in select(root, selector)}:
        rows = outline(root, unwanted)
    chosen = selected_region(root, selectors)
    if chosen is None:
        found = find_region(rows, layout)
        if found.region.confidence < LOW and (told := ask(rows)) is not None:
            return told
        return found, take_out(rows, found.elements, title, EVERY)
    found = Found(region=chosen[0], elements=chosen[1])
    return found, take_out(rows, found.elements, None, EXACT)
