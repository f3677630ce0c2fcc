"""What a warcinfo record says of its file."""

from dataclasses import dataclass
from typing import Final

CONFORMS_TO: Final = (
    "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
)
"""As annex B.1 has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcInfo:
    """The fields of clause 6.2 and Dublin Core. `more` are further ones, such as `robots`."""

    software: str
    is_part_of: str
    description: str
    operator: str | None = None
    more: tuple[tuple[str, str], ...] = ()

    def fields(self) -> tuple[tuple[str, str], ...]:
        """Give the fields in the order of annex B.1."""
        operator = (("operator", self.operator),) if self.operator else ()
        return (
            ("software", self.software),
            ("isPartOf", self.is_part_of),
            ("description", self.description),
            *operator,
            *self.more,
            ("format", "WARC File Format 1.1"),
            ("conformsTo", CONFORMS_TO),
        )
