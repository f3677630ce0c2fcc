"""The real history's tip and the sample site, against Jekyll."""

import subprocess
from pathlib import Path

from tests.jekyll_parity.conftest import CompareFolder


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
