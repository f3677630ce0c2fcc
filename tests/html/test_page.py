"""What a rendered page says, and where it says so."""

import pytest

from pipeline.html.layout import Layout
from pipeline.html.page import open_page, read_page
from pipeline.html.tree import parse
from pipeline.html.values import Chrome, How, Image, Link, Selectors, Value

PAGE = b"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>The tide mill | Quay</title>
<link rel="canonical" href="/mill/">
<meta property="og:title" content="The tide mill">
<meta name="author" content="Ines Wheel">
<meta property="article:published_time" content="2024-05-14T00:00:00+00:00">
<script type="application/ld+json">
{"@type": "BlogPosting", "headline": "The tide &amp; the mill", "keywords": ["water", "wheels"],
 "author": {"@type": "Person", "name": "Ines Wheel"}, "dateModified": "2024-06-01"}</script>
</head><body>
<header><nav><a href="/">Home</a> <a href="/about">About the quay</a></nav></header>
<div class="wrap"><div class="inner">
<h2 class="post-title">The tide &amp; the mill</h2>
<ul class="share"><li>Share</li><li><a href="https://twitter.com/intent/tweet?url=x">X</a></li></ul>
<div class="words"><p>Two wheels turn at <a href="quay.html">the quay</a>, day and night.</p>
<h3 id="at-night">At night</h3><p>The sluice is <em>shut</em>.<br>Nobody is there.</p>
<img src="/wheel.png" alt="A wheel"></div></div></div>
<footer>Copyright of the quay</footer>
<div id="cookie-notice"><p>We use cookies to understand how visitors interact with our site, and
much more of this kind, longer than any article on this site could ever be, for the law.</p></div>
</body></html>"""
TEXT = (
    "Two wheels turn at the quay, day and night.\nAt night\nThe sluice is shut.\nNobody is there."
)


def test_values_have_an_origin() -> None:
    page = read_page(PAGE, url="https://mill.example/a/b.html")
    assert page.title == Value(text="The tide & the mill", origin="json-ld headline")
    assert page.canonical == Value(text="https://mill.example/mill/", origin="link[rel=canonical]")
    assert page.published == Value(
        text="2024-05-14T00:00:00+00:00", origin="article:published_time"
    )
    assert page.modified == Value(text="2024-06-01", origin="json-ld dateModified")
    assert page.authors == (Value(text="Ines Wheel", origin="json-ld author"),)
    assert [tag.text for tag in page.tags] == ["water", "wheels"]
    assert page.language == Value(text="en", origin="html[lang]")


def test_the_article_is_found_and_chrome_is_listed() -> None:
    page = read_page(PAGE, url="https://mill.example/a/b.html")
    assert page.text == TEXT
    assert page.region.how is How.CONTENT
    assert page.links == (
        Link(url="https://mill.example/a/quay.html", written="quay.html", text="the quay"),
    )
    assert page.images == (
        Image(url="https://mill.example/wheel.png", written="/wheel.png", alt="A wheel"),
    )
    assert [(each.level, each.text, each.anchor) for each in page.headings] == [
        (3, "At night", "at-night")
    ]


def test_the_site_s_selectors_come_first() -> None:
    chosen = Selectors(article=(".nowhere", ".inner"), remove=("h2", "h3"), title=(".post-title",))
    page = read_page(PAGE, url=None, selectors=chosen)
    assert page.region.how is How.SELECTOR
    assert page.region.confidence == 1
    assert page.title == Value(text="The tide & the mill", origin="selector .post-title")
    assert "At night" not in page.text
    assert "Two wheels" in page.text
    assert {each.kind for each in page.removed} == {Chrome.SELECTOR, Chrome.SHARE}


def test_a_selector_that_does_not_fit_is_told() -> None:
    page = read_page(PAGE, url=None, selectors=Selectors(article=(".nowhere",)))
    assert [each.code for each in page.findings] == ["HTML-SELECTOR"]
    assert page.text == TEXT


def test_a_cookie_banner_is_never_the_text() -> None:
    banner = PAGE.replace(b'<div class="wrap">', b'<div class="wrap" hidden>')
    page = read_page(banner, url=None)
    assert page.text == ""
    assert [each.code for each in page.findings] == ["HTML-NO-TEXT"]


def test_a_header_that_was_never_closed_does_not_swallow_the_article() -> None:
    page = read_page(
        b'<body><header role="banner"><div class="header__nav"><a href="/">Home</a>'
        b'<nav><a href="/quay">The quay</a></nav><main><h1>The mill</h1>'
        b"<p>Two wheels turn at the quay, day and night.</p></main>"
        b"<footer>Copyright of the quay</footer></body>",
        url=None,
    )
    assert page.region.how is How.MARKUP
    assert page.text == "Two wheels turn at the quay, day and night."


def test_an_article_among_related_ones_does_not_make_them_the_page() -> None:
    cards = b'<aside class="related">' + b"<article><p>Another mill stands there.</p></article>" * 2
    page = read_page(
        b"<body><div><p>Two wheels turn at the quay, day and night, all year.</p></div>"
        + cards
        + b"</aside>",
        url=None,
    )
    assert page.text == "Two wheels turn at the quay, day and night, all year."


def _translations(shared: str) -> list[bytes]:
    own = [f"<p>Leaf {number} says of the tide what only it can say.</p>" for number in range(4)]
    return [f"<div class=content>{text}{shared}</div>".encode() for text in own]


@pytest.mark.parametrize(("words", "removed"), [(60, [Chrome.TEMPLATE]), (400, [])])
def test_pages_that_share_most_of_their_article_keep_it(words: int, removed: list[Chrome]) -> None:
    shared = f"<p>{'mill ' * words}</p>"
    pages = _translations(shared)
    layout = Layout()
    for page in pages:
        layout.learn(open_page(page).rows)
    read = read_page(pages[0], url=None, layout=layout)
    assert read.text.startswith("Leaf 0 says of the tide")
    assert read.text.count("mill") == (0 if removed else words)
    assert [each.kind for each in read.removed] == removed


@pytest.mark.parametrize(
    "markup",
    [
        "<!doctype html><title>A</title><article><h1>A page</h1><p>It is short.</article><p>After",
        "<title>A</title><main>A page<p>It is short.</main>After",
        "<html><head><title>A</title><section><p>A page<p>It is short.</section>After</html>",
        "<title>A</title><main>A page<meta charset=utf-8><p>It is short.</main><p>After</p>",
    ],
)
def test_the_body_begins_where_the_standard_says(markup: str) -> None:
    root = parse(markup.encode()).root
    assert root is not None
    found = root.find("body")
    assert found is not None
    assert "".join("".join(found.itertext()).split()) == "Apage" + "Itisshort." + "After"
    page = read_page(markup.encode(), url=None)
    assert "It is short." in page.text
    assert page.title is not None
