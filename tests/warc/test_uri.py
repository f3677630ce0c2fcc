import os
import re
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.warc.errors import InvalidRecordError
from pipeline.warc.uri import checked_uri, is_iri, is_uri, to_uri, under

VALID = [
    # RFC 3986 section 1.1.2
    "ftp://ftp.is.co.za/rfc/rfc1808.txt",
    "http://www.ietf.org/rfc/rfc2396.txt",
    "ldap://[2001:db8::7]/c=GB?objectClass?one",
    "mailto:John.Doe@example.com",
    "news:comp.infosystems.www.servers.unix",
    "tel:+1-816-555-1212",
    "telnet://192.0.2.16:80/",
    "urn:oasis:names:specification:docbook:dtd:xml:4.1.2",
    "https://example.org",
    "https://u:p@example.org:/a%20b?q=/?#frag/?",
    "http://[v1.a:b]/",
    "file:///etc/hosts",
    "a:",
    "swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2;origin=https://example.org/x;path=/a",
]
INVALID = [
    "",
    "/path",
    "//example.org/",
    "example.org",
    "1a:b",
    "http://exa mple.org/",
    "http://example.org/a b",
    "http://example.org/é",
    "http://example.org/%zz",
    "http://example.org/%2",
    "http://example.org/[a]",
    "http://example.org/#a#b",
    "http://example.org/\n",
    "http://example.org:port/",
    "http://[::g]/",
    "http://[::1%25eth0]/",
    "http://[::1]x/",
    'http://example.org/"',
    "http://example.org/<>",
]
anything = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize("uri", VALID)
def test_a_uri_of_rfc_3986_is_one_and_stays_as_it_is(uri: str) -> None:
    assert is_uri(uri)
    assert to_uri(uri) == uri
    assert checked_uri(uri) == uri


@pytest.mark.parametrize("uri", INVALID)
def test_what_breaks_the_grammar_is_refused(uri: str) -> None:
    assert not is_uri(uri)
    with pytest.raises(InvalidRecordError, match="not a URI"):
        checked_uri(uri)


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/é?ü=ö#ä", "https://example.org/%C3%A9?%C3%BC=%C3%B6#%C3%A4"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/100%20", "https://example.org/100%20"),
        ("https://example.org/[a]?[b]#c#d", "https://example.org/%5Ba%5D?%5Bb%5D#c%23d"),
        ("https://exämple.org:80/", "https://ex%C3%A4mple.org:80/"),
        ("https://u ser@example.org/", "https://u%20ser@example.org/"),
        ("https://[::1]:80/\n", "https://[::1]:80/%0A"),
        ("file:/a\udcff", "file:/a%FF"),
        ("file:/a\ud800", "file:/a%EF%BF%BD"),
    ],
)
def test_a_url_as_people_write_it_becomes_a_uri(text: str, uri: str) -> None:
    assert to_uri(text) == uri


@pytest.mark.parametrize("text", ["no scheme", "/a", "", "http://[::g]/"])
def test_what_cannot_become_a_uri_is_said(text: str) -> None:
    with pytest.raises(InvalidRecordError, match="WARC-Target-URI"):
        to_uri(text)


@given(anything)
@settings(deadline=None, max_examples=200)
def test_any_text_after_a_scheme_becomes_a_uri_or_an_error(text: str) -> None:
    try:
        uri = to_uri(f"https:{text}")
    except InvalidRecordError:
        assert text.startswith("//")
        return
    assert is_uri(uri)
    assert to_uri(uri) == uri


names = st.binary(min_size=1, max_size=40).map(lambda raw: os.fsdecode(raw.replace(b"\0", b"_")))


@given(names)
@settings(deadline=None, max_examples=200)
def test_any_file_name_has_a_uri_that_gives_the_name_back(name: str) -> None:
    uri = under("https://example.org/base/", name)
    assert is_uri(uri)
    assert unquote_to_bytes(uri) == b"https://example.org/base/" + os.fsencode(name)
    assert re.fullmatch(r"[!-~]+", uri)
    assert urlsplit(uri).netloc == "example.org"


def test_a_question_mark_in_a_file_name_is_no_query() -> None:
    assert (
        under("https://example.org", "a?b#c%20.html") == "https://example.org/a%3Fb%23c%2520.html"
    )


@pytest.mark.parametrize(
    "text", ["https://a/\u00fc", "https://\u6c34.example/?q=\U0001f30a#\u00e9"]
)
def test_an_iri_is_no_uri_and_we_do_not_write_it(text: str) -> None:
    assert is_iri(text)
    assert not is_uri(text)
    with pytest.raises(InvalidRecordError, match="RFC 3986"):
        checked_uri(text)


@pytest.mark.parametrize(
    "text", ["https://a/", "https://a/\u00fc b", "\u00fc", "https://a/\u202e", "https://a/\u2028"]
)
def test_what_is_a_uri_or_neither_is_no_iri(text: str) -> None:
    assert not is_iri(text)
