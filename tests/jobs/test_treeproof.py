"""Trees that prove what a commit has: only where they are the trees that it names."""

from pathlib import Path

from pipeline.history.gitobject import ObjectKind, object_id
from pipeline.jobs.ask import asked
from pipeline.jobs.place import find_place
from pipeline.jobs.treeproof import prove_trees
from pipeline.report.dossier import Held
from pipeline.store.past import whole
from tests.archives import Source
from tests.sources.workshop import run_git

POST = "_posts/2024-04-02-the-sluice-gate.md"


def test_a_commit_leads_to_the_file_and_to_nothing(quay: Source, quay_archive: Path) -> None:
    raw = run_git(quay.workshop.folder, "cat-file", "commit", quay.first)
    with asked(find_place(quay_archive, None)) as (connection, site):
        versions = whole(connection, site)
    pairs = [(quay.first, POST), (quay.first, "_events/none/open-day.md")]
    proof = prove_trees(versions, {quay.first: raw}, pairs)
    oid = quay.workshop.git("rev-parse", f"{quay.first}:{POST}")
    assert proof.held == {
        pairs[0]: Held(commit=quay.first, holds=f"100644 {oid}"),
        pairs[1]: Held(commit=quay.first, holds=""),
    }
    root = quay.workshop.git("rev-parse", f"{quay.first}^{{tree}}")
    posts = quay.workshop.git("rev-parse", f"{quay.first}:_posts")
    assert set(proof.objects) == {root, posts}
    assert all(object_id(ObjectKind.TREE, data) == oid for oid, data in proof.objects.items())


def test_what_is_not_known_or_another_tree_is_left_out(quay: Source, quay_archive: Path) -> None:
    raw = run_git(quay.workshop.folder, "cat-file", "commit", quay.second)
    with asked(find_place(quay_archive, None)) as (connection, site):
        versions = whole(connection, site)
    strange = "f" * 40
    commits = {quay.first: raw, quay.second: b"no commit", strange: raw}
    pairs = [(commit, POST) for commit in (*commits, "0" * 40)]
    proof = prove_trees(versions, commits, pairs)
    assert (dict(proof.held), dict(proof.objects)) == ({}, {})
