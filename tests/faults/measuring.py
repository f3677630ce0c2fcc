"""Measure a command: in a process of its own, with bounds on time and memory."""

import subprocess
import sys

from tests.cli.command import CHECKOUT, environment

MEMORY = 256 << 20
SECONDS = 60

# A process is told to have held what the one that forked it held: what measures must be small.
MEASURED = """
import resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
resource.setrlimit(resource.RLIMIT_DATA, ({data}, {data}))
code = subprocess.call(sys.argv[1:], stderr=subprocess.STDOUT)
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, file=sys.stderr)
"""


def measured(*words: object) -> tuple[int, int, bytes]:
    """Type a command: give its exit code, the bytes of memory held at most, what was said."""
    watching = MEASURED.format(seconds=SECONDS, data=4 * MEMORY)
    done = subprocess.run(
        [sys.executable, "-c", watching, sys.executable, "-m", "pipeline", *map(str, words)],
        cwd=CHECKOUT,
        env=environment(),
        capture_output=True,
        check=True,
    )
    code, memory = map(int, done.stderr.split())
    return code, memory, done.stdout
