"""What only the whole set of items shows: posts beyond the limit, conflicts, generated URLs.

Sources: site.rb (`limit_posts!`), commands/doctor.rb (`conflicting_urls`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cmp_to_key, partial
from math import inf

from pipeline.jekyll.codes import finding
from pipeline.jekyll.generated import Generated, GeneratedKind, generated_urls
from pipeline.jekyll.item import Item
from pipeline.jekyll.placement import POSTS
from pipeline.jekyll.redirects import redirect_findings
from pipeline.jekyll.site import Site
from pipeline.model import Finding, Place

__all__ = ["Generated", "GeneratedKind", "Outcome"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The items, some of them now left out; the URLs that plugins add; findings about the set."""

    items: tuple[Item, ...]
    generated: tuple[Generated, ...]
    findings: tuple[Finding, ...]


def finish(site: Site, items: Sequence[Item]) -> Outcome:
    """Compute the outcome of a whole site."""
    kept = _limit_posts(site, items)
    generated = generated_urls(site, kept)
    findings = (*_conflicts(kept, generated), *redirect_findings(site, kept, generated))
    return Outcome(items=kept, generated=generated, findings=findings)


def _limit_posts(site: Site, items: Sequence[Item]) -> tuple[Item, ...]:
    """`limit_posts!`: only the newest posts stay."""
    limit = site.config.raw.get("limit_posts") or 0
    posts = [item for item in items if item.collection == POSTS and not item.left_out]
    if limit <= 0 or len(posts) <= limit:
        return tuple(items)
    posts.sort(key=cmp_to_key(partial(_order, build_time=not site.config.flag("future"))))
    dropped = {item.path for item in posts[:-limit]}
    reason = "the configuration limits the number of posts"
    return tuple(
        replace(item, written=False, left_out=reason) if item.path in dropped else item
        for item in items
    )


def _order(one: Item, other: Item, *, build_time: bool) -> int:
    """`Document#<=>`: by date, then by path. An undated post may have the build's."""
    dates = [item.date.timestamp() if item.date else inf for item in (one, other)]
    if dates[0] != dates[1] and (build_time or inf not in dates):
        return -1 if dates[0] < dates[1] else 1
    return -1 if one.path < other.path else 1


def _conflicts(items: Iterable[Item], generated: Iterable[Generated]) -> Iterable[Finding]:
    targets: Mapping[str, list[str]] = defaultdict(list)
    for item in items:
        if item.written and item.destination is not None:
            targets[item.destination].append(item.path)
    added: Mapping[str, list[str]] = defaultdict(list)
    for extra in generated:
        # What redirects do is told by codes of their own.
        if extra.source and extra.kind is not GeneratedKind.REDIRECT:
            added[extra.destination].append(f"the {extra.kind.value} of {extra.source}")
    for target, paths in targets.items():
        sources = (*paths, *added.get(target, ()))
        if len(sources) > 1:
            message = f"{target} is written by {len(sources)} sources: {', '.join(sources)}"
            yield finding("URL-CONFLICT", message, Place(path=paths[-1]))
    yield from _differ_by_case(targets)


def _differ_by_case(targets: Mapping[str, list[str]]) -> Iterable[Finding]:
    folded: dict[str, list[str]] = defaultdict(list)
    for target in targets:
        folded[target.casefold()].append(target)
    for same in folded.values():
        if len(same) > 1:
            message = f"the destinations differ only by case: {', '.join(same)}"
            yield finding("URL-CASE", message, Place(path=targets[same[-1]][0]))
