"""One document of a collection, from its bytes to the values that Jekyll computes.

Source: document.rb of Jekyll 4.3, method by method. `Reading` carries the data hash that Ruby
mutates; it does not leave this module.
"""

import re
from datetime import date, datetime
from typing import Any

from pipeline.jekyll.excerpt import cut_excerpt
from pipeline.jekyll.item import DateSource, Item, ItemKind
from pipeline.jekyll.placement import POSTS, Placement, name_parts
from pipeline.jekyll.reading import Reading
from pipeline.jekyll.ruby_text import extname, stem, to_s
from pipeline.jekyll.ruby_time import NeedsClockError
from pipeline.jekyll.site import Site
from pipeline.jekyll.slug import titleize
from pipeline.jekyll.source_text import SourceText, read_source
from pipeline.jekyll.url import TemplateError, UrlError, destination, permalink_ext, sanitize
from pipeline.jekyll.url import fill_template as fill
from pipeline.jekyll.url_values import UrlValues
from pipeline.jekyll.values import RubyTypeError, categories, pluralized, united
from pipeline.jekyll.yaml_loader import YamlError, YamlLimitError


def read_document(site: Site, placement: Placement, raw: bytes) -> Item:
    """Read one document. Bad content is a finding in the item, never an exception."""
    reading = Reading(site, placement)
    _start(reading)
    source = read_source(raw, site.encoding)
    if placement.path.endswith((".yaml", ".yml")):
        _read_yaml_file(reading, source)
    else:
        _read_text(reading, source)
    return _finish(reading, source)


def _start(reading: Reading) -> None:
    """`initialize`: a draft is marked, folders above `_posts` are categories."""
    relative, label = reading.relative, reading.placement.collection
    directory = reading.directory
    reading.data["draft"] = label == POSTS and directory not in relative
    magic = "_drafts" if reading.data["draft"] else directory
    above: list[str] = []
    if not relative.startswith(magic):
        before = re.sub(f"{re.escape(magic)}.*", "", relative, count=1)
        name = relative.rpartition("/")[2]
        above = [part for part in before.split("/") if part and part not in {magic, name}]
    reading.data["categories"] = above


def _read_yaml_file(reading: Reading, source: SourceText) -> None:
    """A `.yml` in a collection is data from end to end; nothing else is computed."""
    reading.broken = True
    reading.data = {}
    if source.text is None:
        _note_encoding(reading, source)
        return
    value = _load(reading, source.text)
    if isinstance(value, dict):
        reading.data = dict(value)
        reading.own = value
    elif value is not None:
        reading.note("FM-NOT-A-MAPPING", "the file is not a mapping of keys to values", line=1)


def _load(reading: Reading, text: str) -> Any:  # noqa: ANN401 - YAML decides
    try:
        return reading.site.handler.load(text)
    except YamlError as error:
        code = "FM-LIMIT" if isinstance(error, YamlLimitError) else "FM-YAML"
        message = f"the front matter cannot be read: {error.why}"
        reading.note(code, message, line=error.line, column=error.column)
        reading.broken = True
        return None


def _read_text(reading: Reading, source: SourceText) -> None:
    """`read`: defaults, front matter, then what follows; stop where Ruby raises."""
    try:
        kind = reading.placement.collection
        defaults = reading.site.defaults.all(reading.relative, kind)
        if defaults:
            reading.merge(defaults, DateSource.DEFAULTS)
        _read_content(reading, source)
        if not reading.broken:
            _populate(reading)
    except RubyTypeError as error:
        reading.broken = True
        reading.note("FM-VALUE", str(error))


def _note_encoding(reading: Reading, source: SourceText) -> None:
    message = f"not valid {reading.site.encoding}: byte {source.bad_byte} cannot be decoded"
    reading.note("TEXT-ENCODING", message, offset=source.bad_byte)


def _read_content(reading: Reading, source: SourceText) -> None:
    if source.text is None:
        reading.broken = True
        _note_encoding(reading, source)
        return
    reading.body = source.body
    if not source.split.present:
        return
    value = _load(reading, source.header)
    if isinstance(value, dict):
        reading.own = value
        reading.merge(value, DateSource.FRONT_MATTER)
    elif value not in (None, False):
        reading.broken = True
        reading.note(
            "FM-NOT-A-MAPPING", "the front matter is not a mapping of keys to values", line=2
        )


def _populate(reading: Reading) -> None:
    """`read_post_data`."""
    data = reading.data
    day, slug, ext = name_parts(reading.relative)
    if day is not None:
        given = data.get("date")
        if not reading.far and (not given or _is_build_time(given, reading.site.now)):
            reading.merge({"date": day}, DateSource.FILE_NAME)
            data = reading.data
    slug = slug.rstrip(".")
    if data.get("title") in (None, False):
        data["title"] = titleize(slug)
    for key, value in (("slug", slug), ("ext", ext)):
        if data.get(key) in (None, False):
            data[key] = value
    # `merge_data!`, too, but of values that need no more than to be set: the date is known by now.
    data["categories"] = united(data.get("categories"), categories(data))
    data["tags"] = pluralized(data, "tag", "tags")
    separator = to_s(data.get("excerpt_separator") or reading.site.config.raw["excerpt_separator"])
    if separator and data.get("excerpt") in (None, False):
        data["excerpt"] = cut_excerpt(reading.body, separator)


