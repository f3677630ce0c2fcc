"""Which redirects would keep the promises that are broken: for a person to judge, never applied."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.history.urls.promises import Fate, Promise
from pipeline.jekyll.item import ItemKind
from pipeline.jekyll.serving import Published, Redirect

_HTML = (".html", ".htm", ".xhtml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """URLs that a file of today should redirect from, in the order in which they were used."""

    path: str
    starts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A URL that is gone for which no line is suggested, and why."""

    url: str
    path: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What is suggested, by path, and what is not."""

    files: tuple[Suggestion, ...]
    remarks: tuple[Remark, ...]


def suggest(
    promised: Iterable[Promise], published: Iterable[Published], owners: Mapping[str, str]
) -> Suggestions:
    """Suggest for each URL that is gone a redirect from the document that was there last.

    `published` is what is written today, `owners` says whose each file is.
    """
    homes: dict[str, list[Published]] = defaultdict(list)
    for file in published:
        homes[owners[file.path]].append(file)
    claims: dict[str, list[Promise]] = defaultdict(list)
    for promise in promised:
        if promise.fate is Fate.GONE:
            claims[promise.destination].append(promise)
    starts: dict[str, list[tuple[int, str]]] = defaultdict(list)
    remarks: list[Remark] = []
    for claimed in claims.values():
        last = max(claimed, key=_end)
        home = homes.get(last.owner, [])
        why = _obstacle(last, home)
        if why:
            remarks.append(Remark(url=last.url, path=last.path, why=why))
        else:
            starts[home[0].path].append((last.stretches[0].since, _start(last)))
    return Suggestions(
        files=tuple(
            Suggestion(path=path, starts=tuple(dict.fromkeys(url for _, url in sorted(found))))
            for path, found in sorted(starts.items())
        ),
        remarks=tuple(sorted(remarks, key=lambda remark: (remark.why, remark.url))),
    )


def _end(promise: Promise) -> tuple[int, int]:
    stretch = promise.stretches[-1]
    return stretch.until or 0, stretch.since


def _start(promise: Promise) -> str:
    return promise.url.replace(":", "%3A")  # a page's permalink may have placeholders


def _obstacle(promise: Promise, home: Sequence[Published]) -> str:
    """Say why no redirect is suggested, empty if one is."""
    made = Redirect(start=_start(promise), path=promise.path, target="")
    if not home:
        return "nothing of today is the same document"
    if len(home) > 1:
        return f"the document stands in {len(home)} files today"
    if home[0].kind is ItemKind.STATIC:
        return "a static file cannot redirect"
    if home[0].redirect_to is not None:
        return f"{home[0].path} redirects elsewhere itself"
    if promise.through:
        return f"a redirect is there already, which leads to nothing: {promise.leads_to}"
    if not made.destination.endswith(_HTML) or made.destination != promise.destination:
        return "a page of jekyll-redirect-from would not be written where it was"
    return ""
