"""Which Jekyll is installed, and where it keeps its files."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import NoJekyllError
from pipeline.jekyll.options import YamlEngine

_ASK = """
require "json"
require "jekyll"
require "rbconfig"
puts JSON.generate("version" => Jekyll::VERSION, "safeyaml" => !defined?(SafeYAML).nil?,
  "folders" => ($LOAD_PATH.map(&:to_s) + Gem.path + [RbConfig::CONFIG["prefix"]]))
"""
_PATIENCE = 60  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Jekyll:
    """An installed Jekyll: its version, its interpreter, and the folders that it is read from."""

    ruby: str
    version: str
    yaml: YamlEngine
    folders: tuple[str, ...]


def find_jekyll() -> Jekyll:
    """Ask the Ruby on the PATH for its Jekyll. Raises NoJekyllError where there is none."""
    ruby = shutil.which("ruby")
    if ruby is None:
        raise NoJekyllError("there is no ruby on the PATH")
    try:
        said = subprocess.run(
            [ruby, "-e", _ASK],
            capture_output=True,
            check=False,
            cwd="/",
            env={"PATH": str(Path(ruby).parent), "LC_ALL": "C.UTF-8"},
            timeout=_PATIENCE,
        ).stdout
        facts = json.loads(said)
        return Jekyll(
            ruby=str(Path(ruby).absolute()),
            version=str(facts["version"]),
            yaml=YamlEngine.SAFEYAML if facts["safeyaml"] else YamlEngine.PSYCH,
            folders=tuple(sorted({str(Path(each)) for each in facts["folders"]})),
        )
    except subprocess.TimeoutExpired as error:
        raise NoJekyllError("ruby does not answer") from error
    except (OSError, ValueError, KeyError) as error:
        raise NoJekyllError(f"{ruby} has no jekyll") from error
