"""A hypothesis strategy that invents small Jekyll sites, meant to make Jekyll and us disagree."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

_WORDS = st.sampled_from(
    (
        "a", "post", "Über", "naïve", "日本", "ß", "ǆ", "ΣΑΣ", "İ", "a b", "a--b", "-a-", "a.b",
        "a..", "..a", "v1.2.3",
        "100%", "%20", "%zz", "a#b", "a?b", "a&b", "a+b", "a:b", "10:30", "[x]", "(x)", "{x}",
        "~x", "x~", "_x",
        "'q'", '"q"', "a,b", "a;b=c", "@x", "$x", "!x", "*x", "a\\b", "e\u0301", "index", "1",
        "2023", "a\u00a0b",
        "«x»", "x\u2014y", "٣", "Ⅷ", "a/b", "", " ", ":title", ":x", "true", "no", "~",
        "2020-01-02", "1,000", "=",
    )
)  # fmt: skip
_NAMES = _WORDS.filter(lambda word: word and "/" not in word)
_EXTENSIONS = st.sampled_from(
    (".md", ".md", ".markdown", ".html", ".txt", ".MD", ".yml", "", ".", ".scss", ".htm")
)
_DATES = st.sampled_from(
    (
        "2020-01-02", "2020-1-2", "20-01-02", "2019-02-29", "2099-01-01", "2020-12-31",
        "2020-01-02 23:30",
        "2020-07-01 23:30:00 +0000", "2020-07-01T23:30:00Z", "2020-07-01 23:30:00 -08:00",
        "July 4, 2020 5pm EST",
        "2020/03/04", "04/03/2020", "20200102", "'2020-01-02 10:30'", "10.11.2020",
        "2020-01-02 24:00:00",
    )
)  # fmt: skip
_PLACEHOLDERS = st.sampled_from(
    (
        ":title", ":slug", ":name", ":path", ":collection", ":categories", ":slugified_categories",
        ":output_ext",
        ":year", ":month", ":day", ":i_day", ":i_month", ":short_year", ":y_day", ":basename", "/",
        "/", "-", ".html",
        "a", "..", "./", "Ü", " ", "%20", "?", "#", ".", ".xyz",
    )
)  # fmt: skip
_PERMALINKS = st.one_of(
    st.sampled_from(("date", "pretty", "ordinal", "none", "weekdate")),
    st.lists(_PLACEHOLDERS, min_size=1, max_size=6).map("".join),
)
_FOLDERS = st.sampled_from(
    (
        "_posts",
        "_posts/sub",
        "top/_posts",
        "Top Two/x/_posts",
        "_notes",
        "_notes/sub.dir",
        "_drafts",
        "",
        "dir",
        "dir/a.b",
    )
)


_KEYS = st.sampled_from(
    (
        "title", "slug", "categories", "category", "tags", "tag", "layout", "excerpt", "x",
        "published",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedSite:
    """A configuration, and files by path."""

    settings: dict[str, Any]
    files: dict[str, bytes]

    def write(self, folder: Path) -> Path:
        """Write the site to a folder."""
        for path, data in self.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        (folder / "_config.yml").write_text(json.dumps(self.settings), encoding="utf-8")
        return folder


@st.composite
def _values(draw: st.DrawFn) -> str:
    """Write a YAML value that means something to Jekyll somewhere."""
    kind = draw(st.integers(0, 5))
    word = draw(_WORDS)
    if kind == 0:
        return json.dumps([draw(_WORDS), draw(_WORDS)], ensure_ascii=False)
    if kind == 1:
        return json.dumps(word, ensure_ascii=False)
    if kind == 2:
        return draw(
            st.sampled_from(
                ("5", "1.50", "~", "false", "yes", "17:30", "[]", "{a: 1}", "[a, [b, ~]]", "''")
            )
        )
    return word


@st.composite
def _front_matters(draw: st.DrawFn) -> str:
    keys = draw(st.lists(_KEYS, max_size=4))
    lines = [f"{key}: {draw(_values())}" for key in keys]
    if draw(st.integers(0, 3)) == 0:
        lines.append(f"permalink: {json.dumps(draw(_PERMALINKS), ensure_ascii=False)}")
    if draw(st.integers(0, 2)) == 0:
        lines.append(f"date: {draw(_DATES)}")
    return "".join(f"{line}\n" for line in lines)


@st.composite
def _contents(draw: st.DrawFn) -> bytes:
    opening = draw(
        st.sampled_from(
            ("---\n", "---\n", "---\n", "--- \n\n", "---\r\n", "\ufeff---\n", "----\n", "")
        )
    )
    closing = draw(st.sampled_from(("---\n", "---\n", "...\n", "---  \n\n\n", "---", "")))
    body = draw(
        st.sampled_from(
            ("", "x", "a\n\nb\n", "\n\n a\n---\nb\n", "a\r\n\r\nb", "{% raw %}\n\n{% endraw %} x")
        )
    )
    text = opening + draw(_front_matters()) + closing + body
    return text.encode() + draw(st.sampled_from((b"", b"", b"", b"", b"\xff")))


@st.composite
def _paths(draw: st.DrawFn) -> str:
    folder = draw(_FOLDERS)
    name = draw(_NAMES)
    if "_posts" in folder or draw(st.integers(0, 3)) == 0:
        name = (
            f"{draw(st.sampled_from(('2020-01-02', '2021-6-31', '19-2-3', '2099-01-01')))}-{name}"
        )
    name += draw(_EXTENSIONS)
    return f"{folder}/{name}" if folder else name


@st.composite
def invented_sites(draw: st.DrawFn) -> InventedSite:
    """Invent a site of one to eight files."""
    notes: dict[str, Any] = {"output": draw(st.booleans())}
    if draw(st.booleans()):
        notes["permalink"] = draw(_PERMALINKS)
    settings: dict[str, Any] = {"collections": {"notes": notes}, "permalink": draw(_PERMALINKS)}
    for key, values in (
        ("timezone", st.sampled_from(("Europe/Paris", "America/Los_Angeles", "Asia/Kathmandu"))),
        ("future", st.booleans()),
        ("unpublished", st.booleans()),
        ("show_drafts", st.booleans()),
        ("exclude", st.lists(_WORDS, max_size=2)),
        ("include", st.lists(_WORDS.filter(bool), max_size=2)),
        ("limit_posts", st.integers(0, 2)),
        ("defaults", _defaults()),
        ("excerpt_separator", st.sampled_from(("", "\n", "x"))),
    ):
        if draw(st.integers(0, 3)) == 0:
            settings[key] = draw(values)
    files = draw(st.dictionaries(_paths(), _contents(), min_size=1, max_size=8))
    return InventedSite(settings=settings, files=_without_clashes(files))


@st.composite
def _defaults(draw: st.DrawFn) -> list[dict[str, Any]]:
    sets = []
    for _ in range(draw(st.integers(1, 3))):
        scope: dict[str, Any] = {
            "path": draw(
                st.sampled_from(
                    ("", "_posts", "_notes", "_notes/sub", "dir", "_p", "*/x*", "**/*.md", "/dir")
                )
            )
        }
        if draw(st.booleans()):
            scope["type"] = draw(st.sampled_from(("posts", "notes", "pages", "drafts", "post")))
        key = draw(
            st.sampled_from(("title", "categories", "tags", "permalink", "published", "slug", "x"))
        )
        value: Any = draw(_WORDS)
        if key == "permalink":
            value = draw(_PERMALINKS)
        elif key == "published":
            value = draw(st.booleans())
        elif draw(st.booleans()):
            value = [value, draw(_WORDS)]
        sets.append({"scope": scope, "values": {key: value}})
    return sets


def _without_clashes(files: dict[str, bytes]) -> dict[str, bytes]:
    """Leave out a file whose path is a folder of another, or is too long for a file system."""
    folders = {
        "/".join(path.split("/")[:end]) for path in files for end in range(1, path.count("/") + 1)
    }
    return {path: data for path, data in files.items() if path not in folders and "\0" not in path}
