"""How rows are named to `explain`: a kind, a colon, a number."""

import re

#: The words before the colon of an id, and their tables; `document:` takes any name of it.
KINDS = {
    "absence": "absences",
    "address": "addresses",
    "asset": "assets",
    "blob": "blobs",
    "capture": "captures",
    "commit": "commits",
    "date": "dates",
    "file": "files",
    "finding": "findings",
    "join": "joins",
    "link": "links",
    "mention": "mentions",
    "page": "pages",
    "part": "parts",
    "person": "people",
    "publication": "publications",
    "reason": "reasons",
    "redirect": "redirects",
    "relation": "relations",
    "series": "series",
    "span": "spans",
    "stay": "stays",
    "tag": "tags",
    "tagging": "taggings",
    "url": "urls",
    "version": "versions",
}
#: A number that fits an integer column; a commit's own id, at least as long as git shortens it.
ROW_ID = re.compile("[0-9]{1,9}")
COMMIT_ID = re.compile("[0-9a-fA-F]{7,64}")
KIND_OF = {table: kind for kind, table in KINDS.items()}
