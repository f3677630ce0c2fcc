"""Make the sample's archive that git keeps: `python -m tests.sample.publish`.

Writes `archives/demo/` anew, with the present as its time, for that is when the bytes are read. The
commands are those that `archives/demo/README.md` names. To be done when what a run writes changes.
"""

import shutil
import sys
from pathlib import Path

from pipeline.cli.options import present
from pipeline.warc.dates import to_warc_date
from tests.cli.command import command

PUBLISHED = Path(__file__).parents[2] / "archives" / "demo"
ARCHIVE, PACKAGE = "sallow-quay", "sallow-quay.wacz"
KEY = PUBLISHED / "demo-key-that-proves-nothing.pem"
#: What a person would not hand on: the lock of the run.
LEFT_OUT = (".lock",)


def publish(folder: Path, clock: str) -> None:
    """Archive, sign and pack the sample as of a time. The key is the published one."""
    archive = folder / ARCHIVE
    for words in (
        ("demo", "--archive", archive, "--clock", clock),
        ("sign", "--key", KEY, "--archive", archive),
        ("export", "wacz", folder / PACKAGE, "--sign", KEY, "--clock", clock, "--archive", archive),
    ):
        ran = command(*words)
        if ran.code != 0:
            raise RuntimeError(ran.err or ran.out)
    for name in LEFT_OUT:
        (archive / name).unlink()


def main() -> None:
    """Write the published archive anew."""
    if not KEY.exists() and command("keygen", KEY).code != 0:
        sys.exit(f"{KEY} cannot be made")
    shutil.rmtree(PUBLISHED / ARCHIVE, ignore_errors=True)
    (PUBLISHED / PACKAGE).unlink(missing_ok=True)
    publish(PUBLISHED, to_warc_date(present(None)))


if __name__ == "__main__":
    main()
