"""Links, followed through the URLs of their time and of today."""

from dataclasses import replace

from pipeline.history.urls.promises import Stood, Was
from pipeline.history.urls.timeline import Followed, Now, Then, Timeline
from pipeline.jekyll.item import ItemKind
from pipeline.jekyll.serving import Published, Redirect, Serving


def stood(owner: str, url: str, since: int, until: int | None = None) -> Stood:
    return Stood(
        owner=owner,
        path=f"{owner}.md",
        url=url,
        destination=f"{url}index.html",
        since=since,
        until=until,
    )


def file(owner: str, url: str) -> Published:
    return Published(
        path=f"{owner}.md", kind=ItemKind.DOCUMENT, url=url, destination=f"{url}index.html"
    )


TODAY = Serving(
    [file("a", "/new/a/"), file("b", "/b/"), file("c", "/c/"), file("d", "/taken/")],
    [Redirect(start="/was-b/", path="b.md", target="/b/")],
)
PAST = [
    stood("a", "/a/", 2, 5),
    stood("a", "/new/a/", 5),
    stood("b", "/was-b/", 0, 5),
    stood("b", "/b/", 5),
    stood("c", "/c/", 0),
    stood("c", "/taken/", 0, 5),
    stood("d", "/taken/", 5),
    stood("e", "/e/", 0, 5),
    replace(stood("c", "/to-c/", 0, 4), was=Was.REDIRECT, leads_to="/c/"),
    replace(stood("c", "/out/", 0, 4), leads_to="https://x.example/"),
    replace(stood("c", "/round/", 0, 4), leads_to="/round/"),
]
TIMELINE = Timeline(PAST, TODAY, {f"{name}.md": name for name in "abcd"})


def follow(url: str, position: int, since: int = 0) -> Followed:
    return TIMELINE.follow(url, since, position)


def test_a_link_is_fine_or_its_document_is_elsewhere() -> None:
    assert follow("/c/", 4) == Followed(then=Then.FINE, broke=None, now=Now.FINE, where="")
    assert follow("/a/", 4) == Followed(then=Then.FINE, broke=None, now=Now.MOVED, where="/new/a/")
    assert follow("/was-b/", 4).now is Now.REDIRECTED
    assert follow("/was-b/", 4).where == "/b/"
    assert follow("/taken/", 4).now is Now.TAKEN_OVER
    assert follow("/taken/", 4).where == "/c/"
    assert follow("/e/", 4) == Followed(then=Then.FINE, broke=None, now=Now.BROKEN, where="")


def test_a_link_that_outlived_its_target_says_when_it_broke() -> None:
    assert follow("/a/", 9) == Followed(then=Then.BROKEN, broke=5, now=Now.MOVED, where="/new/a/")
    assert follow("/a/", 9, since=6).broke is None
    assert not follow("/a/", 9).works


def test_a_link_that_was_made_too_early_means_what_came_later() -> None:
    early = follow("/a/", 1)
    assert (early.then, early.broke, early.where) == (Then.BROKEN, None, "/new/a/")
    assert follow("/never/", 1).now is Now.BROKEN


def test_redirects_of_the_past_are_followed() -> None:
    assert follow("/to-c/", 3).then is Then.REDIRECTED
    assert follow("/out/", 3).then is Then.REDIRECTED
    assert follow("/round/", 3).then is Then.BROKEN
    assert follow("/c/", 3).works


def test_what_plugins_add_is_there() -> None:
    found = TIMELINE.follow("/feed.xml", 0, 3, frozenset({"/feed.xml"}))
    assert (found.then, found.now, found.works) == (Then.FINE, Now.FINE, True)
