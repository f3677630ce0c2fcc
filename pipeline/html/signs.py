"""Signs that an element is no part of an article: its name, its role, the words of its classes."""

import re
from functools import lru_cache
from itertools import pairwise

from lxml import etree

from pipeline.html.values import Chrome
from pipeline.html.wording import word_set

_ROLES = {
    "navigation": Chrome.NAVIGATION,
    "banner": Chrome.NAVIGATION,
    "contentinfo": Chrome.NAVIGATION,
    "search": Chrome.FORM,
    "complementary": Chrome.RELATED,
    "dialog": Chrome.COOKIES,
    "alertdialog": Chrome.COOKIES,
}
_TAGS = {
    "nav": Chrome.NAVIGATION,
    "form": Chrome.FORM,
    "button": Chrome.FORM,
    "dialog": Chrome.COOKIES,
    "menu": Chrome.NAVIGATION,
    "header": Chrome.BYLINE,  # of the site, or of the article: its title, date, author
}
# Whole words of `class` and `id`, which `-`, `_` and capitals part.
_WORDS = (
    (Chrome.COOKIES, "cookie cookies gdpr consent onetrust ccpa cookielaw cookieconsent"),
    (Chrome.SHARE, "share sharing sharer addthis addtoany sharethis socials social"),
    (Chrome.COMMENTS, "comments disqus utterances giscus staticman isso commento respond"),
    (Chrome.RELATED, "related recommended readmore youmaylike sidebar"),
    (Chrome.NAVIGATION, "nav navbar navigation breadcrumb breadcrumbs pagination pager paginate"),
    (Chrome.NAVIGATION, "menu skip skiplink masthead topbar footer colophon"),
    (Chrome.FORM, "newsletter subscribe signup searchbox"),
    (Chrome.HIDDEN, "offscreen hidden"),
    (Chrome.BYLINE, "byline postmeta"),
)
_KINDS = {word: kind for kind, words in _WORDS for word in words.split()}
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_PAIRS = {
    ("post", "meta"): Chrome.BYLINE,
    ("entry", "meta"): Chrome.BYLINE,
    ("page", "meta"): Chrome.BYLINE,
    ("article", "meta"): Chrome.BYLINE,
    ("post", "date"): Chrome.BYLINE,
    ("post", "tags"): Chrome.BYLINE,
    ("post", "nav"): Chrome.NAVIGATION,
    ("sr", "only"): Chrome.HIDDEN,
    ("visually", "hidden"): Chrome.HIDDEN,
    ("screen", "reader"): Chrome.HIDDEN,
    ("back", "top"): Chrome.NAVIGATION,
    ("site", "header"): Chrome.NAVIGATION,
    ("site", "footer"): Chrome.NAVIGATION,
    ("read", "next"): Chrome.RELATED,
    ("header", "link"): Chrome.NAVIGATION,
    ("anchor", "heading"): Chrome.NAVIGATION,
}
# Neither the whole page nor a piece of running text is chrome, whatever it is called.
_NEVER = word_set("html body main article p pre code td th tr h1 h2 h3 h4 h5 h6 li em strong")
_SHARERS = re.compile(
    r"^(?:https?:)?//(?:[\w-]+\.)*(?:facebook\.com/(?:sharer|share)|twitter\.com/(?:intent|share)|"
    r"x\.com/(?:intent|share)|linkedin\.com/(?:share|sharing)|bsky\.app/intent|reddit\.com/submit|"
    r"pinterest\.[a-z]+/pin/create|news\.ycombinator\.com/submitlink|t\.me/share|"
    r"wa\.me/\?|api\.whatsapp\.com/send|tumblr\.com/(?:share|widgets)|getpocket\.com/save)",
    re.IGNORECASE,
)


def chrome_of(element: etree._Element) -> Chrome | None:
    """Say what an element is, judged alone; None for what may be part of an article."""
    tag = str(element.tag)
    if element.get("hidden") is not None:
        return Chrome.HIDDEN
    if tag == "a" and _SHARERS.match((element.get("href") or "").strip()):
        return Chrome.SHARE
    role = element.get("role")
    if role and (kind := _ROLES.get(role.strip().lower())):
        return kind
    if tag in _TAGS:
        return _TAGS[tag]
    if tag == "footer" and not _quoting(element):
        return Chrome.NAVIGATION
    if tag in _NEVER:
        return None
    named = element.get("class"), element.get("id")
    for name in named:
        if name and (kind := _named(name[:300])):
            return kind
    return None


def _quoting(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "blockquote"


@lru_cache(maxsize=4096)  # a site has few classes, and each on every page
def _named(name: str) -> Chrome | None:
    for token in name.split():
        words = [word.lower() for word in _PARTS.findall(token)]
        for word in words:
            if word in _KINDS and not _layout(words):
                return _KINDS[word]
        for pair in pairwise(words):
            if pair in _PAIRS:
                return _PAIRS[pair]
    return None


def _layout(words: list[str]) -> bool:
    """Say whether a class is about how something stands beside a menu: `has-sidebar`, `no-nav`."""
    return words[0] in {"has", "with", "no", "is", "js"} or words[-1] in {
        "wrapper",
        "wrap",
        "layout",
    }
