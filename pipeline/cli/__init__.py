"""The command line: the only place that prints.

Results go to stdout, progress and errors to stderr. Jobs are imported when a command runs, not
before, so that `--help` is there at once.
"""

import os
import sys

from pipeline.cli.app import app
from pipeline.errors import PipelineError

INTERRUPTED = 130
NOBODY_READS = 141


def main() -> None:
    """Run the command line and exit: an error of ours is one line on stderr and its exit code."""
    try:
        app(prog_name="jekyll-archive")
    except PipelineError as error:
        sys.stderr.write(f"jekyll-archive: {error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("jekyll-archive: interrupted; nothing was changed\n")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # `| head` closed the pipe. Python would complain once more while flushing at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(NOBODY_READS)
