"""Ruby as an oracle for what lies below Jekyll: YAML values and dates."""

import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).resolve().parent / "ask_ruby.rb"


def ask_ruby(
    jobs: Iterable[Mapping[str, Any]], safe_yaml: Path | None = None
) -> list[dict[str, Any]]:
    """Ask all questions in one process; the answers stand in the same order."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    environment.pop("SAFE_YAML_LIB", None)
    if safe_yaml is not None:
        environment["SAFE_YAML_LIB"] = str(safe_yaml)
    done = subprocess.run(
        ["ruby", "-W0", str(SCRIPT)],  # noqa: S607 - PATH is the point
        input="".join(json.dumps(dict(job)) + "\n" for job in jobs),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        env=environment,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]
