"""Histories told by hand: each commit says what some paths hold from then on."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.history.lineage.candidates import name_of
from pipeline.history.lineage.gitlike import lines
from pipeline.history.lineage.passages import passages
from pipeline.history.lineage.trace import trace
from pipeline.history.lineage.values import Decision, Document, Facts, Life, Lineage, Point, State

BEGIN = datetime(2024, 3, 1, 9, tzinfo=UTC)
VOCABULARY = [f"w{number:03d}" for number in range(700)]

Commit = Mapping[str, Facts | None]


def prose(seed: str, length: int = 120) -> str:
    """A text of its own for each seed."""
    chance = random.Random(seed)  # noqa: S311 - the same words every time
    return " ".join(chance.choices(VOCABULARY, k=length))


def page(title: str, text: str | None = None, **others: Any) -> Facts:  # noqa: ANN401
    """A file with this title; its text is its own unless given."""
    body = prose(title) if text is None else text
    source = f"---\ntitle: {title}\n---\n{body}\n".encode()
    return Facts(title=title, text=passages(body), source=tuple(lines(source)), **others)


def said(facts: Facts) -> str:
    """The whole text of a file."""
    return " ".join(facts.text)


def edited(facts: Facts, words: int = 12) -> Facts:
    """The same file with some words more at its end."""
    text = f"{said(facts)} {prose('an addition to ' + said(facts), words)}"
    return replace(facts, text=(text,), source=(*facts.source, text[-40:].encode()))


def points(count: int, hours: int = 24) -> list[Point]:
    return [
        Point(order=order, commit=f"{order:040x}", at=BEGIN + timedelta(hours=order * hours))
        for order in range(count)
    ]


def tell(*commits: Commit, hours: int = 24) -> tuple[Life, ...]:
    """Lives from commits; None deletes a path."""
    line = points(len(commits), hours)
    past: dict[str, list[State]] = {}
    for point, commit in zip(line, commits, strict=True):
        for path, facts in commit.items():
            states = past.setdefault(path, [])
            if states and states[-1].until is None:
                states[-1] = replace(states[-1], until=point)
            if facts is not None:
                blob = f"{facts.title}|{facts.text}|{facts.day}|{facts.people}"
                slug = facts.slug or name_of(path)
                facts = replace(facts, slug=slug, url=facts.url or f"/{path}")  # noqa: PLW2901
                states.append(State(blob=blob, since=point, facts=facts))
    return tuple(
        Life(path=path, collection=collection_of(path), states=tuple(states))
        for path, states in past.items()
    )


def collection_of(path: str) -> str | None:
    return path.split("/", maxsplit=1)[0][1:] if path.startswith("_") else None


def lineage(*commits: Commit, decisions: tuple[Decision, ...] = (), hours: int = 24) -> Lineage:
    return trace(tell(*commits, hours=hours), decisions)


def chains(found: Lineage) -> set[tuple[str, ...]]:
    """The paths of every document, in order."""
    return {tuple(stay.path for stay in document.stays) for document in found.documents}


def document_at(found: Lineage, path: str, order: int) -> Document:
    """The document that a path held at a commit."""
    (document,) = [
        document
        for document in found.documents
        for stay in document.stays
        if stay.path == path
        and stay.since.order <= order
        and (stay.until is None or order < stay.until.order)
    ]
    return document
