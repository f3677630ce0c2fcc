"""What other checkers say of the corpus of damaged and valid WARC files, as a table of counts.

    python tests/bench/checkers.py [--list] [--fastwarc PROGRAM]

A checker finds a file damaged where it says so or ends with an exit code that is not 0: our check,
`warcio check FILE`, `fastwarc check -p FILE`. With --list, what each let pass.
"""

import argparse
import io
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from warcio.cli import main as warcio

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

from pipeline.warc.check import check  # noqa: E402 - the checkout is not installed
from tests.warc.damaged import damaged  # noqa: E402 - same reason

VALID = CHECKOUT / "tests" / "warc" / "foreign" / "valid"
SECONDS = 60


def by_us(path: Path) -> bool:
    """Tell whether our check finds damage."""
    return not check(path).sound


def by_warcio(path: Path) -> bool:
    """Tell whether `warcio check` finds damage."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        try:
            return bool(warcio(["check", str(path)]))
        except SystemExit as ended:
            return bool(ended.code)
        except Exception:  # noqa: BLE001 - a traceback is an exit code of 1
            return True


def by_fastwarc(program: str, path: Path) -> bool:
    """Tell whether `fastwarc check` finds damage."""
    words = [program, "check", "-q", "-p", str(path)]
    return subprocess.run(words, capture_output=True, check=False, timeout=SECONDS).returncode != 0


def tell(line: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Run the checkers and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--fastwarc", default=str(Path(sys.executable).parent / "fastwarc"))
    asked = parser.parse_args()
    checkers: dict[str, Callable[[Path], bool]] = {
        "jekyll-archive": by_us,
        "warcio check": by_warcio,
        "fastwarc check -p": lambda path: by_fastwarc(asked.fastwarc, path),
    }
    with tempfile.TemporaryDirectory() as scratch:
        paths = laid_out(Path(scratch))
        valid = sorted(VALID.iterdir())
        tell(f"{'':20}{'of damaged: found':>20}{'of valid: rejected':>20}")
        for name, finds in checkers.items():
            passed = [what for what, path in paths.items() if not finds(path)]
            wrong = [path.name for path in valid if finds(path)]
            found = f"{len(paths) - len(passed)} of {len(paths)}"
            tell(f"{name:20}{found:>20}{f'{len(wrong)} of {len(valid)}':>20}")
            for what in [f"passes: {w}" for w in passed] + [f"rejects: {w}" for w in wrong]:
                if asked.list:
                    tell(f"    {what}")


def laid_out(folder: Path) -> dict[str, Path]:
    """Write the corpus."""
    paths = {}
    for number, (name, data) in enumerate(damaged(folder).items()):
        paths[name] = folder / f"{number}.warc.gz"
        paths[name].write_bytes(data)
    return paths


if __name__ == "__main__":
    main()
