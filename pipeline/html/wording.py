"""Words: sets of them in our own tables, and white space in what pages say."""

MAX_TEXT = 10_000


def word_set(words: str) -> frozenset[str]:
    """Make a set of the words of a text."""
    return frozenset(words.split())


def one_line(text: str) -> str:
    """Collapse white space in a value; one that is absurdly long is cut."""
    return " ".join(text[:MAX_TEXT].split())


def all_in_one_line(text: str) -> str:
    """Collapse white space, however long the text."""
    return " ".join(text.split())
