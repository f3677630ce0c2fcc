"""Tags and categories, in all the shapes that sites write them in.

`tags` and `categories` follow Jekyll: a string is cut at white space (at commas, where it has
some), `tag` and `category` are one value. Sites add `tags: [{tag: Policy}]` and fields of their
own that end in `_categories`. What Jekyll takes from the path and from defaults comes last.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipeline.content.codes import Code
from pipeline.content.fields import Field, snake
from pipeline.content.mentions import Complain
from pipeline.content.names import display, term_key
from pipeline.content.raw import as_text, clean, raw_json
from pipeline.content.scalars import Written
from pipeline.content.values import Term, TermKind
from pipeline.jekyll.item import Item

_NAME_KEYS = ("tag", "category", "name", "title", "label", "value")


def terms(
    item: Item, fields: Iterable[Field], written: Mapping[str, Written], complain: Complain
) -> tuple[Term, ...]:
    """Give the tags and categories of a document, each once, in file order."""
    found: dict[tuple[TermKind, str], Term] = {}
    for field in fields:
        kind = _kind(field.key)
        if kind is None or field.depth > 1:
            continue
        for name, raw in _names(field, complain):
            place = written.get(field.path)
            line = place.line if place else None
            _add(found, kind, name, raw, field=clean(field.path), line=line)
    for kind, value in _from_jekyll(item):
        _add(found, kind, display(value), raw_json(value), field=None, line=None)
    return tuple(found.values())


def _add(
    found: dict[tuple[TermKind, str], Term],
    kind: TermKind,
    name: str,
    raw: str,
    *,
    field: str | None,
    line: int | None,
) -> None:
    key = term_key(name)
    if key and (kind, key) not in found:
        found[kind, key] = Term(
            kind=kind, position=len(found), name=name, key=key, field=field, raw=raw, line=line
        )


def _from_jekyll(item: Item) -> Iterator[tuple[TermKind, str]]:
    """Give what the front matter of the file itself does not say: folders and defaults."""
    folders = item.path.split("/")[:-1]
    own = {_kind(snake(str(key))) for key, value in item.own.items() if value}
    for kind, values in ((TermKind.CATEGORY, item.categories), (TermKind.TAG, item.tags)):
        for value in values:
            if isinstance(value, str) and (kind not in own or value in folders):
                yield kind, value


def _kind(key: str) -> TermKind | None:
    if key in {"tag", "tags"} or key.endswith("_tags"):
        return TermKind.TAG
    if key in {"category", "categories"} or key.endswith(("_category", "_categories")):
        return TermKind.CATEGORY
    return None


def _names(field: Field, complain: Complain) -> Iterator[tuple[str, str]]:
    """Give each name with the JSON text of what gave it."""
    value = field.value
    if isinstance(value, str):
        raw = raw_json(value)
        if _is_list(value):
            complain(Code.LIST_IN_STRING, f"a string holds a list: {value.strip():.60}", field.path)
            pieces = [piece.strip(" \t'\"") for piece in value.strip()[1:-1].split(",")]
        elif field.key in {"tags", "categories"}:
            pieces = value.split(",") if "," in value else value.split()
        else:
            pieces = [value]
        yield from ((display(piece), raw) for piece in pieces)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from ((name, raw_json(entry)) for name in _of_entry(entry))
    else:
        yield from ((name, raw_json(value)) for name in _of_entry(value))


def _of_entry(entry: Any) -> Iterator[str]:  # noqa: ANN401
    match entry:
        case None | list():
            return
        case Mapping():
            # An editor's list field: one text box a row, where people type several tags.
            values = {snake(str(key)): value for key, value in entry.items()}
            text = next((values[k] for k in _NAME_KEYS if isinstance(values.get(k), str)), "")
            yield from map(display, text.split(","))
        case _:
            yield display(as_text(entry))


def _is_list(value: str) -> bool:
    return value.strip().startswith("[") and value.strip().endswith("]")
