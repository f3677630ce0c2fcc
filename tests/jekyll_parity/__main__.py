"""Compare our rules with real Jekyll on any site: `python -m tests.jekyll_parity PATH...`."""

import argparse
import sys
import tempfile
from pathlib import Path

from pipeline.jekyll.options import ReadOptions
from tests.jekyll_parity.comparison import Comparison, compare
from tests.jekyll_parity.jekyll import Answer, Job, Oracle, missing
from tests.jekyll_parity.ours import extract


def main() -> int:
    """Print the share of equal fields and the first differences; 1 if there are any."""
    parser = argparse.ArgumentParser(prog="python -m tests.jekyll_parity", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, help="folders of Jekyll sites")
    parser.add_argument("--show", type=int, default=20, help="how many differences to print")
    parser.add_argument(
        "--safe-yaml", type=Path, help="the lib folder of the safe_yaml gem: read as upstream does"
    )
    options = parser.parse_args()
    if missing():
        sys.stderr.write(f"{missing()}\n")
        return 3
    worst = 0
    with tempfile.TemporaryDirectory() as scratch, Oracle(options.safe_yaml) as oracle:
        for path in options.paths:
            answer = oracle.ask(Job(source=path.resolve(), out=Path(scratch) / "rows.jsonl"))
            worst = max(worst, _report(answer, options.show))
    return worst


def _report(answer: Answer, show: int) -> int:
    folder = answer.job.source
    if answer.error:
        sys.stdout.write(f"{folder}: Jekyll stops: {answer.error}\n")
        return 3
    options = ReadOptions(yaml_engine=answer.engine, now=answer.time)
    result = compare(answer.rows, extract(folder, options, {"plugins": list(answer.plugins)}))
    sys.stdout.write(f"{folder}: {_summary(result)}\n")
    for name in sorted(result.compared):
        sys.stdout.write(f"  {name:14} {result.equal[name]:6} of {result.compared[name]:6} equal\n")
    for difference in result.differences[:show]:
        sys.stdout.write(f"  {difference}\n")
    return 1 if result.differences else 0


def _summary(result: Comparison) -> str:
    items = result.compared["exists"]
    fields = result.compared.total()
    return f"{items} items, {fields} fields, {100 * result.share:.3f} % equal"


if __name__ == "__main__":
    sys.exit(main())
