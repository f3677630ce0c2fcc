"""What the driver wrote down about a build, read as what it is: lines made of hostile names."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.model import Finding
from pipeline.sources.building.codes import BuildCode
from pipeline.sources.location import printable

_LONGEST_LINE = 64 * 1024
_SAID = 300  # as many of Jekyll's own words; the notes about pages have no such bound
_FINDINGS = {
    "failed": (BuildCode.FAILED, "not built: {why}"),
    "layout": (BuildCode.LAYOUT, "built without its layout {why!r}, which is not there"),
    "tag": (BuildCode.TAG, "the tag {why!r} is of no plugin that was loaded; nothing stands there"),
    "filter": (BuildCode.FILTER, "the filter {why!r} is of no plugin that was loaded; not applied"),
}
_OF_SITE = {
    "plugin": (BuildCode.PLUGIN, "the plugin {path} was not loaded: {why}"),
    "generator": (BuildCode.PLUGIN_FAILED, "{path} failed: {why}"),
    "theme": (BuildCode.THEME, "the theme {path} is missing: {why}"),
    "setting": (BuildCode.SETTING, "{path}: {why}"),
    "said": (BuildCode.SAID, "{why}"),
}


@dataclass(slots=True, kw_only=True)
class Notes:
    """The notes of one build.

    `written` are the files that Jekyll wrote, by the path of their source; `failed` the sources of
    those that it could not; `begun` is the page at which the process ended, if it did not end well.
    """

    findings: list[Finding] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    loaded: tuple[str, ...] = ()
    ended: bool = False
    fatal: str = ""
    begun: str = ""


def read_notes(file: Path, config: str) -> Notes:
    """Read the notes; what is about the site as a whole is placed at its configuration."""
    notes = Notes()
    said = 0
    for line in _lines(file):
        kind, path, why = (printable(str(line.get(name, ""))) for name in ("kind", "path", "why"))
        said += kind == "said"
        if kind in _FINDINGS:
            code, message = _FINDINGS[kind]
            notes.findings.append(code.at(path, message.format(why=why)))
            if kind == "failed":
                notes.failed.add(str(line["path"]))
        elif kind in _OF_SITE and said <= _SAID:
            code, message = _OF_SITE[kind]
            where = None if kind == "said" else config
            notes.findings.append(code.at(where, message.format(path=path, why=why)))
        else:
            _note(notes, kind, line, why)
    return notes


def _note(notes: Notes, kind: str, line: dict[str, object], why: str) -> None:
    match kind:
        case "written":
            notes.written[str(line.get("path"))] = str(line.get("to"))
        case "begin":
            notes.begun = str(line.get("path"))
        case "done":
            notes.begun = ""
        case "loaded":
            notes.loaded = tuple(why.split())
        case "fatal":
            notes.fatal = why
        case "end":
            notes.ended = True


def _lines(file: Path) -> Iterator[dict[str, object]]:
    if not file.exists():
        return
    with file.open("rb") as stream:
        while raw := stream.readline(_LONGEST_LINE):
            try:
                line = json.loads(raw)
            except ValueError:
                continue  # the process was killed while it wrote
            if isinstance(line, dict):
                yield line
