"""What other checkers say of damaged and valid WARC files and packages, as two tables of counts.

    python tests/bench/checkers.py [--list] [--fastwarc PROGRAM] [--wacz PROGRAM] [--jhove FOLDER]

A checker finds a file damaged where it says so or ends with an exit code that is not 0: our check,
`warcio check FILE`, `fastwarc check -p FILE`; of packages our check and `wacz validate -f FILE`,
where --wacz says where py-wacz is installed. With --jhove, also of JHOVE's fixtures: a folder of
`invalid-*` and `valid-*`, in its repository jhove-ext-modules/src/test/resources/warc. With --list,
what each let pass.
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
from pipeline.warc.wacz.check import check_wacz  # noqa: E402 - same reason
from tests.warc.damaged import damaged  # noqa: E402 - same reason
from tests.warc.wacz.damaged import damaged as damaged_packages  # noqa: E402 - same reason

VALID = CHECKOUT / "tests" / "warc" / "foreign" / "valid"
VALID_PACKAGES = VALID.parent / "packages" / "valid"
Checkers = dict[str, Callable[[Path], bool]]
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


def by_pywacz(program: str, path: Path) -> bool:
    """Tell whether `wacz validate` finds damage; it may end with a traceback."""
    words = [program, "validate", "-f", str(path)]
    return subprocess.run(words, capture_output=True, check=False, timeout=SECONDS).returncode != 0


def main() -> None:
    """Run the checkers and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--fastwarc", default=str(Path(sys.executable).parent / "fastwarc"))
    parser.add_argument("--wacz")
    parser.add_argument("--jhove", type=Path)
    asked = parser.parse_args()
    warc_checkers: Checkers = {
        "jekyll-archive": by_us,
        "warcio check": by_warcio,
        "fastwarc check -p": lambda path: by_fastwarc(asked.fastwarc, path),
    }
    package_checkers: Checkers = {"jekyll-archive": lambda path: not check_wacz(path).sound}
    if asked.wacz:
        package_checkers["wacz validate"] = lambda path: by_pywacz(asked.wacz, path)
    with tempfile.TemporaryDirectory() as scratch:
        warcs = laid_out(Path(scratch), damaged(Path(scratch)), ".warc.gz")
        compare("WARC files", warc_checkers, warcs, sorted(VALID.iterdir()), listed=asked.list)
        if asked.jhove:
            invalid = {path.name: path for path in sorted(asked.jhove.glob("invalid-*"))}
            valid = sorted(asked.jhove.glob("valid-*"))
            compare("JHOVE's fixtures", warc_checkers, invalid, valid, listed=asked.list)
        packages = laid_out(Path(scratch), damaged_packages(Path(scratch) / "made"), ".wacz")
        valid = sorted(VALID_PACKAGES.iterdir())
        compare("Packages", package_checkers, packages, valid, listed=asked.list)


def compare(
    title: str, checkers: Checkers, paths: dict[str, Path], valid: list[Path], *, listed: bool
) -> None:
    """Print a table: of the damaged files how many each checker found, and so on."""
    tell(f"{title:20}{'of damaged: found':>20}{'of valid: rejected':>20}")
    for name, finds in checkers.items():
        passed = [what for what, path in paths.items() if not finds(path)]
        wrong = [path.name for path in valid if finds(path)]
        found = f"{len(paths) - len(passed)} of {len(paths)}"
        tell(f"{name:20}{found:>20}{f'{len(wrong)} of {len(valid)}':>20}")
        for what in [f"passes: {w}" for w in passed] + [f"rejects: {w}" for w in wrong]:
            if listed:
                tell(f"    {what}")


def laid_out(folder: Path, corpus: dict[str, bytes], suffix: str) -> dict[str, Path]:
    """Write a corpus."""
    paths = {}
    for number, (name, data) in enumerate(corpus.items()):
        paths[name] = folder / f"{number}{suffix}"
        paths[name].write_bytes(data)
    return paths


if __name__ == "__main__":
    main()
