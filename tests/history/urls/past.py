"""A repository's addresses, through this project's own reader."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.history.urls.addresses import Address, AddressBook
from pipeline.history.urls.configurations import Configurations
from pipeline.history.versions import Versions, trace
from pipeline.jekyll.rules import PUBLISHABLE
from pipeline.model import TreeEntry
from pipeline.sources import Absent, open_source


@dataclass(frozen=True, slots=True)
class Past:
    """What a history was read into. `again` are the states that were read more than once."""

    versions: Versions
    configurations: Configurations
    content: Mapping[TreeEntry, bytes]
    addresses: tuple[Address, ...]
    again: tuple[TreeEntry, ...]


def read_past(location: str) -> Past:
    """Read every state under its first configuration, and again where that does not tell all."""
    with open_source(location) as source:
        history = source.history()
        versions = trace(history.graph, history.steps())
        states = versions.states()
        content = {
            entry: data
            for entry, data in source.read(state.entry for state in states)
            if not isinstance(data, Absent)
        }
    configurations = Configurations(versions, content.get)
    book = AddressBook(versions, configurations)
    for state in states:
        configured = configurations.at(state.spans[0].since)
        placement = configured.rules.place(state.entry) if configured else None
        if configured and placement and placement.role in PUBLISHABLE and state.entry in content:
            item = configured.rules.read(placement, content[state.entry])
            book.note(state.entry, configured, item)
    again = book.unread()
    for entry in again:
        if entry in content:
            book.read(entry, content[entry])
    return Past(versions, configurations, content, tuple(book.addresses()), again)
