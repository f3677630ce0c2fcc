"""The wheel is whole: it works in a clean environment, far from the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import absent

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_migrations_the_sample_and_the_templates_travel_with_the_package(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "pipeline/migrations/env.py" in names
    assert "pipeline/migrations/schema.sql" in names
    assert any(name.startswith("pipeline/migrations/versions/0001") for name in names)
    assert "pipeline/sample/site.bundle" in names
    assert "pipeline/report/templates/page.css" in names
    assert "pipeline/report/templates/page.html" in names
    assert not [name for name in names if name.startswith(("tests/", "alembic/"))]


def test_no_package_shadows_alembic() -> None:
    assert not (ROOT / "alembic" / "__init__.py").exists()


def test_the_demo_runs_from_a_clean_environment_in_another_folder(
    wheel: Path, tmp_path: Path
) -> None:
    clean = tmp_path / "clean"
    subprocess.run([sys.executable, "-m", "venv", str(clean)], check=True)
    installing = [str(clean / "bin/python"), "-m", "pip", "install", "--quiet", str(wheel)]
    installed = subprocess.run(installing, capture_output=True, text=True, check=False)
    if installed.returncode and "from versions: none" in installed.stderr:
        absent("no package registry answers, so the wheel cannot be installed with what it needs")
    assert installed.returncode == 0, installed.stderr
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    done = subprocess.run(
        [str(clean / "bin/jekyll-archive"), "demo"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "verified: pass" in done.stdout
    assert (tmp_path / "archives/sallow-quay/catalogue.db").is_file()
