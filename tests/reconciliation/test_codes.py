"""Every finding of a reconciliation has a site that yields it, and no other."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.jobs.place import find_place
from pipeline.jobs.reconcile import reconcile
from pipeline.model import Severity
from pipeline.reconciliation.codes import ReconcileCode
from pipeline.store.reading import site
from pipeline.store.rendering import rendered_files
from pipeline.store.session import reading
from tests.archives import NOW, archive, write_files
from tests.conftest import Need
from tests.reconciliation.sites import AT, POST, TEXT, URL, Files, adds_up, held, kept
from tests.reconciliation.sites import rendered as page
from tests.reconciliation.sites import source as post
from tests.sources.workshop import Workshop

TALK = "collections:\n  talks:\n    output: true\n"
CONFIG = f"title: x\nurl: https://x.example\n{TALK}"
MADE_UP = '<meta property="article:published_time" content="2026-01-01T00:00:00Z">'


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A source and its rendering that do not say the same, and where the finding should be."""

    place: str
    files: Files = field(default_factory=lambda: {POST: post()})
    pages: Files = field(default_factory=lambda: {AT: page()})


C = ReconcileCode
BROKEN: dict[ReconcileCode, Broken] = {
    C.NO_PAGE: Broken(files={POST: post(), "b.md": post()}, place="b.md"),
    C.NO_SOURCE: Broken(pages={AT: page(), "x.html": page(text="<p>Else</p>")}, place="/x.html"),
    C.TIED_LOOSELY: Broken(pages={"posts/mill.html": page()}, place="/posts/mill.html"),
    C.TEXT: Broken(pages={AT: page(text="<p>Two wheels turn.</p>")}, place=URL),
    C.TEXT_LIQUID: Broken(files={POST: post(body=f"{TEXT}\n\n{{% if no %}}never{{% endif %}}")},
                          place=URL),
    C.FIELD_HIDDEN: Broken(
        files={POST: post("event_content: |\n  Nobody ever reads this.\n  Not once.\n")},
        place="_posts",
    ),
    C.TITLE: Broken(pages={AT: page(title="Something else")}, place=URL),
    C.DATE: Broken(
        pages={AT: page(head='<meta name="date" content="2024-06-09">')}, place=URL
    ),
    C.DATE_MADE_UP: Broken(
        files={"_config.yml": CONFIG, "_talks/a.md": post()},
        pages={"talks/a.html": page(head=MADE_UP)},
        place="/talks/a.html",
    ),
    C.PEOPLE: Broken(files={POST: post("author: Ada Example\n")}, place=URL),
    C.LINKS: Broken(
        files={POST: post(body="Two [wheels](https://y.example/w) turn at the mill.")},
        pages={AT: page(text="<p>Two wheels turn at the mill.</p>")},
        place=URL,
    ),
    C.IMAGES: Broken(
        files={POST: post(body=f"{TEXT}\n\n![](/gate.png)"), "gate.png": "picture"},
        pages={AT: page(), "gate.png": "picture"},
        place=URL,
    ),
    C.ASSET_MISSING: Broken(pages={AT: page('<img src="/gate.png">')}, place=URL),
    C.LINK_DEAD: Broken(pages={AT: page('<a href="/gone/">gone</a>')}, place=URL),
    C.THIRD_PARTY: Broken(
        pages={AT: page(head='<script src="https://y.example/a.js"></script>')}, place=URL
    ),
}  # fmt: skip
BUILT = {
    C.REBUILT_DIFFERS: (page(text=f"<p>{TEXT}</p><p>Never written.</p>"), AT, URL),
    C.REBUILT_MISSING: (page(), "other.html", "/other.html"),
}


def test_every_code_is_here() -> None:
    assert {*BROKEN, *BUILT, C.UNREADABLE, C.NOT_ARCHIVED} == set(ReconcileCode)


@pytest.mark.parametrize("code", BROKEN, ids=lambda code: str(code.code))
def test_a_broken_site_yields_its_code_and_no_other(code: ReconcileCode, tmp_path: Path) -> None:
    broken = BROKEN[code]
    found = held(tmp_path, broken.files, broken.pages)
    assert [(f.code, f.severity, f.place.path) for f in found.findings] == [
        (code.code, code.severity, broken.place)
    ]
    assert found.exit_code == int(code.severity is Severity.ERROR)
    assert adds_up(found)


def test_a_page_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    folder = kept(tmp_path, {POST: post()}, {AT: page()})
    place = find_place(folder, None)
    with reading(place.database) as connection:
        (file,) = rendered_files(connection, site(connection, None))
    warc = folder / file.warc_path
    warc.chmod(0o600)
    data = bytearray(warc.read_bytes())
    data[file.offset + file.length // 2] ^= 0xFF
    warc.write_bytes(bytes(data))
    found = reconcile(place)
    assert [(f.code, f.place.path) for f in found.findings] == [(C.UNREADABLE.code, URL)]
    assert (found.totals.unread, found.totals.with_page, found.exit_code) == (1, 1, 1)
    assert adds_up(found)


def test_a_rendering_that_was_described_alone_is_a_warning(tmp_path: Path) -> None:
    found = held(tmp_path, {POST: post()}, {AT: page()}, records=False)
    assert [(f.code, f.place.path) for f in found.findings] == [(C.NOT_ARCHIVED.code, None)]
    assert (found.archived, found.exit_code) == (False, 0)
    assert adds_up(found)


@pytest.mark.parametrize("code", BUILT, ids=lambda code: str(code.code))
def test_a_page_that_jekyll_does_not_make_like_this(
    code: ReconcileCode, tmp_path: Path, need: Need
) -> None:
    need("jekyll")
    text, path, place = BUILT[code]
    layout = page(text="{{ content }}").replace("<title>The mill", "<title>{{ page.title }}")
    layout = layout.replace("</article>", "</article><!-- {{ site.time }} -->")
    files = {POST: post("layout: post\n"), "_layouts/post.html": layout}
    found = held(tmp_path, files, {AT: page(), path: text}, render=True)
    rebuilt = [f for f in found.findings if f.code.startswith("RECONCILE-REBUILT")]
    assert [(f.code, f.place.path) for f in rebuilt] == [(code.code, place)]
    assert found.rebuilt
    same = held(tmp_path / "same", files, {AT: page()}, render=True)
    assert same.findings == ()


def test_the_commit_is_built_at_the_clock_of_the_rendering(tmp_path: Path, need: Need) -> None:
    need("jekyll")
    layout = page(text="<p>{{ site.time | date: '%Y' }}</p>{{ content }}")
    files = {POST: post("layout: post\n"), "_layouts/post.html": layout}
    pages = {AT: page(text=f"<p>{NOW:%Y}</p><p>{TEXT}</p>")}
    workshop = Workshop.create(tmp_path / "site")
    workshop.commit({"_config.yml": CONFIG, **files})
    archive(workshop.folder, tmp_path / "archive", rendered=write_files(tmp_path / "_site", pages))
    found = reconcile(find_place(tmp_path / "archive", None), render=True)
    assert found.findings == ()
