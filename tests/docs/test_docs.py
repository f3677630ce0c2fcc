"""The generated pages say what the code says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import PipelineError
from pipeline.store.base import Base
from tests.docs import cli, findings, generate, schema

ROOT = generate.DOCS.parent


def test_the_pages_in_docs_are_fresh() -> None:
    command = [sys.executable, "-m", "tests.docs.generate", "--check"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_stale_page_is_named_and_left_alone_by_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate.main([], tmp_path) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(generate.PAGES)
    assert generate.main(["--check"], tmp_path) == 0
    (tmp_path / "cli.md").write_text("changed by hand", encoding="utf-8")
    (tmp_path / "schema.md").unlink()
    capsys.readouterr()
    assert generate.main(["--check"], tmp_path) == 1
    told = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in told] == ["docs/schema.md", "docs/cli.md"]
    assert (tmp_path / "cli.md").read_text(encoding="utf-8") == "changed by hand"
    assert generate.main([], tmp_path) == 0
    assert generate.main(["--check"], tmp_path) == 0


def test_every_table_and_column_has_its_line() -> None:
    page = schema.render()
    for table in Base.metadata.sorted_tables:
        _, _, section = page.partition(f"### `{table.name}`\n")
        section = section.partition("\n##")[0]
        assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == table.columns.keys()
        assert not section.strip().startswith("|"), f"{table.name} says nothing about itself"


def test_every_foreign_key_is_in_the_diagram() -> None:
    _, _, diagram = schema.render().partition("```mermaid\n")
    diagram = diagram.partition("```")[0]
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            ends = rf'(\|\||\|o)--(o\{{|o\|) {table.name} : "{key.parent.name}"'
            assert re.search(f"{key.column.table.name} {ends}", diagram)


def test_codes_are_stable_words_used_once() -> None:
    codes = [code for _, _, rows in findings.rooms() for code, _, _ in rows]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[A-Z]+(-[A-Z0-9]+)+|wa(rc|cz)(-[a-z0-9]+)+", code) for code in codes)
    assert all(says.endswith(".") for _, _, rows in findings.rooms() for _, _, says in rows)


def test_every_code_in_the_program_is_on_the_page() -> None:
    known = {code for _, _, rows in findings.rooms() for code, _, _ in rows}
    made = re.compile(r"code=\"([^\"]+)\"|finding\(\s*\"([^\"]+)\"")
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        for match in made.finditer(path.read_text(encoding="utf-8")):
            assert (match[1] or match[2]) in known, path


def test_every_command_and_exit_code_is_on_the_page() -> None:
    page = cli.render()
    commands = set(re.findall(r"^###? jekyll-archive ?(.*)$", page, re.MULTILINE))
    assert {"", "run", "verify", "search", "export jekyll", "db upgrade"} <= commands
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}
    assert {0, 1, PipelineError.exit_code, 2, 3, 11, 24, 33, 130} <= codes


def test_help_fits_a_terminal() -> None:
    assert max(len(line) for line in cli.said(("run",)).splitlines()) <= 80
