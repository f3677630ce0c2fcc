"""What is still to be asked for, host by host, and when each host may be asked again."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.sources.crawl.values import Role, Wanted


@dataclass(slots=True, kw_only=True)
class _Host:
    """The queues of one host: what pages need goes before further pages."""

    ready: datetime
    urgent: OrderedDict[str, Wanted] = field(default_factory=OrderedDict)
    pages: OrderedDict[str, Wanted] = field(default_factory=OrderedDict)

    def queue(self, role: Role) -> OrderedDict[str, Wanted]:
        return self.pages if role is Role.PAGE else self.urgent

    def first(self) -> Wanted | None:
        return next(iter(self.urgent.values()), None) or next(iter(self.pages.values()), None)


class Frontier:
    """Every URL goes in once; what was asked for may be put back to be asked for again."""

    def __init__(self, start: datetime, most: int) -> None:
        self._start, self._most = start, most
        self._hosts: dict[str, _Host] = {}
        self._seen: set[str] = set()
        self.overflowed = 0

    def __len__(self) -> int:
        """Count what is still to be asked for."""
        return sum(len(host.urgent) + len(host.pages) for host in self._hosts.values())

    def add(self, host: str, wanted: Wanted) -> None:
        """Put in what was never put in before."""
        if wanted.url in self._seen:
            return
        if len(self._seen) >= self._most:
            self.overflowed += 1
            return
        self._seen.add(wanted.url)
        self._host(host).queue(wanted.role)[wanted.url] = wanted

    def put_back(self, host: str, wanted: Wanted) -> None:
        """Ask again, before what comes later."""
        queue = self._host(host).queue(wanted.role)
        queue[wanted.url] = wanted
        queue.move_to_end(wanted.url, last=False)

    def has(self, url: str) -> bool:
        """Tell whether a URL was ever put in."""
        return url in self._seen

    def remove(self, host: str, wanted: Wanted) -> None:
        """Take out what is being asked for, or was in an earlier start of this crawl."""
        self._seen.add(wanted.url)
        for queue in (self._host(host).urgent, self._host(host).pages):
            queue.pop(wanted.url, None)

    def drop(self, host: str) -> tuple[Wanted, ...]:
        """Give up a host: take out and give all that it still had."""
        found = self._host(host)
        dropped = (*found.urgent.values(), *found.pages.values())
        found.urgent.clear()
        found.pages.clear()
        return dropped

    def first(self) -> tuple[datetime, Wanted] | None:
        """Give what may be asked for first, and from when on; None where nothing is left."""
        best = None
        for host in self._hosts.values():
            wanted = host.first()
            if wanted is not None and (best is None or host.ready < best[0]):
                best = (host.ready, wanted)
        return best

    def ready(self, host: str) -> datetime:
        """Give from when on a host may be asked."""
        return self._host(host).ready

    def rest(self, host: str, since: datetime, seconds: float) -> None:
        """Leave a host alone for a while."""
        found = self._host(host)
        found.ready = max(found.ready, since + timedelta(seconds=seconds))

    def _host(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host(ready=self._start))
