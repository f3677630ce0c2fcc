"""The empty bare repository of ours through which every source is read.

Its settings are all there are: a source's own `config`, `attributes`, hooks, grafts and
replacements are never in a place where git looks for them. The layout is gitrepository-layout(5).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.sources.refs import Refs

_CONFIG = """\
[core]
\trepositoryformatversion = {version}
\tbare = true
\tcommitGraph = false
\tmultiPackIndex = false
\tfsmonitor = false
\thooksPath = /dev/null
\tattributesFile = /dev/null
\tbigFileThreshold = {threshold}
[pack]
\twriteReverseIndex = false
[maintenance]
\tauto = false
[gc]
\tauto = 0
[log]
\tshowSignature = false
"""
_SHA256 = "[extensions]\n\tobjectFormat = sha256\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scratch:
    """A bare repository that we laid out."""

    directory: Path

    @classmethod
    def create(cls, directory: Path, *, sha256: bool, threshold: int) -> "Scratch":
        """Lay out an empty repository. Files above `threshold` bytes are streamed by git."""
        for folder in ("objects/info", "objects/pack", "refs"):
            (directory / folder).mkdir(parents=True)
        # A hostile commit-graph or multi-pack index could lie about what objects hold.
        config = _CONFIG.format(version=1 if sha256 else 0, threshold=threshold)
        (directory / "config").write_text(config + (_SHA256 if sha256 else ""))
        (directory / "HEAD").write_text("ref: refs/heads/unborn\n")
        return cls(directory=directory)

    def borrow(self, folders: Iterable[Path]) -> None:
        """Read objects from these folders too. Quoted as C strings, so any path is one line."""
        lines = [b'"' + _c_quoted(bytes(folder)) + b'"\n' for folder in folders]
        (self.directory / "objects" / "info" / "alternates").write_bytes(b"".join(lines))

    def set_refs(self, refs: Refs) -> None:
        """Write refs that were checked; HEAD is detached at the tip."""
        lines = [oid.encode("ascii") + b" " + name for name, oid in sorted(refs.named.items())]
        (self.directory / "packed-refs").write_bytes(b"".join(line + b"\n" for line in lines))
        if refs.head is not None:
            (self.directory / "HEAD").write_text(refs.head + "\n")

    def set_shallow(self, oids: Iterable[str]) -> None:
        """Say at which commits the history was cut."""
        text = "".join(f"{oid}\n" for oid in sorted(oids))
        if text:
            (self.directory / "shallow").write_text(text)


def _c_quoted(raw: bytes) -> bytes:
    plain = range(0x20, 0x7F)
    return b"".join(
        bytes([byte]) if byte in plain and byte not in b'"\\' else b"\\%03o" % byte for byte in raw
    )
