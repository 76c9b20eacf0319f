"""Recognises the boilerplate around and inside an article, by its tags, classes and words."""

from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache

from lxml.html import HtmlElement

from syndicate.readers.html.page.element_kinds import HEADINGS, OPENS, asks, says_something

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Classes that categorise or style an article, and say nothing about what an element is.
_ABOUT = re.compile(
    r"^(?:post|category|tag|author|postid|format|status|has|type|is|no|page|wp-block|hentry|md:|sm:"
    r"|lg:|xl:|max-)",
)
# Classes that describe the layout of the page around the element, not what the element is.
_LAYOUT = re.compile(
    r"(?:^|[-_])(?:with|without|has|no)[-_]|[-_](?:enabled|disabled|true|false)$", re.IGNORECASE
)
# The part of a post or page in classes that begin with a word for the whole ("post-", "entry-").
_PART = re.compile(
    r"^(?:post|author|page)(?:[-_]\w+)*?[-_]+(?:cta|bio|share|sharing|related|newsletter|subscribe"
    r"|comments|sidebar|promo|navigation)(?:[-_]|$)",
    re.IGNORECASE,
)

_WORDS = frozenset(
    [
        "share",
        "sharing",
        "sharer",
        "sharedaddy",
        "shares",
        "social",
        "socials",
        "socialshare",
        "addthis",
        "addtoany",
        "shariff",
        "newsletter",
        "newsletters",
        "subscribe",
        "subscription",
        "signup",
        "mailchimp",
        "optin",
        "related",
        "relatedposts",
        "recommended",
        "recommendation",
        "recommendations",
        "recirc",
        "recirculation",
        "trending",
        "popular",
        "outbrain",
        "taboola",
        "upsell",
        "crosslink",
        "teaser",
        "teasers",
        "comments",
        "comment",
        "respond",
        "disqus",
        "commentlist",
        "breadcrumb",
        "breadcrumbs",
        "pagination",
        "pager",
        "postnav",
        "sidebar",
        "footer",
        "navbar",
        "nav",
        "navigation",
        "menu",
        "submenu",
        "skip",
        "cookie",
        "cookies",
        "consent",
        "gdpr",
        "popup",
        "modal",
        "overlay",
        "lightbox",
        "tooltip",
        "advert",
        "adverts",
        "advertisement",
        "ads",
        "adsense",
        "advertising",
        "sponsored",
        "sponsor",
        "promo",
        "promos",
        "promotion",
        "cta",
        "bio",
        "authorbox",
        "byline",
        "bylines",
        "dateline",
        "timestamp",
        "taglist",
        "sharebar",
        "toolbar",
        "rating",
        "ratings",
        "login",
        "jetpack",
        "print",
        "noprint",
        "donate",
        "donation",
        "reactions",
        "likes",
        "follow",
    ]
)
_PHRASES = re.compile(
    r"author-?(?:bio|box|info|card|profile|description|details)|about-?(?:the-?)?author"
    r"|read-?(?:more|next|also)|more-?(?:stories|posts|articles|from)|(?:post|article|entry)-?(?:meta|tags|nav|footer"
    r"|date|author|byline|share|info)|also-?like|up-?next|(?:prev|next)-?(?:post|article)|site-?(?:header|footer|nav)"
    r"|embedded-?(?:post|publication)|affiliate-?(?:disclaimer|disclosure|notice|note)|sr-?only|screen-?reader|visually-?hidden|latest-?(?:posts|news|articles)|call-?to-?action|tag-?(?:list|cloud|links)"
    r"|(?:^|[\s_-])ad(?:[\s_-]|s?$|unit|slot)|in-?article-?(?:ad|promo)|reading-?time|read-?time|min-?read"
    r"|^usa-banner$|^(?:ez-)?toc(?:[-_](?:container|list|wrapper))?$|^table-of-contents$",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


_INLINE = frozenset(("a", "span", "em", "strong", "b", "i", "u", "mark", "abbr", "font"))
# The words of a heading as an id, which say what it is about and not what it is.
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){3,}", re.IGNORECASE)
_UNSEEN = re.compile(r"sr-?only|screen-?reader|visually-?hidden|tooltip", re.IGNORECASE)
_LETTER = re.compile(r"[\w,.;:!?)]")
_ROLES = frozenset(
    [
        "navigation",
        "complementary",
        "banner",
        "contentinfo",
        "search",
        "dialog",
        "alertdialog",
        "menu",
        "menubar",
        "toolbar",
        "tablist",
    ]
)
_TAGS = frozenset(("nav", "header", "footer", "aside", "form", "dialog", "menu"))


_BODY = re.compile(
    r"(?:article|post|entry|story|blog|news|single|page)[-_]*(?:content|body|text|copy|main)"
    r"|article-?body|body-?(?:content|copy|text)|rich-?text|(?:^|\s)e-content|(?:^|\s)prose(?:\s|$)"
    r"|post_?_?body|content-?body|wysiwyg",
    re.IGNORECASE,
)


def is_article_body(element: HtmlElement) -> bool:
    """Whether `element` is marked as the body of an article."""
    attributes = element.attrib
    if not attributes or element.tag in ("body", "html"):
        return False
    if "articleBody" in (attributes.get("itemprop") or ""):
        return True
    return any(_BODY.search(value) for name in ("class", "id") if (value := attributes.get(name)))


def boilerplate_reason(element: HtmlElement, own: Set[str]) -> str | None:
    """Why `element` is boilerplate: its tag, its role, a word in its class or id, or that it is
    hidden; None if there is no reason. The article's `own` classes are ignored."""
    return _by_kind(element) or _by_name(element, own)


def _by_kind(element: HtmlElement) -> str | None:
    tag = element.tag
    if tag in _TAGS and not says_something(element):
        return str(tag)
    if tag == "button" and not asks(element):
        return "button"
    attributes = element.attrib
    if not attributes:
        return None
    style = attributes.get("style")
    unseen = "hidden" in attributes or attributes.get("aria-hidden") == "true"
    if (unseen or (style and _HIDDEN.search(style))) and not OPENS.search(
        f"{attributes.get('class')} {attributes.get('id')}"
    ):
        return "hidden"
    role = attributes.get("role")
    return str(role) if role in _ROLES else None


def _by_name(element: HtmlElement, own: Set[str]) -> str | None:
    tag, attributes = element.tag, element.attrib
    if not attributes or tag in ("body", "main") or (tag in _INLINE and _runs_on(element)):
        return None
    kind, name = attributes.get("class"), attributes.get("id")
    if kind and kind not in own and (word := _marked(str(kind))):
        return word
    if name and tag not in HEADINGS and not _SLUG.fullmatch(name):
        return _marked(str(name))
    return None


def _runs_on(element: HtmlElement) -> bool:
    """Whether an element is in the middle of a sentence, whatever its class."""
    name = element.get("class") or ""
    if _UNSEEN.search(name):
        return False
    before = element.getprevious()
    ahead = element.getparent().text if before is None else before.tail
    return bool((ahead or "").strip()) and bool(_LETTER.match((element.tail or "").strip()[:1]))


@lru_cache(maxsize=4096)
def _marked(value: str) -> str | None:
    for token in value.split():
        if len(token) > 80 or _LAYOUT.search(token):
            continue
        if _ABOUT.match(token):
            if found := _PART.search(token):
                return str(found[0])
            continue
        for word in _WORD.findall(token):
            if word.lower() in _WORDS:
                return str(word).lower()
        if found := _PHRASES.search(token):
            return str(found[0])
    return None
