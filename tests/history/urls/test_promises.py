"""Every URL that was ever given out, and what it is today."""

from pipeline.history.urls.promises import Fate, Promise, Stood, Stretch, Was, merged, promises
from pipeline.jekyll.item import ItemKind
from pipeline.jekyll.serving import Published, Redirect, Serving


def stood(owner: str, url: str, since: int, until: int | None = None, was: Was = Was.PAGE) -> Stood:
    return Stood(
        owner=owner,
        path=f"{owner}.{since}.md",
        url=url,
        destination=f"{url}index.html",
        since=since,
        until=until,
        was=was,
    )


def published(owner: str, url: str, to: str | None = None) -> Published:
    return Published(
        path=f"{owner}.md",
        kind=ItemKind.DOCUMENT,
        url=url,
        destination=f"{url}index.html",
        redirect_to=to,
    )


NOW = Serving(
    [published("a", "/a/"), published("b", "/b/"), published("c", "/c/", "https://x.example/")],
    [
        Redirect(start="/old/", path="a.md", target="/a/"),
        Redirect(start="/dead/", path="b.md", target="/nowhere/"),
    ],
)
OWNERS = {"a.md": "a", "b.md": "b", "c.md": "c"}


def told(*given: Stood) -> list[Promise]:
    return list(promises(given, NOW, OWNERS))


def test_the_four_fates() -> None:
    found = told(
        stood("a", "/a/", 3),
        stood("a", "/old/", 0, 3),
        stood("a", "/b/", 1, 2),
        stood("a", "/x/", 2, 3),
        stood("c", "/c/", 0),
        stood("b", "/dead/", 0, 4),
    )
    assert [(each.url, each.fate, each.now, each.leads_to) for each in found] == [
        ("/old/", Fate.REDIRECTED, "a", "/a/"),
        ("/b/", Fate.TAKEN_OVER, "b", ""),
        ("/x/", Fate.GONE, None, ""),
        ("/a/", Fate.SERVED, "a", ""),
        ("/dead/", Fate.GONE, None, "/nowhere/"),
        ("/c/", Fate.REDIRECTED, None, "https://x.example/"),
    ]


def test_states_at_one_url_are_one_promise_and_its_last_page_names_it() -> None:
    (found,) = told(
        stood("a", "/x/", 0, 2),
        stood("a", "/x/", 2, 4),
        stood("a", "/x/", 6, 7),
        stood("a", "/x/", 7, 9, Was.REDIRECT),
    )
    assert found.stretches == (Stretch(since=0, until=4), Stretch(since=6, until=9))
    assert (found.path, found.was) == ("a.6.md", Was.PAGE)
    (only,) = told(stood("a", "/x/", 7, 9, Was.REDIRECT))
    assert only.was is Was.REDIRECT


def test_stretches_that_touch_or_overlap_are_one() -> None:
    assert merged([stood("a", "/", 5), stood("a", "/", 0, 3), stood("a", "/", 2, 9)]) == (
        Stretch(since=0, until=None),
    )
    assert merged([stood("a", "/", 0, 9), stood("a", "/", 2, 3), stood("a", "/", 10)]) == (
        Stretch(since=0, until=9),
        Stretch(since=10, until=None),
    )
    assert Stretch(since=2, until=4).covers(3)
    assert not Stretch(since=2, until=4).covers(4)
