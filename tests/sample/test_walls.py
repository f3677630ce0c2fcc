"""The walls that tests/conftest.py builds hold."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
@pytest.mark.parametrize("host", ["192.0.2.1", "example.org"])
def test_a_connection_to_the_outside_fails_the_test(method: str, host: str) -> None:
    with socket.socket() as outside, pytest.raises(pytest.fail.Exception, match="network is off"):
        getattr(outside, method)((host, 80))


def test_a_connection_to_this_machine_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
        assert client.getpeername() == server.getsockname()


def test_git_sees_no_configuration_but_ours(need: Callable[[str], Path], tmp_path: Path) -> None:
    git = need("git")
    listed = subprocess.run(
        [git, "config", "--list", "--show-origin"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert listed.stdout == ""
    assert not (Path(os.environ["HOME"]) / ".gitconfig").exists()


def test_an_absent_program_skips_and_with_ci_fails(
    need: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        need("no-such-program")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="nothing may be skipped"):
        need("no-such-program")


def test_a_present_program_is_found(need: Callable[[str], Path]) -> None:
    assert need(sys.executable).samefile(sys.executable)
