"""pywb: programs of a Python package, which index an archive and serve it."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pipeline.errors import NoViewerError, UsageError, ViewerFailedError
from pipeline.jobs.viewing import Begin, Viewing
from pipeline.warc.wacz.layout import SUFFIX

MANAGER: Final = "wb-manager"
SERVER: Final = "wayback"
COLLECTION: Final = "archive"
HOW: Final = (
    "run `pip install pywb`, best in an environment of its own, and put that on the PATH "
    f"(it brings {MANAGER} and {SERVER})"
)
INDEXING: Final = 3600.0
STARTING: Final = 60.0
ENDING: Final = 10.0
_STEP: Final = 0.1


def find_pywb() -> Path:
    """Find its programs, on the PATH or beside our Python. Raises NoViewerError."""
    beside = str(Path(sys.executable).parent)
    for path in (None, beside):
        manager = shutil.which(MANAGER, path=path)
        if manager and shutil.which(SERVER, path=str(Path(manager).parent)):
            return Path(manager).parent
    raise NoViewerError("pywb", HOW)


@contextmanager
def run_pywb(home: Path, path: Path, scratch: Path, port: int, begin: Begin) -> Iterator[Viewing]:
    """Index a WACZ or WARC file, and serve it. Raises ViewerFailedError, UsageError."""
    unpack = ("--unpack-wacz",) if path.name.endswith(SUFFIX) else ()
    _manage(home, scratch, "init", COLLECTION)
    _manage(home, scratch, "add", *unpack, COLLECTION, str(path))
    number = _free(port)
    log = scratch / "log"
    command = (str(home / SERVER), "-b", "127.0.0.1", "-p", str(number), "-d", str(scratch))
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=scratch, stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )
    try:
        _wait(process, number, log)
        stamp = f"{begin.stamp}/" if begin.stamp else ""
        address = f"http://localhost:{number}/{COLLECTION}/{stamp}{begin.url}"
        yield Viewing(address=address, wait=lambda: _watch(process, log))
    finally:
        process.terminate()
        try:
            process.wait(ENDING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _manage(home: Path, scratch: Path, *words: str) -> None:
    try:
        done = subprocess.run(
            (str(home / MANAGER), *words),
            cwd=scratch,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=INDEXING,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ViewerFailedError("pywb", f"{MANAGER} took more than an hour") from error
    if done.returncode:
        raise ViewerFailedError("pywb", _last(done.stderr or done.stdout))


def _free(port: int) -> int:
    """Make sure of a port before pywb is started, or find one for 0. Raises UsageError."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            why = error.strerror or str(error)
            raise UsageError(
                f"port {port} cannot be used ({why}); choose another: --port 0 takes a free one"
            ) from error
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until it answers. Raises ViewerFailedError."""
    until = time.monotonic() + STARTING
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=_STEP).close()
        except OSError:
            time.sleep(_STEP)
        else:
            return
    raise ViewerFailedError("pywb", _last(log.read_bytes()))


def _watch(process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until it ends, which it should not do by itself. Raises ViewerFailedError."""
    process.wait()
    raise ViewerFailedError("pywb", f"it ended: {_last(log.read_bytes())}")


def _last(said: bytes) -> str:
    """Give the last line that a program wrote."""
    lines = said[-4096:].decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "without a word")
