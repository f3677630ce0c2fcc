"""Indexes: the keys and lines of pywb's tools, sorted however many there are.

The expectations were recorded with surt 0.3.1 and cdxj-indexer 1.5.0 (`cdxj-indexer --sort FILE`),
on the files that these tests write.
"""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Sha256
from pipeline.warc.cdxj import Entry
from pipeline.warc.indexing import index
from pipeline.warc.reader import read_record
from pipeline.warc.sorting import Sorter
from pipeline.warc.surt import searchable
from pipeline.warc.zipnum import LINES, compress
from tests.warc.building import HTTP, HTTP_TYPE, a, put, small

KEYS = {
    "http://example.org": "org,example)/",
    "https://www.Example.org/": "org,example)/",
    "http://www2.example.org/A/B/?": "org,example)/a/b",
    "http://example.org:80/a//b/../c/./d/": "org,example)/a/c/d",
    "https://example.org:443/x": "org,example)/x",
    "https://example.org:8443/x": "org,example:8443)/x",
    "http://example.org:080/": "org,example)/",
    "http://user:pw@example.org/": "org,example)/",
    "http://example.org/a?b&a=&A=3": "org,example)/a?a=&a=3&b",
    "http://example.org/?;&=": "org,example)/?=&;",
    "http://example.org/a#frag": "org,example)/a",
    "http://example.org/%7Euser/%e4%BD%a0": "org,example)/~user/%e4%bd%a0",
    "http://example.org/%2541": "org,example)/a",
    "http://example.org/a%20b+c": "org,example)/a%20b+c",
    "http://example.org/a b": "org,example)/a%20b",
    "http://example.org/%zz": "org,example)/%25zz",
    "http://example.org/%00%1f%7f%80": "org,example)/%00%1f%7f%80",
    "http://example.org/a%23b%3Fc%2Fd": "org,example)/a%23b?c/d",
    "http://example.org/a?b=%26%3D%23": "org,example)/a?=%23&b=",
    "http://b\u00fccher.example/\u00fc": "example,xn--bcher-kva)/%c3%bc",
    "http://1.2.3.4/a": "4,3,2,1)/a",
    "http://3279880203/blah": "11,0,127,195)/blah",
    "http://[::1]/a": "::1)/a",
    "http://example.org./a": "org,example)/a",
    "http://a..b/": "b,a)/",
    "http://example.org/..": "org,example)/..",
    "http://example.org//..": "org,example)/",
    "http://example.org/(a(4hqa0555fwsecu455xqckv45))/m.aspx": "org,example)/m.aspx",
    "http://example.org/?PHPSESSID=0123456789abcdefghijklemopqrstuv&x=1": "org,example)/?x=1",
    "http://example.org/a?cfid=1169580&cftoken=48630702&x=1": "org,example)/a?x=1",
    "http://example.org/?a=1&sid=9682993c8daa2c5497996114facdc805": "org,example)/?&a=1",
    "ftp://www.example.org/a": "org,example)/a",
    "swh:1:cnt:94a9;origin=https://Example.org/r;path=/A.md": (
        "swh:1:cnt:94a9;origin=https://example.org/r;path=/a.md"
    ),
    "urn:pageinfo:https://example.org/": "urn:pageinfo:https://example.org",
    "mailto:x@y.z": "mailto:x@y.z",
    " http://a.b/c\td ": "b,a)/cd",
}


def test_no_key_holds_a_blank_which_would_end_it() -> None:
    assert searchable("http://a b\x0b.example/c d") == "example,a%20b%0b)/c%20d"


@pytest.mark.parametrize("url", KEYS)
def test_keys_are_those_of_pywb(url: str) -> None:
    assert searchable(url) == KEYS[url]


@given(st.text())
@settings(deadline=None, max_examples=200)
def test_every_text_has_a_key_of_one_word(text: str) -> None:
    key = searchable(f"http://example.org/{text}")
    assert not set(" \n\t") & set(key)
    assert searchable(text) == searchable(text)


def entries(path: Path) -> list[Entry]:
    found: list[Entry] = []
    index(path, path.name, lambda entry, _: found.append(entry))
    return found


def test_lines_are_those_of_cdxj_indexer(tmp_path: Path) -> None:
    sealed, captures = small(tmp_path)
    path = tmp_path / sealed.name
    page, picture = entries(path)
    assert page.line().decode() == (
        'org,example)/caf%c3%a9?a=1 20240506070809 {"url": "https://example.org/caf%C3%A9/?a=1", '
        f'"mime": "text/html", "digest": "{captures[0].payload_sha256}", '
        f'"length": "{captures[0].length}", "offset": "{captures[0].offset}", '
        f'"filename": "small.warc.gz", "recordDigest": "{page.record_digest}"}}\n'
    )
    assert (picture.mime, picture.status) == ("image/jpeg", None)
    data = path.read_bytes()[picture.offset : picture.offset + picture.length]
    assert picture.record_digest == str(Sha256.of(data))
    assert read_record(path, picture.offset, picture.length).target_uri == picture.url


@pytest.mark.parametrize("wrap", [bytes, gzip.compress])
def test_a_response_says_status_and_media_type(
    tmp_path: Path, wrap: Callable[[bytes], bytes]
) -> None:
    uri = ("WARC-Target-URI", "http://example.org/")
    bare = b"HTTP/1.1 404 Not Found\r\n\r\n"
    data = [
        a("response", HTTP_TYPE, block=HTTP),
        a("response", HTTP_TYPE, block=bare),
        a("request", ("Content-Type", "application/http"), block=b"GET / HTTP/1.1\r\n\r\n"),
        a("metadata", uri, ("Content-Type", "application/warc-fields"), block=b"a: b\r\n"),
        a("metadata", uri, ("Content-Type", "text/x"), block=b"b"),
    ]
    found = entries(put(tmp_path, b"".join(map(wrap, data)), "r.warc"))
    assert [(each.status, each.mime) for each in found] == [
        ("200", "text/plain"),
        ("404", "unk"),
        (None, "text/x"),
    ]
    assert found[0].digest == str(Sha256.of(b"body"))
    assert found[2].digest == str(Sha256.of(b"b"))


@given(st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"") + b"\n")))
@settings(deadline=None, max_examples=50)
def test_lines_are_sorted_in_any_room(found: list[bytes]) -> None:
    sorter = Sorter(room=200)
    for line in found:
        sorter.add(line)
    assert list(sorter.lines()) == sorted(found)


def test_the_short_index_leads_to_every_block() -> None:
    found = [f"org,a)/{number:05} 2024 {{}}\n".encode() for number in range(LINES * 2 + 1)]
    members, short = zip(*compress(found, "i.cdx.gz"), strict=True)
    assert gzip.decompress(b"".join(members)) == b"".join(found)
    head, *places = b"".join(short).decode().splitlines()
    assert head == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "i.cdx.gz"}'
    offset = 0
    for member, line, number in zip(members, places, range(0, 9999, LINES), strict=False):
        key, brace, rest = line.partition(" {")
        assert key == f"org,a)/{number:05} 2024"
        assert json.loads(brace + rest) == {
            "offset": offset,
            "length": len(member),
            "digest": str(Sha256.of(member)),
        }
        offset += len(member)
    assert len(places) == len(members) == 3
