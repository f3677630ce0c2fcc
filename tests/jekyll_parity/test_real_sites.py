"""The real history's tip and the sample site, against Jekyll."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.jekyll.item import ItemKind
from pipeline.jekyll.options import ReadOptions, YamlEngine
from tests.jekyll_parity.conftest import CompareFolder, need_ruby
from tests.jekyll_parity.ours import extract


def _checkout(bundle: Path, folder: Path) -> Path:
    subprocess.run(
        ["git", "clone", "-q", str(bundle), str(folder)],  # noqa: S607 - git is looked up in PATH
        check=True,
        capture_output=True,
    )
    return folder


def test_the_real_site_is_computed_as_jekyll_computes_it(
    aicam_bundle: Path, compare_folder: CompareFolder, tmp_path: Path
) -> None:
    compared = compare_folder(_checkout(aicam_bundle, tmp_path / "site"))
    assert compared.answer.error == ""
    assert [str(difference) for difference in compared.result.differences] == []
    assert compared.result.compared["title"] == 461


def test_the_sample_site_is_computed_as_jekyll_computes_it(
    sample_bundle: Path, compare_folder: CompareFolder, tmp_path: Path
) -> None:
    compared = compare_folder(_checkout(sample_bundle, tmp_path / "site"))
    assert compared.answer.error == ""
    assert [str(difference) for difference in compared.result.differences] == []
    assert compared.result.compared["title"] >= 20


@pytest.mark.parametrize("bundle", ["sample_bundle", "aicam_bundle"])
def test_a_build_writes_exactly_the_files_that_we_name(
    bundle: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    need_ruby()
    site = _checkout(request.getfixturevalue(bundle), tmp_path / "site")
    subprocess.run(
        ["jekyll", "build", "-q", "-s", str(site), "-d", str(tmp_path / "built")],  # noqa: S607
        check=True,
        capture_output=True,
        env={**os.environ, "JEKYLL_NO_BUNDLER_REQUIRE": "true", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
    )
    built = {
        f"/{path.relative_to(tmp_path / 'built').as_posix()}"
        for path in (tmp_path / "built").rglob("*")
        if path.is_file()
    }
    options = ReadOptions(yaml_engine=YamlEngine.PSYCH, now=datetime.now(UTC))
    outcome = extract(site, options).outcome
    named = {item.destination for item in outcome.items if item.written}
    named |= {extra.destination for extra in outcome.generated}
    assert built == named
    assert any(item.kind is ItemKind.STATIC and item.written for item in outcome.items)
