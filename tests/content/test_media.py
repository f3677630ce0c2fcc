"""Media types: those that a web server sends, the same on every machine."""

import pytest

from pipeline.content.media import MEDIA_TYPES, UNKNOWN, media_type


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("_posts/2024-01-02-mill.md", "text/markdown; charset=UTF-8"),
        ("a/b.MARKDOWN", "text/markdown; charset=UTF-8"),
        ("/news/tide.html", "text/html; charset=UTF-8"),
        ("/news/tide/", "text/html; charset=UTF-8"),
        ("style.css", "text/css; charset=UTF-8"),
        ("app.js", "text/javascript; charset=UTF-8"),
        ("w.svg", "image/svg+xml"),
        ("w.JPeG", "image/jpeg"),
        ("plan.pdf", "application/pdf"),
        ("feed.xml", "application/xml"),
        ("_config.yml", "application/yaml"),
        ("data.json", "application/json"),
        ("favicon.ico", "image/vnd.microsoft.icon"),
        ("f.woff2", "font/woff2"),
        ("film.mp4", "video/mp4"),
        ("a.tar.gz", "application/gzip"),
        ("CNAME", UNKNOWN),
        (".htaccess", UNKNOWN),
        (".md", UNKNOWN),
        ("md", UNKNOWN),
        ("a.md/CNAME", UNKNOWN),
        ("a.unknown", UNKNOWN),
        ("a.", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_the_extension_says_the_type(path: str, expected: str) -> None:
    assert media_type(path) == expected


def test_types_are_well_formed_and_only_text_has_a_charset() -> None:
    for extension, kind in MEDIA_TYPES.items():
        assert extension == extension.lower()
        assert kind.count("/") == 1
        assert kind.endswith("; charset=UTF-8") == kind.startswith("text/")
