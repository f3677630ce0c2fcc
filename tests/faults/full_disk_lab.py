"""Run a command on disks of every size that is too small; run this in a mount namespace.

Prints JSON lines: the free room in KiB, exit code, stderr, and whether the disk is as it was.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.archives import contents
from tests.cli.command import command


def attempt(task: dict[str, Any], free: int) -> dict[str, Any]:
    """Run with so much room on a disk of its own."""
    disk = Path(task["disk"])
    used = 0
    if task["start"]:
        used = sum(path.stat().st_size // 4096 * 4 + 8 for path in Path(task["start"]).rglob("*"))
    size = f"size={used + free}k"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", disk], check=True)  # noqa: S607
    try:
        if task["start"]:
            shutil.copytree(task["start"], disk / "weir")
        before = contents(disk)
        ran = command(*task["command"], "--archive", disk / "weir")
        same = contents(disk) == before
        again = ran.code and command("verify", disk / "weir").code if task["start"] else 0
    finally:
        subprocess.run(["umount", disk], check=True)  # noqa: S607
    return {"free": free, "code": ran.code, "err": ran.err, "same": same, "verify": again}


def main() -> None:
    """Try sizes from little to enough."""
    task = json.load(sys.stdin)
    for free in task["sizes"]:
        sys.stdout.write(json.dumps(attempt(task, free)) + "\n")


if __name__ == "__main__":
    main()
