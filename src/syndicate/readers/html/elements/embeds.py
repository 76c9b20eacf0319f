"""Videos, posts and players: what a page embeds from elsewhere."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from syndicate.article import Embed
from syndicate.article.values import one_line
from syndicate.readers import prose
from syndicate.readers.html.elements.context import ElementReader
from syndicate.readers.html.tree import element_text

_PLAYERS = (
    (
        r"//(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,})",
        r"https://www.youtube.com/watch?v=\1",
    ),
    (r"//player\.vimeo\.com/video/(\d+)", r"https://vimeo.com/\1"),
    (r"//(?:www\.)?dailymotion\.com/embed/video/(\w+)", r"https://www.dailymotion.com/video/\1"),
    (r"//open\.spotify\.com/embed/(\S+)", r"https://open.spotify.com/\1"),
)
"""Patterns for a player's address → the address of what it plays."""

_POST = re.compile(
    r"twitter-(?:tweet|video)|instagram-media|tiktok-embed|fb-(?:post|video)|bluesky-embed"
    r"|mastodon-embed|reddit-embed|reddit-card|text-post-media|imgur-embed",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_OF_THE_PAGE = re.compile(
    r"doubleclick|googletagmanager|googlesyndication|adservice|/ads?[/.?]|recaptcha|disqus"
    r"|facebook\.com/(?:plugins/(?:like|share|page)|tr)|addthis|sharethis|platform\.twitter\.com/widgets"
    r"|[?&=_./]aff(?:iliate)?[_=]|[_=]\d{3}x\d{2,3}\b|subscribe|newsletter|about:blank|hsforms|hubspot|typeform",
    re.IGNORECASE,
)


def embedded(reader: ElementReader, element: HtmlElement) -> Embed | None:
    """The embed for an `iframe`, `video`, `audio` or `object`; None, with a note, if it is part of
    the page and not of the article."""
    src = _source(element)
    if src.startswith("//"):
        src = "https:" + src
    url = reader.address(src, element) if src and not src.startswith("data:") else None
    if url is None or urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        reader.left_out(f"a {element.tag} without an address", element)
        return None
    if _OF_THE_PAGE.search(url) or _unseen(element):
        reader.left_out(f"the {element.tag} {url[:80]!r}: not part of the article", element)
        return None
    return prose.embed_from(watch_page_of_player(url), _title(element))


def post(reader: ElementReader, element: HtmlElement) -> Embed | None:
    """The post in a social service's `blockquote`."""
    if not _POST.search(element.get("class") or ""):
        return None
    named = [element.get(name) for name in ("cite", "data-instgrm-permalink", "data-href")]
    links = [link.get("href") for link in element.iter("a")]
    for candidate in (*named, *reversed(links)):
        url = reader.address(candidate, element) if candidate else None
        if url and prose.embed_provider(url):
            said = element_text(element)
            shown = said and not said.startswith("View this post on")
            return prose.embed_from(url.partition("?")[0], said if shown else None)
    return None


def watch_page_of_player(url: str) -> str:
    """The address where people watch what the player at `url` plays."""
    for player, page in _PLAYERS:
        if found := re.search(player, url):
            return found.expand(page).partition("&")[0]
    return url


def _source(element: HtmlElement) -> str:
    for name in ("src", "data-src", "data-lazy-src", "data-litespeed-src", "data"):
        value = (element.get(name) or "").strip()
        if value and not value.startswith(("about:", "data:")):
            return value
    inner = next((i.get("src") for i in element.iter("source") if i.get("src")), None)
    return (inner or "").strip()


def _title(element: HtmlElement) -> str | None:
    title = one_line(element.get("title") or element.get("aria-label") or "")
    generic = re.fullmatch(
        r"(?:youtube |vimeo |embedded |video )*(?:video )?(?:player|content)?", title, re.I
    )
    return None if generic else title


def _unseen(element: HtmlElement) -> bool:
    sides = (element.get("width") or "", element.get("height") or "")
    return any(side in ("0", "1", "0px", "1px") for side in sides) or bool(
        _HIDDEN.search(element.get("style") or "")
    )
