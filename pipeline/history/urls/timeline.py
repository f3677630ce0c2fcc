"""Where every URL led at any commit of the branch, and which document a link to it meant."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from pipeline.history.urls.promises import Stood, Was
from pipeline.jekyll.serving import MAX_HOPS, Answer, Serving, places_of


class Then(Enum):
    """What a link led to when it last stood."""

    FINE = "fine"
    REDIRECTED = "redirected"
    BROKEN = "broken"


class Now(Enum):
    """What a link would lead to today. `MOVED`: its URL is gone, but the document is elsewhere."""

    FINE = "fine"
    REDIRECTED = "redirected"
    TAKEN_OVER = "taken over"
    MOVED = "moved"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A link, then and now. `where` is the URL of the document that it meant, today.

    `broke` is the position at which a link that is `BROKEN` then, but had led on while it stood,
    ceased to; None where it never did. `where` is empty if that is the URL itself, if there is no
    such document any more, or if it never was one.
    """

    then: Then
    broke: int | None
    now: Now
    where: str

    @property
    def works(self) -> bool:
        """Whether it led on, then and now, to what was meant."""
        return self.then is not Then.BROKEN and self.now in {Now.FINE, Now.REDIRECTED}


class Timeline:
    """Everything that ever stood at a URL, and the site of today."""

    def __init__(self, stood: Iterable[Stood], serving: Serving, owners: dict[str, str]) -> None:
        """Sort it by place. `owners` says whose each file of today is."""
        self._places: dict[str, list[Stood]] = defaultdict(list)
        for each in stood:
            self._places[each.destination].append(each)
        for places in self._places.values():
            places.sort(key=lambda each: each.was is Was.REDIRECT)  # a file goes before a redirect
        self._serving = serving
        self._owners = owners
        self._homes: dict[str, str] = {}
        for file in serving.files():
            self._homes.setdefault(owners[file.path], file.url)

    def follow(
        self, url: str, since: int, position: int, extra: frozenset[str] = frozenset()
    ) -> Followed:
        """Follow a link that stood since one commit and is looked at in another.

        `extra` are URLs that plugins added.
        """
        then = Then.FINE if url in extra else self._then(url, position)
        meant = self._meant(url, position)
        home = self._homes.get(meant, "") if meant else ""
        served = self._serving.ask(url)
        now = Now.MOVED if home else Now.BROKEN
        if served.answer is Answer.REDIRECT:
            now, home = Now.REDIRECTED, served.url
        elif served.answer is Answer.FILE:
            owner = self._owners.get(served.path) if served.path else None
            same = owner == meant or not (owner and meant)
            now, home = (Now.FINE, "") if same else (Now.TAKEN_OVER, home)
        elif url in extra:
            now = Now.FINE
        broke = self._broke(url, since, position) if then is Then.BROKEN else None
        return Followed(then=then, broke=broke, now=now, where=home)

    def _broke(self, url: str, since: int, position: int) -> int | None:
        ends = [each.until for each in self._holders(url) if each.until is not None]
        return max((end for end in ends if since < end <= position), default=None)

    def _holders(self, url: str) -> Iterator[Stood]:
        for place in places_of(url):
            yield from self._places.get(place, ())

    def _then(self, url: str, position: int) -> Then:
        for hop in range(MAX_HOPS):
            standing = next((each for each in self._holders(url) if each.covers(position)), None)
            if standing is None:
                return Then.BROKEN
            if not standing.leads_to:
                return Then.REDIRECTED if hop else Then.FINE
            url = standing.leads_to
            if not url.startswith("/"):
                return Then.REDIRECTED
        return Then.BROKEN

    def _meant(self, url: str, position: int) -> str | None:
        """Say whose URL it was: then, else last before, else first after."""
        holders = list(self._holders(url))
        standing = next((each for each in holders if each.covers(position)), None)
        before = [each for each in holders if each.since <= position]
        if standing is None and before:
            standing = max(before, key=lambda each: each.until or position)
        if standing is None and holders:
            standing = min(holders, key=lambda each: each.since)
        return standing.owner if standing else None
