"""How commands behave on a terminal, in a pipe, and when they are stopped."""

import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline import __version__, errors
from tests.archives import Source, contents, rows, write_files
from tests.cli.command import CHECKOUT, argv, command, environment, spawn
from tests.sources.workshop import add_unopenable

COMMANDS = [
    "", "run", "demo", "verify", "stale", "list", "show", "search", "explain", "findings",
    "export", "export jekyll", "export jsonl", "db", "db upgrade", "db current", "db check",
]  # fmt: skip
ESCAPE = re.compile(r"\x1b")


def on_a_terminal(
    *arguments: str | Path, both: bool = False, **changes: str
) -> tuple[int, str, str]:
    """Run a command whose stderr (and stdout, if `both`) is a terminal: code, stdout, stderr."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        argv(*arguments),
        stdout=theirs if both else subprocess.PIPE,
        stderr=theirs,
        env=environment(TERM="xterm-256color", COLUMNS="100", **changes),
    )
    os.close(theirs)
    seen = bytearray()
    try:
        while chunk := os.read(ours, 65536):
            seen += chunk
    except OSError:  # the terminal's other end is closed
        pass
    finally:
        os.close(ours)
    out = process.stdout.read().decode() if process.stdout else ""
    if process.stdout:
        process.stdout.close()
    return process.wait(), out, seen.decode("utf-8", "replace")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_tells_how_it_is_used(name: str) -> None:
    ran = command(*name.split(), "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[0].startswith(f"Usage: jekyll-archive {name}".rstrip())
    assert not ESCAPE.search(ran.out)
    if name != "search":
        assert command(*name.split(), "-h").out == ran.out


def test_help_names_the_exit_codes_of_all_errors() -> None:
    told = " ".join(command("--help").out.split())
    ranges = [tuple(map(int, pair)) for pair in re.findall(r"(\d+)-(\d+)", told)]
    single = {int(code) for code in re.findall(r"\b(\d+)\b", told)}
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.PipelineError):
            code = kind.exit_code
            known = code in single or any(low <= code <= high for low, high in ranges)
            assert known, (kind, code)


def test_the_version() -> None:
    ran = spawn("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"jekyll-archive {__version__}\n", "")


def test_without_a_command_it_tells_how_it_is_used() -> None:
    ran = command()
    assert ran.code in {0, 2}
    assert (ran.out + ran.err).startswith("Usage: jekyll-archive")


def test_a_run_ends_with_a_summary_that_adds_up(quay: Source, tmp_path: Path) -> None:
    folder = tmp_path / "quay"
    ran = command("run", quay.location, "--rendered", quay.rendered, "--archive", folder)
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[0] == f"Sallow Quay: {quay.location} at {quay.second[:12]} of 2023-11-14"
    table = [line.split() for line in ran.lines[2 : ran.lines.index("", 2)]]
    assert table[0] == ["collection", "found", "stored", "skipped", "failed", "absent"]
    numbers = {name: list(map(int, row)) for name, *row in table[1:]}
    for row in numbers.values():
        assert row[0] == sum(row[1:])
    total = numbers.pop("total")
    assert total == [sum(column) for column in zip(*numbers.values(), strict=True)]
    assert total[0] == 11
    for name in ("archive", "ledger", "manifests"):
        assert any(line.startswith(f"  {name}/") for line in ran.lines)
    assert any(line.startswith("verified: pass (") for line in ran.lines)
    assert ran.lines[-1] == f"next: jekyll-archive list --archive {folder}"
    assert command(*ran.lines[-1].split()[2:]).code == 0
    again = command("run", quay.location, "--rendered", quay.rendered, "--archive", folder)
    assert (
        "nothing new: all of it was in the archive already, nothing was stored twice" in again.out
    )


def test_a_run_tells_the_same_as_json(quay: Source, tmp_path: Path) -> None:
    arguments = ["run", quay.location, "--rendered", str(quay.rendered), "--archive"]
    rehearsed = json.loads(command(*arguments, tmp_path / "a", "--json", "--dry-run").out)
    assert (rehearsed["dry_run"], rehearsed["verified"]) == (True, None)
    assert contents(tmp_path) == {}
    ran = command(*arguments, tmp_path / "a", "--json")
    told = json.loads(ran.out)
    assert (told["unchanged"], told["verified"], told["revision"]) == (False, "pass", quay.second)
    for row in (*told["counts"].values(), told["rendered"], told["total"]):
        assert row["found"] == row["stored"] + row["skipped"] + row["failed"] + row["absent"]
    for fate, count in told["total"].items():
        assert count == sum(row[fate] for row in told["counts"].values())
    assert all((tmp_path / "a" / path).is_file() for path in told["written"])
    assert [finding["code"] for finding in told["findings"]] == ["LINK-BROKEN"]
    again = json.loads(command(*arguments, tmp_path / "a", "--json").out)
    assert (again["unchanged"], again["written"]) == (True, [])


def test_a_dry_run_says_so(quay: Source, tmp_path: Path) -> None:
    ran = command("run", quay.location, "--archive", tmp_path / "a", "--dry-run")
    assert "dry run: nothing was written" in ran.lines
    assert "next:" not in ran.out


def test_a_failure_is_told_by_the_exit_code(tmp_path: Path) -> None:
    site = write_files(tmp_path / "site", {"_config.yml": "title: A\n"})
    add_unopenable(site)
    ran = command("run", site, "--archive", tmp_path / "a")
    assert ran.code == 1
    assert "error FILE-FAILED (1)" in ran.lines
    assert re.search(r"^findings: \d error, 0 warning, 0 info$", ran.out, re.MULTILINE)
    assert command("verify", tmp_path / "a").code == 0


def test_verify_tells_every_level_and_every_finding(quay_copy: Path) -> None:
    (line,) = command("verify", quay_copy).lines
    assert line.startswith("verified: pass (1 manifest, 2 files, 16 records, 15 payloads, ")
    assert line.endswith(" 1 event, 1 tree)")
    (ledger,) = (quay_copy / "ledger").iterdir()
    ledger.write_bytes(b"gone")
    ran = command("verify", quay_copy)
    assert (ran.code, ran.lines[0]) == (1, "verified: FAIL")
    assert len([line for line in ran.lines if line.startswith("  ")]) == 12
    assert any(line.startswith("ledger/000001.jsonl.gz: error: ") for line in ran.lines)
    (told,) = json.loads(command("verify", quay_copy, "--json").out)["reports"]
    assert (told["verdict"], told["levels"]["files"]["verdict"]) == ("fail", "fail")
    assert told["levels"]["manifests"] == {
        "checked": 1, "findings": [], "not_verified": "", "does_not_apply": "", "verdict": "pass",
    }  # fmt: skip


def test_schemas_are_looked_after(tmp_path: Path, quay_copy: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    refused = command("db", "current", "--db", url)
    refused.assert_refused(30, "no such file")
    assert command("db", "upgrade", "--db", url).out.endswith("from schema none to 0001\n")
    assert command("db", "upgrade", "--db", url).out.endswith("schema 0001, nothing to do\n")
    assert "schema 0001, this version has 0001" in command("db", "current", "--db", url).out
    assert command("db", "check", "--db", url).out.endswith("schema 0001, 0 differences\n")
    told = json.loads(command("db", "upgrade", "--archive", quay_copy, "--json").out)
    assert (told["found"], told["wanted"]) == ("0001", "0001")
    assert json.loads(command("db", "current", "--archive", quay_copy, "--json").out)["found"]
    with sqlite3.connect(quay_copy / "catalogue.db") as database:
        database.execute("ALTER TABLE tags ADD COLUMN colour TEXT")
        database.execute("DROP INDEX ix_findings_code")
    database.close()
    ran = command("db", "check", "--archive", quay_copy)
    assert (ran.code, "2 differences" in ran.lines[-1]) == (1, True)
    assert "colour" in ran.out
    told = json.loads(command("db", "check", "--archive", quay_copy, "--json").out)
    assert len(told["differences"]) == 2


def test_demo_archives_the_sample(tmp_path: Path) -> None:
    ran = spawn("demo", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert "findings: 0 error" in ran.out
    listed = spawn("list", cwd=tmp_path)
    assert listed.lines[-1].startswith("37 documents")
    again = spawn("demo", "--json", cwd=tmp_path)
    assert json.loads(again.out)["unchanged"] is True
    assert {path.name for path in (tmp_path / "archives").iterdir()} == {"sallow-quay"}
    assert [path.name for path in tmp_path.iterdir()] == ["archives"]


def test_demo_goes_where_it_is_told(tmp_path: Path, mill_archive: Path) -> None:
    ran = command("demo", "--archive", tmp_path / "mill", "--json")
    told = json.loads(ran.out)
    assert (ran.code, told["verified"], told["unchanged"]) == (0, "pass", False)
    assert told["rendered"]["found"] == 52
    assert rows(tmp_path / "mill")["versions"] == rows(mill_archive)["versions"]


def test_progress_is_shown_on_a_terminal_only(quay: Source, tmp_path: Path) -> None:
    arguments = ("run", quay.location, "--archive")
    assert command(*arguments, tmp_path / "a").err == ""
    code, out, seen = on_a_terminal(*arguments, tmp_path / "b", "--json")
    assert code == 0
    assert json.loads(out)["verified"] == "pass"
    assert not ESCAPE.search(out)
    assert ESCAPE.search(seen)
    assert re.search("reading|cataloguing|sealing|verifying", seen)


def test_results_are_the_same_on_every_terminal(mill_archive: Path) -> None:
    plain = spawn("list", "--archive", mill_archive)
    for name, value in (
        ("NO_COLOR", "1"),
        ("COLUMNS", "20"),
        ("FORCE_COLOR", "1"),
        ("LC_ALL", "C"),
    ):
        assert spawn("list", "--archive", mill_archive, cwd=None, **{name: value}).raw == plain.raw
    code, _, seen = on_a_terminal("list", "--archive", mill_archive, both=True)
    assert (code, seen.replace("\r\n", "\n")) == (0, plain.out)


def test_a_terminal_without_all_letters_gets_what_it_has(mill_archive: Path) -> None:
    ran = spawn("list", "people", "--archive", mill_archive, PYTHONIOENCODING="latin-1")
    assert (ran.code, ran.err) == (0, "")
    assert "?ucja Wrzos" in ran.raw.decode("latin-1")
    assert "Zoë Ashgrove" in ran.raw.decode("latin-1")


@pytest.mark.parametrize("line", ["export jsonl", "list --json", "show /visit/ --raw", "findings"])
def test_a_reader_that_has_enough_ends_it_quietly(line: str, mill_archive: Path) -> None:
    process = subprocess.Popen(
        [*argv(*line.split()), "--archive", str(mill_archive)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


STOPPED = """\
import os, signal, sys
from pipeline.jobs import gathering
from pipeline.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored around the tests
real = gathering.Gatherer._snapshot
def stop(*arguments, **named):
    os.kill(os.getpid(), signal.SIGINT)
    return real(*arguments, **named)
gathering.Gatherer._snapshot = stop
main()
"""


@pytest.mark.parametrize("grown", [False, True])
def test_a_run_that_is_interrupted_leaves_nothing(
    grown: bool,  # noqa: FBT001 - a parameter of a test
    quay: Source,
    tmp_path: Path,
) -> None:
    if grown:
        command("run", quay.location, "--rev", quay.first, "--archive", tmp_path / "a")
    before = contents(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", STOPPED, "run", quay.location, "--archive", str(tmp_path / "a")],
        capture_output=True,
        check=False,
        cwd=CHECKOUT,
        env=environment(),
    )
    assert (done.returncode, done.stdout) == (130, b"")
    assert done.stderr == b"jekyll-archive: interrupted\n"
    assert contents(tmp_path) == before


def test_a_run_that_is_told_to_end_ends(quay: Source, tmp_path: Path) -> None:
    process = subprocess.Popen(
        argv("run", quay.location, "--archive", tmp_path / "a"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate()
    assert process.returncode in {-signal.SIGTERM, 0}
    assert b"Traceback" not in err
    assert command("run", quay.location, "--archive", tmp_path / "a").code == 0
