from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sources import open_source
from tests.sources.conftest import Make
from tests.sources.workshop import Workshop, run_git

Step = tuple[str, str, str]


def asked_of_git(folder: Path, path: str) -> tuple[str, str]:
    """The same question to git itself, a path at a time."""
    literal = f":(literal){path}"
    last = run_git(folder, "log", "-1", "--format=%H", "HEAD", "--", literal)
    options = ("--diff-filter=A", "--date-order", "--full-history", "--no-renames")
    added = run_git(folder, "log", *options, "--format=%H", "HEAD", "--", literal)
    return added.decode().split()[-1], last.decode().strip()


def check_against_git(folder: Path, limit: int = 1000) -> int:
    with open_source(str(folder)) as source:
        histories = source.first_and_last()
        assert list(histories) == [entry.path for entry in source.entries]
    step = max(1, len(histories) // limit)
    checked = list(histories.items())[::step]
    for path, history in checked:
        assert (history.first, history.last) == asked_of_git(folder, path), path
        assert history.first_known
        assert history.last_known
    return len(checked)


def test_knows_what_git_knows_about_a_straight_history(site: Workshop) -> None:
    assert check_against_git(site.folder) == 3


def test_follows_the_side_of_a_merge_that_is_the_same(make: Make) -> None:
    site = make()
    base = site.commit({"both": "1\n2\n3\n4\n5\n", "main": "1", "side": "1", "undone": "1"})
    site.git("checkout", "--quiet", "-b", "side")
    on_side = site.commit(
        {"side": "2", "new-on-side": "1", "undone": "2", "both": "one\n2\n3\n4\n5\n"}
    )
    site.commit({"undone": "1"})
    site.git("checkout", "--quiet", "main")
    on_main = site.commit({"main": "2", "both": "1\n2\n3\n4\nfive\n"})
    site.clock += 60
    site.git("merge", "--quiet", "--no-edit", "side")
    merge = site.git("rev-parse", "HEAD")
    check_against_git(site.folder)
    with open_source(str(site.folder)) as source:
        histories = source.first_and_last()
    assert histories["both"].last == merge
    assert histories["main"].last == on_main
    assert histories["undone"].last == base, "the first parent has it unchanged"
    assert histories["new-on-side"].first == on_side


def test_says_when_a_path_first_came_though_it_went_away_meanwhile(make: Make) -> None:
    site = make()
    first = site.commit({"page": "1", "kept": "1"})
    site.commit({"page": None})
    again = site.commit({"page": "1"})
    check_against_git(site.folder)
    with open_source(str(site.folder)) as source:
        history = source.first_and_last()["page"]
    assert (history.first, history.last) == (first, again)


def test_counts_a_change_of_mode_and_a_change_back(make: Make) -> None:
    site = make()
    site.commit({"script": "1", "back": "1"})
    site.commit({"back": "2"})
    (site.folder / "script").chmod(0o755)
    last = site.commit({"back": "1"})
    with open_source(str(site.folder)) as source:
        histories = source.first_and_last()
    assert {each.last for each in histories.values()} == {last}
    check_against_git(site.folder)


def test_reads_unrelated_histories_and_a_merge_of_three(make: Make) -> None:
    site = make()
    site.commit({"a": "1"})
    for name in ("x", "y"):
        site.git("checkout", "--quiet", "--orphan", name)
        site.git("rm", "-rfq", ".")
        site.commit({name: "1", "index.md": name})
    site.git("checkout", "--quiet", "main")
    site.clock += 60
    tree = "\n".join(
        f"100644 blob {site.git('rev-parse', spec)}\t{spec.partition(':')[2]}"
        for spec in ("main:a", "x:x", "y:y", "y:index.md")
    )
    made = site.git("mktree", stdin=tree.encode() + b"\n")
    parents = [part for name in ("main", "x", "y") for part in ("-p", name)]
    merge = site.git("commit-tree", made, *parents, "-m", "three")
    site.git("update-ref", "refs/heads/main", merge)
    assert check_against_git(site.folder) == 4


def test_a_message_that_looks_like_a_difference_changes_nothing(make: Make) -> None:
    site = make()
    message = f":000000 100644 {'0' * 40} {'1' * 40} A\n{'2' * 40} {'3' * 40}"
    site.commit({"a": "1"}, message)
    site.commit({":100644 b": "1", "0" * 40: "1"}, message)
    assert check_against_git(site.folder) == 3


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["main", "side"]),
            st.sampled_from(["write", "remove", "merge"]),
            st.sampled_from(["a", "b/c", "b/d"]),
        ),
        max_size=8,
    )
)
@settings(max_examples=8, deadline=None, derandomize=True)
def test_knows_what_git_knows_about_any_history(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step]
) -> None:
    site = Workshop.create(tmp_path_factory.mktemp("any") / "site")
    site.commit({"base": "1"})
    site.git("branch", "side")
    for number, (branch, action, path) in enumerate(steps):
        site.git("checkout", "--quiet", branch)
        target = site.folder / path
        if action == "write":
            site.commit({path: f"{number % 3}"})
        elif action == "remove" and target.exists():
            site.commit({path: None})
        elif action == "merge":
            site.clock += 60
            other = "main" if branch == "side" else "side"
            site.git("merge", "--quiet", "--no-edit", "-s", "ours", other)
    site.git("checkout", "--quiet", "main")
    check_against_git(site.folder)


def test_knows_what_git_knows_about_the_real_site(aicam_bundle: Path, tmp_path: Path) -> None:
    run_git(tmp_path, "clone", "--quiet", "--bare", str(aicam_bundle), "clone.git")
    assert check_against_git(tmp_path / "clone.git", limit=25) >= 25
