"""A comparison in which every text that a site can choose attacks the page."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from pipeline.history.comparison.values import Comparison
from tests.report.building import plain_comparison

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style></title></textarea><h1>mine</h1><!--",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "https://evil.example/&amp;&lt;",
    "\x1b[31m\x00red\x7f\x9f",
    "gpj.\u202eexe\u2066\u200b",
    "half \ud800 of a pair \ufffe",
    "W" * 5000,
)
_OURS = frozenset({"id", "document", "ids", "commit", "day", "sha256"})


def hostile_comparison(attack: str) -> Comparison:
    """Put an attack before every text of the plain comparison that a site can choose."""
    attacked: Comparison = _attacked(plain_comparison(), attack)
    return replace(attacked, collection=attack)


def _attacked(value: Any, attack: str) -> Any:  # noqa: ANN401 - any of the values
    if isinstance(value, str):
        return attack + value
    if isinstance(value, tuple):
        return tuple(_attacked(each, attack) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            each.name: _attacked(getattr(value, each.name), attack)
            for each in fields(value)
            if each.name not in _OURS and not isinstance(getattr(value, each.name), Enum)
        }
        return replace(value, **changed)
    return value
