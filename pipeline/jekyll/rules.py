"""Jekyll's rules for one site: `place` a path, `read` a file, `finish` the set.

rules = Rules(parse_config(files, options), options, paths)
placement = rules.place(entry)              # by path alone
item = rules.read(placement, data)          # for a publishable role; never raises for bad content
outcome = rules.finish(items)               # conflicts, generated URLs, limit_posts
"""

from collections.abc import Hashable, Iterable, Sequence

from pipeline.jekyll.basis import Basis
from pipeline.jekyll.config import Config
from pipeline.jekyll.document import read_document
from pipeline.jekyll.entries import Entries
from pipeline.jekyll.frontmatter import has_yaml_header
from pipeline.jekyll.item import Item
from pipeline.jekyll.options import ReadOptions, YamlEngine
from pipeline.jekyll.outcome import Outcome, finish
from pipeline.jekyll.page import read_page, read_static
from pipeline.jekyll.placement import Placement, Placer, Role
from pipeline.jekyll.site import Site
from pipeline.model import TreeEntry

__all__ = ["Entries", "Outcome", "Placement", "ReadOptions", "Role", "Rules", "YamlEngine"]

PUBLISHABLE = frozenset({Role.DOCUMENT, Role.PAGE, Role.STATIC, Role.CANDIDATE})


class Rules:
    """The rules of one site under one configuration. Cheap per file; holds no file's content."""

    def __init__(
        self,
        config: Config,
        options: ReadOptions | None = None,
        paths: Iterable[str] = (),
        entries: Entries | None = None,
    ) -> None:
        """Prepare the rules.

        Args:
            config: the site's configuration.
            options: engine, clock and overrides.
            paths: every path of the tree; front matter defaults whose scope has a `*` need them
                to be exact.
            entries: those of other rules with the same options, so that what they read of a
                site's front matters, under another configuration, is not read again.
        """
        self._placer = Placer(config)
        own = (path for path in map(self._placer.relative, paths) if path is not None)
        options = options or ReadOptions()
        self._site = Site(config, options, own, entries)
        self._basis = Basis(config, self._site, options)

    def place(self, entry: TreeEntry) -> Placement:
        """Say what Jekyll makes of a file, by its path and mode."""
        return self._placer.place(entry)

    def read(self, placement: Placement, data: bytes) -> Item:
        """Compute what Jekyll computes for a file.

        Raises:
            ValueError: the placement's role is one that Jekyll does not publish.
        """
        if placement.role not in PUBLISHABLE:
            raise ValueError(f"{placement.path}: {placement.role.value} files are not published")
        if placement.role is Role.DOCUMENT:
            return read_document(self._site, placement, data)
        if not has_yaml_header(data):
            return read_static(self._site, placement)
        if placement.collection:
            return read_document(self._site, placement, data)
        return read_page(self._site, placement, data)

    @property
    def entries(self) -> Entries:
        """The entries of front matters that were read so far."""
        return self._site.entries

    @property
    def basis(self) -> Hashable:
        """All of the configuration that the rules depend on: where it is equal, so are they."""
        return self._basis.whole

    def basis_of(self, placement: Placement, *, static: bool) -> Hashable:
        """All of the configuration that reading one file depends on: where equal, so is the item.

        `static` tells that the file has no front matter, as reading it showed. Defaults whose
        scope has a `*` are looked at as if no path of the tree were known.
        """
        return self._basis.of(placement, static=static)

    def finish(self, items: Sequence[Item]) -> Outcome:
        """Find what only the whole set shows: conflicts, generated URLs, posts beyond the limit."""
        return finish(self._site, items)
