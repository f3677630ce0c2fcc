"""How a series is told to a person: what it was, who wrote it, what has become of it."""

import textwrap
from collections.abc import Iterator, Sequence

from pipeline.cli.output import say, say_line
from pipeline.cli.telling_past import SHORT, day
from pipeline.jobs.member import Member, Named, StateTold
from pipeline.jobs.series import SeriesLine, SeriesTold
from pipeline.jobs.urls import Period, UrlLine

WIDTH = 100
LABEL = 12
MOST, FEW = 8, 2  # names or places in one line


def tell_list(found: Sequence[SeriesLine]) -> None:
    """Print each series: when, how many documents, how many are gone, and why it is one."""
    for line in found:
        say_line(line.name)
        _row("landing", line.title or "(no title)")
        _row("published", f"{day(line.published_at)}, commit {line.published[:SHORT]}")
        _row("documents", f"{line.documents}, {line.gone} of them gone")
        _row("why", line.reason)
        say()
    say(f"{len(found)} series; all about one: jekyll-archive series show NAME")


def tell_series(found: SeriesTold) -> None:
    """Print a series, whom it names no more, then each document, the landing one first."""
    line = found.series
    say_line(line.title or line.name)
    say()
    _row("series", line.name + ("" if line.settled else ", found"))
    _row("why", line.reason)
    _row("published", f"{day(line.published_at)}, commit {line.published[:SHORT]}")
    _row("documents", f"{line.documents}, {line.gone} of them gone")
    if found.lost_people:
        say()
        say("NO LONGER NAMED")
        for person in found.lost_people:
            _row("", f"{_lost(person)}; {_elsewhere(person)}")
    for member in found.members:
        _tell_member(member)
    say()
    say("all states of a document: history; why its paths are one: lineage; both take its uid")


def _tell_member(member: Member) -> None:
    side = member.now.side or member.first.side
    say()
    say("─" * WIDTH)
    title = side.title if side and side.title else "(no title)"
    say_line(f"{title}{'   — the landing page' if member.landing else ''}")
    say()
    _tell_state("then", member.first)
    _tell_state("last" if member.gone else "now", member.now)
    if member.gone:
        _row("", "GONE: no file of today is this document")
    for person in member.lost_people:
        _row("LOST", _lost(person))
    for number, url in enumerate(member.urls):
        _row("" if number else "urls", url.url)
        _row("", f"  {_today(url)}")
    _row("versions", f"{member.versions}, at {len(member.paths)} paths; uid {member.uid}")
    _row("changed", member.sentence)
    for label, state in (("then", member.first), ("last" if member.gone else "now", member.now)):
        for number, text in enumerate(_proof(state)):
            _row("" if number else f"proof {label}", text)


def _tell_state(label: str, state: StateTold) -> None:
    side = state.side
    if side is None:
        _row(label, f"{day(state.at)}  cannot be read: it {state.why}")
        return
    dated = f", dated {side.date[:10]}" if side.date else ""
    _row(label, f"{day(state.at)}  {side.title or '(no title)'}{dated}, {side.words} words")
    _row("", f"at {side.url}" if side.url and side.written else "not published")
    roles: dict[str, list[str]] = {}
    for person in side.people:
        roles.setdefault(person.role, []).append(person.name)
    named = "; ".join(f"{role} {some(names)}" for role, names in roles.items())
    _row("", named or "names nobody")


def some(names: Sequence[str], most: int = MOST) -> str:
    """Name a few and count the others."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _lost(person: Named) -> str:
    until = f", until {day(person.last)}" if person.last else ""
    return f"{person.name} ({', '.join(person.roles)}{until})"


def _elsewhere(person: Named) -> str:
    if not person.elsewhere:
        return "no document of today names them"
    return f"today named by {some(person.elsewhere, FEW)}"


def _today(url: UrlLine) -> str:
    return f"{', '.join(_period(each) for each in url.periods)}; today {url.told_today}"


def _period(period: Period) -> str:
    until = f" until {day(period.until_at)}" if period.until else ""
    return f"since {day(period.since_at)}{until}"


def _proof(state: StateTold) -> Iterator[str]:
    proof = state.proof
    yield f"commit {proof.commit[:SHORT]}, {proof.path}"
    yield f"sha256 {proof.sha256 or 'unknown: the bytes are absent'}"
    if proof.warc_path is not None:
        yield f"{proof.warc_path}, byte {proof.record_offset}; explain {proof.row}"


def _row(label: str, text: str) -> None:
    """Print a label and its text, folded to the width of a page."""
    indent = text[: len(text) - len(text.lstrip())]
    plain = " ".join(text.split())
    lines = textwrap.wrap(
        plain,
        WIDTH - LABEL - 2,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    for number, line in enumerate(lines or [""]):
        say_line(f"  {'' if number else label:<{LABEL}}{line}".rstrip())
