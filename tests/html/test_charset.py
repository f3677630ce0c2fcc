"""The encoding is found as browsers find it."""

import pytest

from pipeline.html.charset import charset_of
from pipeline.html.page import read_page
from pipeline.html.values import Value


@pytest.mark.parametrize(
    ("data", "transport", "name", "origin"),
    [
        (b"\xef\xbb\xbf<p>", "latin1", "utf-8", "byte-order mark"),
        (b"\xff\xfe<\0p\0", None, "utf-16le", "byte-order mark"),
        (b"<meta charset=koi8-r>", "utf8", "utf-8", "transport"),
        (b"<meta charset=koi8-r>", "no-such", "koi8-r", "meta charset"),
        (b"<META CHARSET='latin1'>", None, "windows-1252", "meta charset"),
        (
            b'<meta http-equiv="Content-Type" content="text/html; charset=sjis">',
            None,
            "shift_jis",
            "meta charset",
        ),
        (b"<meta charset=utf-16>", None, "utf-8", "meta charset"),
        (b"<!-- <meta charset=koi8-r> --><p>", None, "utf-8", "guess"),
        (b"<meta name=x><meta charset=nothing><p>\xe9", None, "windows-1252", "guess"),
        (b"", None, "utf-8", "guess"),
    ],
)
def test_the_first_that_says_so_counts(
    data: bytes, transport: str | None, name: str, origin: str
) -> None:
    assert charset_of(data, transport) == Value(text=name, origin=origin)


def test_bytes_that_the_encoding_does_not_have_are_told() -> None:
    page = read_page(b"<meta charset=utf-8><p>caf\xe9 by the quay", url=None)
    assert page.text == "caf\ufffd by the quay"
    assert [finding.code for finding in page.findings] == ["HTML-CHARSET"]
