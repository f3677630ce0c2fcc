"""The few settings of a stranger's `.git/config` that we need, read as text.

Git runs what this file says (`core.fsmonitor`, `core.sshCommand`, …) and follows what it includes;
we parse it as git-config(1), section SYNTAX, describes it and do neither.
"""

import re
from collections.abc import Iterator, Mapping

_SECTION = re.compile(
    r'\s*\[\s*(?P<name>[A-Za-z0-9.-]+)\s*(?:"(?P<sub>(?:[^"\\]|\\.)*)")?\s*\](?P<rest>.*)'
)
_VARIABLE = re.compile(r"\s*(?P<key>[A-Za-z][A-Za-z0-9-]*)\s*(?:=(?P<value>.*))?")
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b", '"': '"', "\\": "\\"}


def parse_config(text: str) -> Mapping[str, str]:
    """Map `section.subsection.key` to its last value; section and key in lower case."""
    settings: dict[str, str] = {}
    section = ""
    for line in _logical_lines(text):
        rest = line
        opened = _SECTION.match(line)
        if opened is not None:
            section = opened["name"].lower()
            if opened["sub"] is not None:
                section += "." + re.sub(r"\\(.)", r"\1", opened["sub"])
            rest = opened["rest"]
        variable = _VARIABLE.match(rest)
        if variable is not None and section:
            value = variable["value"]
            key = f"{section}.{variable['key'].lower()}"
            settings[key] = "true" if value is None else _value(value)
    return settings


def _logical_lines(text: str) -> Iterator[str]:
    """Join lines that end in an odd number of backslashes with the next one."""
    held = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        trailing = len(line) - len(line.rstrip("\\"))
        if trailing % 2:
            held += line[:-1]
            continue
        yield held + line
        held = ""
    if held:
        yield held


def _value(raw: str) -> str:
    """Undo quotes and escapes, drop an unquoted comment and the white space around the value."""
    out: list[str] = []
    kept = 0  # the length that white space at the end must not be stripped below
    quoted = False
    chars = iter(raw.lstrip())
    for char in chars:
        if char == "\\":
            out.append(_ESCAPES.get(next(chars, ""), ""))
            kept = len(out)
        elif char == '"':
            quoted = not quoted
            kept = len(out)
        elif char in "#;" and not quoted:
            break
        else:
            out.append(char)
            if quoted or not char.isspace():
                kept = len(out)
    return "".join(out[:kept])