def _is_build_time(date: Any, now: datetime | None) -> bool:  # noqa: ANN401 - YAML decides
    return (
        now is not None
        and isinstance(date, datetime)
        and int(date.timestamp()) == int(now.timestamp())
    )


def _finish(reading: Reading, source: SourceText) -> Item:
    site, placement, data = reading.site, reading.placement, reading.data
    moment = _date(reading)
    permalink = data.get("permalink")
    ext = extname(placement.path)
    output_ext = permalink_ext(
        permalink if isinstance(permalink, str) else None
    ) or site.output_ext(ext)
    url = _url(reading, moment, output_ext)
    left_out = _left_out(reading, source, moment)
    written = not left_out and _written(reading, moment)
    return Item(
        kind=ItemKind.DOCUMENT,
        collection=placement.collection,
        path=placement.path,
        url=url,
        destination=destination(url, output_ext, page=False) if url is not None else None,
        written=written,
        left_out=left_out,
        date=moment,
        date_raw=reading.date_raw,
        date_source=reading.date_source if moment else DateSource.NONE,
        draft=data.get("draft") not in (None, False) or placement.draft,
        slug=_text(data.get("slug")),
        title=_text(data.get("title")),
        ext=ext,
        layout=_text(data.get("layout")),
        categories=_tuple(data.get("categories")),
        tags=_tuple(data.get("tags")),
        excerpt=_text(data.get("excerpt")),
        own=reading.own,
        front_matter=data,
        split=source.split,
        redirect_from=site.redirect_from(data),
        redirect_to=site.redirect_to(data),
        findings=tuple(reading.findings),
    )


def _date(reading: Reading) -> datetime | None:
    """Return the date that Jekyll uses; a YAML file may still hold a bare day."""
    given = reading.data.get("date")
    if isinstance(given, date) and not isinstance(given, datetime):
        return datetime(given.year, given.month, given.day, tzinfo=reading.site.config.zone)
    return given if isinstance(given, datetime) else None


def _text(value: Any) -> str | None:  # noqa: ANN401 - YAML decides
    return None if value is None else to_s(value)


def _tuple(value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - YAML decides
    return tuple(value) if isinstance(value, list | tuple) else ()


def _url(reading: Reading, date: datetime | None, output_ext: str) -> str | None:
    site, placement, data = reading.site, reading.placement, reading.data
    permalink = data.get("permalink")
    template = site.template(placement.collection) if permalink in (None, False) else permalink
    if not isinstance(template, str):
        reading.note("URL-INVALID", f"permalink cannot be {to_s(template)!r}", field="permalink")
        return None
    values = UrlValues(
        data=data,
        collection=placement.collection,
        path=_cleaned(reading),
        stem=stem(placement.path),
        output_ext=output_ext,
        date=date or site.now,
    )
    try:
        return sanitize(fill(template, values.lookup))
    except NeedsClockError:
        message = (
            "the URL contains a date, but the document has none: each build gives it another URL"
        )
        reading.note("URL-BUILD-TIME", message)
    except TemplateError as error:
        reading.note("URL-INVALID", f"the permalink {template!r} has no placeholder :{error}")
    except (UrlError, RubyTypeError) as error:
        reading.note("URL-INVALID", f"no URL can be made of {str(error)!r}")
    return None


def _cleaned(reading: Reading) -> str:
    """`cleaned_relative_path`: without extension, without the folder of the collection."""
    ext = extname(reading.relative)
    path = reading.relative[: -len(ext)] if ext else reading.relative
    return path.replace(reading.directory, "", 1).rstrip(".")


def _left_out(reading: Reading, source: SourceText, date: datetime | None) -> str:
    """Say why Jekyll drops the document while reading, empty if it does not."""
    site, data = reading.site, reading.data
    shown = site.config.flag("unpublished")
    if reading.placement.collection != POSTS:
        hidden = data.get("published", True) is False and not shown
        return "it is not published" if hidden else ""
    if reading.placement.draft and not site.config.flag("show_drafts"):
        return "it is a draft"
    if reading.placement.path.endswith((".yaml", ".yml")):
        return "a post that is a YAML file has no content"
    if source.text is None:
        return "it is not valid in the site's encoding"
    if data.get("published", True) in (None, False) and not shown:
        return "it is not published"
    return "its date is in the future" if _future(reading, date) else ""


def _future(reading: Reading, date: datetime | None) -> bool:
    now = reading.site.now
    if now is None or reading.site.config.flag("future"):
        return False
    if date is None:
        return reading.far
    return int(date.timestamp()) > int(now.timestamp())


def _written(reading: Reading, date: datetime | None) -> bool:
    site = reading.site
    if not site.writes(reading.placement.collection):
        return False
    published = reading.data.get("published", True) not in (None, False)
    return (published or site.config.flag("unpublished")) and not _future(reading, date)
