"""`verify` and `stale` as they are typed: what is printed, what is written, which exit code."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from bs4 import BeautifulSoup

from pipeline.audit.report import Level
from tests.archives import kept_as_it_was
from tests.cli.command import CHECKOUT, Cases, command

LEVELS = [level.value for level in Level]


def warc_of(folder: Path) -> Path:
    (path,) = (folder / "archive").iterdir()
    return path


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_json_has_every_level_with_counts_and_findings_with_their_place(quay_copy: Path) -> None:
    told = json.loads(command("verify", quay_copy, "--json").out)
    assert (told["verdict"], told["exit_code"], len(told["reports"])) == ("pass", 0, 1)
    (report,) = told["reports"]
    assert list(report["levels"]) == LEVELS
    assert report["scope"] == {"sample": None, "seed": None, "since": None, "whole": True}
    flip(warc_of(quay_copy))
    ran = command("verify", quay_copy, "--json")
    told = json.loads(ran.out)
    assert (ran.code, told["verdict"], told["exit_code"]) == (1, "fail", 1)
    (finding, *_) = told["reports"][0]["levels"]["records"]["findings"]
    assert {"code", "severity", "message", "place"} == set(finding)
    assert finding["place"]["path"].startswith("archive/")
    assert finding["place"]["offset"] > 0


def test_several_things_are_told_one_after_the_other(quay_copy: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(warc_of(quay_copy).read_bytes()[:-1])
    ran = command("verify", quay_copy, cut)
    assert (ran.code, ran.lines[0], ran.lines[-1]) == (1, f"{quay_copy}:", "all: FAIL")
    told = json.loads(command("verify", quay_copy, cut, "--json").out)
    assert [each["verdict"] for each in told["reports"]] == ["pass", "fail"]
    assert told["verdict"] == "fail"


def test_a_folder_stands_for_what_lies_in_it(quay_archive: Path, tmp_path: Path) -> None:
    for name in ("quay", "weir"):
        shutil.copytree(quay_archive, tmp_path / name)
    shutil.copy(warc_of(quay_archive), tmp_path / "alone.warc.gz")
    (tmp_path / "notes.txt").write_text("mine")
    ran = command("verify", tmp_path)
    found = ("alone.warc.gz", "quay", "weir")
    assert [x for x in ran.lines if x.endswith(":")] == [f"{tmp_path / name}:" for name in found]
    assert (ran.code, ran.lines[-1]) == (0, "all: pass")
    command("verify", tmp_path, "--record").assert_refused(2, "alone.warc.gz", "no event log")
    command("list", "--archive", tmp_path).assert_refused(2, "which archive?", "quay", "weir")
    shutil.rmtree(tmp_path / "weir")
    assert command("list", "--archive", tmp_path).code == 0
    (tmp_path / "empty").mkdir()
    command("verify", tmp_path / "empty").assert_refused(3, "no manifests and no catalogue")


def test_a_sample_prints_its_seed_and_can_be_drawn_again(quay_archive: Path) -> None:
    with kept_as_it_was(quay_archive):
        ran = command("verify", quay_archive, "--sample", "3")
        assert ran.code == 3
        seed = re.search(r"--seed (\d+)", ran.lines[0])
        assert seed is not None
        again = command("verify", quay_archive, "--sample", "3", "--seed", seed[1])
    assert again == ran
    assert any(line.split() == ["events", "pass", "1", "checked"] for line in ran.lines)
    assert sum("NOT VERIFIED" in line for line in ran.lines) == 8


def test_since_says_what_was_left_out(quay_archive: Path) -> None:
    ran = command("verify", quay_archive, "--since", "2099-01-01")
    assert ran.code == 3
    assert ran.lines[0] == "verified: what was written since 2099-01-01; all else was not"
    assert "what was written before 2099-01-01 was left out" in ran.out
    assert command("verify", quay_archive, "--since", "1").code == 0


def test_reports_are_written_where_they_are_named(quay_copy: Path, tmp_path: Path) -> None:
    flip(warc_of(quay_copy))
    files = ("--junit", tmp_path / "v.xml", "--html", tmp_path / "v.html")
    for _ in range(2):
        ran = command("verify", quay_copy, *files)
        assert ran.code == 1
        assert ran.err == f"written: {tmp_path / 'v.html'}\nwritten: {tmp_path / 'v.xml'}\n"
    root = fromstring((tmp_path / "v.xml").read_bytes())  # noqa: S314
    assert [suite.get("name") for suite in root] == LEVELS
    soup = BeautifulSoup((tmp_path / "v.html").read_bytes(), "html.parser")
    assert soup.h1 is not None
    assert soup.h1.get_text() == "FAIL"


def test_a_state_is_kept_beside_and_gone_at_the_end(quay_archive: Path, tmp_path: Path) -> None:
    with kept_as_it_was(quay_archive):
        assert command("verify", quay_archive, "--resume", tmp_path / "state").code == 0
    assert list(tmp_path.iterdir()) == []


def test_a_database_alone_is_verified_as_far_as_it_can_be(quay_archive: Path) -> None:
    ran = command("verify", "--db", f"sqlite:///{quay_archive / 'catalogue.db'}")
    assert ran.code == 3
    assert any(line.split()[:3] == ["records", "NOT", "VERIFIED"] for line in ran.lines)
    assert any(line.split()[:2] == ["events", "pass"] for line in ran.lines)


def test_what_is_recorded_is_not_stale(quay_copy: Path) -> None:
    ran = command("stale", quay_copy)
    assert (ran.code, ran.lines[-1]) == (1, "stale: 1 of 1")
    assert ran.lines[0].startswith("never  -  ")
    assert command("verify", quay_copy, "--record").code == 0
    ran = command("stale", quay_copy, "--days", "1")
    assert (ran.code, ran.lines[-1]) == (0, "stale: 0 of 1")
    (told,) = json.loads(command("stale", quay_copy, "--json").out)
    assert (told["state"], told["days"], told["stale"]) == ("verified", 0, False)
    flip(warc_of(quay_copy))
    assert command("verify", quay_copy, "--record").code == 1
    ran = command("stale", quay_copy)
    assert (ran.code, ran.lines[0].split()[0]) == (1, "failed")


def test_damage_is_what_counts_where_it_cannot_be_recorded(quay_copy: Path) -> None:
    (quay_copy / "catalogue.db").unlink()
    ran = command("verify", quay_copy, "--record")
    assert ran.code == 1
    assert ran.err.startswith("not recorded: ")
    assert not (quay_copy / "catalogue.db").exists()


def test_what_cannot_be_recorded_is_an_error_where_all_else_passed(quay_copy: Path) -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    ran = command("verify", quay_copy, "--record", "--db", url)
    assert ran.code == 30
    assert ran.lines[0] == "verified: NOT VERIFIED"


def test_a_signature_that_is_required_and_not_there_fails(quay_archive: Path) -> None:
    ran = command("verify", quay_archive, "--require-signature")
    assert ran.code == 1
    assert any(line.split()[:2] == ["signatures", "FAIL"] for line in ran.lines)


def test_what_makes_no_sense_is_refused_in_one_line(quay_archive: Path, tmp_path: Path) -> None:
    warc = warc_of(quay_archive)
    (tmp_path / "diary").write_text("a diary")
    shutil.copy(warc, tmp_path / "one.warc.gz")
    cases: Cases = [
        (2, [], "what is to be verified"),
        (2, [quay_archive, "--sample", "0"], ""),
        (2, [quay_archive, "--sample", "2", "--since", "1"], "leave one out"),
        (2, [quay_archive, "--seed", "2"], "--sample N"),
        (2, [warc, "--sample", "2"], "archive folder"),
        (2, [warc, "--since", "1"], "archive folder"),
        (2, [quay_archive, "--since", "soon"], "neither the number of a run nor a time"),
        (24, [quay_archive, "--since", "9"], "no run '9'"),
        (2, [quay_archive, "--html", quay_archive / "a.html"], "never writes to what it reads"),
        (2, [quay_archive, "--junit", quay_archive / "a.xml"], "never writes to what it reads"),
        (2, [quay_archive, "--resume", quay_archive / "state"], "never writes to what it reads"),
        (2, [quay_archive, "--resume", tmp_path / "diary"], "name another file"),
        (20, [quay_archive, "--html", tmp_path / "diary"], "no report of ours"),
        (20, [quay_archive, "--junit", tmp_path / "no" / "v.xml"], "does not exist"),
        (2, [tmp_path / "one.warc.gz", "--record"], "no event log"),
        (3, [quay_archive, tmp_path / "nowhere"], "nothing of that name"),
        (2, [quay_archive, warc, "--db", "sqlite:///x.db"], "one archive"),
        (30, ["--db", f"sqlite:///{tmp_path}/none.db"], "no such file"),
    ]
    before = sorted(tmp_path.iterdir())
    with kept_as_it_was(quay_archive):
        for code, arguments, words in cases:
            ran = command("verify", *arguments)
            assert ran.code == code, (arguments, ran)
            if words:
                ran.assert_refused(code, words)
    assert sorted(tmp_path.iterdir()) == before


def test_stale_refuses_what_is_no_archive(
    quay_archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command("stale").assert_refused(24, "archives/")
    command("stale", "nowhere").assert_refused(3, "nothing of that name")
    command("stale", warc_of(quay_archive)).assert_refused(2, "not an archive folder")


def test_a_warc_file_alone_is_verified_without_the_catalogues_libraries(quay_copy: Path) -> None:
    code = (
        "import sys, atexit\n"
        "from pipeline.cli import main\n"
        "slow = {'sqlalchemy', 'jinja2', 'cryptography', 'lxml'}\n"
        "atexit.register(lambda: print('slow:', sorted(slow & sys.modules.keys())))\n"
        "main()\n"
    )
    words = [sys.executable, "-c", code, "verify", str(warc_of(quay_copy))]
    ran = subprocess.run(words, capture_output=True, text=True, check=False, cwd=CHECKOUT)
    assert ran.returncode in {0, 3}, ran.stderr
    assert ran.stdout.endswith("slow: []\n")


def test_a_lone_warc_file_is_told_as_among_others(quay_copy: Path) -> None:
    file = warc_of(quay_copy)
    (alone,) = json.loads(command("verify", file, "--json").out)["reports"]
    both = json.loads(command("verify", file, quay_copy, "--json").out)["reports"]
    assert alone == both[0]
