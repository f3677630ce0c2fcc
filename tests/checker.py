"""The checker of evidence as a module, so that tests can look inside of it."""

import importlib.util
from types import ModuleType

import pytest

from pipeline.report import dossier


@pytest.fixture(scope="session")
def check() -> ModuleType:
    """What `check.py` defines."""
    place = f"{dossier.__file__.rpartition('/')[0]}/{dossier.CHECKER}"
    spec = importlib.util.spec_from_file_location("check", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
