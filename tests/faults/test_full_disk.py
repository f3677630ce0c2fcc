"""A disk without room is told in one line, and nothing of the run that met it is left."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.archives import archive
from tests.cli.command import CHECKOUT, command, environment
from tests.conftest import absent
from tests.faults.weir import CAME, GONE, Weir

NAMESPACE = ["unshare", "--map-root-user", "--mount"]


@pytest.fixture(scope="module")
def namespace() -> list[str]:
    """How to run a command where it may mount a disk of its own, as any user."""
    try:
        done = subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False)
    except FileNotFoundError:
        absent("the program unshare is not installed")
    if done.returncode != 0:
        absent("this system does not let us mount a small disk")
    return NAMESPACE


def attempts(namespace: list[str], **task: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    done = subprocess.run(
        [*namespace, sys.executable, "-m", "tests.faults.full_disk_lab"],
        input=json.dumps(task, default=str),
        capture_output=True,
        check=False,
        cwd=CHECKOUT,
        env=environment(),
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def assert_refused(tried: list[dict[str, Any]]) -> None:
    codes = [each["code"] for each in tried]
    assert codes == sorted(codes, reverse=True)  # too small, too small, ..., enough
    assert codes[-1] == 0
    assert len([code for code in codes if code]) >= 4
    for each in tried[: codes.index(0)]:
        assert each["code"] == 21, each
        assert each["err"].startswith("jekyll-archive: "), each
        assert "no space left; nothing was changed" in each["err"], each
        assert each["err"].count("\n") == 1, each
        assert each["same"], each
        assert each["verify"] == 0, each


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Where the small disks go."""
    (tmp_path / "disk").mkdir()
    return tmp_path / "disk"


def test_the_first_run_on_a_full_disk(namespace: list[str], weir: Weir, disk: Path) -> None:
    typed = ["run", weir.location, "--rendered", weir.rendered]
    sizes = [4, 12, 20, 24, 28, 32, 40, 80, 160, 320, 480, 4000]
    assert_refused(attempts(namespace, disk=disk, start=None, command=typed, sizes=sizes))


def test_a_later_run_on_a_full_disk(
    namespace: list[str], weir: Weir, disk: Path, tmp_path: Path
) -> None:
    start = tmp_path / "start" / "weir"
    archive(weir.location, start, rev=weir.half)
    typed = ["run", weir.location, "--rendered", weir.rendered]
    sizes = [0, 4, 8, 12, 16, 24, 40, 60, 4000]
    assert_refused(attempts(namespace, disk=disk, start=start, command=typed, sizes=sizes))


def test_a_decision_on_a_full_disk(
    namespace: list[str], weir_archive: Path, weir_copy: Path, disk: Path
) -> None:
    typed = ["lineage", "accept", GONE, CAME]
    sizes = [0, 20, *range(36, 72, 4), 4000]  # once there is room for lineage.txt, none to commit
    assert_refused(attempts(namespace, disk=disk, start=weir_archive, command=typed, sizes=sizes))
    command("lineage", "refuse", GONE, CAME, "--archive", weir_copy)
    assert_refused(attempts(namespace, disk=disk, start=weir_copy, command=typed, sizes=sizes))


def test_results_that_cannot_be_written(quay_archive: Path) -> None:
    if not Path("/dev/full").exists():
        absent("this system has no /dev/full")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", "list", "--archive", quay_archive],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            cwd=CHECKOUT,
            env=environment(),
        )
    assert done.returncode == 20
    assert done.stderr == (
        b"jekyll-archive: standard output: cannot be written: No space left on device\n"
    )


def test_an_export_on_a_full_disk(namespace: list[str], quay_archive: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    script = 'mount -t tmpfs -o size=8k none "$1" && shift && exec "$@"'
    done = subprocess.run(
        [
            *(*namespace, "sh", "-c", script, "sh", str(tmp_path / "disk")),
            *(sys.executable, "-m", "pipeline", "export", "jekyll", str(tmp_path / "disk" / "x")),
            *("--archive", str(quay_archive)),
        ],
        capture_output=True,
        check=False,
        cwd=CHECKOUT,
        env=environment(),
    )
    assert (done.returncode, done.stdout) == (21, b"")
    assert done.stderr.count(b"\n") == 1
    assert os.listdir(tmp_path / "disk") == []  # noqa: PTH208 - outside of the namespace
    assert command("verify", quay_archive).code == 0
