"""Sites as they stood, built by real Jekyll: of a repository, a bundle, a folder, an archive."""

import json
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import (
    BuildFailedError,
    NoJekyllError,
    NotFoundError,
    NotWritableError,
    PipelineError,
    UsageError,
)
from pipeline.jekyll.item import Item, ItemKind
from pipeline.jobs.outcome import compare_built
from pipeline.jobs.render import Rendered, RenderOptions, render
from pipeline.sample import RENDERED_AT
from pipeline.sources.building import DEFAULT_BUILD_LIMITS, BuildLimits, Built
from pipeline.sources.building.confining import Confinement
from tests.archives import archive
from tests.cli.command import command

_ITEM = Item(
    kind=ItemKind.PAGE,
    collection=None,
    path="a.md",
    url="/a.html",
    destination="/a.html",
    written=True,
    own={},
    front_matter={},
)
NOW = datetime(2020, 5, 17, 12, tzinfo=UTC)
PACKAGE = Path(__file__).parents[2] / "pipeline" / "sample"
PAGE = "---\nlayout: none\n---\n"
QUICK = BuildLimits(page_seconds=4, total_seconds=120, grace_seconds=20, output_files=40)


def folder_of(files: Mapping[str, str | bytes], folder: Path) -> Path:
    for name, content in ({"_config.yml": "title: A\n"} | dict(files)).items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def build(
    source: Path, to: Path, limits: BuildLimits = DEFAULT_BUILD_LIMITS, **options: str
) -> Rendered:
    return render(RenderOptions(source=str(source), folder=to, now=NOW, build=limits, **options))  # type: ignore[arg-type]


def found(done: Rendered) -> dict[str, list[str | None]]:
    codes: dict[str, list[str | None]] = {}
    for finding in done.findings:
        codes.setdefault(finding.code, []).append(finding.place.path)
    return codes


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_sample_is_built_as_it_was_built_then_byte_for_byte(
    sample_bundle: Path, tmp_path: Path
) -> None:
    options = RenderOptions(
        source=str(sample_bundle), folder=tmp_path / "x", now=NOW, at=RENDERED_AT.isoformat()
    )
    done = render(options)
    with zipfile.ZipFile(PACKAGE / "rendered.zip") as shipped:
        assert tree(tmp_path / "x") == {name: shipped.read(name) for name in shipped.namelist()}
    assert (done.found, done.built, done.failed, done.absent) == (42, 42, 0, 0)
    assert done.exit_code == 0
    assert done.plugins == ("jekyll-feed", "jekyll-redirect-from", "jekyll-sitemap")
    assert len(found(done)["RENDER-DATE"]) == 9


def test_the_archive_gives_the_site_of_any_day_like_the_repository(
    sample_bundle: Path, tmp_path: Path
) -> None:
    archive(sample_bundle, tmp_path / "mill", history=True)
    from_bundle = build(sample_bundle, tmp_path / "a", at="2025-01-31")
    from_archive = build(tmp_path / "mill", tmp_path / "b", at="2025-01-31")
    assert tree(tmp_path / "a") == tree(tmp_path / "b")
    assert from_bundle.commit == from_archive.commit
    assert (
        from_bundle.moment == from_archive.moment == datetime(2025, 1, 31, 23, 59, 59, tzinfo=UTC)
    )
    assert "journal/ines-ferreira-holt-wheel.html" in " ".join(tree(tmp_path / "a"))
    newest = build(tmp_path / "mill", tmp_path / "c")
    assert newest.commit == build(sample_bundle, tmp_path / "d", rev="main").commit
    assert tree(tmp_path / "c") == tree(tmp_path / "d")


def test_pages_that_fail_are_told_and_the_others_are_built(tmp_path: Path) -> None:
    files = {
        "good.md": f"{PAGE}Good.\n",
        "liquid.md": f"{PAGE}{{% if %}}\n",
        "include.md": f"{PAGE}{{% include absent.html %}}\n",
        "_posts/2020-01-02-date.md": "---\ndate: never\n---\n",
        "_posts/2020-01-02-good.md": "---\nlayout: lost\n---\nA post.\n",
        "loop.md": f"{PAGE}"
        "{% for a in (1..9999) %}{% for b in (1..9999) %}{% endfor %}{% endfor %}",
        "tag.md": f"{PAGE}{{% figure a %}}kept{{% endfigure %}} {{{{ 'b' | shout }}}}\n",
        "bad.scss": "---\n---\na { color\n",
        "permalink.md": "---\npermalink: ''\n---\n",
    }
    done = build(folder_of(files, tmp_path / "site"), tmp_path / "x", QUICK)
    codes = found(done)
    failed = ["_posts/2020-01-02-date.md", "bad.scss", "include.md", "liquid.md", "loop.md"]
    assert sorted(map(str, codes["RENDER-FAILED"])) == [*failed, "permalink.md"]
    assert codes["RENDER-LAYOUT"] == ["_posts/2020-01-02-good.md"]
    assert codes["RENDER-TAG"] == ["tag.md"]
    assert codes["RENDER-FILTER"] == ["tag.md"]
    built = tree(tmp_path / "x")
    assert b"kept" in built["tag.html"]
    assert sorted(built) == ["2020/01/02/good.html", "good.html", "tag.html"]
    assert "RENDER-ABSENT" not in codes
    assert (done.built, done.absent, done.exit_code) == (3, 0, 1)


