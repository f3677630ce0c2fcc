"""The site's own file `jekyll-archive.toml`: what no rule can know about a site.

[site]
name = "The tide mill"                  # what to call the site
url = "https://mill.example"            # its public address, where `_config.yml` has another

[collections.events]
text = ["event_content", "faqs[].answer"]    # exactly these fields hold text; or instead:
text_add = ["venue"]                         # these too, beside those found by rule
text_remove = ["heading"]                    # never these

[people]
collections = ["people", "team_members"]     # where people have their own pages
fields_add = ["miller"]                      # fields that name people, beside the usual ones
fields_remove = ["chair"]

[html]                                       # where things stand on a rendered page: CSS selectors
article = ["article .words"]                 # the first that fits, with all that it fits
remove = [".share"]                          # never part of an article
title = ["h1"]                               # these three come before what the page says elsewhere
published = ["time.published"]
authors = [".by a"]

[series.conversations]                       # what was published together: paths or URLs that the
landing = "_news/listening.md"               # documents had at any time
members = ["/journal/tomas-wheel", "_posts/2024-05-14-ines-wheel.md"]
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from pipeline.content.raw import one_line
from pipeline.errors import BadConfigError
from pipeline.html.selecting import BadSelectorError, compiled
from pipeline.html.values import NO_SELECTORS, Selectors

SETTINGS_NAME = "jekyll-archive.toml"
PEOPLE_COLLECTIONS = ("people", "team_members")

_HEADER = re.compile(r"\s*\[{1,2}([^\]=]*)\]{1,2}\s*(?:#.*)?$")
_UNQUOTED = re.compile(r"[\s\"']")
_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_COLLECTION_KEYS = ("text", "text_add", "text_remove")
_PEOPLE_KEYS = ("collections", "fields_add", "fields_remove")
_SITE_KEYS = ("name", "url")
_TABLES = ("site", "collections", "people", "series", "html")
_HTML_KEYS = ("article", "remove", "title", "published", "authors")
_SERIES_KEYS = ("landing", "members")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFields:
    """Which fields of a collection hold text: exactly `only`, or the rule's with more and fewer."""

    only: tuple[str, ...] | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSeries:
    """A series that the site names itself: paths or URLs that its documents had at any time."""

    name: str
    landing: str
    members: tuple[str, ...]
    line: int | None = None


