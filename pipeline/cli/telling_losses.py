"""How a comparison is told to a person: the worst losses first, the totals last."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from textwrap import wrap

from pipeline.cli.output import columns, say, say_line
from pipeline.cli.telling import cut
from pipeline.history.comparison.values import (
    Address,
    Boilerplate,
    Comparison,
    Effect,
    Fate,
    Field,
    Moment,
    Tally,
    Unnamed,
)

WIDTH = 98
FEW = 3
LISTED = 10
TITLE = 60
PLACES = 36
PAGES = "(pages)"
COUNTS = ("before", "kept", "changed", "lost", "new", "moved out", "moved in", "after")


def tell_comparison(found: Comparison) -> None:
    """Print the report of a comparison."""
    _tell_worst(found)
    _tell_collections(found)
    _tell_fields(found)
    _tell_boilerplate(found.boilerplate)
    _tell_unnamed(found.unnamed)
    _tell_addresses(found.addresses)
    _tell_unread(found)
    _tell_totals(found)


def _heading(text: str) -> None:
    say()
    say(text)
    say("─" * len(text))


def _paragraph(text: str, first: str = "", rest: str | None = None) -> None:
    """Print a text in lines of at most 98 columns, whatever is in it."""
    indent = rest if rest is not None else " " * len(first)
    words = " ".join(text.split())
    for line in wrap(
        words, WIDTH, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
    ):
        say_line(line)


def _plural(count: int, unit: str) -> str:
    return f"{count:,} {unit}" if count == 1 else f"{count:,} {unit}s"


def _tell_worst(found: Comparison) -> None:
    ends = " and ".join(_short(moment) for moment in (found.before, found.after))
    what = f"of {found.collection} " if found.collection else ""
    say_line(f"What was lost {what}between {ends}")
    if not found.worst:
        say()
        say("Nothing was lost.")
        return
    _heading("The worst losses")
    titles = {
        each.id: each.before.title or each.before.path for each in found.documents if each.before
    }
    for loss in found.worst:
        _paragraph(loss.sentence, f"{loss.rank:>2}. ")
        if len(loss.ids) > 1:
            _paragraph(_some([cut(titles[name], TITLE) for name in loss.ids]), "      ")


def _short(moment: Moment) -> str:
    return f"{moment.commit[:12]} ({moment.at:%Y-%m-%d})" if moment.at else moment.commit[:12]


def _some(values: Sequence[str], most: int = FEW) -> str:
    named = "; ".join(values[:most])
    return f"{named}; and {len(values) - most} more" if len(values) > most else named


def _tell_collections(found: Comparison) -> None:
    _heading("By collection")
    rows = [["", *COUNTS]]
    rows += [_tally(each.collection or PAGES, each) for each in found.collections]
    rows.append(_tally("all", found.total))
    kept = [i for i in range(len(COUNTS) + 1) if i == 0 or any(row[i] != "·" for row in rows[1:])]
    for line in columns([[row[i] for i in kept] for row in rows], right=frozenset(range(1, 9))):
        say_line(line)


def _tally(name: str, each: Tally) -> list[str]:
    counts = (each.before, each.kept, each.changed, each.lost, each.new)
    return [name, *map(_count, (*counts, each.moved_out, each.moved_in, each.after))]


def _count(number: int) -> str:
    return f"{number:,}" if number else "·"


def _tell_fields(found: Comparison) -> None:
    _heading("By field, in the documents that stand on both sides")
    where: dict[Field, Counter[str]] = {field: Counter() for field in Field}
    for document in found.documents:
        for change in document.changes:
            if document.before and change.effect in {Effect.LOST, Effect.REDUCED}:
                where[change.field][document.before.collection or PAGES] += 1
    rows = [
        [
            "",
            "before",
            "after",
            "lost",
            "reduced",
            "changed",
            "added",
            "moved",
            "lost or reduced in",
        ]
    ]
    for each in found.fields:
        counts = (each.lost, each.reduced, each.changed, each.added, each.moved)
        if any(counts):
            places = [f"{name} {count}" for name, count in where[each.field].most_common()]
            numbers = map(_count, (each.before, each.after, *counts))
            rows.append([each.field.value, *numbers, cut(", ".join(places), PLACES)])
    for line in columns(rows, right=frozenset(range(1, 8))):
        say_line(line)
    if len(rows) == 1:
        say("no field differs")


def _tell_boilerplate(found: Sequence[Boilerplate]) -> None:
    if not found:
        return
    _heading("The same foreign lines in many documents")
    for each in found:
        count = f" ({_plural(len(each.lines), 'line')})" if len(each.lines) > 1 else ""
        line = cut(each.lines[0], WIDTH)
        _paragraph(f"{_plural(len(each.ids), 'document')}, at the {each.edge.value}{count}: {line}")
        _paragraph(_some(each.documents), "    ")


def _tell_unnamed(found: Sequence[Unnamed]) -> None:
    if not found:
        return
    _heading("People who are no longer named")
    for in_text, group in groupby(found, key=lambda each: each.in_text):
        names = [f"{each.name} ({', '.join(each.roles)})" for each in group]
        where = "in no field any more, only in texts" if in_text else "nowhere any more"
        _paragraph(f"{len(names)} {where}: {_some(names, LISTED)}", rest="    ")


def _tell_addresses(found: Sequence[Address]) -> None:
    broken = [each for each in found if each.fate is not Fate.REDIRECTED]
    if not found:
        return
    _heading("URLs that changed")
    rows = [["", "changed", *(fate.value for fate in Fate)]]
    for collection in sorted({each.collection or "" for each in found}):
        fates = Counter(each.fate for each in found if (each.collection or "") == collection)
        counts = (fates.total(), *(fates[fate] for fate in Fate))
        rows.append([collection or PAGES, *map(_count, counts)])
    for line in columns(rows, right=frozenset(range(1, 5))):
        say_line(line)
    for each in broken[:LISTED]:
        onward = f"now {each.new}" if each.new else "no successor"
        by = f", shows {each.by}" if each.by else ""
        say_line(f"  {each.old}")
        say_line(f"      {onward}{by}")
    if len(broken) > LISTED:
        say(f"  … and {len(broken) - LISTED} more without a redirect; all of them with --json")


def _tell_unread(found: Comparison) -> None:
    if not found.unread:
        return
    _heading("Not compared: the bytes are absent")
    for each in found.unread[:LISTED]:
        side = found.before if each.before else found.after
        say_line(f"  {each.path} at {side.commit[:12]}: {each.why}")
    if len(found.unread) > LISTED:
        say(f"  … and {len(found.unread) - LISTED} more; all of them with --json")


def _tell_totals(found: Comparison) -> None:
    _heading("In all")
    total, line = found.total, found.timeline
    rows = [
        [name, moment.commit[:12], f"{moment.at:%Y-%m-%d %H:%M %z}" if moment.at else "?",
         f"{moment.documents} documents", cut(moment.subject, 42)]
        for name, moment in (("before", found.before), ("after", found.after))
    ]  # fmt: skip
    for row in columns(rows):
        say_line(row)
    undone = f"; {_plural(line.undone, 'commit')} of the former are not in the latter"
    say(f"{_plural(line.commits, 'commit')} between them{undone if line.undone else ''}")
    unread = f" + {total.unread:,} not compared" if total.unread else ""
    both = f"{total.kept:,} kept + {total.changed:,} changed"
    say(f"{total.before:,} before = {both} + {total.lost:,} lost{unread}")
    say(f"{total.after:,} after  = {both} + {total.new:,} new{unread}")
