"""Sites that nobody wrote: Jekyll and our rules agree on them, or Jekyll stops and we say why."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from tests.jekyll_parity.conftest import CompareFolder
from tests.jekyll_parity.inventing import InventedSite, invented_sites


@settings(
    max_examples=500,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(site=invented_sites())
def test_jekyll_agrees_on_invented_sites(site: InventedSite, compare_folder: CompareFolder) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        compared = compare_folder(site.write(Path(scratch) / "site"))
    assert [str(difference) for difference in compared.result.differences] == []
    if compared.answer.error and not any(path.endswith(".yml") for path in site.files):
        assert compared.findings, compared.answer.error
