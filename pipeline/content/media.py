"""The media type of a file by its name, as a web server would send it.

Our own table and nothing else: Python's `mimetypes` differs between versions and reads the
machine's files, and the same archive must come out the same everywhere. Names are from the IANA
registry; JavaScript is RFC 9239, Markdown RFC 7763, fonts RFC 8081.
"""

from types import MappingProxyType

UNKNOWN = "application/octet-stream"

_TEXT = {
    "text/html": "html htm",
    "text/markdown": "md markdown mkd mkdn mkdown",
    "text/plain": "txt text log rb py sh scss sass less liquid textile rst adoc bib tex toml ini",
    "text/css": "css",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "text/javascript": "js mjs",
    "text/calendar": "ics",
    "text/vcard": "vcf",
    "text/vtt": "vtt",
    "text/x-php": "php",
}
_OTHER = {
    "application/xhtml+xml": "xhtml xht",
    "application/xml": "xml xsl xsd",
    "application/atom+xml": "atom",
    "application/rss+xml": "rss",
    "application/rdf+xml": "rdf",
    "application/json": "json map ipynb",
    "application/ld+json": "jsonld",
    "application/geo+json": "geojson",
    "application/feed+json": "jsonfeed",
    "application/manifest+json": "webmanifest",
    "application/yaml": "yml yaml",
    "application/wasm": "wasm",
    "image/png": "png",
    "image/apng": "apng",
    "image/jpeg": "jpg jpeg jpe jfif",
    "image/gif": "gif",
    "image/svg+xml": "svg",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/heic": "heic",
    "image/bmp": "bmp",
    "image/tiff": "tif tiff",
    "image/jxl": "jxl",
    "image/vnd.microsoft.icon": "ico cur",
    "font/woff": "woff",
    "font/woff2": "woff2",
    "font/ttf": "ttf",
    "font/otf": "otf",
    "font/collection": "ttc",
    "application/vnd.ms-fontobject": "eot",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg oga opus",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/aac": "aac",
    "audio/midi": "mid midi",
    "video/mp4": "mp4 m4v",
    "video/webm": "webm",
    "video/ogg": "ogv",
    "video/quicktime": "mov qt",
    "video/mpeg": "mpg mpeg",
    "video/x-msvideo": "avi",
    "video/x-matroska": "mkv",
    "application/pdf": "pdf",
    "application/postscript": "ps eps ai",
    "application/rtf": "rtf",
    "application/epub+zip": "epub",
    "application/msword": "doc dot",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt pps",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/zip": "zip",
    "application/gzip": "gz tgz",
    "application/x-bzip2": "bz2",
    "application/x-xz": "xz",
    "application/zstd": "zst",
    "application/x-7z-compressed": "7z",
    "application/x-tar": "tar",
    "application/vnd.rar": "rar",
    "application/warc": "warc",
    "application/pgp-keys": "asc",
    "application/pgp-signature": "sig",
    "application/vnd.sqlite3": "sqlite sqlite3 db",
    "application/x-mobipocket-ebook": "mobi",
}


def _table() -> dict[str, str]:
    text = {ext: f"{kind}; charset=UTF-8" for kind, exts in _TEXT.items() for ext in exts.split()}
    return text | {ext: kind for kind, exts in _OTHER.items() for ext in exts.split()}


MEDIA_TYPES = MappingProxyType(_table())


def media_type(path: str) -> str:
    """Give the media type for a path or URL path: `a/b.MD` → `text/markdown; charset=UTF-8`.

    A path that ends in `/` is the index of a folder, so HTML. Without a name we know, it is bytes.
    """
    name = path.rpartition("/")[2]
    if path.endswith("/"):
        return MEDIA_TYPES["html"]
    stem, dot, extension = name.rpartition(".")
    return MEDIA_TYPES.get(extension.lower(), UNKNOWN) if dot and stem else UNKNOWN
