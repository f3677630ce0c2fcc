"""From a template and its placeholders to a URL, and from a URL to the file it is written to.

Sources: url.rb, drops/url_drop.rb, page.rb, document.rb and path_manager.rb of Jekyll 4.3; and
`Addressable::URI.encode`, which url.rb calls on every value.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from pipeline.jekyll.ruby_text import expand_path, extname, squeeze_slashes

_PLAIN = re.compile(r"^[a-zA-Z0-9./-]+$", re.MULTILINE)
_URI = re.compile(r"^(([^:/?#]+):)?(//([^/?#]*))?([^?#]*)(\?([^#]*))?(#(.*))?$", re.MULTILINE)
_ALNUM = "a-zA-Z0-9"
_PCHAR = _ALNUM + r"\-._~!$&'()*+,;=:@"
_NOT_SCHEME = re.compile(f"[^{_ALNUM}\\-+.]".encode())
_NOT_AUTHORITY = re.compile(rf"[^{_PCHAR}\[\]]".encode())
_NOT_PATH = re.compile(f"[^{_PCHAR}/]".encode())
_NOT_QUERY = re.compile(f"[^{_PCHAR}/?]".encode())
_KEY = re.compile(r":([a-z_]+)")
_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9.+-]*$")
_AMBIGUOUS = re.compile(r"^(?!/)[^/:]*:.*$", re.MULTILINE)


class TemplateError(ValueError):
    """The template has a placeholder that Jekyll does not know: it stops the build."""


class UrlError(ValueError):
    """Addressable refuses the value, and with it Jekyll the build."""


def _percent(unsafe: re.Pattern[bytes], text: str) -> str:
    raw = text.encode("utf-8", "surrogateescape")
    return unsafe.sub(lambda match: b"%%%02X" % match[0][0], raw).decode("ascii")


@lru_cache(maxsize=8192)
def escape_path(path: str) -> str:
    """Escape a value for a URL (`Jekyll::URL.escape_path`). Raises UrlError where Ruby raises."""
    if not path or _PLAIN.search(path):
        return path
    match = _URI.search(path)
    if match is None:  # pragma: no cover - the pattern matches every text
        raise UrlError(path)
    scheme, authority, body, query, fragment = match[2], match[4], match[5], match[7], match[9]
    refused = (
        (authority is None and body.startswith("//"))
        or (scheme is None and _AMBIGUOUS.search(body))
        or (scheme is not None and not _SCHEME.match(scheme))
    )
    if refused:
        raise UrlError(path)
    out = ""
    if scheme is not None:
        out += f"{_percent(_NOT_SCHEME, scheme)}:"
    if authority is not None:
        out += f"//{_percent(_NOT_AUTHORITY, authority)}"
    out += _percent(_NOT_PATH, body)
    if query is not None:
        out += f"?{_percent(_NOT_QUERY, query)}"
    if fragment is not None:
        out += f"#{_percent(_NOT_QUERY, fragment)}"
    return out.replace("#", "%23", 1)


def unescape_path(path: str) -> str:
    """`Jekyll::URL.unescape_path`: bytes that are not UTF-8 stay as surrogate escapes."""
    if "%" not in path:
        return path
    raw = unquote_to_bytes(path.encode("utf-8", "surrogateescape"))
    return raw.decode("utf-8", "surrogateescape")


def fill_template(template: str, lookup: Callable[[str], str | None]) -> str:
    """Replace the placeholders of a document's template (`generate_url_from_drop`).

    Args:
        template: such as `/:categories/:title/`.
        lookup: the value of a placeholder; raises KeyError for one that does not exist.

    Raises:
        TemplateError: for a placeholder that does not exist.
    """

    def replace(match: re.Match[str]) -> str:
        name = match[1].removesuffix("_")
        try:
            value = lookup(name)
        except KeyError as error:
            raise TemplateError(name) from error
        return escape_path(value or "") + match[0][1 + len(name) :]

    return _KEY.sub(replace, template)


def fill_names(template: str, values: Mapping[str, str]) -> str:
    """Replace the placeholders of a page or static file (`generate_url_from_hash`)."""
    for name, value in values.items():
        if ":" not in template:
            break
        template = template.replace(f":{name}", escape_path(value))
    return template


def sanitize(url: str) -> str:
    """`sanitize_url`: one leading slash, no `..`, no `./`, no doubled slashes."""
    return squeeze_slashes(f"/{url}".replace("..", "/").replace("./", ""))


def permalink_ext(permalink: str | None) -> str | None:
    """The extension that a permalink asks for (`Renderer#permalink_ext`)."""
    if permalink and not permalink.endswith("/"):
        return extname(permalink) or None
    return None


def destination(url: str, output_ext: str, *, page: bool) -> str:
    """Where below the destination folder the file goes, with a leading slash."""
    path = expand_path(unescape_path(url))
    if url.endswith("/"):
        path = path.rstrip("/") + ("/index" if page else "/index.html")
        if not page:
            return path
    return path if path.endswith(output_ext) else path + output_ext


def add_suffix(template: str, style: str) -> str:
    """`add_permalink_suffix` in utils.rb: end the template as the site's permalink style ends."""
    if style == "pretty":
        return f"{template}/"
    if style in {"date", "ordinal", "none"}:
        return f"{template}:output_ext"
    if style.endswith("/"):
        return f"{template}/"
    return f"{template}:output_ext" if style.endswith(":output_ext") else template
