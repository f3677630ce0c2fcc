r"""Front matter: where it is, to the byte, and what it says, as Jekyll sees it.

`Jekyll::Document::YAML_FRONT_MATTER_REGEXP` is `\A(---\s*\n.*?\n?)^((---|\.\.\.)\s*$\n?)` with `.`
matching newlines. Written as two searches it gives the same result in linear time.
"""

import re
from datetime import UTC, tzinfo
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from pipeline.jekyll.entries import Entries, Mapping
from pipeline.jekyll.item import Split
from pipeline.jekyll.safeyaml import SafeYamlBuilder
from pipeline.jekyll.yaml_loader import (
    RubyLoader,
    YamlEngine,
    YamlError,
    YamlLimits,
    builder_for,
    check_size,
    map_error,
)

BOM = b"\xef\xbb\xbf"
_OPENING = re.compile(rb"---\s*\n")
_FIRST_LINE = re.compile(rb"---[ \t\r\f\v]*\n")
# It begins with the line end before, which is found much faster than `^`.
_CLOSING = re.compile(rb"\n(?:---|\.\.\.)\s*$\n?", re.MULTILINE)
_YAML_HEADER = re.compile(rb"---\s*\r?\n")


def has_yaml_header(data: bytes) -> bool:
    """Whether the first line is `---`, so that Jekyll reads the file. A BOM hides it."""
    end = data.find(b"\n") + 1
    line = data[:end] if end else data
    return _YAML_HEADER.match(line) is not None


def split(data: bytes, *, bom: bool = True) -> Split:
    """Cut a source file in front matter and body; nothing is lost, whatever the bytes.

    Args:
        data: the whole file.
        bom: whether a UTF-8 byte-order mark is read over, as Jekyll does for every `utf-` encoding.
    """
    start = len(BOM) if bom and data.startswith(BOM) else 0
    opening = _OPENING.match(data, start)
    closing = _CLOSING.search(data, opening.end() - 1) if opening else None
    if closing is None:
        return Split(present=False, yaml_start=0, yaml_end=0, body_start=0, size=len(data))
    first = _FIRST_LINE.match(data, start)
    return Split(
        present=True,
        yaml_start=first.end() if first else closing.start() + 1,
        yaml_end=closing.start() + 1,
        body_start=closing.end(),
        size=len(data),
    )


def header_text(data: bytes, cut: Split) -> bytes:
    """Return what Jekyll hands to the YAML parser: from the opening line to the closing one."""
    start = len(BOM) if data.startswith(BOM) else 0
    return data[start : cut.yaml_end]


class JekyllYamlHandler(YAMLHandler):
    """A handler of python-frontmatter that reads YAML as the chosen Ruby engine does."""

    def __init__(
        self,
        engine: YamlEngine = YamlEngine.SAFEYAML,
        limits: YamlLimits | None = None,
        zone: tzinfo = UTC,
        entries: Entries | None = None,
    ) -> None:
        """Read with `engine`, within `limits`; Psych shows some times in `zone`, the site's.

        `entries` were read, and are to be kept, under the same limits.
        """
        super().__init__()
        self._zone = zone
        self._engine = engine
        self._limits = limits or YamlLimits()
        self._entries = entries or Entries()

    def split(self, text: str) -> tuple[str, str]:
        """Cut by Jekyll's rule. Raises ValueError if there is no header."""
        data = text.encode("utf-8", "surrogateescape")
        cut = split(data)
        if not cut.present:
            raise ValueError("no front matter")
        header = header_text(data, cut).decode("utf-8", "surrogateescape")
        return header, data[cut.body_start :].decode("utf-8", "surrogateescape")

    def load(self, fm: str, **kwargs: Any) -> Any:  # noqa: ANN401 - the library's protocol
        """Return the value of the YAML text; nobody may change what is in it.

        Raises:
            YamlError: not YAML, or refused by the engine; with line and column.
            YamlLimitError: larger than the limits allow.
        """
        check_size(fm, self._limits)
        if self._engine is YamlEngine.SAFEYAML:
            known = self._entries.load(fm, self._alone)
            if known is not None:
                return known

        def loader(text: str) -> RubyLoader:
            return RubyLoader(text, builder_for(self._engine, self._zone), self._limits)

        try:
            return super().load(fm, Loader=loader, **kwargs)
        except yaml.YAMLError as error:
            raise map_error(error, fm) from error

    def _alone(self, text: str) -> Mapping | None:
        """Read a mapping; None for anything else, and where its entries depend on each other."""
        builder = SafeYamlBuilder()
        try:
            value = RubyLoader(text, builder, self._limits).get_single_data()
        except (yaml.YAMLError, YamlError):
            return None  # the whole text is read again, to tell where in it the fault is
        return value if isinstance(value, dict) and builder.is_free else None
