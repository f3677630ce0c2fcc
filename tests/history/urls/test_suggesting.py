"""Which redirects are suggested, and what is left to a person."""

from dataclasses import replace

from pipeline.history.urls.promises import Fate, Promise, Stretch, Was
from pipeline.history.urls.suggesting import Suggestion, Suggestions, suggest
from pipeline.jekyll.item import ItemKind
from pipeline.jekyll.serving import Published


def gone(owner: str, url: str, since: int = 0, until: int = 5) -> Promise:
    return Promise(
        owner=owner,
        path=f"old/{owner}.md",
        url=url,
        destination=f"{url}index.html" if url.endswith("/") else f"{url}.html",
        was=Was.PAGE,
        stretches=(Stretch(since=since, until=until),),
        fate=Fate.GONE,
        now=None,
        leads_to="",
        through=(),
    )


def home(owner: str, kind: ItemKind = ItemKind.DOCUMENT, to: str | None = None) -> Published:
    return Published(
        path=f"{owner}.md", kind=kind, url=f"/{owner}", destination=f"/{owner}.html", redirect_to=to
    )


def suggested(*promised: Promise, homes: tuple[Published, ...]) -> Suggestions:
    owners = {file.path: file.path.removesuffix(".md").rstrip("2") for file in homes}
    return suggest(promised, homes, owners)


def why(promise: Promise, *homes: Published) -> str:
    found = suggested(promise, homes=homes)
    assert found.files == ()
    (remark,) = found.remarks
    assert (remark.url, remark.path) == (promise.url, promise.path)
    return remark.why


def test_urls_that_are_gone_are_given_to_the_file_of_today_in_the_order_of_their_use() -> None:
    found = suggested(
        gone("b", "/second/", since=2),
        gone("b", "/first"),
        gone("a", "/x:y/"),
        replace(gone("a", "/kept/"), fate=Fate.SERVED),
        homes=(home("a"), home("b")),
    )
    assert found.remarks == ()
    assert found.files == (
        Suggestion(path="a.md", starts=("/x%3Ay/",)),
        Suggestion(path="b.md", starts=("/first", "/second/")),
    )


def test_the_document_that_was_there_last_gets_the_url() -> None:
    both = (gone("a", "/x/", until=3), gone("b", "/x/", since=3))
    found = suggested(*both, homes=(home("a"), home("b")))
    assert found.files == (Suggestion(path="b.md", starts=("/x/",)),)
    assert suggested(*both, homes=(home("a"),)).files == ()


def test_what_is_not_certain_is_left_to_a_person() -> None:
    assert "nothing of today" in why(gone("a", "/x/"))
    assert "2 files" in why(gone("a", "/x/"), home("a"), home("a2"))
    assert "static" in why(gone("a", "/x/"), home("a", ItemKind.STATIC))
    assert "redirects elsewhere" in why(gone("a", "/x/"), home("a", to="/z"))
    lost = replace(gone("a", "/x/"), through=("/x/",), leads_to="/no")
    assert "leads to nothing: /no" in why(lost, home("a"))
    feed = replace(gone("a", "/x.xml"), destination="/x.xml")
    assert "would not be written" in why(feed, home("a"))
    bare = replace(gone("a", "/x"), destination="/x")
    assert "would not be written" in why(bare, home("a"))
