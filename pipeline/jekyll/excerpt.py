"""The excerpt that Jekyll cuts from a document's body (excerpt.rb), in time linear in the body."""

import re

# Blocks of Liquid and of Jekyll's own tags: one left open by the cut is closed.
BLOCKS = frozenset(
    {
        "case",
        "capture",
        "comment",
        "for",
        "if",
        "ifchanged",
        "raw",
        "tablerow",
        "unless",
        "highlight",
    }
)
_TAG = re.compile(r"\{%-?\s*([a-zA-Z0-9_]+)")
_TAG_END = "%}"
_LINK_START = re.compile(r"^ {0,3}\[", re.MULTILINE)
_LABEL = re.compile(r"\[[^\[\]]*\]")
MAX_NESTED_LABELS = 100  # labels with a bracket inside, which take a search of their own each


def cut_excerpt(body: str, separator: str) -> str:
    """Return the source of the excerpt: the text up to the separator, and what it needs."""
    head, _, tail = body.partition(separator)
    if not tail:
        return head
    if "{%" in head:
        head = _close_tags(head)
    definitions = _used(_definitions(tail), head)
    return head + "\n\n" + "\n".join(definitions) if definitions else head


def _close_tags(head: str) -> str:
    """`sanctify_liquid_tags`: close, innermost first, each block that the head opens."""
    names = []
    position = 0
    while match := _TAG.search(head, position):
        end = head.find(_TAG_END, match.end())
        if end < 0:
            break
        names.append(match[1])
        position = end + len(_TAG_END)
    for name in dict.fromkeys(reversed(names)):
        if name in BLOCKS and not _closed(head, name):
            head += f"\n{{% end{name} %}}"
    return head


def _closed(head: str, name: str) -> bool:
    start = re.search(rf"\{{%-?\s*end{name}", head)
    return start is not None and head.find(_TAG_END, start.end()) >= 0


def _definitions(tail: str) -> list[tuple[str, str]]:
    r"""Find `^ {0,3}(\[[^\]]+\])(:.+)$`; each `]` is looked for once."""
    found = []
    position = close = 0
    while match := _LINK_START.search(tail, position):
        start = match.end() - 1
        close = close if close > start else tail.find("]", start + 1)
        if close < 0:
            break
        position = match.end()
        line_end = tail.find("\n", close)
        line_end = len(tail) if line_end < 0 else line_end
        if close > start + 1 and tail[close + 1 : close + 2] == ":" and line_end > close + 2:
            label = tail[start : close + 1]
            found.append((label, label + tail[close + 1 : line_end]))
            position = line_end
    return found


def _used(definitions: list[tuple[str, str]], head: str) -> list[str]:
    """Keep the definitions whose label stands in the head."""
    labels = set(_LABEL.findall(head)) if definitions else set()
    nested = [label for label, _ in definitions if "[" in label[1:]][:MAX_NESTED_LABELS]
    labels.update(label for label in nested if label in head)
    return [whole for label, whole in definitions if label in labels]
