"""Find out what a source is before reading it: its configuration, its settings, its rules."""

from dataclasses import dataclass

from pipeline import __version__
from pipeline.content.settings import SETTINGS_NAME, Settings, parse_settings
from pipeline.errors import BadConfigError, NoConfigError
from pipeline.jekyll.config import CONFIG_NAMES, Config, parse_config
from pipeline.jekyll.rules import Placement, ReadOptions, Rules
from pipeline.model import Sha256
from pipeline.sources import Absent, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A source, and how to read it. `context` is the digest of all that decides derived values."""

    config: Config
    settings: Settings
    options: ReadOptions
    rules: Rules
    placements: tuple[Placement, ...]
    context: Sha256

    @property
    def public_url(self) -> str | None:
        """The site's public address without a slash at the end, None where nothing says it."""
        return public_url(self.config, self.settings)


def public_url(config: Config, settings: Settings) -> str | None:
    """Put it together from what the site says of itself."""
    url = settings.site_url or (str(config.url) if config.url else "")
    return (url.rstrip("/") + str(config.baseurl or "").rstrip("/")) or None


def survey(source: Source, options: ReadOptions) -> Survey:
    """Read the configuration and place every file. Raises NoConfigError or BadConfigError."""
    config, settings, texts = read_config(source, options)
    rules = Rules(config, options, [entry.path for entry in source.entries])
    basis = [__version__, repr(options), *(f"{name} {Sha256.of(t)}" for name, t in texts.items())]
    return Survey(
        config=config,
        settings=settings,
        options=options,
        rules=rules,
        placements=tuple(rules.place(entry) for entry in source.entries),
        context=Sha256.of("\n".join(basis).encode()),
    )


def read_config(source: Source, options: ReadOptions) -> tuple[Config, Settings, dict[str, bytes]]:
    """Read what the site says about itself; give the bytes too, by path.

    Raises NoConfigError or BadConfigError.
    """
    entries = {entry.path: entry for entry in source.entries}
    present = [name for name in CONFIG_NAMES if name in entries]
    if not present:
        revision = source.revision.oid if source.revision else None
        raise NoConfigError(source.location, revision)
    wanted = [present[0], *(name for name in (SETTINGS_NAME,) if name in entries)]
    texts: dict[str, bytes] = {}
    for entry, data in source.read(entries[name] for name in wanted):
        if isinstance(data, Absent):
            raise BadConfigError(entry.path, None, data.reason)
        texts[entry.path] = data
    config = parse_config([(present[0], texts[present[0]])], options)
    settings = parse_settings(texts[SETTINGS_NAME]) if SETTINGS_NAME in texts else Settings()
    return config, settings, texts
