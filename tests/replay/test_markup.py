"""Links of a page are led, and every other byte of it stays."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.replay.markup import map_markup
from pipeline.replay.origins import Mapping, Origins

ORIGINS = Origins.of(("a.example", "www.b.example:8080", "-.example--1"), 9)
MAPPING = Mapping(origins=ORIGINS, stamp="20240101000000")
UNDER = Mapping(origins=ORIGINS, stamp="20240101000000", base="https://a.example")
A = "http://20240101000000.a.example.localhost:9"
OUT = "http://localhost:9/outside"


@pytest.mark.parametrize(
    ("markup", "led"),
    [
        ("<a href=https://a.example/x>", f'<a href="{A}/x">'),
        ("<A HREF = 'https://a.example/x' id=y>", f"<A HREF = '{A}/x' id=y>"),
        ('<a href="//a.example">', f'<a href="{A}">'),
        ('<a href="https://c.example/?a&amp;b">', f'<a href="{OUT}/https://c.example/?a&amp;b">'),
        ("<a href=https://a.example/?x&copy=1>", f'<a href="{A}/?x&amp;copy=1">'),
        ("<a href=https://a.example/?x&section=1>", f'<a href="{A}/?x&amp;section=1">'),
        ("<a href='https://a.example/?&copy;&#50;&copy'>", f"<a href='{A}/?\xa92\xa9'>"),
        ("<a href='https:&#47;/a.example/&quot;'>", f"<a href='{A}/&quot;'>"),
        ("<img srcset='https://a.example/1 1x, /2 2x'>", f"<img srcset='{A}/1 1x, /2 2x'>"),
        ("<img srcset=', //a.example/1,,//b,'>", f"<img srcset=', {A}/1,,//b,'>"),
        ("<img srcset='//a.example/1, //a.example/2'>", f"<img srcset='{A}/1, {A}/2'>"),
        ("<img srcset='data:a,b 2x,//a.example/2 3x'>", f"<img srcset='data:a,b 2x,{A}/2 3x'>"),
        ("<p style='background:url(//a.example/i)'>", f"<p style='background:url({A}/i)'>"),
        ("<a target=_top ping=/x nonce='1' href=/y>", "<a href=/y>"),
        ("<link integrity=sha256-x rel=a>", "<link  rel=a>"),
        ("<script integrity=x src=/a></script>", "<script integrity=x src=/a></script>"),
        (
            "<meta http-equiv=refresh content='0; url=//a.example/'>",
            f'<meta http-equiv=refresh content="0; url={A}/">',
        ),
        (
            "<meta content=0;//a.example/ http-equiv=Refresh>",
            f'<meta content="0;{A}/" http-equiv=Refresh>',
        ),
        ("<style>p{a:url(//a.example/i)}</style>", f"<style>p{{a:url({A}/i)}}</style>"),
        ("<svg><image xlink:href='//a.example/i'/>", f"<svg><image xlink:href='{A}/i'/>"),
        ("<a href=http://www.b.example:8080/>", '<a href="http://20240101000000.www.b.example--8080.localhost:9/">'),
        ("<a href=http://-.example--1/>", '<a href="http://localhost:9/20240101000000mp_/http://-.example--1/">'),
    ],
)  # fmt: skip
def test_links_are_led(markup: str, led: str) -> None:
    assert re.sub(" +", " ", map_markup(markup, MAPPING)) == re.sub(" +", " ", led)


@pytest.mark.parametrize(
    "markup",
    [
        "<!-- <a href=https://a.example/> -->",
        "<!--><p>a</p><!--->",
        "<!-- never closed <a href=https://a.example/>",
        "<!doctype html><?xml version='1.0'?>",
        "<script>'<a href=https://a.example/>'</script >",
        "<textarea><a href=https://a.example/></textarea>",
        "<title><img src=https://a.example/i></title>",
        "<plaintext><a href=https://a.example/>",
        "<style>p{}",
        "</a href=https://a.example/>",
        "<a href=https://a.example/ never closed",
        "<a href='https://a.example/>",
        "a < b > c <3 </ x>",
        "<a title=https://a.example/ href=#x>",
        "<a href>",
        "<meta http-equiv=refresh content>",
        "<meta http-equiv=refresh content='5'>",
        "<meta http-equiv=refresh content=\"0;url='a'b'c'\">",
        "<meta http-equiv=other content='0;url=https://a.example/'>",
        "<img srcset=''><img srcset=' , '>",
    ],
)
def test_all_else_stays(markup: str) -> None:
    assert map_markup(markup, MAPPING) == markup


def test_under_a_path_the_root_is_led_too() -> None:
    assert map_markup("<a href=/x><a href=y>", UNDER) == (
        '<a href="/20240101000000mp_/https://a.example/x"><a href=y>'
    )


@pytest.mark.parametrize(
    "markup",
    [
        f"<img srcset='{',' * 300_000}'>",
        f"<img srcset='a{',' * 300_000}b'>",
        f"<meta http-equiv=refresh content=\"{'1' * 300_000}'x'y\">",
        f"<a {'a=' * 300_000}",
        f"<style>{'url(' * 200_000}",
        "<a b='" * 200_000,
        "<!--" * 200_000,
    ],
    ids=["commas", "url", "refresh", "attributes", "style", "quotes", "comments"],
)
def test_markup_that_wants_to_be_slow_is_not(markup: str) -> None:
    assert len(map_markup(markup, MAPPING)) == len(markup)  # by the square it would take hours


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet="<>/='\"!-& aAhrefsctyl;#x0,()\n\t", max_size=60))
def test_what_leads_nowhere_stays_as_it_is(markup: str) -> None:
    assert map_markup(markup, MAPPING) == markup
