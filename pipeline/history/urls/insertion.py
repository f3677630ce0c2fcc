"""Add `redirect_from` to the front matter of a file, and change no other byte.

Where the key is there already its value is extended as it is written: a scalar becomes a list in
brackets, a list in brackets or in lines grows by its own kind. Whatever was written is read again
by Jekyll's rules: if anything else than `redirect_from` differs, nothing is suggested.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from pipeline.jekyll.frontmatter import JekyllYamlHandler, has_yaml_header, split
from pipeline.jekyll.item import Split
from pipeline.jekyll.site import Site
from pipeline.jekyll.yaml_loader import YamlError

KEY = "redirect_from"
LARGEST = 64 * 1024
_PLAIN = re.compile(r"/[A-Za-z0-9/._%~+-]*")


class UnsafeInsertionError(Exception):
    """A line cannot be added without a guess; the text says why."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """Text to put into a header, by character."""

    at: int
    text: str


def with_redirects(data: bytes, urls: Sequence[str]) -> bytes:
    """Give the file with these URLs added to its `redirect_from`.

    Raises UnsafeInsertionError.
    """
    cut = split(data)
    if not cut.present or not has_yaml_header(data):
        raise UnsafeInsertionError("it has no front matter that Jekyll reads")
    try:
        header = data[cut.yaml_start : cut.yaml_end].decode()
        before = _loaded(header)
        edits = _edits(header, [_scalar(url) for url in urls], _newline(data, cut))
    except (UnicodeDecodeError, YamlError, yaml.YAMLError) as error:
        raise UnsafeInsertionError("its front matter cannot be read") from error
    for edit in sorted(edits, key=lambda edit: edit.at, reverse=True):
        header = header[: edit.at] + edit.text + header[edit.at :]
    made = data[: cut.yaml_start] + header.encode() + data[cut.yaml_end :]
    _prove(before, made, data[cut.yaml_end :], urls)
    return made


def _loaded(header: str) -> dict[str, Any]:
    if len(header) > LARGEST:
        raise UnsafeInsertionError("its front matter is too large to look into")
    value = JekyllYamlHandler().load(header)
    if value in (None, False):
        return {}
    if not isinstance(value, dict):
        raise UnsafeInsertionError("its front matter is not a mapping")
    return value


def _prove(before: dict[str, Any], made: bytes, rest: bytes, urls: Sequence[str]) -> None:
    """Read what was made: the same keys and values in the same order, but for the redirects."""
    cut = split(made)
    try:
        after = _loaded(made[cut.yaml_start : cut.yaml_end].decode())
    except YamlError as error:
        raise UnsafeInsertionError("an added line would break its front matter") from error
    wanted = (*Site.redirect_from(before), *urls)
    others = [[pair for pair in each.items() if pair[0] != KEY] for each in (before, after)]
    same = repr(others[0]) == repr(others[1]) and made[cut.yaml_end :] == rest
    if not same or Site.redirect_from(after) != wanted:
        raise UnsafeInsertionError(f"the way its `{KEY}` is written leaves no safe place")


def _newline(data: bytes, cut: Split) -> str:
    """Use the line end of the opening line."""
    return "\r\n" if data[: cut.yaml_start].endswith(b"\r\n") else "\n"


def _scalar(url: str) -> str:
    if any(ord(char) < ord(" ") or ord(char) == 0x7F for char in url):  # noqa: PLR2004 - DEL
        raise UnsafeInsertionError("one of its URLs has a control character")
    if _PLAIN.fullmatch(url):
        return url
    escaped = url.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _edits(header: str, values: Sequence[str], newline: str) -> list[_Edit]:
    root = yaml.compose(header, Loader=yaml.SafeLoader)
    if root is None:
        return [_Edit(len(header), _lines("", values, newline, key=True))]
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise UnsafeInsertionError("its front matter is not written in lines of keys and values")
    found = [(key, value) for key, value in root.value if key.value == KEY]
    if not found:
        indent = " " * root.value[0][0].start_mark.column
        return [_Edit(len(header), _lines(indent, values, newline, key=True))]
    key, value = found[-1]  # the last one is the one that counts
    if header[key.end_mark.index : value.start_mark.index].strip(" \t\r\n") != ":":
        raise UnsafeInsertionError(f"its `{KEY}` has a comment, anchor or tag before its value")
    if isinstance(value, yaml.SequenceNode):
        return _in_list(header, value, values, newline)
    if isinstance(value, yaml.ScalarNode):
        return _in_scalar(value, key, values)
    raise UnsafeInsertionError(f"its `{KEY}` is a mapping")


def _in_list(
    header: str, node: yaml.SequenceNode, values: Sequence[str], newline: str
) -> list[_Edit]:
    if node.flow_style:
        if node.value:
            return [_Edit(node.value[-1].end_mark.index, "".join(f", {v}" for v in values))]
        return [_Edit(node.start_mark.index + 1, ", ".join(values))]
    end = node.value[-1].end_mark.index
    line_end = header.find("\n", end)
    if line_end < 0:
        raise UnsafeInsertionError(f"its `{KEY}` does not end in a line of its own")
    indent = " " * node.start_mark.column
    return [_Edit(line_end + 1, _lines(indent, values, newline, key=False))]


def _in_scalar(node: yaml.ScalarNode, key: yaml.ScalarNode, values: Sequence[str]) -> list[_Edit]:
    if node.style in {"|", ">"} or node.start_mark.line != node.end_mark.line:
        raise UnsafeInsertionError(f"its `{KEY}` is a text of several lines")
    if node.start_mark.index == node.end_mark.index:  # nothing is written behind the colon
        return [_Edit(key.end_mark.index + 1, f" [{', '.join(values)}]")]
    rest = "".join(f", {value}" for value in values)
    return [_Edit(node.start_mark.index, "["), _Edit(node.end_mark.index, f"{rest}]")]


def _lines(indent: str, values: Sequence[str], newline: str, *, key: bool) -> str:
    head = [f"{indent}{KEY}:"] if key else []
    deeper = f"{indent}  " if key else indent
    return "".join(f"{line}{newline}" for line in (*head, *(f"{deeper}- {v}" for v in values)))
