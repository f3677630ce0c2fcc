"""What a web server answers for a URL of the built site: a file, a redirect, or nothing.

A built site is files. They are found as static hosts (GitHub Pages, nginx with `try_files`) find
them: `/a/` is `a/index.html`; `/a` is the file `a`, else `a.html`, else the folder `a/`. Where two
things are written to one destination the later one wins; Jekyll writes pages, then the pages of
jekyll-redirect-from, then static files, then documents (site.rb, `each_site_file`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from urllib.parse import SplitResult, urlsplit

from pipeline.jekyll.item import ItemKind
from pipeline.jekyll.ruby_text import expand_path
from pipeline.jekyll.url import destination, permalink_ext, sanitize, unescape_path

MAX_HOPS = 20  # what browsers allow


class Answer(Enum):
    """How a server answers."""

    FILE = "file"
    REDIRECT = "redirect"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A file of the source that is written; `redirect_to` makes a redirect of it."""

    path: str
    kind: ItemKind
    url: str
    destination: str
    redirect_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """A `redirect_from` of a file that is written: `start` is what it says."""

    start: str
    path: str
    target: str

    @property
    def url(self) -> str:
        """The URL of the page that redirects."""
        return sanitize(self.start)

    @property
    def destination(self) -> str:
        """The file of the page that redirects."""
        return destination(self.url, permalink_ext(self.start) or ".html", page=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What a URL gives. `path` is the source file that is seen in the end, if it is of this site.

    `url` is the last URL, of another site where a redirect leads out. `through` are the URLs of the
    redirects on the way, in order; for `NOTHING` they say where it was lost.
    """

    answer: Answer
    url: str
    path: str | None = None
    through: tuple[str, ...] = ()


class Serving:
    """A built site, ready to be asked."""

    def __init__(
        self,
        published: Iterable[Published],
        redirects: Iterable[Redirect] = (),
        public_url: str | None = None,
        others: Iterable[str] = (),
    ) -> None:
        """Write everything in Jekyll's order. `others` are URLs that plugins add without source."""
        written = list(published)
        self._files: dict[str, Published | Redirect | None] = dict.fromkeys(others)
        self._write(each for each in written if each.kind is ItemKind.PAGE)
        self._write(redirects)
        self._write(each for each in written if each.kind is ItemKind.STATIC)
        self._write(each for each in written if each.kind is ItemKind.DOCUMENT)
        address = _split(public_url or "")
        self._host = _host(address)
        self._base = address.path.rstrip("/") if address else ""

    def _write(self, files: Iterable[Published | Redirect]) -> None:
        for file in files:
            self._files[file.destination] = file

    def ask(self, url: str) -> Served:
        """Ask for a URL, relative to the site's address, and follow redirects to the end."""
        through: list[str] = []
        while len(through) < MAX_HOPS:
            found = next(self._found(url), None)
            if found is None:
                break
            _, file = found
            target = _target(file)
            if target is None:
                path = file.path if isinstance(file, Published) else None
                answer = Answer.REDIRECT if through else Answer.FILE
                return Served(answer=answer, url=url, path=path, through=tuple(through))
            through.append(url)
            following = self._inside(target)
            if following is None:
                return Served(answer=Answer.REDIRECT, url=target, through=tuple(through))
            url = following
            if url in through:
                break
        return Served(answer=Answer.NOTHING, url=url, through=tuple(through))

    def files(self) -> Iterator[Published]:
        """Give every file that is not hidden by another one, in the order of writing."""
        return (file for file in self._files.values() if isinstance(file, Published))

    def _found(self, url: str) -> Iterator[tuple[str, Published | Redirect | None]]:
        return ((name, self._files[name]) for name in places_of(url) if name in self._files)

    def _inside(self, target: str) -> str | None:
        """Give a redirect's target relative to the site, None for one that leads out."""
        parts = _split(target)
        if parts is None:
            return target
        if parts.scheme or parts.netloc:
            if not self._host or _host(parts) != self._host:
                return None
            path = parts.path or "/"
            return path.removeprefix(self._base) or "/" if self._base else path
        return f"/{parts.path.lstrip('/')}"


def places_of(url: str) -> tuple[str, ...]:
    """Say in which files a server looks for a URL, in this order."""
    path = expand_path(unescape_path(url))
    if url.endswith("/"):
        return (f"{path.rstrip('/')}/index.html",)
    return (path, f"{path}.html", f"{path}/index.html")


def _target(file: Published | Redirect | None) -> str | None:
    if isinstance(file, Redirect):
        return file.target
    return file.redirect_to if file else None


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.hostname
    except ValueError:  # "http://[" and its like
        return None
    return parts


def _host(parts: SplitResult | None) -> str:
    return ((parts.hostname if parts else None) or "").removeprefix("www.")
