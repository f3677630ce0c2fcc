"""A repository's history, through this project's own reader and rules, as lineage takes it."""

from dataclasses import dataclass

from pipeline.content.settings import Settings
from pipeline.history.graph import Graph
from pipeline.history.lineage.reading import Reader, Seen, lives
from pipeline.history.lineage.values import Life
from pipeline.history.versions import Versions, trace
from pipeline.jekyll.config import CONFIG_NAMES
from pipeline.model import TreeEntry
from pipeline.sources import Absent, open_source


@dataclass(frozen=True, slots=True)
class Past:
    """What a history was read into."""

    graph: Graph
    versions: Versions
    seen: dict[TreeEntry, Seen]
    lives: tuple[Life, ...]


def read_past(location: str) -> Past:
    with open_source(location) as source:
        history = source.history()
        versions = trace(history.graph, history.steps())
        states = {version.entry: version for version in versions.states()}
        wanted = [entry for entry in states if entry.path in CONFIG_NAMES]
        configs = {
            entry: data for entry, data in source.read(wanted) if not isinstance(data, Absent)
        }
        reader = Reader(versions, configs, Settings())
        seen = {}
        for entry, data in source.read(states):
            found = None if isinstance(data, Absent) else reader.read(states[entry], data)
            if found is not None:
                seen[entry] = found
    return Past(history.graph, versions, seen, lives(versions, seen))
