"""Cloning a URL into a folder of ours, with a bound on silence, on time and on size.

Only https and ssh are spoken, nothing is asked of a person, and no setting but those here holds.
A password in the URL travels in the environment, where other users of the machine cannot read it
as they can the arguments of a process.
"""

import os
import selectors
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL
from typing import IO, cast

from pipeline.errors import LimitError, UnreachableError
from pipeline.sources.git import Git, Running, git_program, sentence, start
from pipeline.sources.limits import Limits
from pipeline.sources.location import RemoteUrl

# Settings of the person who runs us, not of the source; ssh and curl need them to reach a server.
_NETWORK_SETTINGS = (
    "ALL_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "SSH_AUTH_SOCK",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "all_proxy",
    "https_proxy",
    "no_proxy",
)
_SETTINGS = {
    "credential.helper": "",
    "fetch.uriProtocols": "",
    "gc.auto": "0",
    "http.followRedirects": "initial",
    "maintenance.auto": "false",
    "transfer.bundleURI": "false",
}
_TICK = 0.25
_SAID_BYTES = 65536
_NOISE = ("Cloning into", "Please make sure", "and the repository exists", "Warning: Permanently")
_NOTHING_SAID = "Could not read from remote repository"


def clone(url: RemoteUrl, directory: Path, limits: Limits) -> None:
    """Clone into a folder that does not exist yet. Raises UnreachableError, LimitError."""
    git = Git(place=url.clean, directory=directory.parent, limits=limits)
    settings = [part for key, value in _SETTINGS.items() for part in ("-c", f"{key}={value}")]
    options = ["--bare", "--no-recurse-submodules", "--template=", "--progress"]
    process = start(
        [git_program(url.clean), *settings, "clone", *options, "--", url.clean, str(directory)],
        environment=_environment(git, url),
        directory=directory.parent,
        stdin=DEVNULL,
    )
    running = Running(process=process)
    try:
        said = _watch(running, url, directory, limits)
        running.finish()
    finally:
        running.kill()
    if process.returncode != 0:
        raise UnreachableError(url.clean, _why(said, url))


def _environment(git: Git, url: RemoteUrl) -> dict[str, str]:
    environment = git.environment()
    del environment["GIT_DIR"]  # clone makes a repository, it does not work on one
    environment |= {name: os.environ[name] for name in _NETWORK_SETTINGS if name in os.environ}
    environment["GIT_ALLOW_PROTOCOL"] = "https:ssh"
    seconds = max(1, round(git.limits.connect_seconds))
    environment["GIT_SSH_COMMAND"] = f"ssh -o BatchMode=yes -o ConnectTimeout={seconds}"
    environment["GIT_SSH_VARIANT"] = "ssh"
    if git.limits.certificates is not None:
        environment["GIT_SSL_CAINFO"] = str(git.limits.certificates.absolute())
    if url.secret != url.clean:
        environment["GIT_CONFIG_COUNT"] = "1"
        environment["GIT_CONFIG_KEY_0"] = f"url.{url.secret}.insteadOf"
        environment["GIT_CONFIG_VALUE_0"] = url.clean
    return environment


def _watch(running: Running, url: RemoteUrl, directory: Path, limits: Limits) -> bytes:
    """Wait for the end of the clone and give what it said. Words and growth are signs of life."""
    begun = heard = time.monotonic()
    said, size = b"", 0
    for words in _words(running):
        now = time.monotonic()
        said = (said + words)[-_SAID_BYTES:]
        before, size = size, _checked_size(url, directory, limits)
        if words or size != before:
            heard = now
        if now - begun > limits.total_seconds:
            raise LimitError(url.clean, "the time git takes", f"{limits.total_seconds:g} s")
        if now - heard > limits.connect_seconds:
            why = f"no answer for {limits.connect_seconds:g} seconds"
            raise UnreachableError(url.clean, why)
    _checked_size(url, directory, limits)
    return said


def _words(running: Running) -> Iterator[bytes]:
    """Give what git writes to stderr as it comes, and nothing (`b""`) at every tick without."""
    stderr = cast("IO[bytes]", running.process.stderr)
    with selectors.DefaultSelector() as selector:
        selector.register(stderr, selectors.EVENT_READ)
        while True:
            if not selector.select(_TICK):
                yield b""
                continue
            words = os.read(stderr.fileno(), _SAID_BYTES)
            if not words:
                return
            yield words


def _checked_size(url: RemoteUrl, folder: Path, limits: Limits) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(place) / name).lstat().st_size
            except FileNotFoundError:
                continue  # git renames its temporary files under our eyes
    if total > limits.total_bytes:
        raise LimitError(url.clean, "the clone", f"{limits.total_bytes} bytes")
    return total


def _why(said: bytes, url: RemoteUrl) -> str:
    """Choose the line that says most: git's own, or the one of ssh before it; without secrets."""
    text = said.decode("utf-8", "replace")
    for secret in url.secrets:
        text = text.replace(secret, "")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(_NOISE)]
    fatal = [line for line in telling if line.startswith("fatal:") and _NOTHING_SAID not in line]
    return sentence((fatal or telling or ["git ended without a word"])[0])
