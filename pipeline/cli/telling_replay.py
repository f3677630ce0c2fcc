"""What `replay` writes: where to look and at what, or a capture itself."""

from typing import TYPE_CHECKING

from pipeline.cli.output import as_bytes, say, say_line, warn
from pipeline.warc.dates import to_warc_date

if TYPE_CHECKING:
    from pipeline.jobs.replay import Opened
    from pipeline.replay.message import Message


def tell_address(opened: "Opened", address: str, told: str) -> None:
    """Say where to look, what is there, and how it is shown."""
    say_line(address)
    survey = opened.holding.survey
    files = survey.captures - survey.revisits  # pages are there under two URLs each
    what = f"{files} rendered files" if opened.made else f"{survey.captures} captures"
    warn(f"{opened.named.title}: {what}, {opened.signed}")
    warn(told)


def write_capture(message: "Message", *, raw: bool, include: bool) -> None:
    """Write a capture to stdout, `include` with what is known of it."""
    body = message.body if raw else message.decoded()
    if body is None:
        warn("its content coding cannot be taken off; it is written as it was captured")
        body = message.body
    if include:
        for line in _head(message, len(body)):
            say(line)
    as_bytes(body)


def _head(message: "Message", size: int) -> list[str]:
    """Give the header of a capture, and what is known of it, a line each."""
    told = [f"HTTP/1.1 {message.status or 200}"]
    told += [f"{name}: {value}" for name, value in message.headers]
    told += [
        f"X-Archive-URL: {message.entry.url}",
        f"X-Archive-Date: {to_warc_date(message.date)}",
        f"X-Archive-Record: {message.record_id}",
        f"X-Archive-Size: {size}",
        f"X-Archive-Digest: {message.sha256}",
        "",
    ]
    return [" ".join(line.splitlines()) for line in told]
