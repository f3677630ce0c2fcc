"""Series that a site names itself go before those that are found."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.content.settings import SETTINGS_NAME, NamedSeries
from pipeline.history.lineage.codes import Code
from pipeline.history.lineage.series import (
    Series,
    SeriesOptions,
    Shelf,
    address_key,
    find_series,
)
from pipeline.history.lineage.values import Life, Lineage
from pipeline.model import Finding, shown_path


def every_series(
    lives: Iterable[Life],
    lineage: Lineage,
    wanted: Sequence[NamedSeries],
    options: SeriesOptions,
) -> tuple[tuple[Series, ...], tuple[Finding, ...]]:
    """Give the series that are named, in that order, then those that are found, oldest first.

    What is found around a landing document that is named already is left out. Each has a name of
    its own. What the settings name and this history does not have is a finding.
    """
    known = tuple(lives)
    named, findings = named_series(known, lineage, wanted, options)
    landings = {each.landing for each in named}
    found = [e for e in find_series(known, lineage, options) if e.landing not in landings]
    return tuple(_told_apart([*named, *found])), findings


def named_series(
    lives: Iterable[Life],
    lineage: Lineage,
    wanted: Sequence[NamedSeries],
    options: SeriesOptions,
) -> tuple[tuple[Series, ...], tuple[Finding, ...]]:
    """Look up what the settings name; of several documents at a path or URL the first is meant.

    A member that is not there is left out; without its landing document a series is.
    """
    if not wanted:
        return (), ()
    documents = lineage.documents
    shelf = Shelf(documents=documents, lives={life.path: life for life in lives}, options=options)
    by_path: dict[str, int] = {}
    for number, document in enumerate(documents):
        for path in document.paths:
            by_path.setdefault(path, number)
            by_path.setdefault(shown_path(path), number)

    def number_of(name: str) -> int | None:
        found = by_path.get(name)
        return shelf.by_url.get(address_key(name)) if found is None else found

    made: list[Series] = []
    findings: list[Finding] = []
    for each in wanted:
        numbers = {name: number_of(name) for name in (each.landing, *each.members)}
        findings += (
            Code.SERIES_UNKNOWN.at(
                SETTINGS_NAME, f"series {each.name}: no document ever was at {name}", line=each.line
            )
            for name, number in numbers.items()
            if number is None
        )
        landing = numbers[each.landing]
        if landing is None:
            continue
        members = dict.fromkeys(n for n in numbers.values() if n not in {None, landing})
        made.append(
            Series(
                name=each.name,
                landing=landing,
                members=tuple(number for number in members if number is not None),
                published=shelf.first(landing).since,
                reason=f"named in {SETTINGS_NAME}",
                settled=True,
            )
        )
    return tuple(made), tuple(findings)


def _told_apart(every: Iterable[Series]) -> Iterator[Series]:
    taken: set[str] = set()
    for each in every:
        name, count = each.name, 1
        while name.casefold() in taken:
            count += 1
            name = f"{each.name}-{count}"
        taken.add(name.casefold())
        yield each if name == each.name else replace(each, name=name)
