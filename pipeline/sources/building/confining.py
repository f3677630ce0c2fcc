"""A program cut off from the network, from other files and from more than its share."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_LAUNCHER = Path(__file__).with_name("launcher.py")
_APART = ("--fork", "--kill-child", "--pid", "--ipc", "--net")
#: What a program needs of any system: itself, its libraries, the time zones, chance.
_SYSTEM = (
    "/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/opt", "/nix/store",
    "/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
    "/etc/localtime", "/etc/timezone", "/etc/mime.types", "/etc/ruby", "/etc/gemrc",
    "/dev/urandom", "/dev/random", "/dev/zero", "/proc",
)  # fmt: skip
_SINKS = ("/dev/null",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confinement:
    """What keeps a program in: no network at all, and no file but those that it was given."""

    network: bool
    files: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one process may take: seconds of a processor, bytes of memory and of one file."""

    seconds: int
    memory: int
    file_bytes: int


@cache
def apart() -> tuple[str, ...]:
    """Find how this system runs a program without a network; empty where it cannot be done."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    for options in (("--user", "--map-current-user", *_APART), _APART):
        command = [unshare, *options, "--", "true"]
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=30)
        except (OSError, subprocess.TimeoutExpired):
            return ()
        if done.returncode == 0:
            return tuple(command[:-1])
    return ()


def confined(
    command: Sequence[str],
    *,
    scratch: Path,
    reading: Sequence[str | Path],
    environment: Mapping[str, str],
    share: Share,
) -> list[str]:
    """Give the command that runs another one, which may write below `scratch` alone.

    Resource limits and Landlock are set by `launcher.py`, in a process of its own.
    """
    specification = scratch / "confined.json"
    limits = {
        "RLIMIT_CPU": share.seconds,
        "RLIMIT_AS": share.memory,
        "RLIMIT_FSIZE": share.file_bytes,
        "RLIMIT_NOFILE": 1024,
        "RLIMIT_CORE": 0,
    }
    if os.geteuid() != 0:  # it counts all that the user runs
        limits["RLIMIT_NPROC"] = 8192
    content = {
        "command": list(command),
        "environment": dict(environment),
        "limits": limits,
        "reading": [*_SYSTEM, *map(str, reading)],
        "writing": [str(scratch), *_SINKS],
        "report": str(_report(scratch)),
    }
    specification.write_text(json.dumps(content), "utf-8")
    launcher = [sys.executable, "-I", "-S", "-B", str(_LAUNCHER), str(specification)]
    # Apart first: it writes to /proc, which Landlock then forbids.
    return [*apart(), *launcher]


def confinement(scratch: Path) -> Confinement:
    """Say what kept in the program that ran in `scratch`."""
    try:
        landlock = json.loads(_report(scratch).read_text("ascii"))["landlock"]
    except (OSError, ValueError, KeyError):
        landlock = 0
    return Confinement(network=bool(apart()), files=landlock > 0)


def _report(scratch: Path) -> Path:
    return scratch / "confinement.json"
