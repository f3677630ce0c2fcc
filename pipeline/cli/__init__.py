"""The command line: the only place that prints.

Results go to stdout, progress and errors to stderr. Jobs are imported when a command runs, not
before, so that `--help` is there at once.
"""

import gc
import sys

from pipeline.cli.app import app
from pipeline.errors import PipelineError

# A run makes many values that live until it ends: looking for cycles among them as often as Python
# does by default costs an eighth of the time and finds next to nothing.
RARELY = (50_000, 20, 50)
INTERRUPTED = 130  # what Typer makes of Ctrl-C, and shells of SIGINT


def main() -> None:
    """Run the command line and exit: an error of ours is one line on stderr and its exit code."""
    gc.set_threshold(*RARELY)
    try:
        app(prog_name="jekyll-archive")
    except PipelineError as error:
        _tell(str(error))
        sys.exit(error.exit_code)
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            _tell("interrupted")
        raise
    finally:
        gc.freeze()  # else Python looks for cycles in all that is left, just before it is gone


def _tell(message: str) -> None:
    # One line, whatever names and texts of a source are in it.
    shown = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in message)
    sys.stderr.write(f"jekyll-archive: {''.join(shown)}\n")
