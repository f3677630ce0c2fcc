"""Slugs, titles, URL escapes, paths, globs and numbers: Ruby's functions against ours."""

import random
from pathlib import Path
from typing import Any

from pipeline.jekyll import ruby_text
from pipeline.jekyll.globs import fnmatch_pattern, glob_pattern
from pipeline.jekyll.slug import MODES, slugify, titleize
from pipeline.jekyll.url import UrlError, escape_path, unescape_path
from tests.jekyll_parity.conftest import need_ruby
from tests.jekyll_parity.ruby import ask_ruby

TEXTS = (
    "", "-", "--", "a", "A-b_C.d", "The _config.yml file", "Ünï códe \u2013 «x»", "日本語 テスト",
    "e\u0301te\u0301", "ΣΑΣ",
    "ß ẞ ŉ ǆ", "İstanbul \u0131", "٣ Ⅷ ² ½", "a\tb\nc", "\u00a0x\u3000y", "._~!$&'()+,;=@",
    '?#[]{}|\\^`"<>%', "100%",
    "%20 %zz %E4", "a:b", "10:30", "a/b//c", "//host/p", "a b?c d#e f#g", "🙂 smile", "-a-b-",
    "ОДИН два", "Æon Øre",
    "x" * 50, "a--b---c", "ŁÓDŹ", ".hidden", "..", "...", "a.", "a..b", "a.b.", ".a.b", "a. b",
    "dir/x.y", "d.e/x",
    "./a/../b", "/a//b/", "a/", "~x", "a.tar.gz", "..a", "a...",
)  # fmt: skip
NUMBERS = (
    0.0, -0.0, 1.0, 1.5, -2.25, 1e14, 1e15, 1e16, 123456789012345680.0, 0.0001, 0.00001,
    1.5e-7, 1e100, 1e22,
    9007199254740993.0, 100000.0, 3.14159, 1e-10, 2.5e15, 999999999999999.9,
)  # fmt: skip
GLOB_PIECES = (
    "*", "a", "b", "?", "[ab]", "[!a]", "**", "/", "/", "**/", ".", "[a-c]", "{a,b}", "md",
    "_", "\\*", "x", "*.md",
)  # fmt: skip


def _values(jobs: list[dict[str, Any]]) -> list[Any]:
    need_ruby()
    return [answer.get("value") for answer in ask_ruby(jobs)]


def test_slugs_in_every_mode() -> None:
    modes = [*sorted(MODES), "none"]
    cases = [(text, mode, cased) for text in TEXTS for mode in modes for cased in (False, True)]
    ruby = _values([{"slug": text, "mode": mode, "cased": cased} for text, mode, cased in cases])
    ours = [slugify(text, mode, cased=cased) for text, mode, cased in cases]
    assert [pair for pair in zip(cases, ours, ruby, strict=True) if pair[1] != pair[2]] == []


def test_titles_made_from_slugs() -> None:
    assert [titleize(text) for text in TEXTS] == _values([{"title": text} for text in TEXTS])


def test_escaped_and_unescaped_paths() -> None:
    def ours(text: str) -> list[str] | None:
        try:
            plain = (
                unescape_path(text).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            )
            return [escape_path(text), plain]
        except UrlError:
            return None

    assert [ours(text) for text in TEXTS] == _values([{"escape": text} for text in TEXTS])


def test_parts_of_paths() -> None:
    texts = [text for text in TEXTS if text and "\n" not in text and not text.startswith("/")]

    def ours(text: str) -> list[str]:
        return [
            ruby_text.extname(text),
            ruby_text.stem(text),
            ruby_text.dirname(text),
            ruby_text.expand_path(f"/{text}"),
            ruby_text.join("a/", text),
            ruby_text.join("a", text),
        ]

    ruby = _values([{"path": text} for text in texts])
    pairs = [(text, ours(text), theirs) for text, theirs in zip(texts, ruby, strict=True)]
    assert [pair for pair in pairs if pair[1] != pair[2]] == []


def test_numbers_as_text() -> None:
    ruby = _values([{"to_s": number} for number in NUMBERS])
    assert [ruby_text.to_s(number) for number in NUMBERS] == ruby


def _tree(folder: Path) -> list[str]:
    chance = random.Random(7)  # noqa: S311 - the same tree every time
    names = ("a", "ab", "b.md", ".h", "_x", "a b", "x[1]", "d.e", "c", "ba")
    for _ in range(80):
        path = folder.joinpath(*chance.choices(names, k=chance.randint(1, 4)))
        if not any(parent.is_file() for parent in path.parents) and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def _patterns() -> list[str]:
    chance = random.Random(8)  # noqa: S311 - the same patterns every time
    made = {"".join(chance.choices(GLOB_PIECES, k=chance.randint(1, 6))) for _ in range(800)}
    return sorted(
        p for p in made if p[0] not in "/." and "//" not in p and not p.endswith(("/", "."))
    )


def test_globs(tmp_path: Path) -> None:
    paths = _tree(tmp_path)
    patterns = [p for p in _patterns() if "/." not in p]
    ruby = _values([{"glob": pattern, "in": str(tmp_path)} for pattern in patterns])
    ours = [[path for path in paths if glob_pattern(pattern)(path)] for pattern in patterns]
    pairs = zip(patterns, ours, (sorted(set(found)) for found in ruby), strict=True)
    assert [pair for pair in pairs if pair[1] != pair[2]] == []


def test_fnmatch(tmp_path: Path) -> None:
    paths = [f"/{path}" for path in _tree(tmp_path)]
    patterns = [f"/{pattern}" for pattern in _patterns()]
    ruby = _values([{"fnmatch": pattern, "paths": paths} for pattern in patterns])
    ours = [
        [path for path in paths if fnmatch_pattern(pattern).match(path)] for pattern in patterns
    ]
    assert [pair for pair in zip(patterns, ours, ruby, strict=True) if pair[1] != pair[2]] == []
