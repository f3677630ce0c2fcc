"""URLs over time, from an archive: what is told, and a patch that git and Jekyll take."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import NotFoundError, UsageError
from pipeline.jekyll.serving import Redirect
from pipeline.jobs.links import LinkChoice, LinkLine, links
from pipeline.jobs.place import Place, find_place
from pipeline.jobs.suggesting import suggestions
from pipeline.jobs.urls import Choice, UrlLine, audit, urls
from tests.archives import archive, kept_as_it_was
from tests.sources.workshop import Workshop, run_git

CONFIG = """\
url: https://quay.example
plugins: [jekyll-redirect-from, jekyll-feed]
collections: {notes: {output: true, permalink: '/notes/:title/'}}
"""
TIDE = "---\ntitle: The tide\nauthor: Mara Quill\n---\n" + "The tide rises twice a day here. " * 9
MOON = "---\ntitle: The moon\n---\n" + "Nobody has ever asked the moon about it. " * 9
LINKS = """---
title: Where to read
---
[tide](/notes/tide/) [again](https://quay.example/notes/tide/) [gone](/notes/gone/)
[feed](/feed.xml) [picture](/wheel.png) [elsewhere](https://elsewhere.example/notes/tide/)
"""
GONE = "---\ntitle: Going\n---\nOnly for a while, and quite by itself.\n"


@pytest.fixture(scope="module")
def commits(shop: Workshop) -> list[str]:
    """Write the history: a document moves, one goes, another takes over its URL."""
    return [
        shop.commit({"_config.yml": CONFIG, "_notes/tide.md": TIDE, "_notes/gone.md": GONE}),
        shop.commit({"links.md": LINKS, "wheel.png": b"\x89PNG"}),
        shop.commit({"_notes/tide.md": None, "_notes/ebb-and-flow.md": TIDE}),
        shop.commit({"_notes/gone.md": None, "wheel.png": None, "_notes/moon.md": MOON}),
        shop.commit({"_notes/moon.md": MOON.replace("---\nN", "redirect_from: /luna/\n---\nN")}),
    ]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop.create(tmp_path_factory.mktemp("history") / "quay")


@pytest.fixture(scope="module")
def quay(shop: Workshop, commits: list[str], tmp_path_factory: pytest.TempPathFactory) -> Place:
    assert commits
    folder = tmp_path_factory.mktemp("urls") / "quay"
    archive(str(shop.folder), folder)
    return find_place(folder, None)


def told(lines: tuple[UrlLine, ...]) -> list[tuple[str, str, str]]:
    return sorted((line.url, line.was, line.today) for line in lines)


def test_every_url_ever_and_what_it_is_today(quay: Place, commits: list[str]) -> None:
    report = urls(quay, Choice())
    assert told(report.urls) == [
        ("/links.html", "page", "served"),
        ("/luna/", "redirect", "redirected"),
        ("/notes/ebb-and-flow/", "page", "served"),
        ("/notes/gone/", "page", "gone"),
        ("/notes/moon/", "page", "served"),
        ("/notes/tide/", "page", "gone"),
    ]
    assert report.counts == {"served": 3, "redirected": 1, "gone": 2}
    by_url = {line.url: line for line in report.urls}
    (period,) = by_url["/notes/tide/"].periods
    assert (period.since, period.until) == (commits[0], commits[2])
    assert by_url["/notes/tide/"].uid == by_url["/notes/ebb-and-flow/"].uid
    assert by_url["/luna/"].leads_to == "/notes/moon/"
    assert by_url["/luna/"].now == "_notes/moon.md"


def test_both_databases_tell_the_same(
    shop: Workshop, quay: Place, database_url: str, tmp_path: Path
) -> None:
    archive(str(shop.folder), tmp_path / "quay", database=database_url)
    place = find_place(tmp_path / "quay", database_url)
    assert urls(place, Choice(files=True)) == urls(quay, Choice(files=True))
    assert links(place, LinkChoice(files=True)) == links(quay, LinkChoice(files=True))
    assert suggestions(place, Choice()) == suggestions(quay, Choice())


def test_choices(quay: Place, commits: list[str]) -> None:
    assert [line.url for line in urls(quay, Choice(gone=True)).urls] == [
        "/notes/gone/",  # three commits, the other two
        "/notes/tide/",
    ]
    assert [line.url for line in urls(quay, Choice(document="The tide")).urls] == [
        "/notes/tide/",
        "/notes/ebb-and-flow/",
    ]
    then = urls(quay, Choice(at=commits[1], files=True)).urls
    assert told(then) == [
        ("/links.html", "page", "served"),
        ("/notes/gone/", "page", "gone"),
        ("/notes/tide/", "page", "gone"),
        ("/wheel.png", "page", "gone"),
    ]
    assert next(line for line in then if line.url == "/wheel.png").uid is None
    with pytest.raises(NotFoundError):
        urls(quay, Choice(document="nothing of that name"))


def test_an_archive_without_history_is_refused(shop: Workshop, tmp_path: Path) -> None:
    archive(str(shop.folder), tmp_path / "a", history=False)
    place = find_place(tmp_path / "a", None)
    for ask in (lambda: urls(place, Choice()), lambda: links(place, LinkChoice())):
        with pytest.raises(UsageError, match="no history"):
            ask()


def test_a_side_line_was_never_published(tmp_path: Path) -> None:
    shop = Workshop.create(tmp_path / "site")
    shop.commit({"_config.yml": CONFIG, "_notes/tide.md": TIDE})
    shop.git("switch", "--quiet", "--create", "side")
    side = shop.commit({"_notes/moon.md": MOON})
    shop.git("switch", "--quiet", "main")
    shop.commit({"_notes/gone.md": GONE})
    shop.git("merge", "--quiet", "--no-ff", "-m", "merge", "side")
    archive(str(shop.folder), tmp_path / "a")
    with pytest.raises(UsageError, match="side line"):
        urls(find_place(tmp_path / "a", None), Choice(at=side))


def test_redirects_do_not_count_without_the_plugin(tmp_path: Path) -> None:
    shop = Workshop.create(tmp_path / "site")
    files = {"_notes/moon.md": MOON.replace("title", "redirect_from: /luna/\ntitle")}
    shop.commit({"_config.yml": CONFIG.replace("jekyll-redirect-from, ", ""), **files})
    archive(str(shop.folder), tmp_path / "a")
    place = find_place(tmp_path / "a", None)
    report = urls(place, Choice())
    assert not report.redirects
    assert told(report.urls)[0] == ("/luna/", "redirect", "gone")
    assert b"does not load jekyll-redirect-from" in suggestions(place, Choice()).patch


def test_the_audit_is_what_run_found(tmp_path: Path) -> None:
    shop = Workshop.create(tmp_path / "site")
    twice = {f"_notes/{n}.md": MOON.replace("title", "redirect_from: /luna/\ntitle") for n in "ab"}
    shop.commit({"_config.yml": CONFIG, "broken.md": "[no](/no/)", **twice})
    archive(str(shop.folder), tmp_path / "a")
    found = audit(find_place(tmp_path / "a", None))
    assert [finding.code for finding in found] == ["REDIRECT-TWICE"]


def test_links_then_and_today(quay: Place, commits: list[str]) -> None:
    report = links(quay, LinkChoice(files=True))
    found = {line.target: line for line in report.links}
    assert {target: (line.then, line.now, line.where) for target, line in found.items()} == {
        "/notes/tide/": ("broken", "moved", "/notes/ebb-and-flow/"),
        "https://quay.example/notes/tide/": ("broken", "moved", "/notes/ebb-and-flow/"),
        "/notes/gone/": ("broken", "broken", ""),
        "/feed.xml": ("fine", "fine", ""),
        "/wheel.png": ("broken", "broken", ""),
    }
    assert found["/notes/tide/"].broke == commits[2]
    assert found["/notes/gone/"].broke == commits[3]
    assert found["/notes/tide/"].until is None
    assert not found["/notes/tide/"].works


def test_links_of_a_time_of_a_document_and_only_the_broken(quay: Place, commits: list[str]) -> None:
    then = links(quay, LinkChoice(document="links.md", at=commits[1]))
    assert {(line.url, line.then) for line in then.links} == {
        ("/notes/tide/", "fine"),
        ("/notes/gone/", "fine"),
        ("/feed.xml", "fine"),
    }
    assert {line.url for line in links(quay, LinkChoice(broken=True)).links} == {
        "/notes/tide/",
        "/notes/gone/",
    }
    assert links(quay, LinkChoice(document="The moon")).links == ()


def apply(patch: bytes, folder: Path) -> None:
    run_git(folder, "apply", "--check", "-", stdin=patch)
    run_git(folder, "apply", "-", stdin=patch)


def build(jekyll: Path, folder: Path) -> Path:
    over = folder.parent / "over.yml"
    over.write_text("plugins: [jekyll-redirect-from, jekyll-feed, jekyll-seo-tag]\n")
    out = folder.parent / "out"
    configs = f"{folder / '_config.yml'},{over}"
    done = subprocess.run(
        [jekyll, "build", "--quiet", "--source", folder, "--destination", out, "--config", configs],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return out


def hold_in_jekyll(
    place: Place, bundle: Path, jekyll: Path, folder: Path
) -> tuple[int, tuple[UrlLine, ...]]:
    """Apply the patch to a checkout, build it with Jekyll, and look at every redirect."""
    checkout = folder / "checkout"
    run_git(folder, "clone", "--quiet", str(bundle), str(checkout))
    with kept_as_it_was(place.archive):
        made = suggestions(place, Choice())
    apply(made.patch, checkout)
    changed = run_git(checkout, "diff", "--numstat").split(b"\n")[:-1]
    assert len(changed) == len(made.files)
    out = build(jekyll, checkout)
    served = {
        line.path: line.url
        for line in urls(place, Choice()).urls
        if (line.today, line.was) == ("served", "page")
    }
    for file in made.files:
        for start in file.starts:
            page = out / Redirect(start=start, path="", target="").destination[1:]
            (target,) = re.findall(r'rel="canonical" href="([^"]*)"', page.read_text())
            assert target.endswith(served[file.path]), (start, target)
    return made.urls, urls(place, Choice(gone=True)).urls


def test_the_patch_keeps_the_promises_of_the_sample(
    mill_archive: Path, sample_bundle: Path, need: Callable[[str], Path], tmp_path: Path
) -> None:
    place = find_place(mill_archive, None)
    mended, gone = hold_in_jekyll(place, sample_bundle, need("jekyll"), tmp_path)
    assert mended >= 6  # the landing page and the five conversations of its series
    assert len(gone) >= mended


@pytest.fixture(scope="module")
def aicam(aicam_archive: Path) -> Place:
    return find_place(aicam_archive, None)


def test_the_patch_keeps_the_promises_of_the_real_site(
    aicam: Place, aicam_bundle: Path, need: Callable[[str], Path], tmp_path: Path
) -> None:
    mended, gone = hold_in_jekyll(aicam, aicam_bundle, need("jekyll"), tmp_path)
    assert mended > 500
    assert len(gone) > 700


def test_the_five_interviews_of_the_real_site(aicam: Place) -> None:
    """Their URLs went with the redesign; the landing page still leads to them."""
    (line,) = urls(aicam, Choice(document="/blog/diane-coyle-generative-ai", gone=True)).urls
    assert (line.url, line.today) == ("/blog/diane-coyle-generative-ai", "gone")
    assert line.periods[-1].until_at is not None
    assert f"{line.periods[-1].until_at:%Y-%m-%d}" == "2026-01-05"
    landing = "_news/perspectives-on-progress-in-generative-ai.md"
    found = links(aicam, LinkChoice(document=landing, broken=True)).links
    assert len([each for each in found if _is_lost_interview(each)]) == 5
    before = links(aicam, LinkChoice(document=landing, at="2023-11-02")).links
    assert {each.then for each in before if "generative-ai" in each.url} == {"fine"}


def _is_lost_interview(line: LinkLine) -> bool:
    return (
        line.url.endswith("-generative-ai")
        and line.until is None
        and (line.then, line.now) == ("broken", "moved")
        and line.where.startswith("/blog/")
        and f"{line.broke_at:%Y-%m-%d}" == "2026-01-05"
    )


def test_the_redirects_of_the_real_site(aicam: Place) -> None:
    codes = [finding.code for finding in audit(aicam)]
    assert codes.count("REDIRECT-SELF") == 27
    assert codes.count("REDIRECT-TWICE") == 2
    assert codes.count("REDIRECT-HIDDEN") >= 6
