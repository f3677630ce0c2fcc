"""What a page, a style sheet and a list of pages lead to; hostile ones are bounded."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.html.requisites import Links, candidates, links_of
from pipeline.html.sitemap import Listed, listed_in
from pipeline.html.stylesheet import urls_of_attribute, urls_of_sheet

PAGE = b"""<!doctype html><base href=/b/><base href=/c/><title>t</title>
<link rel="preload stylesheet" href=s.css><link rel=next href=two><link rel=author href=me>
<link rel=alternate type=application/atom+xml href=/feed.xml><link rel=icon href=i.ico>
<style>@import "a.css"; p { background: url( 'q.png' ) }</style><style>/* nothing</style>
<meta http-equiv=Refresh content="0; URL='/moved'"><meta http-equiv=refresh content=5>
<body background=bg.gif><a href=x>x</a><a href=#top>t</a><a href=" ">e</a><a href=x>x</a>
<area href=y><a name=n>n</a>
<img src=z.png srcset="1.png 1x, 2.png 2x,3,4.png"><picture><source srcset=5.webp></picture>
<video poster=p.jpg src=v.mp4><track src=t.vtt></video><audio src=a.mp3></audio>
<iframe src=f></iframe><object data=o></object><embed src=e><input type=image src=n.png>
<script src=j.js></script><svg><use xlink:href="u.svg#x"/><image href=im.png /></svg>
<div style="background:url(&quot;k.png&quot;)" onclick=evil></div>"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def test_everything_that_a_page_names_is_found_once_and_in_order() -> None:
    assert links_of(PAGE) == Links(
        base="/b/",
        pages=("two", "/moved", "x", "y"),
        feeds=("/feed.xml",),
        requisites=_words(
            "s.css i.ico a.css q.png bg.gif z.png 1.png 2.png 3,4.png 5.webp p.jpg v.mp4 "
            "t.vtt a.mp3 f o "
            "e n.png j.js u.svg#x im.png k.png"
        ),
    )


@pytest.mark.parametrize(
    ("srcset", "found"),
    [
        ("a 1x, b 2x", ("a", "b")),
        ("a,b 1x", ("a,b",)),
        ("a, b", ("a", "b")),
        (" , a 100w,\n b (x, y) 2x, c", ("a", "b", "c")),
        ("data:image/png;base64,AA== 1x, b", ("data:image/png;base64,AA==", "b")),
        (",,,", ()),
        ("", ()),
        ("a (x, b", ("a",)),
        ("," * 60_000, ()),
        ("a(" * 30_000, ("a(" * 30_000,)),
        ("a (" * 20_000, ("a",)),
    ],
)
def test_the_candidates_of_a_srcset_are_told_apart(srcset: str, found: tuple[str, ...]) -> None:
    assert candidates(srcset) == found


def test_styles_are_read_up_to_a_bound_all_together() -> None:
    padding = "x" * 60_000
    page = "".join(f"<p style='background:url({n}.png);{padding}'>" for n in range(30))
    assert links_of(page.encode()).requisites == tuple(f"{n}.png" for n in range(18))


def test_the_charset_of_http_counts_where_it_is_one() -> None:
    page = "<a href='/ü'>".encode("latin-1")
    assert links_of(page, "iso-8859-1").pages == ("/ü",)
    assert links_of("<a href='/ü'>".encode(), "utf-8").pages == ("/ü",)
    assert links_of(b"<a href=/u>", "no such charset").pages == ("/u",)
    assert links_of(b"<a href=/u>", "\0").pages == ("/u",)


@pytest.mark.parametrize(
    "page",
    [
        b"<div>" * 100_000,
        b"<table>" * 30_000,
        b"<a " + b"x=1 " * 50_000 + b">",
        b"\0\xff\xfe" * 1000,
        b"",
        b"<style>" + b"a{" * 100_000 + b"</style>",
        b"<p style='" + b"url(" * 30_000 + b"'>",
        b"<img srcset='" + b"a 1x," * 30_000 + b"'>",
    ],
)
def test_hostile_pages_are_read_to_their_end(page: bytes) -> None:
    assert links_of(page + b"<a href=/end>e</a>").pages in {("/end",), ()}


@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=200)
def test_no_bytes_break_the_reading(data: bytes) -> None:
    for each in (data, b"<style>" + data, b"<a style='" + data, b"<urlset>" + data):
        assert isinstance(links_of(each), Links)
        assert isinstance(urls_of_sheet(each), tuple)
        assert isinstance(listed_in(each), Listed)


def test_a_style_sheet_names_images_fonts_and_further_sheets() -> None:
    sheet = b"""@charset "utf-8"; @import url(a.css) screen; @import "b.css"; @namespace "no";
    /* url(no) */ a { background: URL( "c.png" ), url(d\\20 e.png); content: "url(no)" }
    @media print { @supports (a: b) { b { cursor: url('f.cur'), auto } } }
    @font-face { src: url(g.woff2) format("woff2"), local("no") }
    i { background-image: image-set("h.png" 1x, url(j.png) 2x) } k { a: url() url('' """
    names = "a.css b.css c.png", "d e.png", "f.cur g.woff2 h.png j.png"
    assert urls_of_sheet(sheet) == (*names[0].split(), names[1], *names[2].split())


def test_deep_sheets_are_left_alone_and_wide_ones_bounded() -> None:
    assert urls_of_sheet(b"a" + b"{" * 101 + b"b:url(c)") == ()
    assert urls_of_sheet(b"a{b:" + b"(" * 60 + b"url(c)") == ()
    assert urls_of_attribute("b:" + "(" * 200 + "url(c)") == ()
    assert urls_of_attribute("color: red") == ()
    many = "".join(f"@import '{number}';" for number in range(21_000))
    assert len(urls_of_sheet(many.encode())) == 20_000


ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'>{}</feed>"
RSS = "<rss><channel><link>home</link><item>{}</item></channel></rss>"
LISTS = {
    "<urlset><url><loc> a </loc><x/></url><url><loc>b</loc></url></urlset>": (("a", "b"), ()),
    "<urlset xmlns:i='i'><url><i:image><i:loc>p</i:loc></i:image></url></urlset>": (("p",), ()),
    "<sitemapindex><sitemap><loc>a</loc></sitemap></sitemapindex>": ((), ("a",)),
    ATOM.format("<link href='h'/><entry><link href='e'/><content src='c'/></entry>"): (
        ("h", "e", "c"),
        (),
    ),
    RSS.format("<link>i</link><enclosure url='m'/><link/>"): (("home", "i", "m"), ()),
}


@pytest.mark.parametrize("text", LISTS)
def test_a_list_names_its_pages(text: str) -> None:
    pages, lists = LISTS[text]
    assert listed_in(text.encode()) == Listed(pages=pages, lists=lists)


def test_a_list_that_breaks_off_counts_as_far_as_it_goes() -> None:
    found = listed_in(b"<urlset><url><loc>a</loc></url><url><lo")
    assert found.pages == ("a",)
    assert found.why
    assert listed_in(b"<html/>").why == "neither a sitemap nor a feed"
    assert "Excessive depth" in listed_in(b"<a>" * 1000).why


def test_a_list_is_bounded_and_its_entities_stay_as_they_are() -> None:
    names = "".join(f"<url><loc>{number}</loc></url>" for number in range(60_000))
    assert len(listed_in(f"<urlset>{names}</urlset>".encode()).pages) == 50_000
    entity = "<!DOCTYPE u [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
    assert listed_in(f"{entity}<urlset><url><loc>&a;</loc></url></urlset>".encode()).pages == ()
