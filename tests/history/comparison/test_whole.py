"""Two whole trees: who became whom, what adds up, what was lost worst."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.history.comparison.compare import Frame, compare
from pipeline.history.comparison.pairing import Ties
from pipeline.history.comparison.values import (
    Comparison,
    Edge,
    Fate,
    LossKind,
    Status,
    Tally,
    Tie,
    Timeline,
    Unread,
)
from tests.history.comparison.trees import CONFIG, WHEN, compared, moment, page, read

SHARE = "[](https://share.example/post?u=%2F{0})[](https://www.chat.example/x/{0})"
FOLDERS = ("_news", "_talks", "_people", "_notes", "_posts")


def statuses(found: Comparison) -> dict[str, str]:
    return {
        side.path: each.status.value
        for each in found.documents
        if (side := each.before or each.after)
    }


def test_each_document_is_kept_changed_lost_or_new() -> None:
    found = compared(
        {"_news/a.md": page("a"), "_news/b.md": page("b"), "_news/c.md": page("c")},
        {"_news/a.md": page("a"), "_talks/b.md": page("b"), "_news/d.md": page("d")},
        moves={"_news/b.md": "_talks/b.md"},
    )
    assert statuses(found) == {
        "_news/a.md": "kept",
        "_news/b.md": "changed",
        "_news/c.md": "lost",
        "_news/d.md": "new",
    }
    assert found.total == Tally(
        collection=None, before=3, kept=1, changed=1, lost=1, new=1, unread=0,
        moved_out=0, moved_in=0, after=3,
    )  # fmt: skip
    news, talks = found.collections
    assert (news.before, news.moved_out, news.after) == (3, 1, 2)
    assert (talks.before, talks.moved_in, talks.after) == (0, 1, 1)
    assert [each.id for each in found.documents] == ["d1", "d2", "d3", "d4"]


paths = st.tuples(st.sampled_from(FOLDERS), st.integers(0, 5)).map(
    lambda pair: f"{pair[0]}/2024-01-0{pair[1] + 1}-{pair[1]}.md"
)
trees = st.dictionaries(
    paths,
    st.tuples(st.sampled_from("ab"), st.sampled_from("xy")).map(lambda t: page(t[0], title=t[1])),
    max_size=12,
)


@given(trees, trees, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_totals_add_up(before: dict[str, str], after: dict[str, str], random: st.DrawFn) -> None:
    olds, news = list(before), list(after)
    random.shuffle(olds)  # type: ignore[attr-defined]
    found = compared(before, after, moves=dict(zip(olds, news, strict=False)))
    total = found.total
    assert total.before == len(before) == total.kept + total.changed + total.lost
    assert total.after == len(after) == total.kept + total.changed + total.new
    for name in ("before", "kept", "changed", "lost", "new", "after"):
        assert sum(getattr(each, name) for each in found.collections) == getattr(total, name)
    for each in found.collections:
        assert each.before == sum(
            1 for d in found.documents if d.before and d.before.collection == each.collection
        )
        assert each.after == sum(
            1 for d in found.documents if d.after and d.after.collection == each.collection
        )
    assert sum(each.moved_in for each in found.collections) == sum(
        each.moved_out for each in found.collections
    )
    assert all(each.loss >= 0 and each.sentence for each in found.documents)


@given(trees, trees)
@settings(deadline=None, max_examples=20)
def test_the_order_of_the_input_does_not_matter(
    before: dict[str, str], after: dict[str, str]
) -> None:
    turned = [dict(reversed(side.items())) for side in (before, after)]
    assert compared(before, after) == compared(*turned)


def test_a_document_at_several_paths_is_paired_once_and_the_rest_is_told() -> None:
    found = compared(
        {"_news/a.md": page("The gate is stuck again today."), "_news/b.md": page("b")},
        {"_talks/c.md": page("The gate is stuck again today.")},
        moves={"x": "_talks/c.md"},
    )
    assert statuses(found) == {"_news/a.md": "lost", "_news/b.md": "lost", "_talks/c.md": "new"}
    frame = Frame(
        site="quay", before=moment("a", 2), after=moment("b", 1),
        timeline=Timeline(commits=1, undone=0, since=WHEN, until=WHEN),
    )  # fmt: skip
    tie = Tie(commit="c", at=WHEN, manner="moved", confidence=0.8, decided=False, sentence="why")
    old = read({"_news/a.md": page("The gate is stuck."), "_news/b.md": page("Come and see.")})
    new = read({"_talks/c.md": page("Come and see it.")})
    homes = {"_news/a.md": "one", "_news/b.md": "one", "_talks/c.md": "one"}
    both = compare(frame, old, new, Ties(before=homes, after=homes, joins={"one": (tie,)}))
    lost, changed = both.documents
    assert (lost.status, lost.sentence) == (
        Status.LOST,
        "the document still stands at _talks/c.md",
    )
    assert (changed.confidence, changed.ties) == (0.8, (tie,))
    back = compare(frame, new, old, Ties(before=homes, after=homes))
    assert [each.status.value for each in back.documents] == ["new", "changed"]
    assert back.documents[0].sentence == "the document still stands at _talks/c.md"


def test_what_cannot_be_read_is_neither_lost_nor_kept() -> None:
    unread = Unread(before=False, path="_news/a.md", why="is not in the archive")
    found = compared({"_news/a.md": page("a")}, {}, unread=(unread,))
    assert statuses(found) == {"_news/a.md": "not compared"}
    assert (found.total.unread, found.total.lost, found.worst) == (1, 0, ())
    assert found.addresses == ()
    assert found.unread == (unread,)


def test_one_collection_is_what_is_or_was_in_it() -> None:
    files = {"_news/a.md": page("a"), "_talks/b.md": page("b"), "about.md": page("c")}
    moves = {"_news/a.md": "_talks/a.md"}
    later = {"_talks/a.md": page("a"), "_talks/b.md": page("b")}
    assert set(statuses(compared(files, later, moves=moves, collection="news"))) == {"_news/a.md"}
    assert len(compared(files, later, moves=moves, collection="talks").documents) == 2
    assert set(statuses(compared(files, later, collection="pages"))) == {"about.md"}


def test_old_urls_are_gone_redirected_or_taken_over() -> None:
    before = {f"_news/{name}.md": page(name) for name in "abcd"}
    after = {
        "_talks/a.md": page("a"),
        "_talks/b.md": page("b", redirect_from="/news/b/"),
        "_talks/c.md": page("c"),
        "_people/x.md": page("x", permalink="/news/c/"),
        "_news/d.md": page("d", permalink="/news/d"),
    }
    moves = {f"_news/{name}.md": f"_talks/{name}.md" for name in "abc"}
    found = {each.old: each for each in compared(before, after, moves=moves).addresses}
    assert {url: each.fate for url, each in found.items()} == {
        "/news/a/": Fate.GONE,
        "/news/b/": Fate.REDIRECTED,
        "/news/c/": Fate.TAKEN,
        "/news/d/": Fate.GONE,
    }
    assert found["/news/c/"].by == "_people/x.md"
    assert found["/news/a/"].new == "/talks/a/"


def test_a_url_with_another_ending_still_answers_or_not_as_servers_do() -> None:
    plain = CONFIG.replace("/news/:slug/", "/news/:slug")
    ending = CONFIG.replace("/news/:slug/", "/news/:slug.html")
    for config, count in ((plain, 0), (ending, 1)):
        frame = Frame(
            site="q", before=moment("a", 1), after=moment("b", 1),
            timeline=Timeline(commits=0, undone=0, since=None, until=None),
        )  # fmt: skip
        files = {"_news/a.md": page("a")}
        found = compare(frame, read(files, config), read(files), Ties())
        assert len(found.addresses) == count, config


def test_what_is_not_published_makes_no_promise() -> None:
    found = compared({"_notes/a.md": page("a")}, {})
    assert found.addresses == ()
    assert found.documents[0].loss < compared({"_news/a.md": page("a")}, {}).documents[0].loss


def test_share_links_are_found_as_foreign_lines_and_counted_by_document() -> None:
    before = {f"_news/{name}.md": page(f"All about {name}.") for name in "abcd"}
    after = {
        f"_news/{name}.md": page(f"All about {name}.\n\n{SHARE.format(name)}") for name in "abc"
    } | {"_news/d.md": page("All about d.\n\nOne more line here.")}
    (share,) = compared(before, after).boilerplate
    assert share.edge is Edge.END
    assert share.lines == ("[](share.example)[](chat.example)",)
    assert share.documents == ("_news/a.md", "_news/b.md", "_news/c.md")
    assert (share.ids, share.words) == (("d1", "d2", "d3"), 0)
    assert share.example == SHARE.format("a")


def test_foreign_words_are_told_in_order_and_are_no_part_of_the_new_text() -> None:
    footer = "This post came from the old site.\n\nShare it with all your friends."
    head = "You are here because of the news."
    body = "The gate of {0} is stuck and nobody knows how to open it; bring a crowbar today."
    before = {f"_news/{name}.md": page(body.format(name)) for name in "abc"}
    after = {path: page(f"{head}\n\nOpen.\n\n{footer}") for path in before}
    found = compared(before, after)
    assert [(each.edge, len(each.lines)) for each in found.boilerplate] == [(Edge.END, 3)]
    assert found.boilerplate[0].lines[-1] == "Share it with all your friends."
    text = found.documents[0].text
    assert text is not None
    assert text.boilerplate == 20
    kept = {path: page(f"{head}\n\n{old[8:]}") for path, old in before.items()}
    (start,) = compared(before, kept).boilerplate
    assert start.edge is Edge.START


def test_people_who_are_named_nowhere_any_more() -> None:
    before = {
        "_news/a.md": page(author="Mara Quill", people="[Bram Oakhanger, ada-finch]"),
        "_news/b.md": page(speakers="[Ines Holt, Mara Quill]"),
    }
    after = {
        "_news/a.md": page("Bram Oakhanger's mill."),
        "_people/ines.md": page(title="Ines Holt"),
        "_news/c.md": page(author="Ada Finch"),
    }
    gone, in_text = compared(before, after).unnamed
    assert (gone.name, gone.roles, gone.in_text) == ("Mara Quill", ("author", "speaker"), False)
    assert gone.documents == ("_news/a.md", "_news/b.md")
    assert (in_text.name, in_text.in_text) == ("Bram Oakhanger", True)


def test_the_worst_losses_come_first_each_with_a_sentence() -> None:
    before = {f"_talks/{number}.md": page("A whole talk.", title=f"T{number}") for number in "1234"}
    before |= {
        "_news/a.md": page(title="Gate", author="Mara Quill", date="2024-01-01", tags="[x]"),
        "_news/b.md": page(
            title="Wheel", category="mill", excerpt="Round.", date="2024-01-01 10:00"
        ),
        "_news/c.md": page(title="Tide", redirect_from="/t", image="/a.png", description="High."),
    }
    after = {
        "_news/a.md": page(title="Gate"),
        "_news/b.md": page(title="Wheel", date="2024-01-01"),
        "_news/c.md": page(),
    }
    found = compared(before, after)
    assert [loss.rank for loss in found.worst] == list(range(1, len(found.worst) + 1))
    assert [loss.weight for loss in found.worst] == sorted(
        (loss.weight for loss in found.worst), reverse=True
    )
    first = found.worst[0]
    assert (first.kind, first.amount, len(first.ids)) == (LossKind.DOCUMENTS, 4, 4)
    assert first.sentence == "all 4 documents of talks have no successor: 12 words"
    said = {loss.kind: loss.sentence for loss in found.worst}
    assert said[LossKind.AUTHORS] == "“Gate” lost 1 author (Mara Quill)"
    assert said[LossKind.EXCERPTS] == "2 of 3 documents of news lost their excerpt"
    assert said[LossKind.DATES] == (
        "2 of 3 documents of news lost dates: 1 the day, 1 the time of day"
    )
    assert len(found.worst) == 10 or LossKind.IMAGES in said


def test_one_lost_document_is_called_by_its_title() -> None:
    (loss,) = compared({"_news/a.md": page("One two.", title="Gate")}, {}).worst
    assert loss.sentence == "“Gate” has no successor (2 words)"


def test_losses_of_many_documents_are_counted() -> None:
    words = " ".join(f"word{number}" for number in range(40))
    before = {
        f"_news/{name}.md": page(
            words, title=name, author=f"Ann {name * 3}", people="[Bo Lee]", tags="[x, y]",
            image=f"/{name}.png", redirect_from=f"/old-{name}/",
        )
        for name in "ab"
    }  # fmt: skip
    after = {f"_talks/{name}.md": page() for name in "ab"}
    moves = {f"_news/{name}.md": f"_talks/{name}.md" for name in "ab"}
    found = compared(before, after, moves=moves)
    said = {loss.kind: loss.sentence for loss in found.worst}
    assert said[LossKind.TEXT] == "all 2 documents of news lost text: 80 words in all"
    assert said[LossKind.AUTHORS].startswith("all 2 documents of news lost their authors: Ann aaa")
    assert said[LossKind.PEOPLE].endswith("lost people whom they named: Bo Lee")
    assert said[LossKind.TAGS] == "all 2 documents of news lost 4 tags: x, y"
    assert said[LossKind.URLS].endswith("their old URLs lead nowhere: /news/a/, /news/b/")
    assert said[LossKind.IMAGES] == "all 2 documents of news lost 2 images"
    assert {loss.collection for loss in found.worst} == {"news"}


def test_hostile_values_are_bounded() -> None:
    found = compared(
        {"_news/a.md": page("x" * 300_000, author="A" * 20_000, excerpt="w " * 9_000)},
        {"_news/a.md": page("[](" * 9_000, title='"\\e[31m"')},
    )
    (document,) = found.documents
    assert max(len(person.name) for person in document.before.people) <= 2_000  # type: ignore[union-attr]
    assert all(len(each.sentence) < 1_000 for each in document.changes)
    assert all(len(value) <= 2_000 for each in document.changes for value in each.old)
