"""Tables in Markdown."""

NOTE = "<!-- Generated: `python -m tests.docs.generate`. Change the code, not this page. -->\n\n"


def columns(*names: str) -> str:
    """Begin a table with these columns."""
    return f"{cell(*names)}\n{cell(*('---' for _ in names))}"


def cell(*values: str) -> str:
    """Write one line of a table; line ends and bars in the values are kept from breaking it."""
    escaped = (" ".join(value.replace("|", "\\|").split()) for value in values)
    return f"| {' | '.join(escaped)} |"
