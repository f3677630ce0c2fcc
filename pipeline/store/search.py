"""Full-text search: one function, FTS5 in SQLite and `tsvector` in PostgreSQL.

Text is folded to plain lower-case tokens by us before it is indexed, so that both engines find the
same: Unicode compatibility forms are joined, accents and case dropped.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

TOKEN = re.compile(r"\w+")
QUERY_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
# The index itself is made by the migrations.
#: PostgreSQL refuses a tsvector over 1 MiB and lexemes over 2 KiB; longer words are no words.
WORD_LIMIT = 100
TEXT_LIMIT = 500_000

INSERT = {
    "sqlite": (
        "INSERT INTO search (rowid, title, people, tags, body)"
        " VALUES (:version_id, :title, :people, :tags, :body)"
    ),
    "postgresql": (
        "INSERT INTO search (version_id, words) VALUES (:version_id,"
        " setweight(to_tsvector('simple', :title), 'A') ||"
        " setweight(to_tsvector('simple', :people), 'B') ||"
        " setweight(to_tsvector('simple', :tags), 'C') ||"
        " setweight(to_tsvector('simple', :body), 'D'))"
    ),
}
DELETE = {
    "sqlite": "DELETE FROM search WHERE rowid = :version_id",
    "postgresql": "DELETE FROM search WHERE version_id = :version_id",
}
FIND = {
    "sqlite": (
        "SELECT rowid AS version_id, -bm25(search, 10.0, 5.0, 3.0, 1.0) AS score FROM search"
        " WHERE search MATCH :query ORDER BY score DESC, rowid"
    ),
    "postgresql": (
        "SELECT version_id, ts_rank(words, CAST(:query AS tsquery), 1) AS score FROM search"
        " WHERE words @@ CAST(:query AS tsquery) ORDER BY score DESC, version_id"
    ),
}


#: What to look for: the tokens of a word or phrase, and whether its last one is a beginning.
Terms = list[tuple[list[str], bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchText:
    """What is searched of one version."""

    version_id: int
    title: str
    people: str
    tags: str
    body: str


def fold(words: str) -> str:
    """Fold text to tokens without case and accents: `Schönlieb's` is `schonlieb s`."""
    if not words.isascii():
        decomposed = unicodedata.normalize("NFKD", words)
        words = "".join(c for c in decomposed if not unicodedata.combining(c))
    tokens = (token[:WORD_LIMIT] for token in TOKEN.findall(words.casefold().replace("_", " ")))
    return " ".join(tokens)[:TEXT_LIMIT]


def index(connection: Connection, entries: Iterable[SearchText]) -> None:
    """Put versions into the index, replacing what it had of them."""
    rows = [
        {
            "version_id": entry.version_id,
            "title": fold(entry.title),
            "people": fold(entry.people),
            "tags": fold(entry.tags),
            "body": fold(entry.body),
        }
        for entry in entries
    ]
    if rows:
        dialect = connection.dialect.name
        connection.execute(text(DELETE[dialect]), rows)
        connection.execute(text(INSERT[dialect]), rows)


def find(connection: Connection, words: str) -> Sequence[tuple[int, float]]:
    """Find versions by `words "a phrase" begin* -without`, best first: version ids and scores.

    All words must occur. A query without any word to look for finds nothing.
    """
    terms = [_term(match) for match in QUERY_TERM.finditer(words)]
    wanted = [(tokens, prefix) for tokens, prefix, minus in terms if tokens and not minus]
    unwanted = [(tokens, prefix) for tokens, prefix, minus in terms if tokens and minus]
    if not wanted:
        return []
    dialect = connection.dialect.name
    write = _fts5 if dialect == "sqlite" else _tsquery
    rows = connection.execute(text(FIND[dialect]), {"query": write(wanted, unwanted)})
    return [(row.version_id, float(row.score)) for row in rows]


def _term(match: re.Match[str]) -> tuple[list[str], bool, bool]:
    raw = match["phrase"] if match["phrase"] is not None else match["word"]
    prefix = match["phrase"] is None and raw.endswith("*")
    return fold(raw).split(), prefix, bool(match["minus"])


def _fts5(wanted: Terms, unwanted: Terms) -> str:
    def one(tokens: list[str], *, prefix: bool) -> str:
        return f'"{" ".join(tokens)}"' + ("*" if prefix else "")

    query = " AND ".join(one(tokens, prefix=prefix) for tokens, prefix in wanted)
    for tokens, prefix in unwanted:
        query = f"({query}) NOT {one(tokens, prefix=prefix)}"
    return query


def _tsquery(wanted: Terms, unwanted: Terms) -> str:
    def one(tokens: list[str], *, prefix: bool) -> str:
        words = [f"'{token}'" for token in tokens]  # tokens are \w only: nothing to escape
        if prefix:
            words[-1] += ":*"
        return "(" + " <-> ".join(words) + ")"

    parts = [one(tokens, prefix=prefix) for tokens, prefix in wanted]
    parts += ["!" + one(tokens, prefix=prefix) for tokens, prefix in unwanted]
    return " & ".join(parts)
