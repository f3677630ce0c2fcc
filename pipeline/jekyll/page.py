"""Pages and static files, also those static files that stand in a collection.

Sources: page.rb, convertible.rb and static_file.rb of Jekyll 4.3.
"""

from collections.abc import Mapping
from typing import Any

from pipeline.jekyll.codes import finding
from pipeline.jekyll.excerpt import cut_excerpt
from pipeline.jekyll.item import Item, ItemKind
from pipeline.jekyll.merge import deep_merge
from pipeline.jekyll.placement import Placement
from pipeline.jekyll.ruby_text import basename, dirname, expand_path, extname, join, to_s
from pipeline.jekyll.site import Site
from pipeline.jekyll.source_text import SourceText, read_source
from pipeline.jekyll.url import (
    UrlError,
    add_suffix,
    destination,
    fill_names,
    permalink_ext,
    sanitize,
    unescape_path,
)
from pipeline.jekyll.yaml_loader import YamlError, YamlLimitError
from pipeline.model import Finding, Place

_HTML = frozenset({".html", ".xhtml", ".htm"})


def read_page(site: Site, placement: Placement, raw: bytes) -> Item:
    """Read one page. Bad content is a finding in the item, never an exception."""
    findings: list[Finding] = []
    source = read_source(raw, site.encoding)
    own = _front_matter(site, placement.path, source, findings)
    defaults = site.defaults.all(placement.path, "pages")
    data = deep_merge(defaults, own)
    permalink = (
        own["permalink"]
        if "permalink" in own
        else site.defaults.find(placement.path, "pages", "permalink")
    )
    if permalink is not None and (
        not isinstance(permalink, str) or (permalink == "" and "permalink" in own)
    ):
        if permalink is not False:
            message = f"permalink cannot be {to_s(permalink)!r}; Jekyll refuses to build the site"
            findings.append(
                finding("URL-INVALID", message, Place(path=placement.path, field="permalink"))
            )
        permalink = None
    ext = extname(placement.path)
    output_ext = permalink_ext(permalink) or site.output_ext(ext)
    url = _page_url(site, placement, permalink, output_ext, findings)
    published = own.get("published", True) not in (None, False) or site.config.flag("unpublished")
    return Item(
        kind=ItemKind.PAGE,
        collection=None,
        path=placement.path,
        url=url,
        destination=destination(url, output_ext, page=True) if url is not None else None,
        written=published,
        left_out="" if published else "it is not published",
        date_raw=to_s(data["date"]) if data.get("date") is not None else None,
        slug=_text(data.get("slug")),
        title=_text(data.get("title")),
        ext=ext,
        layout=_text(data.get("layout")),
        categories=_tuple(data.get("categories")),
        tags=_tuple(data.get("tags")),
        excerpt=_excerpt(site, own, data, source, output_ext),
        own=own,
        front_matter=data,
        split=source.split,
        redirect_from=site.redirect_from(data),
        redirect_to=site.redirect_to(data),
        findings=tuple(findings),
    )


def _text(value: Any) -> str | None:  # noqa: ANN401 - YAML decides
    return None if value is None else to_s(value)


def _tuple(value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - YAML decides
    return tuple(value) if isinstance(value, list | tuple) else ()


def _front_matter(
    site: Site, path: str, source: SourceText, findings: list[Finding]
) -> Mapping[str, Any]:
    """`read_yaml`: every error leaves an empty mapping."""
    if source.text is None:
        message = f"not valid {site.encoding}: byte {source.bad_byte} cannot be decoded"
        findings.append(finding("TEXT-ENCODING", message, Place(path=path, offset=source.bad_byte)))
        return {}
    if not source.split.present:
        return {}
    try:
        value = site.handler.load(source.header)
    except YamlError as error:
        code = "FM-LIMIT" if isinstance(error, YamlLimitError) else "FM-YAML"
        place = Place(path=path, line=error.line, column=error.column)
        findings.append(finding(code, f"the front matter cannot be read: {error.why}", place))
        return {}
    if isinstance(value, dict):
        return value
    if value not in (None, False):
        message = (
            "the front matter is not a mapping of keys to values; Jekyll refuses to build the site"
        )
        findings.append(finding("FM-NOT-A-MAPPING", message, Place(path=path, line=2)))
    return {}


def _page_url(
    site: Site,
    placement: Placement,
    permalink: str | None,
    output_ext: str,
    findings: list[Finding],
) -> str | None:
    name = basename(placement.path)
    folder = dirname(f"/{placement.path}")
    ext = extname(name)
    base = (name[: -len(ext)] if ext else name).rstrip(".")
    if output_ext not in _HTML:
        template = "/:path/:basename:output_ext"
    elif base == "index":
        template = "/:path/"
    else:
        template = add_suffix("/:path/:basename", site.style)
    values = {"path": "" if folder == "/" else folder, "basename": base, "output_ext": output_ext}
    try:
        return sanitize(fill_names(permalink if permalink is not None else template, values))
    except UrlError as error:
        message = f"no URL can be made of {str(error)!r}"
        findings.append(finding("URL-INVALID", message, Place(path=placement.path)))
        return None


def _excerpt(
    site: Site, own: Mapping[str, Any], data: Mapping[str, Any], source: SourceText, output_ext: str
) -> str | None:
    """An excerpt of a page is only what its front matter says, unless `page_excerpts` is on."""
    if own.get("excerpt") not in (None, False):
        return to_s(own["excerpt"])
    separator = to_s(own.get("excerpt_separator") or site.config.raw["excerpt_separator"])
    if site.config.flag("page_excerpts") and separator and output_ext in _HTML:
        return cut_excerpt(source.body, separator)
    return _text(data.get("excerpt"))


def read_static(site: Site, placement: Placement) -> Item:
    """Describe a static file: its bytes are copied as they are."""
    label = placement.collection
    relative = site.relative_to_collections(placement.path) if label else f"/{placement.path}"
    ext = extname(placement.path)
    cleaned = (relative[: -len(ext)] if ext else relative).rstrip(".")
    url = cleaned
    findings: list[Finding] = []
    if label:
        url = _collection_url(site, placement, cleaned, findings) or ""
    url = url.removesuffix("/") + ext
    defaults = site.defaults.all(url, label or None)
    written = defaults.get("published", True) not in (None, False)
    return Item(
        kind=ItemKind.STATIC,
        collection=label or None,
        path=placement.path,
        url=url,
        destination=expand_path(unescape_path(url)),
        written=written and (not label or site.writes(label)),
        ext=ext,
        own={},
        front_matter=site.defaults.all(relative, label or None),
        findings=tuple(findings),
    )


def _collection_url(
    site: Site, placement: Placement, cleaned: str, findings: list[Finding]
) -> str | None:
    label = placement.collection
    name = basename(placement.path)
    ext = extname(name)
    values = {
        "collection": label,
        "path": cleaned.replace(f"_{label}", "", 1),
        "output_ext": "",
        "name": (name[: -len(ext)] if ext else name).rstrip("."),
        "title": "",
    }
    template = site.template(label)
    try:
        return sanitize(fill_names(to_s(template), values))
    except UrlError as error:
        message = f"no URL can be made of {str(error)!r}"
        findings.append(finding("URL-INVALID", message, Place(path=placement.path)))
        return join("/", label, name)
