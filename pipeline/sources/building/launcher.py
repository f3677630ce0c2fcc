"""Lock ourselves in, then become another program: `python -I launcher.py SPEC.json`.

Runs by itself, with nothing but the standard library: resource limits, then Landlock (Linux 5.13;
no privilege is needed), which leaves the folders of the specification to read and to write, and no
TCP. What could be done is written to the file that the specification names under `report`.
"""

import ctypes
import json
import os
import resource
import sys
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_NO_NEW_PRIVS = 38
_BENEATH = 1
# Rights by the version of Landlock that brought them: execute to make_sym, refer, truncate, ioctl.
_FIRST, _REFER, _TRUNCATE, _IOCTL = (1 << 13) - 1, 1 << 13, 1 << 14, 1 << 15
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_READING = _EXECUTE | _READ_FILE | _READ_DIR
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL
_BY_VERSION = ((1, _FIRST), (2, _REFER), (3, _TRUNCATE), (5, _IOCTL))
_TCP_SINCE, _TCP = 4, 3


class _Rules(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("access", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _system() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _restrict(reading: list[str], writing: list[str]) -> int:
    """Leave these places alone reachable. Gives the version of Landlock, 0 where there is none."""
    call = _system().syscall
    version = int(call(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1)))
    if version < 1:
        return 0
    rights = sum(bits for since, bits in _BY_VERSION if version >= since)
    rules = _Rules(rights, _TCP if version >= _TCP_SINCE else 0)
    size = ctypes.sizeof(rules) if version >= _TCP_SINCE else ctypes.sizeof(ctypes.c_uint64)
    ruleset = int(call(_CREATE, ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0)))
    if ruleset < 0:
        return 0
    for place, access in (*((p, _READING) for p in reading), *((p, rights) for p in writing)):
        _allow(ruleset, place, access & rights)
    if _system().prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) or call(_RESTRICT, ruleset, ctypes.c_uint32(0)):
        return 0
    os.close(ruleset)
    return version


def _allow(ruleset: int, place: str, access: int) -> None:
    try:
        descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not there, so nothing to allow
    if not Path(place).is_dir():
        access &= _OF_FILES
    beneath = _Beneath(access, descriptor)
    _system().syscall(_ADD, ruleset, _BENEATH, ctypes.byref(beneath), ctypes.c_uint32(0))
    os.close(descriptor)


def main() -> None:
    """Read the specification, be locked in, run the command."""
    specification = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    for name, value in specification["limits"].items():
        kind = getattr(resource, name, None)
        if kind is not None:
            _, most = resource.getrlimit(kind)
            least = value if most == resource.RLIM_INFINITY else min(value, most)
            resource.setrlimit(kind, (least, least))
    version = 0
    with Path(specification["report"]).open("w", encoding="ascii") as report:
        if sys.platform == "linux":
            version = _restrict(specification["reading"], specification["writing"])
        report.write(json.dumps({"landlock": version}))
    command = specification["command"]
    os.execve(command[0], command, specification["environment"])  # noqa: S606 - that is its task


if __name__ == "__main__":
    main()
