"""Links of a style sheet are led, and all else of it stays."""

import pytest

from pipeline.replay import styles
from pipeline.replay.origins import Mapping, Origins
from pipeline.replay.styles import map_style

MAPPING = Mapping(origins=Origins.of(("a.example",), 9), stamp="20240101000000")
A = "http://20240101000000.a.example.localhost:9"


@pytest.mark.parametrize(
    ("sheet", "led"),
    [
        ("a{b:url(https://a.example/i)}", f"a{{b:url({A}/i)}}"),
        ("a{b:URL( 'https://a.example/i' )}", f"a{{b:URL( '{A}/i' )}}"),
        ('a{b:url("//a.example/\\"i")}', f'a{{b:url("{A}/\\"i")}}'),
        ("@import 'https://a.example/s.css' print;", f"@import '{A}/s.css' print;"),
        ('@import"https://a.example/s.css";', f'@import"{A}/s.css";'),
        ("@import\turl(https://a.example/s.css);", f"@import\turl({A}/s.css);"),
        ("a{b:image-set('//a.example/1' 1x)}", f"a{{b:image-set('{A}/1' 1x)}}"),
        ("a{b:url(//c.example/i)}", "a{b:url(http://localhost:9/outside/https://c.example/i)}"),
        ("a{b:url(//a.example/1),url(//a.example/2)}", f"a{{b:url({A}/1),url({A}/2)}}"),
    ],
)
def test_links_are_led(sheet: str, led: str) -> None:
    assert map_style(sheet, MAPPING) == led


@pytest.mark.parametrize(
    "sheet",
    [
        "/* url(https://a.example/) */",
        "/* never closed url(https://a.example/)",
        "a{b:url(i.png);c:url(data:image/png;base64,AA)}",
        "a{b:url('https://a.example/\n')}",
        "a{b:curl(https://a.example/)}",
        "a:after{content:'https://a.example/'}",
        "@import",
    ],
)
def test_all_else_stays(sheet: str) -> None:
    assert map_style(sheet, MAPPING) == sheet


def test_one_that_is_too_large_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = "a{b:url(https://a.example/i)}"
    monkeypatch.setattr(styles, "_SIZE_MOST", len(sheet) - 1)
    assert map_style(sheet, MAPPING) == sheet
