"""The Ruby process that the parity tests share, and a way to compare a folder with it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.jekyll.options import ReadOptions, YamlEngine
from tests.jekyll_parity.comparison import Comparison, compare
from tests.jekyll_parity.jekyll import Answer, Job, Oracle, missing
from tests.jekyll_parity.ours import extract

CompareFolder = Callable[[Path], tuple[Answer, Comparison]]


@pytest.fixture(scope="session")
def oracle() -> Iterator[Oracle]:
    """Real Jekyll, or a skip with a sentence; with CI=true nothing may skip."""
    reason = missing()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(f"{reason} (CI=true: nothing may be skipped)", pytrace=False)
    if reason:
        pytest.skip(reason)
    with Oracle() as process:
        yield process


@pytest.fixture(scope="session")
def compare_folder(oracle: Oracle, tmp_path_factory: pytest.TempPathFactory) -> CompareFolder:
    """`compare_folder(site)` lets Jekyll and our rules read the same site."""
    out = tmp_path_factory.mktemp("oracle") / "rows.jsonl"

    def run(folder: Path) -> tuple[Answer, Comparison]:
        answer = oracle.ask(Job(source=folder, out=out))
        options = ReadOptions(yaml_engine=YamlEngine.PSYCH, now=answer.time)
        settings = {"plugins": list(answer.plugins)}
        if answer.error:
            return answer, Comparison()
        return answer, compare(answer.rows, extract(folder, options, settings))

    return run
