"""How documents over time are told to a person: lineage, joins with their reasons, states."""

import shlex
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

from pipeline.cli.output import columns, say, say_line
from pipeline.cli.telling import TITLE_WIDTH, cut
from pipeline.jobs.lineage import Gone, Line, Overview, ToldJoin
from pipeline.store.answers import Stood
from pipeline.store.lineage import Stayed

NAME_WIDTH = 24
SHORT = 10


def minute(moment: datetime | None) -> str:
    """Write a committer's time, in UTC, to the minute."""
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "?"


def day(moment: datetime | None) -> str:
    """Write the day of a committer's time, in UTC."""
    return f"{moment:%Y-%m-%d}" if moment else "?"


def tell_line(line: Line, archive: Path | None) -> None:
    """Print a document's paths, oldest first, why they are one, and what is related to it."""
    say_line(line.title or "(no title)")
    say(f"document {line.uid}{', gone' if line.gone else ''}")
    say()
    for text in columns([_stay(stay) for stay in line.stays]):
        say_line(text)
    if line.joins:
        say()
        say("why they are one document")
    for told in line.joins:
        _tell_join(told)
    if line.relations:
        say()
        say("related, but other documents")
    for related in line.relations:
        say_line(f"  {related.relation.kind}: {related.relation.sentence}")
        say(f"    relation:{related.relation.id}")
    _tell_doubtful(line.doubtful, archive)


def _stay(stay: Stayed) -> list[str]:
    until = f"until {day(stay.until_at)}" if stay.until else "still there"
    commits = stay.since[:SHORT] + (f"..{stay.until[:SHORT]}" if stay.until else "")
    return [f"since {day(stay.since_at)}", until, commits, f"stay:{stay.id}", stay.path]


def _tell_join(told: ToldJoin) -> None:
    join = told.join
    say_line(f"  {join.sentence}")
    by = ", decided by a person" if join.decided else ""
    say(f"    join:{join.id}, {join.manner}, confidence {join.confidence:.2f}{by}")
    for text in columns(
        [[f"    {reason.weight:+.1f}", reason.kind, reason.words] for reason in join.reasons],
        right=frozenset({0}),
    ):
        say_line(text)


def _tell_doubtful(doubtful: Sequence[ToldJoin], archive: Path | None) -> None:
    if not doubtful:
        return
    say()
    say("doubtful: please confirm or refuse")
    for told in doubtful:
        say()
        join = told.join
        state = "taken for one document" if join.joined else "left two documents"
        say(f"  {state}, confidence {join.confidence:.2f}, join:{join.id}")
        say_line(f"  {join.sentence}")
        for verdict in ("accept", "refuse"):
            say_line(f"    {decision_command(verdict, told, archive)}")


def decision_command(verdict: str, told: ToldJoin, archive: Path | None) -> str:
    """Write what to type to decide about a join."""
    words = ["jekyll-archive", "lineage", verdict, told.old_path, told.new_path]
    return shlex.join([*words, *(["--archive", str(archive)] if archive else [])])


def tell_overview(found: Overview, archive: Path | None) -> None:
    """Print the counts and the list of what a person should decide."""
    say(
        f"{found.documents} documents, {found.moved} of them at more than one path; "
        f"gone today: {found.gone} (list --gone)"
    )
    for title, counts in (("joins", found.manners), ("related", found.relations)):
        if counts:
            say()
            say(title)
        for text in columns(_counts(counts), right=frozenset({0})):
            say(text)
    if found.decided:
        say()
        say(f"{found.decided} joins were decided by a person (lineage.txt)")
    _tell_doubtful(found.doubtful, archive)
    if found.doubtful:
        say()
        say(
            f"{len(found.doubtful)} joins to decide; what is decided stands in lineage.txt for ever"
        )


def _counts(counts: Mapping[str, int]) -> list[list[str]]:
    return [[f"  {count}", name] for name, count in counts.items()]


def tell_history(states: Sequence[Stood]) -> None:
    """Print the states of a document path by path; of side lines only what the branch never had."""
    branch = {(state.path, state.oid) for state in states if not state.line}
    shown = [each for each in states if not each.line or (each.path, each.oid) not in branch]
    origins = {each.path: each.moved_from for each in states if each.moved_from}
    title = url = None
    for number, (path, group) in enumerate(groupby(shown, key=lambda state: state.path)):
        found = list(group)
        if number:
            say()
        say_line(path)
        if path in origins:
            say_line(f"    moved  from {origins.pop(path)}")
        for state, text in zip(
            found, columns([_state(s) for s in found], right=_RIGHT), strict=True
        ):
            if state.title and state.title != title:
                title = state.title
                say_line(f"    title  {title}")
            if state.url and state.url != url:
                url = state.url
                say_line(f"    url    {url}")
            say_line(text)
    say()
    paths = list(dict.fromkeys(state.path for state in states))
    at = f"of {paths[-1]}" if len(paths) == 1 else f"at {len(paths)} paths, now or last {paths[-1]}"
    say_line(f"{len({(state.path, state.oid) for state in states})} states {at}")


_RIGHT = frozenset({3})


def _state(state: Stood) -> list[str]:
    return [
        f"  {minute(state.since_at)}",
        minute(state.until_at) if state.until else "now",
        state.kind + (" (side line)" if state.line else ""),
        "?" if state.size is None else str(state.size),
        state.sha256.hex[:12] if state.sha256 else "absent",
        cut(state.by, NAME_WIDTH),
        f"{state.written[:SHORT]} {cut(state.subject, TITLE_WIDTH)}",
    ]


def tell_gone(found: Sequence[Gone], *, paths: bool = False) -> None:
    """Print the documents that are gone, by collection: when, what, and where they were last."""
    for collection, group in groupby(found, key=lambda each: each.collection):
        lost = list(group)
        say(collection or "pages")
        rows = [
            [
                f"  {day(each.until_at)}",
                each.until[:SHORT],
                cut(each.title or "(no title)", TITLE_WIDTH),
                each.url or each.path,
            ]
            for each in lost
        ]
        for each, line in zip(lost, columns(rows), strict=True):
            say(line)
            for path in each.paths if paths else ():
                say_line(f"      {path}")
    say()
    say(f"documents gone: {len(found)}; what they said: show DOCUMENT --at, or history")
