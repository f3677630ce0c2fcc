"""Read any state that a document was ever in, from the archive, under the rules of its time."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.content.normalise import normalise
from pipeline.content.settings import SETTINGS_NAME, Settings, parse_settings
from pipeline.errors import BadConfigError
from pipeline.history.comparison.reading import ReadVersion
from pipeline.history.urls.configurations import Configurations
from pipeline.jekyll.config import CONFIG_NAMES
from pipeline.jekyll.item import Item, ItemKind
from pipeline.jekyll.rules import PUBLISHABLE
from pipeline.jobs.then import content_of
from pipeline.model import FileMode, TreeEntry
from pipeline.sources import Absent, AbsentKind
from pipeline.store.answers import Site, StoredFile
from pipeline.store.auditing import real_path
from pipeline.store.past import whole
from pipeline.store.reading import files
from pipeline.store.session import Connection
from pipeline.store.states import files_by_id, files_by_path


class State(Protocol):
    """What is needed to read a state: which file, and since which commit it stood."""

    @property
    def file_id(self) -> int:
        """The row of the file."""

    @property
    def since(self) -> str:
        """The commit that began it."""


@dataclass(frozen=True, slots=True)
class FormerReader:
    """Reads states of one site."""

    folder: Path
    files: Mapping[int, StoredFile]
    configurations: Configurations
    settings: Settings

    @classmethod
    def of(
        cls, connection: Connection, site: Site, folder: Path, states: Iterable[State]
    ) -> "FormerReader":
        """Prepare to read these states."""
        return cls.of_files(connection, site, folder, {state.file_id for state in states})

    @classmethod
    def of_files(
        cls, connection: Connection, site: Site, folder: Path, wanted: Collection[int]
    ) -> "FormerReader":
        """Prepare to read these files, by id."""
        configs = {_entry(f): f for f in files_by_path(connection, site, CONFIG_NAMES)}

        def config(entry: TreeEntry) -> bytes | None:
            data = content_of(folder, configs[entry]) if entry in configs else None
            return None if isinstance(data, Absent) else data

        return cls(
            folder=folder,
            files={file.file_id: file for file in files_by_id(connection, site, wanted)},
            configurations=Configurations(whole(connection, site, CONFIG_NAMES), config),
            settings=settings_of(connection, site, folder),
        )

    def content(self, state: State) -> bytes | Absent:
        """Give the bytes of a state."""
        return content_of(self.folder, self.files[state.file_id])

    def read(self, state: State) -> ReadVersion | Absent:
        """Read a state as Jekyll did when it began to stand; else say why it cannot be read."""
        found = self.item(state)
        if isinstance(found, Absent):
            return found
        item, data = found
        file = self.files[state.file_id]
        return ReadVersion(
            path=item.path,
            item=item,
            content=normalise(item, data, self.settings),
            sha256=file.sha256.hex if file.sha256 else "",
            size=len(data),
        )

    def item(self, state: State) -> tuple[Item, bytes] | Absent:
        """Give what Jekyll made of a state, and its bytes; else say why there is nothing."""
        file = self.files[state.file_id]
        data = self.content(state)
        if isinstance(data, Absent):
            return data
        try:
            configured = self.configurations.at(state.since)
        except KeyError:  # a branch that was rewritten since
            configured = None
        if configured is None:
            return _unread("is of a time of which no configuration can be read")
        placement = configured.rules.place(_entry(file))
        if placement.role not in PUBLISHABLE:
            return _unread("was passed over by Jekyll")
        item = configured.rules.read(placement, data)
        if item.kind is ItemKind.STATIC:
            return _unread("was a static file for Jekyll")
        return item, data


def _unread(reason: str) -> Absent:
    return Absent(kind=AbsentKind.UNREADABLE, reason=reason)


def _entry(file: StoredFile) -> TreeEntry:
    path = real_path(file.path, file.path_raw)
    return TreeEntry(path=path, mode=FileMode(file.mode), oid=file.oid)


def settings_of(connection: Connection, site: Site, folder: Path) -> Settings:
    """Read what the site says about itself in the newest snapshot; `run` did so too."""
    own = next((f for f in files(connection, site) if f.path == SETTINGS_NAME), None)
    data = content_of(folder, own) if own else None
    try:
        return parse_settings(data) if isinstance(data, bytes) else Settings()
    except BadConfigError:  # of a version of this software that knows more settings
        return Settings()
