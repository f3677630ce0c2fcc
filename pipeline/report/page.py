"""The comparison of two moments of a site as one HTML page that needs nothing but itself."""

from collections.abc import Callable
from functools import lru_cache

from jinja2 import Environment

from pipeline.history.comparison.values import Comparison
from pipeline.report import drawing, outline, wording
from pipeline.report.environment import SOFTWARE, environment, styled


def comparison_page(comparison: Comparison, *, software: str = SOFTWARE) -> str:
    """Write the page. The same values give the same text; it refers to nothing outside of itself.

    Nothing of a source becomes markup, a link, a name of a file or a style: links lead to places in
    the page only. Encode it as UTF-8.
    """
    return (
        _environment()
        .get_template("page.html")
        .render(
            compared=comparison,
            software=software,
            **styled(),
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
def _environment() -> Environment:
    filters: dict[str, Callable[..., object]] = {
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
    return environment(filters)
