"""Which configuration stood at each commit, and for which stretches of the branch."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.errors import BadConfigError
from pipeline.history.versions import Gap, Span, Versions
from pipeline.jekyll.config import CONFIG_NAMES, Config, parse_config
from pipeline.jekyll.rules import Entries, ReadOptions, Rules
from pipeline.model import TreeEntry

BRANCH = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """A configuration file that could be read, and the rules that it makes."""

    entry: TreeEntry
    config: Config
    rules: Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    """A stretch of the branch, by position, in which all files were read by the same rules.

    `until` is one past its last commit. `configured` is the first of the configurations that agree;
    None where nothing that could be read had said yet that this is a Jekyll site.
    """

    since: int
    until: int
    configured: Configured | None


class Configurations:
    """The configurations of a whole history.

    Where a configuration is missing or cannot be read Jekyll does not build the site, and what it
    had built last stays what the site is: so the last one that could be read stands.
    """

    def __init__(
        self,
        versions: Versions,
        content: Callable[[TreeEntry], bytes | None],
        options: ReadOptions | None = None,
        entries: Entries | None = None,
    ) -> None:
        """Prepare to look. `content` gives a file's bytes, None where they cannot be had.

        `entries` are as for `Rules`: all configurations read with the same.
        """
        self._graph = versions.graph
        self._places = versions.graph.places()
        self._content = content
        self._options = options or ReadOptions()
        self._entries = entries or Entries()
        self._read: dict[TreeEntry, Configured | None] = {}
        self._faults: dict[TreeEntry, BadConfigError] = {}
        self._stood: dict[tuple[int, int], Configured | None] = {}
        self._events = _events(versions, self._places)

    def at(self, commit: str) -> Configured | None:
        """Give what stood at any commit. Raises KeyError for one that is not in the graph."""
        line, position = self._places[commit]
        return self._at(line, position)

    def all(self) -> tuple[Configured, ...]:
        """Give every configuration that could be read, each once."""
        entries = {entry: None for events in self._events.values() for _, _, entry in events}
        found = (self._configured(entry) for entry in entries if entry is not None)
        return tuple(each for each in found if each is not None)

    def fault(self, entry: TreeEntry) -> BadConfigError | None:
        """Say why a file is no configuration, None if it is one or its bytes cannot be had."""
        self._configured(entry)
        return self._faults.get(entry)

    def eras(self) -> tuple[Era, ...]:
        """Cut the branch where the rules change."""
        length = len(self._graph.branch)
        changes = {at for at, _, _ in self._events.get(BRANCH, ()) if at}
        found: list[Era] = []
        for since in sorted({0, *changes}) if length else ():
            here = self._at(BRANCH, since)
            if found and _agree(found[-1].configured, here):
                continue
            if found:
                found[-1] = Era(since=found[-1].since, until=since, configured=found[-1].configured)
            found.append(Era(since=since, until=length, configured=here))
        return tuple(found)

    def _at(self, line: int, position: int) -> Configured | None:
        """Find what stood at a place; it is the same between two events of a line."""
        key = line, self._count(line, position)
        if key not in self._stood:
            self._stood[key] = self._find(line, position)
        return self._stood[key]

    def _count(self, line: int, position: int) -> int:
        """Count the events of a line up to a position."""
        return bisect_right(self._events.get(line, ()), position, key=lambda event: event[0])

    def _find(self, line: int, position: int) -> Configured | None:
        standing: dict[str, TreeEntry | None] = {}
        before: list[TreeEntry] = []
        for name, entry in self._back(line, position):
            standing.setdefault(name, entry)
            if entry is not None:
                before.append(entry)
        chosen = next((standing[name] for name in CONFIG_NAMES if standing.get(name)), None)
        for entry in (*([chosen] if chosen else []), *before):
            configured = self._configured(entry)
            if configured is not None:
                return configured
        return None

    def _back(self, line: int, position: int) -> Iterator[tuple[str, TreeEntry | None]]:
        """Go back from a place through all that happened to the configuration, newest first."""
        while True:
            newest = self._count(line, position)
            for _, name, entry in reversed(self._events.get(line, [])[:newest]):
                yield name, entry
            fork = self._graph.lines[line].fork
            if fork is None:
                return
            line, position = self._places[fork]

    def _configured(self, entry: TreeEntry) -> Configured | None:
        if entry not in self._read:
            self._read[entry] = self._parsed(entry)
        return self._read[entry]

    def _parsed(self, entry: TreeEntry) -> Configured | None:
        data = self._content(entry)
        if data is None:
            return None
        try:
            config = parse_config([(entry.path, data)], self._options)
        except BadConfigError as error:
            self._faults[entry] = error
            return None
        rules = Rules(config, self._options, entries=self._entries)
        return Configured(entry=entry, config=config, rules=rules)


def _events(
    versions: Versions, places: dict[str, tuple[int, int]]
) -> dict[int, list[tuple[int, str, TreeEntry | None]]]:
    """List by line, oldest first, at which position a configuration file came or went."""
    found: dict[int, list[tuple[int, str, TreeEntry | None]]] = {}
    begun: tuple[Span | Gap, ...] = (*versions.gaps, *versions.spans)
    for each in begun:
        if each.path in CONFIG_NAMES:
            entry = each.entry if isinstance(each, Span) else None
            found.setdefault(each.line, []).append((places[each.since][1], each.path, entry))
    for events in found.values():
        events.sort(key=lambda event: event[0])
    return found


def _agree(one: Configured | None, other: Configured | None) -> bool:
    if one is None or other is None:
        return one is other
    return one is other or one.rules.basis == other.rules.basis
