"""`replay --viewer`: what is said, and how it ends."""

from pathlib import Path

import pytest

from pipeline.jobs.viewer_webpage import VARIABLE
from pipeline.jobs.viewing import Viewing
from tests.cli.command import command


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)


def test_what_is_not_installed_is_told_with_its_code(mill_archive: Path) -> None:
    for viewer, how in (("pywb", "pip install pywb"), ("replaywebpage", VARIABLE)):
        ran = command("replay", mill_archive, "--viewer", viewer)
        ran.assert_refused(50, how)
        assert len(ran.err.splitlines()) == 1


def test_what_does_not_go_with_it_is_refused(mill_archive: Path) -> None:
    for more in (("--get", "https://a.example/"), ("--damaged",), ("--no-scripts",)):
        ran = command("replay", mill_archive, "--viewer", "pywb", *more)
        ran.assert_refused(2, "--viewer does not go with")


def test_it_says_where_and_ends_with_a_word(
    mill_archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(_: Viewing) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Viewing, "forever", ended)
    for name in ("ui.js", "sw.js"):
        (tmp_path / name).write_text("")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    words = ("--viewer", "replaywebpage", "--no-browser", "--port", "0")
    ran = command("replay", mill_archive, *words)
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "ended")
    assert "no digest is checked as it shows" in ran.err
    assert ran.out.endswith("archive.wacz#view=pages\n")
    ran = command("replay", "visit.md", "--archive", mill_archive, *words)
    assert "#view=replay&url=https%3A%2F%2Ftidemill.example%2Fvisit%2F" in ran.out
