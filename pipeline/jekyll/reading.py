"""A document while it is being read: the data hash that Ruby mutates, and what went wrong.

Source: document.rb of Jekyll 4.3 (`merge_data!`, `merge_categories!`, `merge_date!`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pipeline.jekyll.codes import finding
from pipeline.jekyll.item import DateSource
from pipeline.jekyll.merge import deep_merge
from pipeline.jekyll.placement import Placement
from pipeline.jekyll.ruby_text import to_s
from pipeline.jekyll.ruby_time import FarDateError, InvalidDateError, NeedsClockError, parse_time
from pipeline.jekyll.site import Site
from pipeline.jekyll.values import united, words
from pipeline.model import Finding, Place


class Reading:
    """The document as Ruby builds it up: a data hash, and what went wrong on the way."""

    def __init__(self, site: Site, placement: Placement) -> None:
        self.site = site
        self.placement = placement
        self.relative = site.relative_to_collections(placement.path)
        self.directory = f"_{placement.collection}"
        self.data: dict[str, Any] = {}
        self.own: Mapping[str, Any] = {}
        self.body = ""
        self.findings: list[Finding] = []
        self.date_source = DateSource.NONE
        self.date_raw: str | None = None
        self.broken = False
        self.far = False

    def note(self, code: str, message: str, *, line: int | None = None, **where: Any) -> None:  # noqa: ANN401
        """Add a finding about this document."""
        place = Place(path=self.placement.path, line=line, **where)
        self.findings.append(finding(code, message, place))

    def merge(self, other: Mapping[str, Any], source: DateSource) -> None:
        """`merge_data!`: categories are united, the rest is merged, a date is parsed at once."""
        new = dict(other)
        if new.get("categories") is not None:
            given = new["categories"]
            given = words(given) if isinstance(given, str) else given
            new["categories"] = united(self.data.get("categories"), given)
        before = self.data.get("date")
        self.data = deep_merge(self.data, new)
        if "date" in self.data:
            self._merge_date(before, new, source)

    def _merge_date(self, before: Any, new: Mapping[str, Any], source: DateSource) -> None:  # noqa: ANN401
        value = self.data["date"]
        if isinstance(value, datetime) and value is before:
            return
        try:
            self.data["date"] = parse_time(to_s(value), self.site.config.zone, self.site.now)
        except (InvalidDateError, NeedsClockError) as error:
            code = "DATE-INVALID" if isinstance(error, InvalidDateError) else "DATE-BUILD-TIME"
            self.note(code, f'date is not a full date: "{to_s(value)[:80]}"', field="date")
            self.far = isinstance(error, FarDateError)
            self.data.pop("date")
            if isinstance(before, datetime):
                self.data["date"] = before
            if self.date_raw is None:
                self.date_raw = to_s(value)
            return
        if new.get("date") is not None:
            self.date_source, self.date_raw = source, to_s(new["date"])
