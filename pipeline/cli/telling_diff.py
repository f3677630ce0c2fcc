"""How the difference of two states of a document is told to a person."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.cli.output import columns, say, say_line
from pipeline.cli.telling import cut
from pipeline.cli.telling_past import SHORT, minute
from pipeline.history.comparison.kinds import Effect, Field, RunKind
from pipeline.history.comparison.values import FieldChange, Run, TextChange
from pipeline.jobs.diffing import Difference, End, KeyChange, KeyEffect

MARKS = {RunKind.EQUAL: ("", ""), RunKind.REMOVED: ("[-", "-]"), RunKind.ADDED: ("{+", "+}")}
SINGLE = frozenset({Field.TITLE, Field.URL, Field.DATE})
VALUE_WIDTH = 60


def tell_difference(found: Difference) -> None:
    """Print both ends, what changed field by field, the text word by word, the front matter."""
    say_line(found.after.side.title or found.before.side.title or "(no title)")
    say(f"document {found.uid}")
    say()
    for line in columns([_end("-", found.before), _end("+", found.after)]):
        say_line(line)
    if found.before.oid == found.after.oid:
        say()
        say("the same bytes")
        return
    if found.changes.fields:
        say()
        for change in found.changes.fields:
            say_line(_told(change))
    if found.changes.keys:
        say()
        say("front matter")
        rows = [[f"  {key.effect.value}", key.name, _values(key)] for key in found.changes.keys]
        for line in columns(rows):
            say_line(line)
    if found.changes.text is not None:
        _tell_text(found.changes.text)
    say()
    say("the source bytes: --raw")


def _end(mark: str, end: End) -> list[str]:
    return [
        mark,
        end.asked,
        minute(end.since_at),
        end.since[:SHORT],
        end.sha256[:12],
        f"{end.side.words} words",
        end.path,
    ]


def _told(change: FieldChange) -> str:
    """Tell a field that changed; of one with a single value say which."""
    if change.field in SINGLE and change.effect is Effect.CHANGED:
        return f"{change.sentence}: {' → '.join((*change.old, *change.new))}"
    return change.sentence


def _values(key: KeyChange) -> str:
    sides = {KeyEffect.LOST: (key.old,), KeyEffect.ADDED: (key.new,)}
    return " → ".join(_value(side) for side in sides.get(key.effect, (key.old, key.new)))


def _value(value: Any) -> str:  # noqa: ANN401 - JSON
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return cut(text, VALUE_WIDTH)


def _tell_text(text: TextChange) -> None:
    say()
    moved = ""
    if text.moved is not None:
        moved = f"; moved from {', '.join(text.moved[0])} to {', '.join(text.moved[1])}"
    say_line(
        f"text: {text.before} words, then {text.after}: "
        f"{text.removed} removed, {text.added} added, {text.shifted} now elsewhere{moved}"
    )
    if not text.whole:
        say("the texts are too long to be compared word by word everywhere")
    say("[-removed-] {+added+}")
    say()
    say(" ".join(_marked(text.runs)))


def _marked(runs: Iterable[Run]) -> Iterator[str]:
    for run in runs:
        start, end = MARKS[run.kind]
        left_out = f" … {run.left_out} words … " if run.left_out else ""
        yield f"{start}{run.text}{left_out}{run.rest}{end}"
