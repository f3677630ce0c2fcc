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
        return _TEXTS[name](self)

    def written_slug(self) -> str:
        """Return the slug that the front matter gives, else the name of the file."""
        slug = self.data.get("slug")
        if slug is None:
            return self.stem
        if not isinstance(slug, str):
            raise RubyTypeError(f"the slug {to_s(slug)}")
        return slug

    def joined(self, form: Callable[[str], str]) -> str:
        """Return the categories as a path, each in this form and once."""
        names = (form(to_s(name)) for name in array(self.data.get("categories")))
        return "/".join(dict.fromkeys(names))


_TEXTS: Mapping[str, Callable[[UrlValues], str]] = {
    "path": lambda values: values.path,
    "output_ext": lambda values: values.output_ext,
    "collection": lambda values: values.collection,
    "name": lambda values: slugify(values.stem),
    "title": lambda values: slugify(values.written_slug(), "pretty", cased=True),
    "slug": lambda values: slugify(values.written_slug()),
    "categories": lambda values: values.joined(downcase),
    "slugified_categories": lambda values: values.joined(slugify),
}
