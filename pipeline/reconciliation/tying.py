"""Which document a page was made from: by its URL, by a source path it names, by its text."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from pipeline.content.names import term_key
from pipeline.content.resolve import folded
from pipeline.html.values import Page
from pipeline.jekyll.generated import GeneratedKind
from pipeline.jekyll.serving import places_of
from pipeline.reconciliation.values import How, Made, SourceSide
from pipeline.reconciliation.words import words

RUN = 5  # words
LIKE = 0.6  # of the runs of words of a source, on the page and nowhere else so many
MOST_RUNS = 2_000  # of one source
_DAY = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}-")
_EDIT = re.compile(r"/(?:blob|edit|raw|tree)/[^/]+/(.+)$")
_NUMBERED = re.compile(r"/page[-:/]?\d+/?$")
_TIME = re.compile(r"/(?:19|20)\d\d(?:/\d\d){0,2}/?$")
_MADE = {
    GeneratedKind.REDIRECT: Made.REDIRECT,
    GeneratedKind.REDIRECT_LIST: Made.REDIRECT,
    GeneratedKind.FEED: Made.FEED,
    GeneratedKind.SITEMAP: Made.SITEMAP,
    GeneratedKind.ROBOTS: Made.SITEMAP,
    GeneratedKind.PAGINATION: Made.PAGINATION,
}


class Ties:
    """Knows the sources by destination, by path, and those that no URL leads to by their words."""

    def __init__(
        self,
        sources: Sequence[SourceSide],
        statics: Mapping[str, str],
        generated: Mapping[str, GeneratedKind],
        captured: Iterable[str],
    ) -> None:
        """`statics` are paths of other files by destination; `captured` the paths of all pages."""
        # A draft may have been built all the same; what should be there comes over it.
        ordered = sorted(sources, key=lambda side: not side.why)
        self._by_place = {side.destination: side for side in ordered if side.destination}
        self._statics = statics
        self._generated = generated
        self._captured = {folded(path) for path in captured}
        taken = {id(found) for path in captured if (found := self.by_url(path))}
        free = [s for s in sources if id(s) not in taken]
        self._by_name: dict[str, SourceSide] = {}
        self._by_path = {s.path: s for s in free}
        for side in reversed(free):
            self._by_name[_name(side.path)] = side
        self._runs: dict[int, list[SourceSide]] = defaultdict(list)
        self._counts: dict[str, int] = {}
        for side in free:
            runs = _runs(line for lines in side.texts.values() for line in lines)
            self._counts[side.path] = len(runs)
            for run in runs:
                self._runs[run].append(side)
        self._terms = {term_key(term) for side in sources for term in side.terms}

    def by_url(self, path: str) -> SourceSide | None:
        """Give the document that is written where a server looks for this path."""
        places = places_of(path.partition("?")[0])
        return next((self._by_place[p] for p in places if p in self._by_place), None)

    def static(self, path: str) -> str | None:
        """Give the source of a page that Jekyll copies as it is."""
        places = places_of(path.partition("?")[0])
        return next((self._statics[p] for p in places if p in self._statics), None)

    def otherwise(
        self, path: str, page: Page, hrefs: Iterable[str]
    ) -> tuple[SourceSide, How] | None:
        """Tie a page by a source path that it names or has, then by its text."""
        for href in hrefs:
            found = _EDIT.search(href)
            if found and found[1] in self._by_path:
                return self._by_path[found[1]], How.PATH
        if (named := self.named(path)) is not None:
            return named, How.PATH
        shared = Counter(
            side.path for run in _runs(page.text.split("\n")) for side in self._runs.get(run, ())
        )
        for best, count in shared.most_common(1):
            if count >= LIKE * self._counts[best]:
                return self._by_path[best], How.CONTENT
        return None

    def named(self, path: str) -> SourceSide | None:
        """Give the document that would be at this path if nothing were said about its URL."""
        return self._by_name.get(folded(path).casefold())

    def made(self, path: str, page: Page | None) -> Made | None:
        """Say what makes a page without a source."""
        for place in places_of(path.partition("?")[0]):
            if place in self._generated:
                return _MADE[self._generated[place]]
        if page is not None and page.redirect is not None:
            return Made.REDIRECT
        if _NUMBERED.search(path) and folded(_NUMBERED.sub("/", path)) in self._captured:
            return Made.PAGINATION
        last = folded(path).rpartition("/")[2]
        return Made.ARCHIVE if term_key(last) in self._terms or _TIME.search(path) else None


def _name(path: str) -> str:
    """Give the path that a page of this source has where nothing is said about it."""
    pure = PurePosixPath(path)
    parts = [part.lstrip("_") for part in pure.parts[:-1]]
    return "/" + "/".join((*parts, _DAY.sub("", pure.stem))).casefold()


def _runs(lines: Iterable[str]) -> set[int]:
    found: set[int] = set()
    for line in lines:
        each = words(line)
        found.update(hash(each[i : i + RUN]) for i in range(max(len(each) - RUN + 1, 0)))
        if len(found) > MOST_RUNS:
            break
    return found
