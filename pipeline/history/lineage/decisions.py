"""A person's decisions about lineage: a small text file, read here; what it says is done first.

One decision a line: `accept OLD NEW` or `refuse OLD NEW`, two paths of the repository separated by
spaces or tabs. A path with spaces, or with bytes that are not UTF-8, stands in double quotes as git
shows it. `#` begins a remark, on its own line or after the paths.

    accept _posts/2023-11-01-an-interview.md _stories/an-interview.md   # I was there
    refuse "_news/two words.md" _news/other.md
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.history.lineage.codes import Code
from pipeline.history.lineage.edges import Edge, Ground, Pair, edge, manner
from pipeline.history.lineage.pieces import Piece
from pipeline.history.lineage.values import Decision, Evidence, EvidenceKind, Verdict
from pipeline.model import C_ESCAPES, Finding, shown_path

CERTAIN = 1000.0
MAX_LINES = 100_000

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s"#][^\s"]*')
_LINE = re.compile(rf"({_TOKEN.pattern})\s+({_TOKEN.pattern})\s+({_TOKEN.pattern})\s*(?:#.*)?")
_ESCAPE = re.compile(r"\\(?:([0-7]{3})|(.))", re.DOTALL)
_LETTERS = {letter: char for char, letter in C_ESCAPES.items()}


def parse_decisions(text: str, path: str) -> tuple[tuple[Decision, ...], tuple[Finding, ...]]:
    """Read the file. Of two decisions about the same paths the later one holds.

    A line that cannot be read is a finding, and the others hold.
    """
    found: dict[tuple[str, str], Decision] = {}
    findings = []
    for number, line in enumerate(text.split("\n")[:MAX_LINES], 1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        match = _LINE.fullmatch(bare)
        verdict = {each.value: each for each in Verdict}.get(match[1]) if match else None
        if match is None or verdict is None:
            message = "write `accept OLD NEW` or `refuse OLD NEW`"
            findings.append(Code.DECISION_UNREADABLE.at(path, message, line=number))
            continue
        old, new = _path(match[2]), _path(match[3])
        found.pop((old, new), None)
        found[old, new] = Decision(verdict=verdict, old=old, new=new, line=number)
    return tuple(found.values()), tuple(findings)


def decision_line(decision: Decision) -> str:
    """Write one decision as `parse_decisions` reads it."""
    return f"{decision.verdict.value} {_quoted(decision.old)} {_quoted(decision.new)}"


def _quoted(path: str) -> str:
    shown = shown_path(path)
    if shown.startswith('"') or not re.search(r"[\s#]", shown):
        return shown
    return f'"{shown}"'


def _path(token: str) -> str:
    if not token.startswith('"'):
        return token
    raw = _ESCAPE.sub(_unescaped, token[1:-1])
    return raw.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def _unescaped(match: re.Match[str]) -> str:
    if match[1]:
        return bytes([int(match[1], 8) & 0xFF]).decode("utf-8", "surrogateescape")
    return _LETTERS.get(match[2], match[2])


def decide(
    edges: Iterable[Edge], decisions: Sequence[Decision], ground: Ground
) -> tuple[list[Edge], tuple[Decision, ...]]:
    """Take out the edges that were refused, make those that were accepted certain.

    Of several pieces of the two paths the pair that is nearest in time is meant. The decisions
    that fit nothing come back.
    """
    known = {each.pair: each for each in edges}
    by_path: dict[str, list[Piece]] = {}
    for piece in ground.pieces:
        by_path.setdefault(piece.path, []).append(piece)
    unused = []
    for decision in decisions:
        olds, news = by_path.get(decision.old, []), by_path.get(decision.new, [])
        if not olds or not news:
            unused.append(decision)
        elif decision.verdict is Verdict.REFUSE:
            for pair in [(old.number, new.number) for old in olds for new in news]:
                known.pop(pair, None)
        elif (accepted := _accepted(olds, news, known, ground)) is None:
            unused.append(decision)
        else:
            known[accepted.pair] = accepted
    return list(known.values()), tuple(unused)


def _accepted(
    olds: Sequence[Piece],
    news: Sequence[Piece],
    known: Mapping[Pair, Edge],
    ground: Ground,
) -> Edge | None:
    possible = [
        (abs(new.born.order - old.died.order), old, new, way)
        for old in olds
        for new in news
        if old.died is not None and (way := manner(old, new))
    ]
    if not possible:
        return None
    _, old, new, way = min(possible, key=lambda each: (each[0], each[1].number, each[2].number))
    made = known.get((old.number, new.number)) or edge(old, new, way, ground)
    word = Evidence(kind=EvidenceKind.DECISION, weight=CERTAIN, words="a person said so")
    return replace(made, evidence=(word, *made.evidence))
