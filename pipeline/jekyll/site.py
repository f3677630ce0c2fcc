"""What every rule needs to know about the site, computed once."""

import codecs
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pipeline.jekyll.config import Config, inside
from pipeline.jekyll.defaults import Defaults
from pipeline.jekyll.entries import Entries
from pipeline.jekyll.frontmatter import JekyllYamlHandler
from pipeline.jekyll.options import ReadOptions
from pipeline.jekyll.ruby_text import to_s
from pipeline.jekyll.url import add_suffix

REDIRECT_PLUGINS = frozenset({"jekyll-redirect-from", "github-pages"})
# Converters of plugins, by the extensions that they take when the site loads them.
_PLUGIN_CONVERTERS = {
    "jekyll-textile-converter": ({".textile"}, ".html"),
    "jekyll-asciidoc": ({".asciidoc", ".adoc", ".ad"}, ".html"),
    "jekyll-coffeescript": ({".coffee"}, ".js"),
    "github-pages": ({".coffee"}, ".js"),
}


class Site:
    """Configuration, defaults, clock and converters of one site."""

    def __init__(
        self,
        config: Config,
        options: ReadOptions,
        paths: Iterable[str] = (),
        entries: Entries | None = None,
    ) -> None:
        """Prepare what depends on the configuration alone; `paths` are the files of the site."""
        self.config = config
        now = config.time or options.now
        self.now: datetime | None = now.astimezone(config.zone) if now else None
        self.defaults = Defaults(config, paths)
        self.entries = entries or Entries()
        self.handler = JekyllYamlHandler(
            options.yaml_engine, options.limits, config.zone, self.entries
        )
        self.encoding = _known_encoding(config.text("encoding"))
        self.redirects = bool(config.plugins & REDIRECT_PLUGINS)
        self._collections_dir = inside(config.text("collections_dir"))
        self._converters = self._outputs()
        style = config.text("permalink")
        self.style = style
        self._default_template = add_suffix("/:collection/:path", style)

    def _outputs(self) -> Mapping[str, str]:
        outputs = {".scss": ".css", ".sass": ".css"}
        for plugin, (extensions, output) in _PLUGIN_CONVERTERS.items():
            if plugin in self.config.plugins:
                outputs.update(dict.fromkeys(extensions, output))
        markdown = self.config.text("markdown_ext").lower().split(",")
        outputs.update({f".{ext}": ".html" for ext in markdown})
        return outputs

    @property
    def converters(self) -> frozenset[tuple[str, str]]:
        """The extensions that are converted, and to which."""
        return frozenset(self._converters.items())

    def output_ext(self, ext: str) -> str:
        """Return the extension that the converters give to a file (`converter_output_ext`)."""
        return self._converters.get(ext.lower(), ext)

    def relative_to_collections(self, path: str) -> str:
        """`Document#relative_path`: without `collections_dir`."""
        folder = f"{self._collections_dir}/"
        return (
            path.replace(folder, "", 1)
            if self._collections_dir and path.startswith(folder)
            else path
        )

    def template(self, label: str) -> Any:  # noqa: ANN401 - the configuration decides
        """Return the permalink template of a collection."""
        return self.config.collections.get(label, {}).get("permalink", self._default_template)

    def writes(self, label: str) -> bool:
        """Whether the documents of a collection are written."""
        return self.config.collections.get(label, {}).get("output") not in (None, False)

    @staticmethod
    def redirect_from(data: Mapping[str, Any]) -> tuple[str, ...]:
        """`redirect_from` of jekyll-redirect-from's redirectable.rb."""
        value = data.get("redirect_from")
        values = value if isinstance(value, list | tuple) else [value]
        return tuple(to_s(item) for item in values if item is not None)

    @staticmethod
    def redirect_to(data: Mapping[str, Any]) -> str | None:
        """`redirect_to` of jekyll-redirect-from's redirectable.rb: the first of a list."""
        value = data.get("redirect_to")
        values = value if isinstance(value, list | tuple) else [value]
        return next((to_s(item) for item in values if item not in (None, False)), None)


def _known_encoding(name: str) -> str:
    try:
        return codecs.lookup(name or "utf-8").name
    except LookupError:
        return "utf-8"
