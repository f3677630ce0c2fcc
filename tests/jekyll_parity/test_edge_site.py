"""About ninety edge cases, one a file: what both YAML engines compute is recorded beside them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.jekyll.options import ReadOptions, YamlEngine
from tests.jekyll_parity.comparison import compare
from tests.jekyll_parity.ours import extract

EDGE = Path(__file__).resolve().parent / "edge"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # the day on which the expectations were recorded


@pytest.mark.parametrize("engine", list(YamlEngine))
def test_every_field_of_every_edge_case_is_what_jekyll_computed(engine: YamlEngine) -> None:
    lines = (EDGE / f"expected.{engine.value}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    extracted = extract(EDGE / "site", ReadOptions(yaml_engine=engine, now=NOW))
    result = compare(rows, extracted)
    assert [str(difference) for difference in result.differences] == []
    assert result.compared["url"] == 98


def test_without_a_clock_only_what_depends_on_it_is_unknown() -> None:
    at_some_time = extract(EDGE / "site", ReadOptions(now=NOW)).outcome.items
    whenever = {item.path: item for item in extract(EDGE / "site", ReadOptions()).outcome.items}
    differing = {item.path for item in at_some_time if item.url != whenever[item.path].url}
    unknown = {path for path, item in whenever.items() if item.url is None}
    assert differing == unknown
    assert unknown == {
        "_drafts/a-draft.md",
        "_posts/2023-07-01-broken.md",
        "_posts/2023-07-01-latin1.md",
        "_posts/2023-07-01-list-fm.md",
        "_posts/2023-07-01-scalar-fm.md",
        "_posts/2023-07-01-yaml.yml",
    }
