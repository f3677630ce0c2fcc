"""Copy records out of an archive byte for byte, each once, into a WARC file of their own."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.errors import ArchiveError, LimitError
from pipeline.model import Sha256
from pipeline.report.dossier import Record
from pipeline.store.answers import Evidence, Site
from pipeline.store.captured import record_ids
from pipeline.store.session import Connection
from pipeline.warc.damage import Damage
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.manifest import ManifestFile
from pipeline.warc.reader import opened, read_record, walk

MOST = 1 << 28
"""Bytes of all records together: evidence for one document is a small thing."""
UUID = "urn:uuid:"


class Copies:
    """Records of an archive, copied. Each file that any is from gives its warcinfo record, too."""

    def __init__(self, archive: Path) -> None:
        """Begin with none."""
        self._archive = archive
        self._found: dict[tuple[str, int], tuple[str, str, str | None, int]] = {}
        self._infos: dict[str, str] = {}
        self._size = 0

    def add(self, evidence: Evidence) -> tuple[str, str | None]:
        """Take the record that holds some bytes, and the revisit that refers to it; give the ids.

        Raises ArchiveError where one of them is not what the catalogue says.
        """
        holding = self._add(evidence.warc_path, evidence.record_offset, evidence.record_length)
        revisit = evidence.revisit
        if revisit is None:
            return holding, None
        return holding, self._add(revisit.warc_path, revisit.record_offset, revisit.record_length)

    def _add(self, path: str | None, offset: int | None, length: int | None) -> str:
        if path is None or offset is None or length is None:
            raise ArchiveError(str(self._archive), "has no record of these bytes; run verify")
        if path not in self._infos:
            first = next(walk(self._archive / path))
            if isinstance(first, Damage):
                raise ArchiveError(path, f"{first.message}; run verify")
            self._infos[path] = self._take(path, 0, first.length)
        return self._take(path, offset, length)

    def _take(self, path: str, offset: int, length: int) -> str:
        known = self._found.get((path, offset))
        if known is not None:
            return known[0]
        self._size += length
        if self._size > MOST:
            raise LimitError(path, "what this document is proved by", f"{MOST} bytes")
        try:
            record = read_record(self._archive / path, offset, length)
        except DamagedRecordError as error:
            raise ArchiveError(path, f"{error}; run verify") from error
        self._found[path, offset] = (
            record.record_id, record.type.value, record.target_uri, length,
        )  # fmt: skip
        return record.record_id

    def records(self) -> tuple[Record, ...]:
        """List them, by file and place."""
        found, at = [], 0
        for (path, offset), (name, kind, uri, length) in sorted(self._found.items()):
            found.append(
                Record(id=name, type=kind, uri=uri, file=path, offset=offset, length=length, at=at)
            )
            at += length
        return tuple(found)

    def chunks(self) -> Iterator[bytes]:
        """Give the bytes of each, in that order. Raises NotVerifiableError."""
        for record in self.records():
            with opened(self._archive / record.file) as file:
                file.seek(record.offset)
                yield file.read(record.length)

    def orders(
        self, connection: Connection, site: Site, sealed: Mapping[str, ManifestFile]
    ) -> dict[str, bytes]:
        """Give for each file the ids of all its records, 16 bytes each; a manifest has its digest.

        Raises ArchiveError where it has another one.
        """
        found = {}
        for path, info in sorted(self._infos.items()):
            ids = (info, *record_ids(connection, site, path))
            digest = Sha256.of("".join(f"{each}\n" for each in ids).encode())
            if path not in sealed or sealed[path].order_sha256 != digest:
                raise ArchiveError(path, "its records are not those of its manifest; run verify")
            found[path] = b"".join(
                bytes.fromhex(each.removeprefix(UUID).replace("-", "")) for each in ids
            )
        return found