def test_a_theme_and_plugins_that_are_not_there_are_told(tmp_path: Path) -> None:
    config = "theme: jekyll-theme-nobody\nplugins: [jekyll-feed, jekyll-nobody, open3]\n"
    files = {"_config.yml": config, "a.md": "---\nlayout: page\n---\nText.\n"}
    done = build(folder_of(files, tmp_path / "site"), tmp_path / "x")
    codes = found(done)
    assert len(codes["RENDER-THEME"]) == 1
    assert len(codes["RENDER-PLUGIN"]) == 2
    assert codes["RENDER-LAYOUT"] == ["a.md"]
    assert done.plugins == ("jekyll-feed",)
    assert "feed.xml" in tree(tmp_path / "x")


def test_the_clock_is_that_of_the_moment_everywhere(tmp_path: Path) -> None:
    text = "{{ site.time | date: '%F %T' }} {{ 'now' | date: '%F' }} {{ 'today' | date: '%F' }}\n"
    files = {"now.md": PAGE + text, "_posts/2020-05-18-later.md": "---\n---\n"}
    build(folder_of(files, tmp_path / "site"), tmp_path / "x")
    built = tree(tmp_path / "x")
    assert b"2020-05-17 12:00:00 2020-05-17 2020-05-17" in built["now.html"]
    assert list(built) == ["now.html"]


def test_what_cannot_be_is_refused(
    sample_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = folder_of({}, tmp_path / "site")
    cases: list[tuple[type[PipelineError], Path, Path, dict[str, str]]] = [
        (UsageError, site, tmp_path / "x", {"at": "2020-01-01"}),
        (UsageError, sample_bundle, tmp_path / "x", {"at": "2020-01-01", "rev": "main"}),
        (NotFoundError, sample_bundle, tmp_path / "x", {"at": "1999-01-01"}),
        (NotWritableError, site, site, {}),
        (NotWritableError, site, site / "_config.yml", {}),
    ]
    for error, source, to, options in cases:
        with pytest.raises(error):
            build(source, to, DEFAULT_BUILD_LIMITS, **options)
    assert not (tmp_path / "x").exists()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoJekyllError):
        build(site, tmp_path / "x")


def test_the_whole_of_a_real_site(tmp_path: Path) -> None:
    bundle = Path(__file__).parents[3] / "shared" / "data" / "ai-cam-content.bundle"
    if not bundle.exists():
        pytest.skip("../shared/data/ai-cam-content.bundle is not here")
    options = RenderOptions(source=str(bundle), folder=tmp_path / "x", now=NOW, at="2023-11-02")
    done = render(options)
    built = tree(tmp_path / "x")
    names = [name for name in built if name.startswith("blog/") and "generative-ai" in name]
    assert len(names) == 5
    assert "news/2023-11-01-cambridge-perspectives-genAI-governance.html" in built
    assert done.built + done.failed + done.absent == done.found
    assert len(found(done)["RENDER-LAYOUT"]) > 50  # layouts are left out of the bundle


def test_links_inside_the_tree_are_files_and_links_outside_are_told(tmp_path: Path) -> None:
    site = folder_of({"a.md": f"{PAGE}A\n", "files/b.txt": "b\n"}, tmp_path / "site")
    (tmp_path / "secret.txt").write_text("SECRET")
    for name, target in (
        ("inside.txt", "files/b.txt"),
        ("outside.txt", "../secret.txt"),
        ("passwd", "/etc/passwd"),
        ("up", ".."),
    ):
        (site / name).symlink_to(target)
    run = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", str(site)]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"]):
        subprocess.run([*run, *words], check=True, capture_output=True)
    done = build(site, tmp_path / "x")
    assert tree(tmp_path / "x").keys() == {"a.html", "files/b.txt", "inside.txt"}
    assert sorted(map(str, found(done)["RENDER-LEFT-OUT"])) == ["outside.txt", "passwd", "up"]


