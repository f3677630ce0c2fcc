"""robots.txt (RFC 9309): what each origin asks of us. The rules are read by Protego."""

from typing import Final

from protego import Protego

_BYTES_MOST: Final = 512 * 1024  # section 2.5: at least 500 kibibytes
_SITEMAPS_MOST: Final = 50
_DELAY_MOST: Final = 60.0


class Robots:
    """The rules of every origin that were asked for so far."""

    def __init__(self, agent: str) -> None:
        self._token = agent.partition("/")[0]
        self._rules: dict[str, Protego | bool] = {}

    def knows(self, origin: str) -> bool:
        """Tell whether an origin's rules were asked for."""
        return origin in self._rules

    def take(self, origin: str, text: bytes) -> tuple[str, ...]:
        """Keep rules; give the sitemaps that they name."""
        rules = Protego.parse(text[:_BYTES_MOST].decode("utf-8", "replace"))
        self._rules[origin] = rules
        return tuple(rules.sitemaps)[:_SITEMAPS_MOST]

    def take_none(self, origin: str, *, allowed: bool) -> None:
        """Keep that there are none: all is allowed (section 2.3.1.3), or nothing (2.3.1.4)."""
        self._rules[origin] = allowed

    def allows(self, origin: str, url: str) -> bool:
        """Tell whether a URL of an origin may be asked for."""
        rules = self._rules.get(origin, False)
        return rules if isinstance(rules, bool) else bool(rules.can_fetch(url, self._token))

    def is_away(self, origin: str) -> bool:
        """Tell whether nothing is allowed because the rules cannot be had."""
        return self._rules.get(origin) is False

    def delay(self, origin: str) -> float:
        """Give the seconds between requests that the origin asks for, 0 if none; bounded."""
        rules = self._rules.get(origin, False)
        if isinstance(rules, bool):
            return 0.0
        asked = rules.crawl_delay(self._token) or 0.0
        return min(max(asked, 0.0), _DELAY_MOST)
