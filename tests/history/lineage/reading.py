"""A repository's history, through this project's own reader and rules, as lineage takes it."""

from dataclasses import dataclass

from pipeline.history.graph import Graph
from pipeline.history.lineage.past import lives
from pipeline.history.lineage.reading import matters, reader
from pipeline.history.lineage.values import Life
from pipeline.history.versions import trace
from pipeline.sources import Absent, open_source


@dataclass(frozen=True, slots=True)
class Past:
    """What a history was read into."""

    graph: Graph
    lives: tuple[Life, ...]


def read_past(location: str) -> Past:
    with open_source(location) as source:
        history = source.history()
        versions = trace(history.graph, history.steps())
        wanted = {span.entry.oid: span.entry for span in versions.spans if matters(span.path)}
        blobs = {
            entry.oid: data
            for entry, data in source.read(wanted.values())
            if not isinstance(data, Absent)
        }
    read = reader(versions, lambda span: blobs.get(span.entry.oid, b""))
    return Past(history.graph, lives(versions, read))
