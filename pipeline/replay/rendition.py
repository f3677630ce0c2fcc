"""A capture as a browser is to have it: its links led, its header replaced."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from pipeline.replay.answer import Answer, Fields, moved
from pipeline.replay.leading import REDIRECTS
from pipeline.replay.markup import map_markup
from pipeline.replay.message import Message
from pipeline.replay.origins import Mapping
from pipeline.replay.policy import passed
from pipeline.replay.styles import map_style

LED_MOST: Final = 1 << 24
_MARKUP: Final = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml"})
_STYLE: Final = "text/css"
_SHOWN: Final = range(200, 600)
_EMPTY: Final = frozenset({204, 205, 206, 304})


def redirected(target: str, status: int | None, mapping: Mapping, policy: Fields) -> Answer:
    """Give the answer for a capture that leads on; `status` is the one that it has."""
    # Another scheme would leave the browser for whatever program it belongs to.
    is_web = urlsplit(target).scheme in {"http", "https"}
    led = mapping.link(target) if is_web else f"{mapping.origins.home}/outside/{target}"
    answer = moved(led, *policy)
    return replace(answer, status=status) if status in REDIRECTS else answer


def rendered(message: Message, mapping: Mapping, policy: Fields) -> Answer:
    """Give the answer for a capture that is shown in its origin, or under a path."""
    body, coded = _led(message, mapping)
    status = message.status or 200
    if status not in _SHOWN or status in _EMPTY:
        status = 200  # said about a request that is not this one
    tag = f"{message.sha256.hex}-{mapping.stamp}"
    return Answer(
        status=status, fields=(*passed(message, coded=coded), *policy), body=body, tag=tag
    )


def base_of(url: str) -> str:
    """Give scheme and host of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _led(message: Message, mapping: Mapping) -> tuple[bytes, bool]:
    """Give the body with its links led, and whether it is still in its content coding."""
    lead: Callable[[str, Mapping], str]
    body = message.decoded()
    if body is None:
        return message.body, True
    if message.media_type in _MARKUP:
        lead = map_markup
    elif message.media_type == _STYLE:
        lead = map_style
    else:
        return body, False
    if len(body) > LED_MOST or b"\0" in body[:1024]:
        return body, False  # not what we can read; its links then lead nowhere
    # Every byte is a letter, so that whatever the charset is, all that is not a link comes back.
    return lead(body.decode("latin-1"), mapping).encode("latin-1", "xmlcharrefreplace"), False
