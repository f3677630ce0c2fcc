"""Full-text search: one function, FTS5 in SQLite and `tsvector` in PostgreSQL.

Text is folded to plain lower-case tokens by us before it is indexed, so that both engines find the
same: Unicode compatibility forms are joined, accents and case dropped. Neither engine's own idea of
a word is used. PostgreSQL counts places in a text up to 16,383 and keeps 256 of each word, so there
a phrase beyond them is not found; single words are.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from pipeline.content.raw import plain_words
from pipeline.errors import UsageError

TOKEN = re.compile(r"\w+")
NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
QUERY_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
# The index itself is made by the migrations.
#: PostgreSQL refuses a tsvector over 1 MiB and lexemes over 2 KiB; longer words are no words.
WORD_LIMIT = 100
VECTOR_BYTES = 1_000_000
PLACE_BYTES, WORD_BYTES = 2, 4  # what a place takes in a tsvector, and a word beside its letters
LAST_PLACE = 16_383
DEAREST = 8  # bytes that a letter can take, if each were a word of its own and of four bytes
QUERY_LIMIT = 50
FEW_AT_A_TIME = {"yield_per": 200}  # the text of a hit is read, judged and let go

INSERT = {
    "sqlite": (
        "INSERT INTO search (rowid, title, people, tags, body)"
        " VALUES (:version_id, :title, :people, :tags, :body)"
    ),
    "postgresql": (
        "INSERT INTO search (version_id, title, people, tags, body, words)"
        " VALUES (:version_id, :title, :people, :tags, :body, CAST(:words AS tsvector))"
    ),
}
DELETE = {
    "sqlite": "DELETE FROM search WHERE rowid = :version_id",
    "postgresql": "DELETE FROM search WHERE version_id = :version_id",
}
FIND = {
    "sqlite": (
        "SELECT rowid AS version_id, title, people, tags, body FROM search"
        " WHERE search MATCH :query"
    ),
    "postgresql": (
        "SELECT version_id, title, people, tags, body FROM search"
        " WHERE words @@ CAST(:query AS tsquery)"
    ),
}
#: What a word counts in each field.
WEIGHTS = {"title": 10.0, "people": 5.0, "tags": 3.0, "body": 1.0}
#: BM25's constants: how soon more of the same stops to count, how much a long text is held back,
#: and how many words a text usually has (fixed, so that a score depends on nothing else).
SATURATION, HOLD_BACK, USUAL_WORDS = 1.2, 0.75, 300


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
    tokens = plain_words(words)
    if tokens is None:
        words = NOT_ASCII.sub(_without_marks, unicodedata.normalize("NFKD", words))
        tokens = TOKEN.findall(words.casefold().replace("_", " "))
    return " ".join([token[:WORD_LIMIT] for token in tokens])


def _without_marks(match: re.Match[str]) -> str:
    return "".join(c for c in match[0] if not unicodedata.combining(c))


def index(connection: Connection, entries: Iterable[SearchText]) -> tuple[int, ...]:
    """Put versions into the index, replacing what it had of them.

    Gives the versions whose text is too long to be searched to its end.
    """
    dialect = connection.dialect.name
    rows: list[dict[str, int | str]] = []
    cut: list[int] = []
    for entry in entries:
        folded = [fold(part) for part in (entry.title, entry.people, entry.tags, entry.body)]
        fields = _bounded(folded)
        if sum(map(len, fields)) < sum(len(words.split()) for words in folded):
            cut.append(entry.version_id)
        rows.append({"version_id": entry.version_id, **WRITE[dialect](fields)})
    if rows:
        connection.execute(text(DELETE[dialect]), rows)
        connection.execute(text(INSERT[dialect]), rows)
    return tuple(cut)


def forget(connection: Connection, versions: Iterable[int]) -> None:
    """Take versions out of the index."""
    rows = [{"version_id": version} for version in versions]
    if rows:
        connection.execute(text(DELETE[connection.dialect.name]), rows)


def is_cut(entry: SearchText) -> bool:
    """Tell whether a text is too long to be searched to its end; cheap for short ones."""
    texts = (entry.title, entry.people, entry.tags, entry.body)
    if sum(map(len, texts)) * PLACE_BYTES < VECTOR_BYTES // 4:
        return False
    folded = [fold(text) for text in texts]
    return sum(map(len, _bounded(folded))) < sum(len(words.split()) for words in folded)


def _bounded(folded: Sequence[str]) -> list[list[str]]:
    # Both engines get the same text, so both are cut where the narrower one has to be.
    if sum(map(len, folded)) * DEAREST < VECTOR_BYTES:
        return [words.split() for words in folded]
    room, seen = VECTOR_BYTES, set[str]()
    fields: list[list[str]] = []
    for words in folded:
        fields.append([])
        for token in words.split():
            room -= PLACE_BYTES + (0 if token in seen else len(token.encode()) + WORD_BYTES)
            if room < 0:
                break
            seen.add(token)
            fields[-1].append(token)
    return fields


def _columns(fields: list[list[str]]) -> dict[str, str]:
    return {name: " ".join(tokens) for name, tokens in zip(WEIGHTS, fields, strict=True)}


def _columns_and_vector(fields: list[list[str]]) -> dict[str, str]:
    # Written by us: PostgreSQL's parser takes `10:30`, `a/b` or `x.org` for one word, FTS5 for two.
    places: dict[str, list[str]] = {}
    place = 0
    for tokens in fields:
        for token in tokens:
            place += 1
            places.setdefault(token, []).append(str(min(place, LAST_PLACE)))
        place += 1  # a phrase does not go on from one field into the next
    # Tokens are \w only: nothing to escape.
    words = " ".join(f"'{token}':{','.join(at)}" for token, at in places.items())
    return {**_columns(fields), "words": words}


WRITE = {"sqlite": _columns, "postgresql": _columns_and_vector}


def find(connection: Connection, words: str) -> Sequence[tuple[int, float]]:
    """Find versions by `words "a phrase" begin* -without`, best first: version ids and scores.

    All words must occur. A query without any word to look for finds nothing. Raises UsageError
    when there are too many words for a query.
    """
    terms = [_term(match) for match in QUERY_TERM.finditer(words)]
    wanted = [(tokens, prefix) for tokens, prefix, minus in terms if tokens and not minus]
    unwanted = [(tokens, prefix) for tokens, prefix, minus in terms if tokens and minus]
    if sum(len(tokens) for tokens, _ in wanted + unwanted) > QUERY_LIMIT:
        raise UsageError(f"a search takes at most {QUERY_LIMIT} words; search for fewer")
    if not wanted:
        return []
    dialect = connection.dialect.name
    write = _fts5 if dialect == "sqlite" else _tsquery
    rows = connection.execute(
        text(FIND[dialect]), {"query": write(wanted, unwanted)}, execution_options=FEW_AT_A_TIME
    )
    hits = [(int(row["version_id"]), _score(row, wanted)) for row in rows.mappings()]
    return sorted(hits, key=lambda hit: (-hit[1], hit[0]))


def _score(row: Mapping[Any, Any], wanted: Terms) -> float:
    """Judge a hit as BM25F does, without regard to how rare a word is elsewhere.

    The engines rank each in their own way; so that both give one order, neither is asked.
    """
    held = 1 - HOLD_BACK + HOLD_BACK * (row["body"].count(" ") + 1) / USUAL_WORDS
    # Two spaces, so that neighbours do not share the one between them.
    spaced = {name: f" {row[name]} ".replace(" ", "  ") for name in WEIGHTS}
    score = 0.0
    for tokens, prefix in wanted:
        sought = f" {'  '.join(tokens)}{'' if prefix else ' '}"
        counts = {name: spaced[name].count(sought) * weight for name, weight in WEIGHTS.items()}
        often = sum(counts.values()) - counts["body"] + counts["body"] / held
        score += often / (often + SATURATION)
    return score


def _term(match: re.Match[str]) -> tuple[list[str], bool, bool]:
    raw = match["phrase"] if match["phrase"] is not None else match["word"]
    prefix = match["phrase"] is None and raw.endswith("*")
    return fold(raw).split(), prefix, bool(match["minus"])


def _fts5(wanted: Terms, unwanted: Terms) -> str:
    def one(tokens: list[str], *, prefix: bool) -> str:
        return f'"{" ".join(tokens)}"' + ("*" if prefix else "")

    query = " AND ".join(one(tokens, prefix=prefix) for tokens, prefix in wanted)
    if not unwanted:
        return query
    return f"({query}) NOT ({' OR '.join(one(tokens, prefix=p) for tokens, p in unwanted)})"


def _tsquery(wanted: Terms, unwanted: Terms) -> str:
    def one(tokens: list[str], *, prefix: bool) -> str:
        words = [f"'{token}'" for token in tokens]  # tokens are \w only: nothing to escape
        if prefix:
            words[-1] += ":*"
        return "(" + " <-> ".join(words) + ")"

    parts = [one(tokens, prefix=prefix) for tokens, prefix in wanted]
    parts += ["!" + one(tokens, prefix=prefix) for tokens, prefix in unwanted]
    return " & ".join(parts)
