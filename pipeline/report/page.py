"""The comparison of two moments of a site as one HTML page that needs nothing but itself."""

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline import __version__
from pipeline.history.comparison.values import Comparison
from pipeline.report import drawing, outline, wording
from pipeline.report.visible import visible

SOFTWARE: Final = f"jekyll-archive {__version__}"
STYLE: Final = "templates/page.css"


def comparison_page(comparison: Comparison, *, software: str = SOFTWARE) -> str:
    """Write the page. The same values give the same text; it refers to nothing outside of itself.

    Nothing of a source becomes markup, a link, a name of a file or a style: links lead to places in
    the page only. Encode it as UTF-8.
    """
    style = _style()
    return (
        _environment()
        .get_template("page.html")
        .render(
            compared=comparison,
            software=software,
            style=Markup(style),  # noqa: S704 - it is our own file
            style_digest=b64encode(sha256(style.encode()).digest()).decode(),
            groups=outline.groups(comparison.documents),
            field_losses=outline.field_losses(comparison.documents),
            fallen=outline.fallen(comparison),
            finder=outline.Finder.of(comparison.documents),
            collection_bars=drawing.collection_bars(comparison.collections),
            field_bars=drawing.field_bars(comparison.fields),
            strip=drawing.strip(comparison),
        )
    )


@lru_cache(maxsize=1)
def _style() -> str:
    return (files(__package__) / STYLE).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__ or "pipeline.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finished,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": wording.number,
        "times": wording.times,
        "unit": wording.unit,
        "field_name": wording.field_name,
        "arguments": wording.arguments,
        "told": wording.told,
        "dead": wording.dead,
        "examples": outline.examples,
        "clock": wording.clock,
        "machine_time": wording.machine_time,
        "confidence": wording.confidence,
        "shortened": wording.shortened,
        "name": wording.name,
        "newest": wording.newest,
        "collection_name": wording.collection,
    }
    return environment


def _finished(value: object) -> object:
    """Every text that a template prints goes through here, so that none can be forgotten."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
