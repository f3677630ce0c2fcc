"""The values behind the placeholders of a document's permalink (drops/url_drop.rb)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.jekyll.ruby_text import downcase, to_s
from pipeline.jekyll.ruby_time import NeedsClockError
from pipeline.jekyll.slug import slugify
from pipeline.jekyll.values import RubyTypeError, array

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# English names in every locale, as Ruby's strftime has them.
DATE_PARTS: Mapping[str, Callable[[datetime], str]] = {
    "year": lambda date: f"{date.year:04d}",
    "month": lambda date: f"{date.month:02d}",
    "day": lambda date: f"{date.day:02d}",
    "hour": lambda date: f"{date.hour:02d}",
    "minute": lambda date: f"{date.minute:02d}",
    "second": lambda date: f"{date.second:02d}",
    "i_day": lambda date: str(date.day),
    "i_month": lambda date: str(date.month),
    "short_month": lambda date: _MONTHS[date.month - 1][:3],
    "long_month": lambda date: _MONTHS[date.month - 1],
    "short_year": lambda date: f"{date.year % 100:02d}",
    "w_year": lambda date: f"{date.isocalendar().year:04d}",
    "week": lambda date: f"{date.isocalendar().week:02d}",
    "w_day": lambda date: str(date.isoweekday()),
    "short_day": lambda date: _WEEKDAYS[date.weekday()][:3],
    "long_day": lambda date: _WEEKDAYS[date.weekday()],
    "y_day": lambda date: f"{date.timetuple().tm_yday:03d}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlValues:
    """What a template can ask for. `date` None would be the time of an unknown build."""

    data: Mapping[str, Any]
    collection: str
    path: str
    stem: str
    output_ext: str
    date: datetime | None

    def lookup(self, name: str) -> str:
        """Return the value of a placeholder.

        Raises:
            KeyError: there is no such placeholder.
            NeedsClockError: it is a part of the date, and the document has none.
            RubyTypeError: the slug or a category has a type with which Ruby fails.
        """
        if name in DATE_PARTS:
            if self.date is None:
                raise NeedsClockError(name)
            return DATE_PARTS[name](self.date)
        return self._texts()[name]()

    def _texts(self) -> Mapping[str, Callable[[], str]]:
        return {
            "path": lambda: self.path,
            "output_ext": lambda: self.output_ext,
            "collection": lambda: self.collection,
            "name": lambda: slugify(self.stem),
            "title": lambda: slugify(self._slug(), "pretty", cased=True),
            "slug": lambda: slugify(self._slug()),
            "categories": lambda: self._categories(downcase),
            "slugified_categories": lambda: self._categories(slugify),
        }

    def _slug(self) -> str:
        slug = self.data.get("slug")
        if slug is None:
            return self.stem
        if not isinstance(slug, str):
            raise RubyTypeError(f"the slug {to_s(slug)}")
        return slug

    def _categories(self, form: Callable[[str], str]) -> str:
        names = (form(to_s(name)) for name in array(self.data.get("categories")))
        return "/".join(dict.fromkeys(names))
