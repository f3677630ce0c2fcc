import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sources.gitconfig import parse_config
from tests.sources.workshop import run_git


def asked_of_git(path: Path) -> dict[str, str]:
    listed = run_git(
        path.parent, "config", "--file", path.name, "--null", "--list", "--no-includes"
    )
    pairs = [entry.partition("\n") for entry in listed.decode().split("\0") if entry]
    return {key: value if separator else "true" for key, separator, value in pairs}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[core]\n\tbare = true\n\tBare\n",
        '[remote "origin"]\n\turl = git@example.org:a/b.git ; a comment\n',
        '[remote "Ori\\"g\\\\in"] url = x\n',
        "[a]\nb = one \\\n  two\n",
        '[a]\nb = " kept "  # dropped\nc = "a;b" ; c\n',
        '[a]\nb = tab\\tnew\\nquote\\"back\\\\slash\n',
        '[a.b]\nc = d\n[A "B"]\nc = e\n',
        "[a]\r\nb = c\r\n",
        "# comment\n; comment\n[a] b = c # d\n",
        "[a]\nb = c   d   \n",
        "[a]\nb =\n",
        "[a]\nb = one\nb = two\n",
    ],
)
def test_reads_settings_as_git_reads_them(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config"
    path.write_bytes(text.encode())
    assert parse_config(text) == asked_of_git(path)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), max_size=4))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_reads_what_git_writes(tmp_path_factory: pytest.TempPathFactory, values: list[str]) -> None:
    path = tmp_path_factory.mktemp("config") / "config"
    path.touch()
    for number, value in enumerate(values):
        key = f'remote.a "b{number}.url'
        run_git(path.parent, "config", "--file", path.name, key, value)
    settings = parse_config(path.read_bytes().decode())
    assert settings == {f'remote.a "b{n}.url': value for n, value in enumerate(values)}


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_never_fails(text: str) -> None:
    assert all(isinstance(value, str) for value in parse_config(text).values())


def test_follows_no_include_and_survives_what_git_refuses(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("[a]\nb = c\n")
    text = f"[include]\n\tpath = {tmp_path}/other\n[broken\n=x\n[ok]\nkey = 1\n"
    (tmp_path / "config").write_text(text)
    refused = subprocess.run(
        ["git", "config", "--file", "config", "--list"],  # noqa: S607
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert refused.returncode != 0
    assert parse_config(text) == {"include.path": f"{tmp_path}/other", "ok.key": "1"}
