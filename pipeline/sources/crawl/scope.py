"""What belongs to a crawl: hosts and paths, patterns that do not, and what only looks endless."""

import re
from collections import Counter
from fnmatch import translate
from typing import Final

from pipeline.sources.crawl.plan import Plan
from pipeline.sources.crawl.url import PORTS, Refused, Target, read_url

_DIGITS: Final = re.compile(r"[0-9]+")
_SEGMENTS_MOST: Final = 32
_REPEATS_MOST: Final = 3
_WWW: Final = "www."

Site = tuple[str, int]


class Scope:
    """Judges URLs by the plan, and counts those that are alike."""

    def __init__(self, plan: Plan) -> None:
        self._alike_most = plan.bounds.alike
        self._exclude = tuple(re.compile(translate(pattern)) for pattern in plan.exclude)
        self._within: list[tuple[Site, str]] = []
        self._shapes: Counter[str] = Counter()
        for seed in plan.seeds:
            target = read_url(seed)
            if not isinstance(target, Refused):
                self.widen(target)

    def widen(self, target: Target) -> None:
        """Take in the folder of this URL, with everything below it."""
        self._within.append((_site(target), _folder(target)))

    def holds(self, target: Target) -> bool:
        """Tell whether a page belongs to the crawl. http and https are the same here."""
        site = _site(target)
        return any(site == at and target.path.startswith(folder) for at, folder in self._within)

    def has_host(self, target: Target) -> bool:
        """Tell whether this is on a host of the crawl, wherever there."""
        return any(_site(target) == at for at, _ in self._within)

    def is_same_site(self, one: Target, other: Target) -> bool:
        """Tell whether two hosts differ in nothing but `www.`."""
        return one.host.removeprefix(_WWW) == other.host.removeprefix(_WWW)

    def excludes(self, target: Target) -> bool:
        """Tell whether a pattern of the plan leaves this out."""
        return any(pattern.match(target.url) for pattern in self._exclude)

    def why_trap(self, target: Target, *, named: bool, page: bool) -> str:
        """Say why this looks like one of endlessly many, and count it; else nothing.

        `named` spares pages that a sitemap names, `page` says that it is one.
        """
        path, _, query = target.path.partition("?")
        segments = [segment for segment in path.split("/") if segment]
        if len(segments) > _SEGMENTS_MOST:
            return f"a path of {len(segments)} parts"
        if any(count > _REPEATS_MOST for count in Counter(segments).values()):
            return "a part of its path comes again and again"
        shapes = [f"{target.origin}{path}?"] if query else []
        if page and _DIGITS.search(path):
            shapes.append(target.origin + _DIGITS.sub("0", path))
        if named:
            return ""
        full = next((shape for shape in shapes if self._shapes[shape] >= self._alike_most), None)
        if full is not None:
            return f"{self._alike_most} URLs of the form {full} were taken already"
        self._shapes.update(shapes)
        return ""


def _site(target: Target) -> Site:
    return target.host, 0 if target.port == PORTS[target.scheme] else target.port


def _folder(target: Target) -> str:
    return target.path.partition("?")[0].rpartition("/")[0] + "/"
