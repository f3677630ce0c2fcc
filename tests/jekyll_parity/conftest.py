"""The Ruby process that the parity tests share, and a way to compare a folder with it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.jekyll.options import ReadOptions
from pipeline.model import Finding
from tests.jekyll_parity.comparison import Comparison, compare
from tests.jekyll_parity.jekyll import Answer, Job, Oracle, missing
from tests.jekyll_parity.ours import extract


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What Jekyll said about a folder, how it compares, and our findings."""

    answer: Answer
    result: Comparison
    findings: tuple[Finding, ...]


CompareFolder = Callable[[Path], Compared]


def need_ruby() -> None:
    """Skip with a sentence where Jekyll is absent; with CI=true nothing may skip."""
    reason = missing()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(f"{reason} (CI=true: nothing may be skipped)", pytrace=False)
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def oracle() -> Iterator[Oracle]:
    """Real Jekyll."""
    need_ruby()
    with Oracle() as process:
        yield process


@pytest.fixture(scope="session")
def compare_folder(oracle: Oracle, tmp_path_factory: pytest.TempPathFactory) -> CompareFolder:
    """`compare_folder(site)` lets Jekyll and our rules read the same site."""
    out = tmp_path_factory.mktemp("oracle") / "rows.jsonl"

    def run(folder: Path) -> Compared:
        answer = oracle.ask(Job(source=folder, out=out))
        options = ReadOptions(yaml_engine=answer.engine, now=answer.time)
        extracted = extract(folder, options, {"plugins": list(answer.plugins)})
        findings = [finding for item in extracted.outcome.items for finding in item.findings]
        return Compared(
            answer=answer,
            result=Comparison() if answer.error else compare(answer.rows, extracted),
            findings=tuple(findings),
        )

    return run
