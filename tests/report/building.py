"""Comparisons made by hand: a small plain one, and an empty one."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from pipeline.history.comparison.values import (
    Address,
    Beat,
    Boilerplate,
    Compared,
    Comparison,
    Day,
    Edge,
    Effect,
    Fate,
    Field,
    FieldChange,
    FieldTally,
    Loss,
    LossKind,
    Moment,
    Person,
    Run,
    RunKind,
    Side,
    Status,
    Tally,
    TextChange,
    Tie,
    Timeline,
    Unnamed,
    Unread,
)

A, B = "a" * 40, "b" * 40
EARLY = datetime(2024, 5, 2, 9, 30, tzinfo=UTC)
LATE = datetime(2025, 3, 4, 16, tzinfo=timezone(timedelta(hours=1)))


def moment(commit: str, at: datetime | None, documents: int) -> Moment:
    return Moment(
        asked=f"before:{commit[:7]}",
        commit=commit,
        at=at,
        subject=f"The commit {commit[:4]}",
        on_branch=commit == A,
        documents=documents,
    )


def side(path: str, collection: str | None, **more: Any) -> Side:  # noqa: ANN401
    facts: dict[str, Any] = {
        "path": path,
        "collection": collection,
        "title": f"The title of {path}",
        "url": f"/{path}/",
        "written": True,
        "draft": False,
        "date": "2024-05-03",
        "words": 120,
        "opening": "It began with water",
        "sha256": "5e" * 32,
        "size": 1234,
    }
    return Side(**facts | more)


CHANGES = (
    FieldChange(
        field=Field.AUTHORS,
        effect=Effect.LOST,
        old=("Ada Miller", "Ben Sluice"),
        new=(),
        lost=("Ada Miller", "Ben Sluice"),
        gained=(),
        sentence="both authors are gone",
    ),
    FieldChange(
        field=Field.TAGS,
        effect=Effect.CHANGED,
        old=("water", "mill"),
        new=("water", "tide"),
        lost=("mill",),
        gained=("tide",),
        sentence="a tag was replaced",
    ),
)
WORDS = TextChange(
    before=700,
    after=703,
    kept=690,
    shifted=3,
    removed=7,
    added=13,
    boilerplate=6,
    runs=(
        Run(kind=RunKind.EQUAL, words=6, text="The mill stands by the quay"),
        Run(kind=RunKind.REMOVED, words=2, text="since always"),
        Run(kind=RunKind.ADDED, words=3, text="since the flood"),
        Run(kind=RunKind.EQUAL, words=60, text="round and " * 30),
        Run(kind=RunKind.EQUAL, words=500, text="and so", rest="the end", left_out=496),
    ),
    whole=False,
    moved=(("body",), ("event_content", "faqs[0].answer")),
)
TIE = Tie(
    commit=B,
    at=LATE,
    manner="moved in one commit",
    confidence=0.9875,
    decided=True,
    sentence="_posts/one.md became _stories/one.md with bbbb: same title; confidence 0.99",
)


def documents() -> tuple[Compared, ...]:
    """Give one document of every status, and one page."""
    one = Compared(
        id="d1",
        document="uid-1",
        status=Status.CHANGED,
        before=side("_posts/one.md", "posts", url="/blog/one/"),
        after=side("_stories/one.md", "stories", url="/stories/one/"),
        changes=CHANGES,
        text=WORDS,
        ties=(TIE,),
        confidence=0.9875,
        address=address("/blog/one/", "uid-1", Fate.GONE),
        loss=7.5,
        sentence="lost both authors and its URL",
    )
    return (
        Compared(
            id="d2",
            document="uid-2",
            status=Status.LOST,
            before=side(
                "_news/two.md",
                "news",
                people=(Person(name="Cora Weir", role="speaker"),),
                tags=("weir",),
                categories=("river",),
            ),
            after=None,
            loss=20.0,
            sentence="lost with 120 words",
        ),
        Compared(
            id="d3",
            document="uid-3",
            status=Status.KEPT,
            before=side("_news/three.md", "news"),
            after=side("_news/three.md", "news"),
        ),
        one,
        Compared(
            id="d4",
            document="uid-4",
            status=Status.NEW,
            before=None,
            after=side("four.md", None, url=None, title=None),
        ),
        Compared(
            id="d5",
            document="uid-5",
            status=Status.UNREAD,
            before=side("_stories/five.md", "stories"),
            after=side("_stories/five.md", "stories"),
            sentence="its bytes are absent",
        ),
    )


def address(old: str, document: str, fate: Fate, by: str | None = None) -> Address:
    return Address(
        document=document,
        title="The title of one",
        collection="posts",
        old=old,
        new="/stories/one/",
        fate=fate,
        by=by,
    )


def tally(collection: str | None, **counts: int) -> Tally:
    nothing = dict.fromkeys(
        ("before", "kept", "changed", "lost", "new", "unread", "moved_out", "moved_in", "after"), 0
    )
    return Tally(collection=collection, **nothing | counts)


def plain_comparison() -> Comparison:
    return Comparison(
        site="sallow-quay",
        title="Sallow Quay",
        collection=None,
        before=moment(A, EARLY, 4),
        after=moment(B, LATE, 4),
        worst=(
            Loss(
                rank=1,
                kind=LossKind.DOCUMENTS,
                collection="news",
                weight=20.0,
                amount=1,
                unit="document",
                sentence="One of two news items has no successor",
                ids=("d2",),
                examples=("The title of _news/two.md",),
            ),
            Loss(
                rank=2,
                kind=LossKind.AUTHORS,
                collection="posts",
                weight=7.5,
                amount=2,
                unit="name",
                sentence="Two authors are gone",
                ids=("d1",),
                examples=("Ada Miller", "Ben Sluice"),
            ),
        ),
        documents=documents(),
        collections=(
            tally(None, new=1, after=1),
            tally("news", before=2, kept=1, lost=1, after=1),
            tally("posts", before=1, changed=1, moved_out=1),
            tally("stories", before=1, unread=1, moved_in=1, after=2),
        ),
        total=tally(
            None, before=4, kept=1, changed=1, lost=1, new=1, unread=1, moved_out=1, moved_in=1,
            after=4,
        ),
        fields=(
            FieldTally(
                field=Field.AUTHORS, before=1200, after=0, lost=1, reduced=0, changed=0, added=0,
                moved=0,
            ),
            FieldTally(
                field=Field.TAGS, before=1, after=1, lost=0, reduced=0, changed=1, added=0, moved=0
            ),
        ),
        boilerplate=(
            Boilerplate(
                edge=Edge.END,
                lines=("Share this page", "Print"),
                example="[Share](javascript:share)\n[Print](#)",
                words=4,
                documents=("_stories/one.md",),
                ids=("d1",),
            ),
        ),
        unnamed=(
            Unnamed(
                name="Ada Miller",
                roles=("author", "speaker"),
                documents=("_posts/one.md", "_posts/unknown.md"),
                in_text=True,
            ),
        ),
        addresses=(
            address("/blog/one/", "uid-1", Fate.GONE),
            address("/blog/other/", "uid-9", Fate.TAKEN, "_stories/other.md"),
            address("/blog/third/", "uid-3", Fate.REDIRECTED, "_news/three.md"),
        ),
        timeline=Timeline(
            commits=12,
            undone=1,
            since=EARLY,
            until=LATE,
            days=(Day(day="2024-05-02", commits=9), Day(day="2025-01-02", commits=3)),
            beats=(
                Beat(commit=B, at=LATE, subject="Move all", documents=5),
                Beat(commit=A, at=None, subject="No clock", documents=1),
            ),
        ),
        unread=(Unread(before=True, path="_news/six.md", why="the object is missing"),),
    )  # fmt: skip


def empty_comparison() -> Comparison:
    return Comparison(
        site="empty",
        title=None,
        collection=None,
        before=moment(A, None, 0),
        after=moment(A, None, 0),
        worst=(),
        documents=(),
        collections=(),
        total=tally(None),
        fields=(),
        boilerplate=(),
        unnamed=(),
        addresses=(),
        timeline=Timeline(commits=0, undone=0, since=None, until=None),
    )
