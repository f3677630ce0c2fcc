"""Memento (RFC 7089): the captures of a URL as a list of links, and where each stands in it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from pipeline.replay.answer import Fields
from pipeline.replay.holding import moment
from pipeline.warc.cdxj import Entry


def http_date(at: datetime) -> str:
    """Write a moment as HTTP does."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def parse_http_date(text: str) -> datetime | None:
    """Read `Accept-Datetime`; None where it is no moment, or there is none."""
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, IndexError, OverflowError):
        return None


def address(home: str, entry: Entry) -> str:
    """Give the URI-M of a capture: the page as it can be shown without a frame."""
    return f"{home}/{entry.timestamp}mp_/{entry.url}"


def fields(home: str, entry: Entry, every: Sequence[Entry]) -> Fields:
    """Give `Memento-Datetime` and `Link` of one capture among all of its URL (section 2.2)."""
    links = [*_about(home, entry.url), *_neighbours(home, entry, every)]
    return (
        ("Memento-Datetime", http_date(moment(entry))),
        ("Link", ", ".join(links)),
    )


def time_map(home: str, url: str, every: Sequence[Entry]) -> str:
    """Write the list of all captures (section 5, application/link-format)."""
    first, last = (http_date(moment(each)) for each in (every[0], every[-1]))
    here = f'<{_safe(f"{home}/timemap/link/{url}")}>; rel="self"; type="application/link-format"'
    lines = [
        _about(home, url)[0],
        f'{here}; from="{first}"; until="{last}"',
        _about(home, url)[1],
    ]
    for number, each in enumerate(every):
        places = ["first"] if number == 0 else []
        places += ["last"] if number == len(every) - 1 else []
        lines.append(_memento(home, each, " ".join([*places, "memento"])))
    return ",\n".join(lines) + "\n"


def _about(home: str, url: str) -> tuple[str, str, str]:
    return (
        f'<{_safe(url)}>; rel="original"',
        f'<{_safe(f"{home}/timegate/{url}")}>; rel="timegate"',
        f'<{_safe(f"{home}/timemap/link/{url}")}>; rel="timemap"; type="application/link-format"',
    )


def _neighbours(home: str, entry: Entry, every: Sequence[Entry]) -> Iterator[str]:
    if not every:
        return
    at = next((i for i, each in enumerate(every) if each.timestamp >= entry.timestamp), 0)
    wanted: dict[int, list[str]] = {0: ["first"]}
    wanted.setdefault(at, [])
    wanted.setdefault(len(every) - 1, []).append("last")
    if at > 0:
        wanted.setdefault(at - 1, []).append("prev")
    if at + 1 < len(every):
        wanted.setdefault(at + 1, []).append("next")
    for number in sorted(wanted):
        yield _memento(home, every[number], " ".join([*wanted[number], "memento"]))


def _memento(home: str, entry: Entry, rel: str) -> str:
    when = http_date(moment(entry))
    return f'<{_safe(address(home, entry))}>; rel="{rel}"; datetime="{when}"'


def _safe(url: str) -> str:
    """Write a URL so that it ends where it should in a list of links."""
    return "".join(
        char
        if "\x20" < char < "\x7f" and char not in '<>"'
        else "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogateescape"))
        for char in url
    )
