"""Run every check that CI runs: `python -m tests`. Stops at the first that fails."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
CHECKS = (
    (str(BIN / "ruff"), "check", "."),
    (str(BIN / "ruff"), "format", "--check", "."),
    (str(BIN / "mypy"),),
    (str(BIN / "lint-imports"),),
    (
        sys.executable, "-m", "pytest", "--numprocesses=auto", "--dist=worksteal",
        "--cov", "--cov-report=term",
    ),
)  # fmt: skip


def main() -> int:
    """Run the checks in order; give the exit code of the first that fails."""
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    for check in CHECKS:
        print("==", " ".join(Path(part).name for part in check), flush=True)  # noqa: T201
        done = subprocess.run(check, cwd=ROOT, env=environment, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
