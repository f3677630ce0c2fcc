"""Two moments of a site compared, from catalogue and archive alone."""

from collections import Counter
from pathlib import Path

import pytest

from pipeline.errors import NotFoundError, NotWritableError, UsageError
from pipeline.history.comparison.values import (
    Comparison,
    Effect,
    Fate,
    Field,
    LossKind,
    Status,
)
from pipeline.jobs.ask import asked
from pipeline.jobs.compare import compare
from pipeline.jobs.looking_back import list_then
from pipeline.jobs.place import Place, find_place
from pipeline.jobs.report import write_page
from pipeline.jobs.then import commit_at, stood_at
from pipeline.sample import BEFORE_REDESIGN, TIP
from tests.archives import archive
from tests.sources.workshop import Workshop, run_git

REDESIGN = "a3b5cff564fd"
POSTS, NEWS, RESEARCH = 30, 38, 28
SHARE = "[](twitter.com)[](facebook.com)[](linkedin.com)[](bsky.app)[](github.com)"


@pytest.fixture(scope="module")
def mill(sample_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("compared") / "mill"
    archive(sample_bundle, folder)
    return find_place(folder, None)


@pytest.fixture(scope="module")
def aicam(aicam_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("compared") / "aicam"
    archive(aicam_bundle, folder)
    return find_place(folder, None)


@pytest.fixture(scope="module")
def redesign(aicam: Place) -> Comparison:
    return compare(aicam, f"before:{REDESIGN}", f"after:{REDESIGN}")


@pytest.fixture(scope="module")
def oracle(aicam_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("oracle")
    run_git(folder, "clone", "--quiet", "--bare", str(aicam_bundle), "site.git")
    return folder / "site.git"


def having(oracle: Path, pattern: str, revision: str, folder: str) -> set[str]:
    """Ask git which files of a folder have a line like this."""
    try:
        out = run_git(oracle, "grep", "-zlE", pattern, revision, "--", folder)
    except AssertionError:
        return set()
    return {name.decode().partition(":")[2] for name in out.split(b"\0") if name}


def losing(found: Comparison, field: Field, collection: str) -> set[str]:
    return {
        document.before.path
        for document in found.documents
        for change in document.changes
        if document.before
        and document.before.collection == collection
        and change.field is field
        and change.effect is Effect.LOST
    }


@pytest.fixture
def forked(tmp_path: Path) -> tuple[Place, dict[str, str]]:
    """A branch and a side line that a merge took in, and their commits."""
    shop = Workshop.create(tmp_path / "site")
    first = shop.commit({"_config.yml": "title: x\n", "a.md": "---\ntitle: First\n---\nOne.\n"})
    shop.git("checkout", "--quiet", "-b", "side")
    side = shop.commit({"a.md": "---\ntitle: Side\n---\nOne.\n", "b.md": "---\n---\nNew.\n"})
    shop.git("checkout", "--quiet", "main")
    second = shop.commit({"c.md": "---\n---\nThree.\n"})
    shop.git("merge", "--quiet", "--no-ff", "-m", "Merge", "side")
    archive(shop.folder, tmp_path / "a")
    commits = {"first": first, "side": side, "second": second}
    return find_place(tmp_path / "a", None), commits


def test_commits_of_side_lines_stand_as_they_were(forked: tuple[Place, dict[str, str]]) -> None:
    place, commits = forked
    titles = {entry.path: entry.title for entry in list_then(place, commits["side"])}
    assert titles["a.md"] == "Side"
    assert "c.md" not in titles
    before = {entry.path for entry in list_then(place, f"before:{commits['side']}")}
    assert before == {"a.md"}
    with asked(place) as (connection, site):
        for name in ("first", "side", "second"):
            assert commit_at(connection, site, commits[name][:7]) == commits[name]
            assert commit_at(connection, site, f"after:{commits[name]}") == commits[name]
        source = stood_at(connection, site, place.archive, commits["side"])
    assert [entry.path for entry in source.entries] == ["_config.yml", "a.md", "b.md"]


def test_two_lines_are_compared_with_what_lies_between(
    forked: tuple[Place, dict[str, str]],
) -> None:
    place, commits = forked
    found = compare(place, commits["second"], commits["side"])
    assert (found.timeline.commits, found.timeline.undone) == (1, 1)
    assert (found.before.on_branch, found.after.on_branch) == (True, False)
    assert {each.status for each in found.documents} == {Status.CHANGED, Status.LOST, Status.NEW}
    assert found.total.before == found.before.documents
    assert compare(place, commits["side"], commits["side"]).worst == ()


@pytest.mark.parametrize(
    ("when", "error", "words"),
    [
        ("before:{first}", NotFoundError, "first one"),
        ("before:soon", UsageError, "neither"),
        ("after:2024-01-01", UsageError, "neither"),
        ("before:", UsageError, "neither"),
        ("0" * 40, UsageError, "neither"),
    ],
)
def test_moments_that_are_none_are_refused(
    forked: tuple[Place, dict[str, str]], when: str, error: type[Exception], words: str
) -> None:
    place, commits = forked
    with pytest.raises(error, match=words):
        compare(place, when.format(**commits), commits["second"])


def test_a_collection_that_never_was_is_refused(mill: Place) -> None:
    with pytest.raises(NotFoundError, match="either side"):
        compare(mill, BEFORE_REDESIGN, TIP, "never")


def test_the_sample_s_redesign_is_reported(mill: Place) -> None:
    found = compare(mill, BEFORE_REDESIGN, TIP)
    assert found.total.before == found.total.kept + found.total.changed + found.total.lost
    series = [
        document
        for document in found.documents
        if document.before and document.before.path.startswith("_posts/2024-05-14-")
    ]
    assert len(series) == 5
    assert all(document.after and document.ties for document in series)
    assert found.timeline.commits == len(
        [beat for beat in found.timeline.days for _ in range(beat.commits)]
    )
    assert sum(beat.documents for beat in found.timeline.beats) > 4
    assert len(compare(mill, BEFORE_REDESIGN, TIP, "posts").documents) < len(found.documents)


def test_bytes_that_are_absent_are_not_compared(tmp_path: Path) -> None:
    shop = Workshop.create(tmp_path / "site")
    first = shop.commit({"_config.yml": "title: x\n", "a.md": "---\ntitle: A\n---\nOne.\n"})
    second = shop.commit({"a.md": "---\ntitle: A\n---\nTwo.\n"})
    archive(shop.folder, tmp_path / "a")
    place = find_place(tmp_path / "a", None)
    whole = compare(place, first, second)
    assert [each.status for each in whole.documents] == [Status.CHANGED]
    for file in (tmp_path / "a" / "archive").glob("*.warc.gz"):
        data = bytearray(file.read_bytes())
        with asked(place) as (connection, site):
            stored = stood_at(connection, site, place.archive, first).files["a.md"]
        data[(stored.record_offset or 0) + 40] ^= 0xFF
        file.chmod(0o644)
        file.write_bytes(data)
    (document,) = compare(place, first, second).documents
    assert document.status is Status.UNREAD
    assert document.before is None


def test_a_page_replaces_only_a_page_of_ours(mill: Place, tmp_path: Path) -> None:
    found = compare(mill, BEFORE_REDESIGN, TIP, "posts")
    page = tmp_path / "report.html"
    write_page(found, page)
    first = page.read_bytes()
    write_page(found, page)
    assert page.read_bytes() == first
    page.write_text("my own notes")
    with pytest.raises(NotWritableError, match="no report of ours"):
        write_page(found, page)
    assert page.read_text() == "my own notes"
    for place, words in (
        (tmp_path, "no file"),
        (tmp_path / "none" / "x.html", "folder does not exist"),
    ):
        with pytest.raises(NotWritableError, match=words):
            write_page(found, place)
    link = tmp_path / "link.html"
    link.symlink_to(page)
    with pytest.raises(NotWritableError, match="no file"):
        write_page(found, link)
    (tmp_path / "late.html.open").touch()
    with pytest.raises(NotWritableError, match="earlier try"):
        write_page(found, tmp_path / "late.html")
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "late.html.open",
        "link.html",
        "report.html",
    ]


def test_all_posts_and_news_of_the_real_redesign_find_theirs(redesign: Comparison) -> None:
    rows = {each.collection: each for each in redesign.collections}
    for name, count in (("posts", POSTS), ("news", NEWS)):
        assert (rows[name].before, rows[name].lost) == (count, 0)
    assert (rows["research"].before, rows["research"].lost) == (RESEARCH, RESEARCH)
    total = redesign.total
    assert total.before == total.kept + total.changed + total.lost == redesign.before.documents
    assert total.after == total.kept + total.changed + total.new == redesign.after.documents
    assert redesign.worst[0].kind is LossKind.DOCUMENTS
    assert redesign.worst[0].collection == "research"
    assert len(redesign.worst) == 10


@pytest.mark.parametrize(
    ("field", "key", "posts"),
    [
        (Field.AUTHORS, "author", 18),
        (Field.PEOPLE, "people", 21),
        (Field.CATEGORIES, "category", 30),
        (Field.EXCERPT, "excerpt", 30),
    ],
)
def test_the_fields_that_the_real_redesign_lost_are_those_that_git_sees(
    redesign: Comparison, oracle: Path, field: Field, key: str, posts: int
) -> None:
    before = having(oracle, f"^{key}:", f"{REDESIGN}^", "_posts/")
    assert having(oracle, f"^{key}:", REDESIGN, "_blog_posts/") == set()
    assert losing(redesign, field, "posts") == before
    assert len(before) == posts


def test_the_authors_of_the_interviews_and_the_people_of_the_landing_page_are_lost(
    redesign: Comparison,
) -> None:
    interviews = [
        document
        for document in redesign.documents
        if document.before and document.before.path.startswith("_posts/2023-11-01-")
    ]
    assert len(interviews) == 5
    for document in interviews:
        lost = {each.field: each for each in document.changes if each.effect is Effect.LOST}
        assert {Field.AUTHORS, Field.EXCERPT, Field.CATEGORIES} <= set(lost)
        assert document.address is not None
        assert document.address.fate is Fate.GONE
        assert document.confidence > 0.9
    (landing,) = [
        document
        for document in redesign.documents
        if document.before and document.before.path.startswith("_news/2023-11-01-")
    ]
    people = next(each for each in landing.changes if each.field is Field.PEOPLE)
    assert len(people.lost) == 9
    links = next(each for each in landing.changes if each.field is Field.LINKS)
    assert sum("-generative-ai" in target for target in links.lost) == 5


def test_sixteen_of_thirty_posts_changed_their_url_and_none_redirected(
    redesign: Comparison,
) -> None:
    fates = Counter(each.fate for each in redesign.addresses if each.collection == "posts")
    assert fates.total() == 16
    assert fates[Fate.REDIRECTED] == 0
    assert all(each.fate is not Fate.REDIRECTED for each in redesign.addresses)


def test_scraped_share_links_are_found_in_every_document_that_git_finds(
    redesign: Comparison, oracle: Path
) -> None:
    (share,) = [each for each in redesign.boilerplate if each.lines == (SHARE,)]
    assert set(share.documents) == having(oracle, "sharer[.]php", REDESIGN, "_*")
    assert len(share.documents) == 8
    copied = max(redesign.boilerplate, key=lambda each: len(each.lines))
    assert len(copied.documents) == 7
    assert {path.partition("/")[0] for path in copied.documents} == {"_reports"}


def test_people_whom_the_real_redesign_left_out_are_in_none_of_its_files(
    redesign: Comparison, oracle: Path
) -> None:
    for person in redesign.unnamed:
        if not person.in_text:
            assert having(oracle, person.name.replace(".", "[.]"), REDESIGN, "_*") == set()
    assert [person for person in redesign.unnamed if not person.in_text]
