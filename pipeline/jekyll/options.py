"""What may be chosen when a site is read: YAML engine, clock, Jekyll's switches, bounds."""

from dataclasses import dataclass, field
from datetime import datetime

from pipeline.jekyll.yaml_loader import YamlEngine, YamlLimits

__all__ = ["ReadOptions", "YamlEngine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read a site.

    `now` is the time of the build: a post after it is left out, and a document without a date has
    it in its URL. None means that no document is in the future and that such a URL is not known.
    `drafts`, `future` and `unpublished` override the configuration, as Jekyll's command line does.
    """

    yaml_engine: YamlEngine = YamlEngine.SAFEYAML
    now: datetime | None = None
    drafts: bool | None = None
    future: bool | None = None
    unpublished: bool | None = None
    limits: YamlLimits = field(default_factory=YamlLimits)
    config_limits: YamlLimits = field(
        default_factory=lambda: YamlLimits(size=1024 * 1024, aliases=1000)
    )
