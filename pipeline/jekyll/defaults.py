"""Front matter defaults: scopes, precedence, merging (frontmatter_defaults.rb)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.jekyll.config import Config
from pipeline.jekyll.globs import glob_pattern
from pipeline.jekyll.merge import deep_merge
from pipeline.jekyll.ruby_text import expand_path, to_s
from pipeline.jekyll.ruby_time import InvalidDateError, NeedsClockError, parse_time

_OLD_TYPES = {"page": "pages", "post": "posts", "draft": "drafts"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Set:
    """One entry of `defaults`. `type` is None where the scope names none."""

    scoped: bool
    path: str
    has_type: bool
    type: str
    values: Mapping[str, Any]
    matches: Callable[[str], bool]


class Defaults:
    """The front matter that the configuration gives to files by path and type."""

    def __init__(self, config: Config, paths: Iterable[str] = ()) -> None:
        """Prepare the scopes. `paths` are all files of the site, for scopes with a `*`."""
        self._collections_dir = config.text("collections_dir")
        self._paths = tuple(paths)
        self._sets = tuple(self._prepare(config))
        self._merged: dict[tuple[int, ...], dict[str, Any]] = {}

    def all(self, path: str, kind: str | None) -> dict[str, Any]:
        """Merge every set that applies; kind is `pages`, a collection's label or None."""
        chosen = tuple(
            index for index, entry in enumerate(self._sets) if self._applies(entry, path, kind)
        )
        if chosen not in self._merged:
            self._merged[chosen] = self._merge(chosen)
        return self._merged[chosen]

    def find(self, path: str, kind: str, key: str) -> Any:  # noqa: ANN401 - YAML decides
        """Return the value that the most precise set has for one key, None if no set has it."""
        value = None
        old: _Set | None = None
        for entry in self._sets:
            if key in entry.values and self._applies(entry, path, kind) and _outranks(old, entry):
                value, old = entry.values[key], entry
        return value

    def _merge(self, chosen: tuple[int, ...]) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        old: _Set | None = None
        for entry in (self._sets[index] for index in chosen):
            if _outranks(old, entry):
                merged, old = deep_merge(merged, entry.values), entry
            else:
                merged = deep_merge(entry.values, merged)
        return merged

    @staticmethod
    def _applies(entry: _Set, path: str, kind: str | None) -> bool:
        if not entry.scoped:
            return True
        return (not entry.has_type or kind == entry.type) and entry.matches(path)

    def _prepare(self, config: Config) -> Iterable[_Set]:
        for given in config.items("defaults"):
            values = given.get("values") if isinstance(given, Mapping) else None
            if not isinstance(values, Mapping):
                continue
            scope = given.get("scope")
            scope = scope if isinstance(scope, Mapping) else {}
            path = scope.get("path")
            kind = to_s(scope.get("type"))
            yield _Set(
                scoped="scope" in given,
                path=_without_slash(path) if isinstance(path, str) else "",
                has_type="type" in scope,
                type=_OLD_TYPES.get(kind, kind),
                values=_with_time(values, config),
                matches=self._matcher(path),
            )

    def _matcher(self, path: Any) -> Callable[[str], bool]:  # noqa: ANN401 - YAML decides
        if not isinstance(path, str) or not path:
            return lambda _path: True
        if "*" not in path:
            prefix = self._strip(path)
            return lambda candidate: _without_slash(candidate).startswith(prefix)
        pattern = glob_pattern(expand_path(path).lstrip("/"))
        found = {entry for name in self._paths for entry in _ancestors(name) if pattern(entry)}
        prefixes = tuple(self._strip(entry) for entry in found)

        def matches(candidate: str) -> bool:
            clean = _without_slash(candidate)
            if prefixes:
                return clean.startswith(prefixes)
            return any(
                pattern(entry) or pattern(self._unstrip(entry)) for entry in _ancestors(clean)
            )

        return matches

    def _strip(self, path: str) -> str:
        folder = f"{self._collections_dir}/"
        if self._collections_dir and path.startswith(folder):
            return path.removeprefix(folder)
        return path

    def _unstrip(self, path: str) -> str:
        return f"{self._collections_dir}/{path}" if self._collections_dir else path


def _outranks(old: _Set | None, new: _Set) -> bool:
    """`has_precedence?`: the longer path wins, then the scope with a type, then the later one."""
    if old is None:
        return True
    if len(new.path) != len(old.path):
        return len(new.path) >= len(old.path)
    return new.has_type or not old.has_type


def _without_slash(path: str) -> str:
    return path.removeprefix("/")


def _ancestors(path: str) -> Iterable[str]:
    parts = path.split("/")
    for end in range(1, len(parts) + 1):
        yield "/".join(parts[:end])


def _with_time(values: Mapping[str, Any], config: Config) -> Mapping[str, Any]:
    """`ensure_time!`: a date among the values is parsed at once."""
    if "date" not in values:
        return values
    try:
        return {**values, "date": parse_time(to_s(values["date"]), config.zone)}
    except (InvalidDateError, NeedsClockError):
        return {key: value for key, value in values.items() if key != "date"}
