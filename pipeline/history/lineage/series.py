"""Series: a landing document and the documents that it links to, published together.

Found without being told: most of what the landing document leads to on its own site was published
within days of it, in one collection. What a site's first commits brought all at once is not news.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from pipeline.history.lineage.candidates import name_key, name_of, url_key
from pipeline.history.lineage.texts import Texts
from pipeline.history.lineage.values import Document, Facts, Life, Lineage, Point, State, Stay
from pipeline.model import shown_path

LONGEST = 60  # characters of a title that go into a name


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesOptions:
    """`together`: between the publications; `settled`: until the landing has its links.

    `bulk`: from this many new documents in one commit on, their common day says nothing. `hosts`
    are the site's own, with `www.` or without; if there are none, every host with the path of a
    document is taken for it.
    """

    together: timedelta = timedelta(days=3)
    settled: timedelta = timedelta(days=31)
    fewest: int = 3
    most: float = 0.5
    bulk: int = 40
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Numbers of documents of a lineage: the landing one, and the members as it links to them.

    `name` is made of what the landing document was first called and the year in which it came:
    whatever is renamed or added later, the series goes by it.
    `settled`: the site's settings name it; it was not found.
    """

    name: str
    landing: int
    members: tuple[int, ...]
    published: Point
    reason: str
    settled: bool = False


_DEFAULTS = SeriesOptions()


def find_series(
    lives: Iterable[Life], lineage: Lineage, options: SeriesOptions = _DEFAULTS
) -> tuple[Series, ...]:
    """Find the series of a site, oldest first."""
    shelf = Shelf(
        documents=lineage.documents, lives={life.path: life for life in lives}, options=options
    )
    found = [each for number in range(len(lineage.documents)) if (each := _series(number, shelf))]
    found.sort(key=lambda each: (-len(each.members), each.published.order, each.landing))
    taken: set[int] = set()
    kept = []
    for each in found:
        if each.landing not in taken:
            kept.append(each)
            taken.update(each.members)
    return tuple(sorted(kept, key=lambda each: (each.published.order, each.landing)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The documents of a lineage, by the URLs that they ever had."""

    documents: Sequence[Document]
    lives: Mapping[str, Life]
    options: SeriesOptions
    by_url: dict[str, int] = field(default_factory=dict)
    births: Counter[int] = field(default_factory=Counter)
    texts: Texts = field(default_factory=Texts)

    def __post_init__(self) -> None:
        for number, document in enumerate(self.documents):
            self.births[document.stays[0].since.order] += 1
            for stay in document.stays:
                for state in self.states(stay):
                    if state.facts.url:
                        self.by_url.setdefault(address_key(state.facts.url), number)

    def states(self, stay: Stay) -> Sequence[State]:
        """Give what a stay held."""
        return self.lives[stay.path].states[stay.states[0] : stay.states[1]]

    def first(self, number: int) -> Stay:
        """Give where a document began."""
        return self.documents[number].stays[0]

    def is_bulk(self, number: int) -> bool:
        """Tell whether it came with so many others that their common day says nothing."""
        return self.births[self.first(number).since.order] >= self.options.bulk


def _series(number: int, shelf: Shelf) -> Series | None:
    if shelf.is_bulk(number):
        return None
    landing, options = shelf.first(number), shelf.options
    leads = [each for each in dict.fromkeys(_leads(number, shelf)) if each != number]
    near = [
        each
        for each in leads
        if not shelf.is_bulk(each)
        and _apart(shelf.first(each).since, landing.since) <= options.together
    ]
    if not near:
        return None
    kinds = Counter(shelf.first(each).collection for each in near)
    kind, count = max(kinds.items(), key=lambda each: (each[1], str(each[0])))
    if count < options.fewest or count < options.most * len(leads):
        return None
    members = tuple(each for each in near if shelf.first(each).collection == kind)
    longest = max(_apart(shelf.first(each).since, landing.since) for each in members)
    return Series(
        name=_name(landing, shelf.states(landing)[0].facts),
        landing=number,
        members=members,
        published=landing.since,
        reason=(
            f"{shown_path(landing.path)} links to {count} documents of "
            f"{kind or 'the pages'} that were published within {_days(longest)} of it; "
            f"{len(leads)} documents are linked in all"
        ),
    )


def _name(landing: Stay, facts: Facts) -> str:
    name = name_key(facts.title or "") or name_key(name_of(landing.path)) or "series"
    if len(name) > LONGEST:
        name = name[: LONGEST + 1].rpartition("-")[0] or name[:LONGEST]
    came = facts.day or landing.since.at
    year = f"-{came.year}" if came else ""
    return name if name.endswith(year) else name + year


def _leads(number: int, shelf: Shelf) -> Iterator[int]:
    """The documents that a document linked to when it was new."""
    since = shelf.first(number).since
    for stay in shelf.documents[number].stays:
        for state in shelf.states(stay):
            if _apart(state.since, since) > shelf.options.settled:
                return
            for link in shelf.texts.links(state.facts):
                found = (
                    shelf.by_url.get(address_key(link)) if _is_own(link, shelf.options) else None
                )
                if found is not None:
                    yield found


def _is_own(link: str, options: SeriesOptions) -> bool:
    try:
        host = urlsplit(link).hostname
    except ValueError:  # "[" in the host
        return False
    own = {each.removeprefix("www.") for each in options.hosts}
    return host is None or not own or host.removeprefix("www.") in own


def address_key(url: str) -> str:
    """Fold a URL, or a link to it, to what tells documents apart."""
    return unquote(url_key(url))


def _apart(one: Point, other: Point) -> timedelta:
    if one.at is None or other.at is None:
        return timedelta(0) if one.order == other.order else timedelta.max
    return abs(one.at - other.at)


def _days(apart: timedelta) -> str:
    hours = apart.total_seconds() / 3600
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"  # noqa: PLR2004 - two days
