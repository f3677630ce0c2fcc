"""How templates are filled in: everything is escaped, and nothing of a source acts on the page."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline import __version__
from pipeline.report.visible import visible

SOFTWARE: Final = f"jekyll-archive {__version__}"
STYLE: Final = "templates/page.css"


def environment(filters: Mapping[str, Callable[..., object]]) -> Environment:
    """Give what fills in the templates of this room, with these filters."""
    made = Environment(
        loader=PackageLoader(__package__ or "pipeline.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finished,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= filters
    return made


def styled() -> Mapping[str, str]:
    """Give the style of all pages, and its digest for the policy that allows no other."""
    style = _style()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return {"style": Markup(style), "style_digest": digest}  # noqa: S704 - it is our own file


@lru_cache(maxsize=1)
def _style() -> str:
    return (files(__package__) / STYLE).read_text(encoding="utf-8")


def _finished(value: object) -> object:
    """Every text that a template prints goes through here, so that none can be forgotten."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
