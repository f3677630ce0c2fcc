"""Which media gain nothing from deflate, so that their bytes are stored as they are.

A JPEG site spends nine tenths of a level 9 writer's time on a gain of about one per cent.
"""

from typing import Final

_FAMILIES: Final = ("audio/", "image/", "video/")
_PACKED: Final = frozenset({
    "application/epub+zip",
    "application/gzip",
    "application/java-archive",
    "application/vnd.rar",
    "application/x-7z-compressed",
    "application/x-bzip",
    "application/x-bzip2",
    "application/x-gzip",
    "application/x-rar-compressed",
    "application/x-xz",
    "application/zip",
    "application/zstd",
    "font/woff",
    "font/woff2",
})  # fmt: skip
_PACKED_PREFIXES: Final = (
    "application/vnd.oasis.opendocument.",
    "application/vnd.openxmlformats-officedocument.",
)
_LOOSE: Final = frozenset({
    "audio/aiff",
    "audio/basic",
    "audio/midi",
    "audio/wav",
    "audio/x-aiff",
    "audio/x-wav",
    "image/bmp",
    "image/svg+xml",
    "image/tiff",
    "image/vnd.microsoft.icon",
    "image/x-icon",
})  # fmt: skip


def is_packed(media_type: str) -> bool:
    """Tell whether bytes of this media type are compressed already."""
    essence = media_type.partition(";")[0].strip().lower()
    if essence in _LOOSE:
        return False
    return essence in _PACKED or essence.startswith(_FAMILIES + _PACKED_PREFIXES)
