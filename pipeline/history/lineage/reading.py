"""What each state of a file said, read once under the configuration of its time.

    reader = Reader(versions, configs, settings)
    seen = {version.entry: found for version, data in ... if (found := reader.read(version, data))}
    lives(versions, seen)

A file in a folder that was no collection yet, or no more, is read for lineage as when it was one.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.content.settings import Settings
from pipeline.history.lineage.codes import Code
from pipeline.history.lineage.facts import Taker
from pipeline.history.lineage.past import past_lives
from pipeline.history.lineage.values import Facts, Life
from pipeline.history.urls.configurations import Configurations, Configured
from pipeline.history.versions import Version, Versions
from pipeline.jekyll.config import CONFIG_NAMES
from pipeline.jekyll.frontmatter import has_yaml_header
from pipeline.jekyll.item import Item, ItemKind
from pipeline.jekyll.rules import PUBLISHABLE, Entries, ReadOptions
from pipeline.model import Finding, Sha256, TreeEntry

__all__ = ["Reader", "Seen", "lives"]

_NO_COLLECTIONS = frozenset(
    ("_data", "_includes", "_layouts", "_plugins", "_sass", "_site", "_config.yml")
)
NO_CONTEXT = Sha256.of(b"")

Told = tuple[str | None, Facts]
"""The collection of a state, and what lineage wants to know of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A state of a document or page.

    `item` is what Jekyll made of it under `configured`, the configuration that stood when it first
    did (on the branch, if it ever stood there); None where Jekyll published nothing of it then.
    `context` is the digest of that configuration file. `collection` and `facts` are for lineage.
    """

    item: Item | None
    configured: Configured | None
    context: Sha256
    collection: str | None
    facts: Facts


class Reader:
    """Reads the states of one history, each once, in any order."""

    def __init__(
        self,
        versions: Versions,
        configs: Mapping[TreeEntry, bytes],
        settings: Settings,
        options: ReadOptions | None = None,
        entries: Entries | None = None,
    ) -> None:
        """Prepare the rules.

        Args:
            versions: the history.
            configs: every state of every file that `CONFIG_NAMES` lists, as far as it can be read.
            settings: what the site says about itself today.
            options: as for `Rules`.
            entries: as for `Rules`.
        """
        self.configurations = Configurations(versions, configs.get, options, entries)
        self.findings = tuple(_unreadable(versions, self.configurations))
        self._taker = Taker(settings)
        self._contexts = {entry: Sha256.of(data) for entry, data in configs.items()}
        self._known = tuple(_known(versions, self.configurations))
        self._near: dict[TreeEntry | None, tuple[Configured, ...]] = {}

    def read(self, version: Version, data: bytes, item: Item | None = None) -> Seen | None:
        """Read one state; None for what is neither document nor page. Never raises for content.

        `item` is what the rules of its time made of it, if that is known already.
        """
        then = self.configurations.at(version.spans[0].since)
        placement = then.rules.place(version.entry) if then else None
        if then and placement and placement.role in PUBLISHABLE:
            item = _document(item or then.rules.read(placement, data))
            told = self._told(item, data) if item else None
        else:
            told = self._as_elsewhen(version.entry, data, then)
        if told is None:
            return None
        return Seen(
            item=item,
            configured=then,
            context=self._contexts[then.entry] if then else NO_CONTEXT,
            collection=told[0],
            facts=told[1],
        )

    def _told(self, item: Item, data: bytes) -> Told:
        return item.collection or None, self._taker.take(item, data)

    def _as_elsewhen(self, entry: TreeEntry, data: bytes, then: Configured | None) -> Told | None:
        """Read a file that Jekyll passed over when it stood as at the nearest time when it did not.

        If there is none, a file with front matter in a folder of documents is one all the same: a
        post without an extension, say.
        """
        for configured in self._nearest(then):
            placement = configured.rules.place(entry)
            if placement.role in PUBLISHABLE:
                item = _document(configured.rules.read(placement, data))
                return self._told(item, data) if item else None
        folder = entry.path.partition("/")[0]
        if not folder.startswith("_") or folder in _NO_COLLECTIONS or not has_yaml_header(data):
            return None
        return folder[1:], self._taker.unread(data)

    def _nearest(self, then: Configured | None) -> tuple[Configured, ...]:
        """Give the configurations that make different rules, those nearest to one first."""
        key = then.entry if then else None
        if key not in self._near:
            here = next((at for at, each in enumerate(self._known) if each is then), 0)
            ways: dict[Hashable, Configured] = {}
            for _, at in sorted((abs(at - here), at) for at in range(len(self._known))):
                ways.setdefault(self._known[at].rules.basis, self._known[at])
            self._near[key] = tuple(ways.values())
        return self._near[key]


def _known(versions: Versions, configurations: Configurations) -> Iterator[Configured]:
    """Give every configuration that could be read, in the order in which they first stood."""
    told = set()
    for span in versions.spans:
        if span.path in CONFIG_NAMES:
            configured = configurations.at(span.since)
            if configured is not None and configured.entry not in told:
                told.add(configured.entry)
                yield configured


def _unreadable(versions: Versions, configurations: Configurations) -> Iterator[Finding]:
    """Tell of each former configuration that is none; that of the newest tree stops the run."""
    for version in versions.states():
        path = version.entry.path
        if path in CONFIG_NAMES and (error := configurations.fault(version.entry)):
            message = f"a former state, from commit {version.spans[0].since[:12]}: {error}"
            yield Code.CONFIG_UNREADABLE.at(path, message)


def _document(item: Item) -> Item | None:
    """Give a document or page; None for a file that is copied as it is."""
    return item if item.kind is not ItemKind.STATIC or item.collection else None


def lives(versions: Versions, seen: Mapping[TreeEntry, Seen]) -> tuple[Life, ...]:
    """Give the life of every path that ever held a document or a page."""

    def told(entry: TreeEntry) -> Told | None:
        found = seen.get(entry)
        return (found.collection, found.facts) if found else None

    return past_lives(versions, told)
