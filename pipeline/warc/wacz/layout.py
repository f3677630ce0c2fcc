"""What is where in a package."""

from typing import Final

VERSION: Final = "1.1.1"
SUFFIX: Final = ".wacz"
ARCHIVE: Final = "archive/"
INDEXES: Final = "indexes/"
PAGES: Final = "pages/"
INDEX: Final = "indexes/index.cdx.gz"
SHORT_INDEX: Final = "indexes/index.idx"
PAGE_LIST: Final = "pages/pages.jsonl"
DATAPACKAGE: Final = "datapackage.json"
DIGEST: Final = "datapackage-digest.json"

OURS: Final = "jekyll-archive "
"""How the `software` of our own packages begins: they are held to the bytes that we write."""