RULE_ONLY = TextFields()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a site says about itself. Made without arguments, it is what holds for any site."""

    site_name: str | None = None
    site_url: str | None = None
    text_fields: Mapping[str, TextFields] = field(default_factory=lambda: MappingProxyType({}))
    people_collections: tuple[str, ...] = PEOPLE_COLLECTIONS
    people_fields_add: tuple[str, ...] = ()
    people_fields_remove: tuple[str, ...] = ()
    series: tuple[NamedSeries, ...] = ()
    selectors: Selectors = NO_SELECTORS

    def text_of(self, collection: str | None) -> TextFields:
        """Give the text fields set for a collection; for pages, `collection` is None."""
        return self.text_fields.get(collection or "pages", RULE_ONLY)


def parse_settings(data: bytes, path: str = SETTINGS_NAME) -> Settings:
    """Read the file's bytes. Raises BadConfigError, with the line, for anything not shown above."""
    try:
        text = data.decode("utf-8-sig")
        table = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise BadConfigError(path, data.count(b"\n", 0, error.start) + 1, "not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        why = _LINE.sub("", str(error)).strip()
        raise BadConfigError(path, int(line[1]) if line else None, f"not TOML: {why}") from error
    except RecursionError as error:  # tomllib descends by recursion (python/cpython#100746)
        raise BadConfigError(path, None, "not TOML that we read: nested too deeply") from error
    return _Reader(path=path, text=text).settings(table)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Checks the table; knows the text, so that a complaint has a line."""

    path: str
    text: str

    def settings(self, table: Mapping[str, Any]) -> Settings:
        self.known(table, "", _TABLES)
        site, collections, people, series, html = (self.table(table, name) for name in _TABLES)
        self.known(site, "site.", _SITE_KEYS)
        self.known(people, "people.", _PEOPLE_KEYS)
        self.known(html, "html.", _HTML_KEYS)
        return Settings(
            site_name=self.string(site, "site.name"),
            site_url=self.string(site, "site.url"),
            text_fields=MappingProxyType(
                {n: self.text_fields(collections, n) for n in collections}
            ),
            people_collections=self.words(people, "people.collections") or PEOPLE_COLLECTIONS,
            people_fields_add=self.words(people, "people.fields_add") or (),
            people_fields_remove=self.words(people, "people.fields_remove") or (),
            series=tuple(self.series(series, name) for name in series),
            selectors=Selectors(**{key: self.selectors(html, key) for key in html}),
        )

    def selectors(self, html: Mapping[str, Any], key: str) -> tuple[str, ...]:
        every = self.words(html, f"html.{key}") or ()
        for selector in every:
            try:
                compiled(selector)
            except BadSelectorError as error:
                why = f"not a CSS selector that we know: {selector!r:.60}: {one_line(str(error))}"
                raise self.bad(f"html.{key}", why) from error
        return every

    def series(self, every: Mapping[str, Any], name: str) -> NamedSeries:
        section = f"series.{name}"
        table = self.table(every, section, name)
        self.known(table, f"{section}.", _SERIES_KEYS)
        landing = self.string(table, f"{section}.landing")
        members = self.words(table, f"{section}.members")
        if not name.strip() or not landing or not members:
            raise self.bad(section, 'should name `landing = "..."` and `members = ["...", ...]`')
        return NamedSeries(
            name=one_line(name), landing=landing, members=members, line=self.line_of(section)
        )

    def text_fields(self, collections: Mapping[str, Any], name: str) -> TextFields:
        section = f"collections.{name}"
        table = self.table(collections, section, name)
        self.known(table, f"{section}.", _COLLECTION_KEYS)
        only, add, remove = (self.words(table, f"{section}.{key}") for key in _COLLECTION_KEYS)
        if only is not None and (add or remove):
            raise self.bad(f"{section}.text", "say either text, or text_add and text_remove")
        return TextFields(only=only, add=add or (), remove=remove or ())

    def known(self, table: Mapping[str, Any], section: str, keys: tuple[str, ...]) -> None:
        for key in table:
            if key not in keys:
                raise self.bad(f"{section}{key}", f"unknown; known are {', '.join(keys)}")

    def table(
        self, table: Mapping[str, Any], name: str, key: str | None = None
    ) -> Mapping[str, Any]:
        value = table.get(key or name, {})
        if not isinstance(value, dict):
            raise self.bad(name, f"should be a table: [{name}]")
        return value

    def string(self, table: Mapping[str, Any], name: str) -> str | None:
        value = table.get(name.rpartition(".")[2])
        if value is None or isinstance(value, str):
            return value
        raise self.bad(name, f"should be a string, not {value!r:.40}")

    def words(self, table: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
        value = table.get(name.rpartition(".")[2])
        if value is None:
            return None
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            return tuple(value)
        raise self.bad(name, "should be a list of strings")

    def bad(self, name: str, why: str) -> BadConfigError:
        return BadConfigError(self.path, self.line_of(name), f"{one_line(name)}: {why}")

    def line_of(self, name: str) -> int | None:
        """Find the line that sets a name. tomllib keeps no places, so this looks at the text."""
        here, name = "", _UNQUOTED.sub("", name)
        for number, line in enumerate(self.text.splitlines(), 1):
            header = _HEADER.match(line)
            if header:
                here = full = _UNQUOTED.sub("", header[1])
            else:
                key = _UNQUOTED.sub("", line.partition("=")[0])
                full = f"{here}.{key}" if here else key
            inline = not header and name.startswith(f"{full}.") and name.rpartition(".")[2] in line
            if full == name or full.startswith(f"{name}.") or inline:
                return number
        return None
