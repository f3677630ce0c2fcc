"""How URLs over time are told to a person."""

from collections import Counter
from itertools import groupby

from pipeline.cli.output import columns, say, say_line, warn
from pipeline.cli.telling_past import day
from pipeline.history.urls.promises import Fate, Was
from pipeline.jobs.links import LinkLine, LinkReport
from pipeline.jobs.suggesting import Suggested
from pipeline.jobs.urls import UrlLine, UrlReport


def tell_urls(report: UrlReport, *, by_document: bool) -> None:
    """Print URLs, under the document that each was of, or in the order in which they come."""
    if by_document:
        for _, group in groupby(report.urls, key=lambda line: line.uid or line.path):
            lines = list(group)
            say_line(f"{lines[-1].path}  ({lines[-1].uid or 'a file'})")
            for text in columns([["", *_row(line)] for line in lines]):
                say_line(text)
            say()
    else:
        for line, text in zip(
            report.urls, columns([_row(each) for each in report.urls]), strict=True
        ):
            say_line(f"{text}  ({line.path})")
    counts = ", ".join(
        f"{report.counts[f.value]} {f.value}" for f in Fate if f.value in report.counts
    )
    say(f"{len(report.urls)} URLs" + (f": {counts}" if counts else ""))
    near = sum(line.ending is not None for line in report.urls)
    if near:
        say(f"{near} of those that are gone differ from a URL of today only by `.html` or a slash")
    if not report.redirects:
        say("the site does not load jekyll-redirect-from, so its redirects do not count")


def _row(line: UrlLine) -> list[str]:
    first, last = line.periods[0], line.periods[-1]
    gaps = f" ({len(line.periods)} times)" if len(line.periods) > 1 else ""
    return [
        day(first.since_at),
        (day(last.until_at) if last.until else "now") + gaps,
        line.today,
        line.url + (" (a redirect)" if line.was == Was.REDIRECT.value else "") + _where(line),
    ]


def _where(line: UrlLine) -> str:
    if line.leads_to:
        lost = ", which is gone" if line.today == Fate.GONE.value else ""
        return f" → {line.leads_to}{lost}"
    return f" by {line.now}" if line.today == Fate.TAKEN_OVER.value else ""


def tell_suggested(suggested: Suggested) -> None:
    """Say beside the patch how much it mends."""
    left = f"{len(suggested.remarks)} not suggested (see the head of the patch)"
    warn(f"{suggested.urls} URLs in {len(suggested.files)} files; {left}")
    warn("nothing was applied: review it, then `git apply FILE`")


def tell_links(report: LinkReport) -> None:
    """Print links under the document that they stood in."""
    for uid, group in groupby(report.links, key=lambda line: line.uid):
        lines = list(group)
        say_line(f"{lines[-1].path}  ({uid})")
        for text in columns([["", *_link(line)] for line in lines]):
            say_line(text)
        say()
    counts = Counter((line.then, line.now) for line in report.links)
    say(f"{len(report.links)} links in {report.versions} versions")
    rows = [[f"  {n}", f"then {then}, today {now}"] for (then, now), n in counts.most_common()]
    for text in columns(rows, right=frozenset({0})):
        say(text)
    if report.unread:
        say(f"{report.unread} versions were not read: Jekyll passed over them, or they are absent")


def _link(line: LinkLine) -> list[str]:
    where = f" → {line.where}" if line.where else ""
    return [
        day(line.since_at),
        day(line.until_at) if line.until else "now",
        f"then {line.then}" + (f" since {day(line.broke_at)}" if line.broke else ""),
        f"today {line.now}",
        f"{line.url}{where}",
    ]
