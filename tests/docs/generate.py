"""Write the generated pages of docs/: `python -m tests.docs.generate`, with `--check` to compare.

With `--check` nothing is written; the exit code is 1 when a page is not what it would be.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.docs import cli, findings, schema
from tests.docs.markdown import NOTE

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES: Mapping[str, Callable[[], str]] = {
    "schema.md": schema.render,
    "findings.md": findings.render,
    "cli.md": cli.render,
}


def main(arguments: Sequence[str] | None = None, folder: Path = DOCS) -> int:
    """Write or check every page; give the exit code."""
    parser = argparse.ArgumentParser(description="Write the generated pages of docs/.")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if a page is stale")
    check = parser.parse_args(arguments).check
    stale = [name for name, page in PAGES.items() if _differs(folder / name, NOTE + page())]
    for name in stale:
        if check:
            sys.stderr.write(f"docs/{name} is stale; run `python -m tests.docs.generate`\n")
        else:
            (folder / name).write_text(NOTE + PAGES[name](), encoding="utf-8")
    return int(check and bool(stale))


def _differs(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_text(encoding="utf-8") != text


if __name__ == "__main__":
    sys.exit(main())
