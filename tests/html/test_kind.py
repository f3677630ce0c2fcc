"""HTML is told from the rest as browsers do."""

import pytest

from pipeline.html.kind import is_html

TABLE = [
    ("text/html", b"", True),
    ("application/xhtml+xml", b"<?xml", True),
    ("text/plain", b"<!DOCTYPE html>", False),
    ("application/octet-stream", b"<html>", False),
    ("", b"\xef\xbb\xbf \n<!doctype HTML>", True),
    ("unknown/unknown", b"<p>text", True),
    ("", b"<pre>text", False),
    ("", b"<!-- a remark", True),
    ("*/*", b"%PDF-1.7 <html>", False),
    ("", b" " * 2000 + b"<html>", False),
]


@pytest.mark.parametrize(("media_type", "body", "expected"), TABLE)
def test_html_is_what_is_said_else_how_it_begins(
    media_type: str, body: bytes, *, expected: bool
) -> None:
    assert is_html(media_type, body) is expected
