"""YAML read as Ruby reads it: libyaml's events, bounded, handed to a builder of the chosen engine.

Psych and PyYAML's C parser stand on the same libyaml, so they accept and refuse the same texts.
Working on the event stream keeps the C stack flat (composing nests there, and a deep text kills the
process) and lets every bound act before a value exists.
"""

from dataclasses import dataclass
from datetime import UTC, tzinfo
from enum import Enum
from typing import Any, Protocol

import yaml
from yaml.reader import ReaderError

from pipeline.jekyll.psych import PsychBuilder
from pipeline.jekyll.safeyaml import SafeYamlBuilder


class YamlEngine(Enum):
    """Which Ruby library decides what a scalar means."""

    SAFEYAML = "safeyaml"
    PSYCH = "psych"


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlLimits:
    """Bounds on one YAML text: bytes, depth, aliases, size with the aliases written out."""

    size: int = 64 * 1024
    depth: int = 50
    aliases: int = 100
    expanded: int = 1024 * 1024
    directives: int = 20


class YamlError(ValueError):
    """The text is not YAML, or Ruby's library refuses it. Line and column count from 1."""

    def __init__(self, why: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.line = line
        self.column = column


class YamlLimitError(YamlError):
    """A bound was passed; what stands behind it was not looked at."""


class Builder(Protocol):
    """What takes the events of one document and makes its value."""

    result: Any

    def scalar(self, text: str, anchor: str | None, tag: str | None, *, quoted: bool) -> None:
        """Take one scalar."""

    def alias(self, anchor: str) -> None:
        """Take an alias."""

    def start_mapping(self, anchor: str | None, tag: str | None, /) -> None:
        """Open a mapping."""

    def start_sequence(self, anchor: str | None, tag: str | None, /) -> None:
        """Open a sequence."""

    def end(self) -> None:
        """Close the innermost structure."""


class _Weights:
    """How large the value becomes when every alias is written out."""

    def __init__(self, limits: YamlLimits) -> None:
        self._limits = limits
        self._open: list[tuple[str | None, int]] = []
        self._anchors: dict[str, int] = {}
        self._aliases = 0
        self.total = 0

    def scalar(self, text: str, anchor: str | None) -> None:
        self.total += 1 + len(text)
        if anchor is not None:
            self._anchors[anchor] = 1 + len(text)

    def start(self, anchor: str | None) -> None:
        self.total += 1
        self._open.append((anchor, self.total))
        if anchor is not None:
            self._anchors.pop(anchor, None)
        if len(self._open) > self._limits.depth:
            raise YamlLimitError(f"nested deeper than {self._limits.depth} levels")

    def end(self) -> None:
        anchor, before = self._open.pop()
        if anchor is not None:
            self._anchors[anchor] = self.total - before + 1

    def alias(self, anchor: str) -> None:
        self._aliases += 1
        if self._aliases > self._limits.aliases:
            raise YamlLimitError(f"more than {self._limits.aliases} aliases")
        if any(name == anchor for name, _ in self._open):
            raise YamlLimitError(f"the alias *{anchor} stands inside what it refers to")
        self.total += self._anchors.get(anchor, 1)
        if self.total > self._limits.expanded:
            raise YamlLimitError("the aliases expand to more than the limit")


#: What libyaml says from 0.2.6 on: it looks ahead, so it may be there before our own limit is.
_TOO_DEEP = "exceeded maximum nesting depth"
_ENDS = frozenset((yaml.DocumentEndEvent, yaml.StreamEndEvent))


class RubyLoader(yaml.CSafeLoader):
    """A loader whose values are Ruby's. One document; what follows it is not read, as in Ruby."""

    def __init__(self, text: str, builder: Builder, limits: YamlLimits) -> None:
        """Read `text` with `builder` within `limits`."""
        super().__init__(text)
        self._builder = builder
        self._weights = _Weights(limits)

    def get_single_data(self) -> Any:  # noqa: ANN401 - YAML decides
        """Return the value of the first document, None for an empty text."""
        event = self.get_event()
        try:
            while type(event) not in _ENDS:
                self._take(event)
                event = self.get_event()
        except YamlLimitError as error:
            raise _placed(YamlLimitError(error.why), event) from error
        except (ValueError, OverflowError) as error:
            raise _placed(YamlError(str(error)), event) from error
        return self._builder.result

    def _take(self, event: Any) -> None:  # noqa: ANN401 - the stubs of PyYAML know no union of events
        # By the exact class, scalars first: a history has a hundred thousand of them.
        kind, weights, builder = type(event), self._weights, self._builder
        if kind is yaml.ScalarEvent:
            text, anchor = event.value, event.anchor
            weights.scalar(text, anchor)
            builder.scalar(text, anchor, event.tag, quoted=event.implicit[1])
        elif kind is yaml.MappingStartEvent:
            weights.start(event.anchor)
            builder.start_mapping(event.anchor, event.tag)
        elif kind is yaml.SequenceStartEvent:
            weights.start(event.anchor)
            builder.start_sequence(event.anchor, event.tag)
        elif kind is yaml.AliasEvent:
            anchor = event.anchor or ""
            weights.alias(anchor)
            builder.alias(anchor)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            weights.end()
            builder.end()


def _placed(error: YamlError, event: yaml.Event | None) -> YamlError:
    mark = event.start_mark if event is not None else None
    if mark is not None:
        error.line, error.column = mark.line + 1, mark.column + 1
    return error


def check_size(text: str, limits: YamlLimits) -> None:
    """Raise YamlLimitError for a text that is too large to be looked at."""
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    if size > limits.size:
        raise YamlLimitError(f"{size} bytes of YAML; the limit is {limits.size}", 1, 1)
    if text.count("\n%") > limits.directives:  # libyaml compares each with all before it
        raise YamlLimitError(f"more than {limits.directives} YAML directives", 1, 1)


def map_error(error: yaml.YAMLError, text: str) -> YamlError:
    """Say where and why libyaml refuses the text."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        why = error.problem or error.context or "not YAML"
        kind = YamlError
        if why == _TOO_DEEP:
            kind, why = YamlLimitError, "nested too deeply"
        return kind(why, mark.line + 1 if mark else None, mark.column + 1 if mark else None)
    if isinstance(error, ReaderError):
        before = text.encode("utf-8", "surrogatepass")[: error.position]
        line_start = before.rfind(b"\n") + 1
        column = len(before[line_start:].decode("utf-8", "replace")) + 1
        return YamlError(str(error.reason), before.count(b"\n") + 1, column)
    return YamlError(str(error))


def builder_for(engine: YamlEngine, zone: tzinfo = UTC) -> Builder:
    """Make a fresh builder of this engine; Psych shows times without a zone in `zone`."""
    return PsychBuilder(zone) if engine is YamlEngine.PSYCH else SafeYamlBuilder()
