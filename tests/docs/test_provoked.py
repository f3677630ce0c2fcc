"""Every code that the documentation lists is one that some test provokes, by its name."""

import re
from enum import Enum
from pathlib import Path

from tests.docs import findings

TESTS = Path(__file__).resolve().parents[1]


def sources() -> dict[Path, str]:
    """Give the text of every test and of what tests share, but for those of the documentation."""
    return {
        path: path.read_text(encoding="utf-8")
        for path in TESTS.rglob("*.py")
        if not path.is_relative_to(TESTS / "docs")
    }


def named(texts: dict[Path, str]) -> set[str]:
    """Give the codes that are written out, and those of members, as `RunCode.TREE_ODD`.

    A member counts where its enumeration is imported, under any name.
    """
    written = {word for text in texts.values() for word in re.findall(r"[A-Za-z0-9-]+", text)}
    tables = [each for each in vars(findings).values() if isinstance(each, type)]
    for table in (each for each in tables if issubclass(each, Enum)):
        for text in texts.values():
            if f"from {table.__module__} import" not in text:
                continue
            aliases = re.findall(rf"\b{table.__name__} as (\w+)|(\w+) = {table.__name__}\n", text)
            names = {table.__name__, *filter(None, (each for pair in aliases for each in pair))}
            members = re.findall(rf"\b(?:{'|'.join(names)})\.(\w+)", text)
            written |= {table[name].value[0] for name in members if name in table.__members__}
    return written


def test_no_code_is_without_a_test_that_provokes_it() -> None:
    codes = {code for _, _, rows in findings.rooms() for code, _, _ in rows}
    assert codes - named(sources()) == set()