def test_a_plugin_that_fails_and_what_jekyll_says_are_told(tmp_path: Path) -> None:
    config = "plugins: [jekyll-redirect-from]\n"
    files = {"_config.yml": config, "a.md": "---\nredirect_from: [[{b: c}]]\n---\nText.\n"}
    done = build(folder_of(files, tmp_path / "site"), tmp_path / "x")
    assert found(done)["RENDER-PLUGIN-FAILED"] == ["_config.yml"]
    same = dict.fromkeys(("a.md", "b.md"), "---\npermalink: /x.html\n---\n")
    told = build(folder_of(same, tmp_path / "same"), tmp_path / "y").findings
    said = [finding.message for finding in told if finding.code == "RENDER-SAID"]
    assert "The following destination is shared by multiple files" in said[0]


def test_plugins_of_the_tree_and_what_nobody_wrote_are_told(tmp_path: Path) -> None:
    files = {
        "_config.yml": "plugins_dir: [_own, _plugins]\nwebrick: {}\n",
        "_own/a.rb": "raise 'never'",
        "_plugins/b.rb": "raise 'never'",
        "c.rb": "puts 1\n",
        "d.md": f"{PAGE}D\n",
    }
    done = build(folder_of(files, tmp_path / "site"), tmp_path / "x")
    assert sorted(map(str, found(done)["RENDER-PLUGIN"])) == ["_own/a.rb", "_plugins/b.rb"]
    assert tree(tmp_path / "x").keys() == {"c.rb", "d.html"}
    items = [replace(_ITEM, path="lost.md", destination="/lost.html")]
    built = Built(
        written={},
        failed=frozenset(),
        plugins=(),
        confinement=Confinement(network=True, files=True),
        findings=(),
    )
    compared = compare_built(items, built, tmp_path / "x")
    assert (compared.built, compared.absent) == (0, 1)
    assert [finding.code for finding in compared.findings] == ["RENDER-ABSENT"]
    elsewhere = replace(built, written={"lost.md": "d.html"})
    assert compare_built(items, elsewhere, tmp_path / "x").built == 1


@pytest.mark.parametrize(
    ("source", "code"),
    [("/etc", "CONFIG-SOURCE-OUTSIDE"), ("../x", "CONFIG-SOURCE-OUTSIDE"), (".", None)],
)
def test_a_source_out_of_the_tree_is_told_and_the_counts_add_up(
    source: str, code: str | None, tmp_path: Path
) -> None:
    site = {
        "_config.yml": f"title: A\nsource: {source}\n",
        "a.md": PAGE,
        "sub/_posts/2020-01-01-b.md": PAGE,
    }
    done = build(folder_of(site, tmp_path / "site"), tmp_path / "x")
    assert (done.found, done.built, done.absent, done.added, done.files) == (2, 2, 0, 0, 2)
    assert set(found(done)) == ({code} if code else set())
    assert set(tree(tmp_path / "x")) == {"a.html", "sub/2020/01/01/b.html"}


def test_a_source_within_the_tree_is_what_is_built(tmp_path: Path) -> None:
    page = PAGE.replace("none", "own")
    site = {
        "_config.yml": "title: A\nsource: ./sub/\n",
        "a.md": page,
        "sub/b.md": page,
        "sub/_posts/2020-01-01-c.md": f"{page}{{{{ no }}}}",
        "sub/bad.md": f"{page}{{% if %}}",
        "sub/_layouts/own.html": "<{{ page.path }}>",
    }
    done = build(folder_of(site, tmp_path / "site"), tmp_path / "x")
    assert (done.found, done.built, done.failed, done.added) == (3, 2, 1, 0)
    assert found(done)["RENDER-FAILED"] == ["bad.md"]
    assert tree(tmp_path / "x") == {
        "b.html": b"<b.md>",
        "2020/01/01/c.html": b"<_posts/2020-01-01-c.md>",
    }
    nowhere = {"_config.yml": "title: A\nsource: nowhere\n", "a.md": PAGE}
    with pytest.raises(BuildFailedError, match="'nowhere', a folder that is not there"):
        build(folder_of(nowhere, tmp_path / "nowhere"), tmp_path / "y")
    assert not (tmp_path / "y").exists()


def test_the_command_tells_what_was_built(sample_bundle: Path, tmp_path: Path) -> None:
    done = command("render", sample_bundle, "--at", "2025-01-31", "--to", tmp_path / "x")
    assert done.code == 0, done.err
    assert "nothing of the tree executed" in done.out
    assert "built, 0 failed, 0 absent" in done.out
    site = folder_of({"a.md": "---\n---\n{% if %}\n"}, tmp_path / "site")
    told = command("render", site, "--to", tmp_path / "y", "--json")
    assert told.code == 1
    assert (json.loads(told.out)["found"], json.loads(told.out)["failed"]) == (1, 1)
    command("render", site, "--to", site).assert_refused(20, "not empty")
