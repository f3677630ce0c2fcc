"""The configuration of a site: its files over Jekyll's defaults (configuration.rb)."""

import posixpath
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType
from typing import Any

from pipeline.errors import BadConfigError
from pipeline.jekyll.codes import finding
from pipeline.jekyll.frontmatter import JekyllYamlHandler
from pipeline.jekyll.merge import deep_merge
from pipeline.jekyll.options import ReadOptions
from pipeline.jekyll.ruby_text import expand_path, to_s
from pipeline.jekyll.ruby_time import InvalidDateError, NeedsClockError, parse_time, zone_named
from pipeline.jekyll.yaml_loader import YamlError
from pipeline.model import Finding, Place

CONFIG_NAMES = ("_config.yml", "_config.yaml", "_config.toml")
DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "source": ".",
        "destination": "_site",
        "collections_dir": "",
        "cache_dir": ".jekyll-cache",
        "plugins_dir": "_plugins",
        "layouts_dir": "_layouts",
        "data_dir": "_data",
        "includes_dir": "_includes",
        "collections": {},
        "safe": False,
        "include": [".htaccess"],
        "exclude": [],
        "keep_files": [".git", ".svn"],
        "encoding": "utf-8",
        "markdown_ext": "markdown,mkdown,mkdn,mkd,md",
        "strict_front_matter": False,
        "show_drafts": None,
        "limit_posts": 0,
        "future": False,
        "unpublished": False,
        "plugins": [],
        "markdown": "kramdown",
        "excerpt_separator": "\n\n",
        "baseurl": None,
        "permalink": "date",
        "paginate_path": "/page:num",
        "timezone": None,
        "defaults": [],
    }
)
DEFAULT_EXCLUDES = (
    ".sass-cache", ".jekyll-cache", ".ruby-lsp", "gemfiles", "Gemfile", "Gemfile.lock",
    "node_modules", "vendor/bundle/", "vendor/cache/", "vendor/gems/", "vendor/ruby/",
)  # fmt: skip
STYLES = {
    "none": "/:categories/:title:output_ext",
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
}
_LISTS = ("include", "exclude", "plugins")
_TEXTS = (
    "collections_dir", "layouts_dir", "data_dir", "includes_dir", "encoding", "markdown_ext",
    "permalink", "source", "destination", "paginate_path",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The configuration in force. `raw` is the whole mapping, the rest is what rules read."""

    raw: Mapping[str, Any]
    title: str = ""
    url: str = ""
    baseurl: str = ""
    timezone: str = ""
    zone: tzinfo = UTC
    collections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    time: datetime | None = None
    findings: tuple[Finding, ...] = ()

    def text(self, key: str) -> str:
        """Return a setting as text, empty for null."""
        return to_s(self.raw.get(key))

    def flag(self, key: str) -> bool:
        """Return whether a setting is on: in Ruby only null and false are off."""
        return self.raw.get(key) not in (None, False)

    def items(self, key: str) -> tuple[Any, ...]:
        """Return a list setting."""
        value = self.raw.get(key)
        return tuple(value) if isinstance(value, list | tuple) else ()

    @property
    def plugins(self) -> frozenset[str]:
        """The names of the gems that the site loads; `gems` is the key of Jekyll 2 and 3.0."""
        return frozenset(name for name in self.items("plugins") if isinstance(name, str))


def parse_config(files: Sequence[tuple[str, bytes]], options: ReadOptions) -> Config:
    """Merge configuration files in order over Jekyll's defaults.

    Args:
        files: path and bytes of each; later ones win.
        options: the engine that reads YAML, and what the command line of Jekyll can override.

    Raises:
        BadConfigError: a file is not YAML (or TOML), or not a mapping.
    """
    merged: dict[str, Any] = {}
    for path, data in files:
        merged = deep_merge(merged, _read(path, data, options))
    path = files[0][0] if files else CONFIG_NAMES[0]
    findings: list[Finding] = []
    merged = _checked(merged, path, findings)
    raw = deep_merge(DEFAULTS, merged)
    for key, value in (
        ("show_drafts", options.drafts),
        ("future", options.future),
        ("unpublished", options.unpublished),
    ):
        if value is not None:
            raw[key] = value
    given = raw["exclude"]
    raw["exclude"] = [*given, *(name for name in DEFAULT_EXCLUDES if name not in given)]
    raw["collections"] = _collections(raw)
    return _config(raw, path, findings)


def _config(raw: dict[str, Any], path: str, findings: list[Finding]) -> Config:
    timezone = to_s(raw.get("timezone"))
    zone = zone_named(timezone) if timezone else UTC
    time = None
    if raw.get("time") is not None:
        try:
            time = parse_time(to_s(raw["time"]), zone)
        except (InvalidDateError, NeedsClockError):
            findings.append(_value(path, "time", raw["time"]))
    return Config(
        raw=MappingProxyType(raw),
        title=to_s(raw.get("title")),
        url=to_s(raw.get("url")),
        baseurl=to_s(raw.get("baseurl")),
        timezone=timezone,
        zone=zone,
        collections=MappingProxyType(raw["collections"]),
        time=time,
        findings=tuple(findings),
    )


def _read(path: str, data: bytes, options: ReadOptions) -> Mapping[str, Any]:
    text = data.removeprefix(b"\xef\xbb\xbf")
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise BadConfigError(path, line, "it is not UTF-8") from error
    value = (
        _toml(path, decoded) if path.lower().endswith(".toml") else _yaml(path, decoded, options)
    )
    if value is None or value is False:
        return {}
    if not isinstance(value, dict):
        raise BadConfigError(path, 1, "it is not a mapping of names to values")
    return value


def _yaml(path: str, text: str, options: ReadOptions) -> Any:  # noqa: ANN401 - checked by the caller
    try:
        return JekyllYamlHandler(options.yaml_engine, options.config_limits).load(text)
    except YamlError as error:
        raise BadConfigError(path, error.line, error.why) from error


def _toml(path: str, text: str) -> Any:  # noqa: ANN401 - checked by the caller
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfigError(path, None, str(error)) from error


def _value(path: str, key: str, value: Any) -> Finding:  # noqa: ANN401 - any wrong value
    message = f"`{key}` cannot be {to_s(value)!r}; Jekyll would stop, the default is used"
    return finding("CONFIG-VALUE", message, Place(path=path, field=key))


def _checked(merged: Mapping[str, Any], path: str, findings: list[Finding]) -> dict[str, Any]:
    """Drop the values with which Jekyll stops (`Configuration#validate`, assumed types)."""
    kept = dict(merged)
    for key, wanted in (
        *((key, list) for key in _LISTS),
        *((key, str) for key in _TEXTS),
    ):
        value = kept.get(key)
        if key in kept and not isinstance(value, wanted):
            del kept[key]
            if value is not None or wanted is list:
                findings.append(_value(path, key, value))
    collections = kept.get("collections")
    if collections is not None and not isinstance(collections, list | dict):
        findings.append(_value(path, "collections", collections))
        del kept["collections"]
    limit = kept.get("limit_posts")
    if limit is not None and (not isinstance(limit, int) or limit < 0):
        findings.append(_value(path, "limit_posts", limit))
        del kept["limit_posts"]
    source = kept.get("source")
    if source is not None and leads_out(source):
        message = f"`source` leads out of the tree, to {source!r}: the tree itself is read instead"
        findings.append(finding("CONFIG-SOURCE-OUTSIDE", message, Place(path=path, field="source")))
        del kept["source"]
    return kept


def _collections(raw: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """`add_default_collections`: posts first, always written, with the permalink of the site."""
    given = raw["collections"]
    if isinstance(given, list):
        given = {to_s(label): {} for label in given}
    merged = deep_merge({"posts": {}}, given)
    posts = dict(merged["posts"]) if isinstance(merged["posts"], Mapping) else {}
    posts["output"] = True
    if posts.get("permalink") in (None, False):
        style = to_s(raw["permalink"])
        posts["permalink"] = STYLES.get(style, style)
    merged["posts"] = posts
    return {
        label: metadata if isinstance(metadata, Mapping) else {}
        for label, metadata in merged.items()
    }


def leads_out(path: str) -> bool:
    """Tell whether a folder setting, which is relative to the configuration, leaves the tree."""
    return path.startswith(("/", "~")) or posixpath.normpath(path).split("/")[0] == ".."


def inside(path: str) -> str:
    """Normalise a folder setting to a path below the root, without slashes at its ends."""
    return expand_path(path).strip("/")
