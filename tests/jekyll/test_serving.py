"""What a server answers for a URL; that Jekyll writes so is asked of Jekyll itself."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.jekyll.item import ItemKind
from pipeline.jekyll.serving import Answer, Published, Redirect, Served, Serving, places_of


def file(url: str, path: str = "", to: str | None = None, place: str | None = None) -> Published:
    where = place or (f"{url}index.html" if url.endswith("/") else f"{url}.html")
    return Published(
        path=path or url, kind=ItemKind.DOCUMENT, url=url, destination=where, redirect_to=to
    )


def redirect(start: str, target: str) -> Redirect:
    return Redirect(start=start, path="source.md", target=target)


def found(url: str, path: str, *through: str) -> Served:
    answer = Answer.REDIRECT if through else Answer.FILE
    return Served(answer=answer, url=url, path=path, through=through)


def lost(url: str, *through: str) -> Served:
    return Served(answer=Answer.NOTHING, url=url, through=through)


def test_a_file_is_found_as_static_hosts_find_it() -> None:
    serving = Serving([file("/a", "a"), file("/b/", "b"), file("/c.txt", "c", place="/c.txt")])
    assert [serving.ask(url).path for url in ("/a", "/a.html", "/b/", "/b", "/b/index.html")] == [
        *("a", "a"),
        *("b", "b", "b"),
    ]
    assert serving.ask("/c.txt").path == "c"
    assert [serving.ask(url).answer for url in ("/a/", "/b.html", "/", "")] == [Answer.NOTHING] * 4
    assert places_of("/%C3%A9/") == ("/é/index.html",)


def test_redirects_are_followed_to_the_end_and_out_of_the_site() -> None:
    files = [file("/new/", "new"), file("/away", to="https://elsewhere.example/x")]
    files.append(file("/back", to="https://www.quay.example/base/old#part"))
    serving = Serving(
        files, [redirect("old", "/new/"), redirect("/dead/", "/no/")], "https://quay.example/base"
    )
    assert serving.ask("/old") == found("/new/", "new", "/old")
    assert serving.ask("/back") == found("/new/", "new", "/back", "/old")
    assert serving.ask("/dead/") == lost("/no/", "/dead/")
    away = serving.ask("/away")
    assert (away.answer, away.url, away.path) == (
        Answer.REDIRECT,
        "https://elsewhere.example/x",
        None,
    )


def test_a_circle_ends_and_so_does_a_chain_without_end() -> None:
    serving = Serving([file("/a", to="/b"), file("/b", to="/a")])
    assert serving.ask("/a") == lost("/a", "/a", "/b")
    chain = Serving([file(f"/{n}", to=f"/{n + 1}") for n in range(100)])
    assert chain.ask("/0").answer is Answer.NOTHING
    odd = Serving([file("/a", to="http://[")])
    assert odd.ask("/a").answer is Answer.NOTHING


def test_what_plugins_add_is_served_and_no_file_of_the_source() -> None:
    assert Serving([], others=["/feed.xml"]).ask("/feed.xml") == Served(
        answer=Answer.FILE, url="/feed.xml"
    )


SITE = {
    "_config.yml": "plugins: [jekyll-redirect-from]\ncollections: {notes: {output: true}}\n",
    "page.html": "---\npermalink: /one.html\n---\npage one",
    "other.html": "---\nredirect_from: [/one.html, /two.html, /three.txt, /notes/n.html, /u, /v/]\n"
    "---\nother",
    "two.html": "static two",
    "three.txt": "static three",
    "_notes/n.md": "---\n---\nnote",
    "to.html": "---\nredirect_to: /other.html\n---\n",
}


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("/one.html", "redirect"),
        ("/two.html", "static two"),
        ("/three.txt", "static three"),
        ("/notes/n.html", "note"),
        ("/u", "redirect"),
        ("/v/", "redirect"),
        ("/to.html", "redirect"),
        ("/other.html", "other"),
    ],
)
def test_the_file_that_jekyll_leaves_at_a_destination_is_the_one_that_is_served(
    built: Path, url: str, kept: str
) -> None:
    kinds = {
        "page.html": ("/one.html", ItemKind.PAGE),
        "other.html": ("/other.html", ItemKind.PAGE),
        "two.html": ("/two.html", ItemKind.STATIC),
        "three.txt": ("/three.txt", ItemKind.STATIC),
        "_notes/n.md": ("/notes/n.html", ItemKind.DOCUMENT),
        "to.html": ("/to.html", ItemKind.PAGE),
    }
    starts = ("/one.html", "/two.html", "/three.txt", "/notes/n.html", "/u", "/v/")
    serving = Serving(
        [
            Published(
                path=path,
                kind=kind,
                url=where,
                destination=where,
                redirect_to="/other.html" if path == "to.html" else None,
            )
            for path, (where, kind) in kinds.items()
        ],
        [Redirect(start=start, path="other.html", target="/other.html") for start in starts],
    )
    served = serving.ask(url)
    place = next(built / name[1:] for name in places_of(url) if (built / name[1:]).is_file())
    text = place.read_text()
    if kept == "redirect":
        assert "Redirecting" in text
        assert (served.answer, served.path) == (Answer.REDIRECT, "other.html")
    else:
        assert kept in text
        assert served.answer is Answer.FILE
        assert kept in SITE[served.path or ""]


@pytest.fixture(scope="module")
def built(need: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as Jekyll builds it."""
    folder = tmp_path_factory.mktemp("site")
    for name, text in SITE.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    build(need("jekyll"), folder, folder / "_site")
    return folder / "_site"


def build(jekyll: Path, source: Path, out: Path) -> None:
    done = subprocess.run(
        [jekyll, "build", "--source", source, "--destination", out, "--disable-disk-cache"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
