"""What of a configuration the rules depend on: whole, or for one file.

Under two configurations that have the same basis for a file, the rules make the same item of it.
So the past can be read without reading every file again for every change of a title.
"""

from collections.abc import Hashable, Mapping
from typing import Any

from pipeline.jekyll.config import Config
from pipeline.jekyll.defaults import Defaults
from pipeline.jekyll.options import ReadOptions
from pipeline.jekyll.placement import Placement
from pipeline.jekyll.site import Site

#: Settings that decide what a path is. `collections` matters too, but only by its names.
PLACING = (
    "source", "destination", "collections_dir", "data_dir", "layouts_dir", "includes_dir",
    "include", "exclude",
)  # fmt: skip
#: Settings that decide what a file says and where it goes, whatever it is.
READING = (
    "time", "encoding", "markdown_ext", "permalink", "collections_dir", "unpublished",
    "show_drafts", "future", "excerpt_separator", "page_excerpts",
)  # fmt: skip
#: Settings that are taken apart: by collection, by file, or by what of them the rules know.
TAKEN_APART = ("collections", "defaults", "plugins", "timezone")


class Basis:
    """What the rules of one site take from its configuration."""

    def __init__(self, config: Config, site: Site, options: ReadOptions) -> None:
        """Prepare what is the same for all files; `options` count as the configuration does."""
        self._site = site
        self._config = config
        self._reading = (
            repr([config.raw.get(key) for key in READING]),
            config.timezone,
            repr(options),
            site.converters,
        )
        self._defaults = repr(config.items("defaults"))
        self._known: dict[int, str] = {}

    @property
    def whole(self) -> Hashable:
        """All that any file depends on."""
        collections = tuple(
            (name, repr(self._site.template(name)), self._site.writes(name))
            for name in self._config.collections
        )
        placing = repr([self._config.raw.get(key) for key in PLACING])
        return (self._reading, placing, collections, self._defaults)

    def of(self, placement: Placement, *, static: bool) -> Hashable:
        """Give all that one file depends on, once it is known whether it has front matter."""
        label = placement.collection
        return (
            self._reading,
            (placement.role, placement.path, label, placement.draft, static),
            (repr(self._site.template(label)), self._site.writes(label)) if label else None,
            self._defaults if static else self._values(placement),
        )

    def _values(self, placement: Placement) -> Hashable:
        """Give the front matter defaults of a document or page."""
        defaults: Defaults = self._site.defaults
        if placement.collection:
            relative = self._site.relative_to_collections(placement.path)
            return self._text(defaults.all(relative, placement.collection))
        permalink = defaults.find(placement.path, "pages", "permalink")
        return self._text(defaults.all(placement.path, "pages")), repr(permalink)

    def _text(self, values: Mapping[str, Any]) -> str:
        key = id(values)  # the defaults keep each combination for as long as they live
        if key not in self._known:
            self._known[key] = repr(values)
        return self._known[key]
