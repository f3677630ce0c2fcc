"""The archived commit, not only the catalogue, says which tree it records."""

import sqlite3
from dataclasses import replace
from pathlib import Path

from pipeline.audit.report import Level, Verdict
from pipeline.jobs.ask import asked
from pipeline.jobs.place import find_place
from pipeline.jobs.verify import verify
from pipeline.jobs.verify_records import look_at_records
from pipeline.store.auditing import captures
from pipeline.warc.manifests import read_manifest


def test_a_catalogue_that_gives_a_commit_another_tree_is_caught_by_the_record(
    quay_copy: Path,
) -> None:
    with asked(find_place(quay_copy, None)) as (connection, site):
        known = tuple(captures(connection, site.id))
    filed = (read_manifest(quay_copy, 1),)
    assert look_at_records(quay_copy, filed, known).levels[Level.CONTENTS].verdict is Verdict.PASS
    forged = tuple(
        replace(each, commit_tree="0" * 40) if each.commit_oid else each for each in known
    )
    looked = look_at_records(quay_copy, filed, forged).levels[Level.CONTENTS]
    assert looked.verdict is Verdict.FAIL
    assert "records another tree" in looked.findings[0].message


def test_verify_names_the_commit_whose_row_was_changed(quay_copy: Path) -> None:
    with sqlite3.connect(quay_copy / "catalogue.db") as database:
        database.execute("UPDATE commits SET tree_oid = ?", ("1" * 40,))
    database.close()
    findings = verify(quay_copy).levels[Level.CONTENTS].findings
    assert findings
    assert all("records another tree" in finding.message for finding in findings)
