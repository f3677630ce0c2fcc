"""Item by item, field by field: what Jekyll computed beside what we compute."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pipeline.jekyll.item import Item, ItemKind
from pipeline.jekyll.ruby_text import to_s
from tests.jekyll_parity.ours import Extracted

KINDS = {
    "doc": ItemKind.DOCUMENT,
    "page": ItemKind.PAGE,
    "static": ItemKind.STATIC,
    "collection_static": ItemKind.STATIC,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field that is not equal."""

    path: str
    field: str
    jekyll: Any
    ours: Any

    def __str__(self) -> str:
        return f"{self.path}: {self.field}: Jekyll {self.jekyll!r}, we {self.ours!r}"


@dataclass(slots=True, kw_only=True)
class Comparison:
    """How many fields were compared and equal, by name, and each that was not."""

    compared: Counter[str] = field(default_factory=Counter)
    equal: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    def note(self, path: str, name: str, jekyll: Any, ours: Any) -> None:  # noqa: ANN401
        """Compare one field."""
        self.compared[name] += 1
        if jekyll == ours and type(jekyll) is type(ours):
            self.equal[name] += 1
        else:
            self.differences.append(Difference(path=path, field=name, jekyll=jekyll, ours=ours))

    @property
    def share(self) -> float:
        """The share of fields that are equal."""
        return self.equal.total() / max(1, self.compared.total())


def compare(rows: Sequence[Mapping[str, Any]], extracted: Extracted) -> Comparison:
    """Compare a whole site. What only one side has is a difference in the field `exists`."""
    result = Comparison()
    items = {item.path: item for item in extracted.outcome.items}
    known = set()
    roles = {placement.path for placement in extracted.placements}
    for row in rows:
        if row["kind"] not in KINDS:
            continue  # made by a plugin: compared by `generated`
        path = row["path"]
        if path in known and row["kind"] == "page":
            continue  # a further page of a pagination: compared by `generated`
        item = items.get(path)
        if item is None or item.left_out:
            if path in roles:
                result.note(path, "exists", "yes", item.left_out if item else "no")
            continue  # a file of a theme's gem, or one that a plugin made
        known.add(path)
        result.note(path, "exists", "yes", "yes")
        _compare_item(result, row, item, extracted.sources[path])
    for path, item in items.items():
        if path not in known and not item.left_out:
            result.note(path, "exists", "no", "yes")
    _compare_generated(result, rows, extracted)
    return result


def _compare_item(result: Comparison, row: Mapping[str, Any], item: Item, source: bytes) -> None:
    path = item.path
    result.note(path, "kind", KINDS[row["kind"]].value, item.kind.value)
    result.note(path, "url", row["url"], _scrub(item.url))
    result.note(path, "destination", row["dest"], _scrub(item.destination))
    result.note(path, "written", row.get("written", True), item.written)
    if row["kind"] == "doc":
        _compare_document(result, row, item, source)
    elif row["kind"] == "page":
        data = _jekyll_data(row)
        ours = {key: plain(value) for key, value in item.own.items()}
        if item.excerpt is not None and "excerpt" in data:
            ours.setdefault("excerpt", item.excerpt)
        result.note(path, "front_matter", data, ours)
        result.note(path, "body", row["raw_body"], _body(item, source))


def _compare_document(
    result: Comparison, row: Mapping[str, Any], item: Item, source: bytes
) -> None:
    path = item.path
    data = _jekyll_data(row)
    ours = {key: plain(value) for key, value in item.front_matter.items()}
    if item.date is None and "date" not in ours:
        data.pop("date", None)  # the time of the build
    for name, mine in (
        ("title", item.title),
        ("slug", item.slug),
        ("excerpt", item.excerpt),
    ):
        theirs = data.get(name)
        result.note(path, name, None if theirs is None else _text(theirs), mine)
    if path.endswith((".yml", ".yaml")):  # Jekyll leaves such a date as YAML gave it
        result.note(path, "date", data.get("date"), ours.get("date"))
    else:
        result.note(path, "date", data.get("date"), plain(item.date))
    result.note(path, "draft", row["draft"], item.draft)
    result.note(path, "categories", _list(data.get("categories")), _list(item.categories))
    result.note(path, "tags", _list(data.get("tags")), _list(item.tags))
    result.note(path, "front_matter", data, ours)
    if not path.endswith((".yml", ".yaml")):
        result.note(path, "body", row["raw_body"], _body(item, source))


def _compare_generated(
    result: Comparison, rows: Iterable[Mapping[str, Any]], extracted: Extracted
) -> None:
    """Compare the destinations of the pages that the installed plugins make."""
    first: set[str] = set()
    theirs: dict[str, list[str]] = {name: [] for name in ("redirect", "feed", "pagination")}
    for row in rows:
        if row["kind"].endswith("::RedirectPage"):
            theirs["redirect"].append(row["dest"])
        elif row["kind"].endswith("JekyllFeed::PageWithoutAFile"):
            theirs["feed"].append(row["dest"])
        elif row["kind"] == "page" and row["path"] in first:
            theirs["pagination"].append(row["dest"])
        elif row["kind"] == "page":
            first.add(row["path"])
    for name, found in theirs.items():
        ours = sorted(
            extra.destination for extra in extracted.outcome.generated if extra.kind.value == name
        )
        if found:
            result.note("", name, sorted(found), ours)


def _jekyll_data(row: Mapping[str, Any]) -> dict[str, Any]:
    data = dict(row["data"] or {})
    excerpt = data.get("excerpt")
    if isinstance(excerpt, dict) and "$excerpt" in excerpt:
        data["excerpt"] = excerpt["$excerpt"]
    return data


def _text(value: Any) -> str:  # noqa: ANN401 - YAML decides
    if isinstance(value, dict) and "$d" in value:
        return to_s(date.fromisoformat(value["$d"]))
    if isinstance(value, dict) and "$t" in value:
        return to_s(datetime.fromisoformat(value["$t"]))
    return to_s(value)


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - YAML decides
    return [plain(item) for item in value] if isinstance(value, list | tuple) else []


def _body(item: Item, source: bytes) -> str:
    start = item.split.body_start if item.split else 0
    try:
        source.decode()
    except UnicodeDecodeError:
        start = 0  # Ruby's pattern refuses such a text, so Jekyll cuts nothing off
    body = source[start:]
    if start == 0:
        body = body.removeprefix(b"\xef\xbb\xbf")
    return body.decode("utf-8", "replace")


def _scrub(text: str | None) -> str | None:
    if text is None:
        return None
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def plain(value: Any) -> Any:  # noqa: ANN401 - YAML decides
    """Write a value as oracle.rb writes it."""
    if isinstance(value, datetime):
        return {"$t": value.replace(microsecond=0).isoformat()}
    if isinstance(value, date):
        return {"$d": value.isoformat()}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - not a number
        return {"$f": "NaN"}
    if value in (float("inf"), float("-inf")) and isinstance(value, float):
        return {"$f": to_s(value)}
    return value
