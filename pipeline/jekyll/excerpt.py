"""The excerpt that Jekyll cuts from a document's body (excerpt.rb)."""

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


def cut_excerpt(body: str, separator: str) -> str:
    """Return the source of the excerpt: the text up to the separator, and what it needs."""
    head, _, tail = body.partition(separator)
    if not tail:
        return head
    if "{%" in head:
        head = _close_tags(head)
    definitions = [whole for label, whole in _definitions(tail) if label in head]
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
    for name in reversed(names):
        closed = re.search(rf"\{{%-?\s*end{name}.*?\s*-?%\}}", head, re.DOTALL)
        if name in BLOCKS and not closed:
            head += f"\n{{% end{name} %}}"
    return head


def _definitions(tail: str) -> list[tuple[str, str]]:
    r"""Find `^ {0,3}(\[[^\]]+\])(:.+)$`, in linear time: each `]` is looked for once."""
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
