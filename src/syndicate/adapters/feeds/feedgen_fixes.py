"""Fixes for what feedgen 1.0 gets wrong or leaves out: one extension or function per defect.

feedgen's Atom elements have no namespace in memory, so they are found by their plain names.
`tests/adapters/feeds/test_feedgen_fixes.py` shows every defect in feedgen without the fixes. When
feedgen fixes a defect, its test fails and the code here can be deleted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from types import MappingProxyType
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from syndicate.adapters.edition import Withdrawn
from syndicate.adapters.feeds.entry import FeedEntry
from syndicate.adapters.web.dates import rfc822, rfc3339
from syndicate.adapters.web.pictures import WebPicture

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
LICENSE = "http://backend.userland.com/creativeCommonsRssModule"
MEDIA = "http://search.yahoo.com/mrss/"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
NAMESPACES = {
    "atom": ATOM,
    "content": "http://purl.org/rss/1.0/modules/content/",
    "creativeCommons": LICENSE,
    "dc": DC,
    "media": MEDIA,
}
"""The namespaces that entries may need, by their usual prefixes."""
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_MARKUP = re.compile(r"<|&[#\w]")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Element = Any  # feedgen's trees are untyped, so lxml's stubs do not help


class FeedNamespaces(BaseExtension):  # type: ignore[misc]
    """Declares the namespaces of entries: feedgen takes them from the feed's extensions."""

    def extend_ns(self) -> dict[str, str]:
        return {name: NAMESPACES[name] for name in ("dc", "creativeCommons", "media")}


class FeedStyleSheet(BaseExtension):  # type: ignore[misc]
    """Adds the style sheet: feedgen cannot write a processing instruction before the root."""

    href = ""

    def extend_atom(self, feed: Element) -> Element:
        target = f'type="text/css" href="{self.href}"'
        feed.addprevious(etree.ProcessingInstruction("xml-stylesheet", target))
        return feed

    extend_rss = extend_atom


class FeedRelations(BaseExtension):  # type: ignore[misc]
    """Adds link relations to RSS: feedgen writes only `rel="self"` and drops all others."""

    links: Mapping[str, str] = MappingProxyType({})

    def extend_rss(self, rss: Element) -> Element:
        for rel, href in self.links.items():
            etree.SubElement(rss[0], f"{{{ATOM}}}link", href=href, rel=rel)
        return rss


class FeedHistory(BaseExtension):  # type: ignore[misc]
    """Adds archives (RFC 5005) and tombstones (RFC 6721), which feedgen does not support."""

    archived = False
    withdrawn: tuple[Withdrawn, ...] = ()

    def extend_ns(self) -> dict[str, str]:
        archive = {"fh": HISTORY} if self.archived else {}
        return {**archive, "at": TOMBSTONES} if self.withdrawn else archive

    def extend_rss(self, rss: Element) -> Element:
        if self.archived:
            etree.SubElement(rss[0], f"{{{HISTORY}}}archive")
        return rss

    def extend_atom(self, feed: Element) -> Element:
        if self.archived:
            etree.SubElement(feed, f"{{{HISTORY}}}archive")
        for article in self.withdrawn:
            when = rfc3339(article.time)
            etree.SubElement(feed, f"{{{TOMBSTONES}}}deleted-entry", ref=article.id, when=when)
        return feed


class FeedBuildDate(BaseExtension):  # type: ignore[misc]
    """Writes the date of an RSS feed. feedgen would call `setlocale`, for the whole process."""

    moment = EPOCH

    def extend_rss(self, rss: Element) -> Element:
        etree.SubElement(rss[0], "lastBuildDate").text = rfc822(self.moment)
        return rss


class Unwritten(datetime):
    """A date that feedgen considers missing. Without any date it would write the present time."""

    def __bool__(self) -> bool:
        return False


NEVER = Unwritten(1970, 1, 1, tzinfo=UTC)


class UntypedText(BaseExtension):  # type: ignore[misc]
    """Sets the type of titles whose text looks like markup.

    feedgen sets no type, so validators and feed readers would take the text for markup.
    """

    def extend_atom(self, feed: Element) -> Element:
        for name in ("title", "subtitle", "rights"):
            _as_text(feed.find(name))
        return feed


class FeedEntryFixes(BaseEntryExtension):  # type: ignore[misc]
    """Fixes entries, one function per defect; each adds from `entry` what feedgen left out."""

    entry: FeedEntry

    def extend_rss(self, item: Element) -> Element:
        _place(item, "rss", "channel")
        for fix in (_people, _source, _dates, _license, _media):
            fix(item, self.entry)
        return item

    def extend_atom(self, element: Element) -> Element:
        _place(element, "feed")
        for fix in (_source_name, _links, _language, _media, _texts):
            fix(element, self.entry)
        return element


def _place(element: Element, *parents: str) -> None:
    """Put `element` below parents that declare the namespaces.

    feedgen's entries declare none in memory, so lxml would invent prefixes for their content.
    """
    parent = etree.Element(parents[0], nsmap=NAMESPACES)
    for name in parents[1:]:
        parent = etree.SubElement(parent, name)
    parent.append(element)


def _people(item: Element, entry: FeedEntry) -> None:
    """Add people, language and rights; in RSS feedgen names only authors with an e-mail address."""
    article = entry.article
    known = [
        *(("contributor", person.name) for person in entry.others),
        *(("creator", person.name) for person in article.authors),
        ("language", article.language),
        ("rights", entry.rights),
    ]
    for name, text in known:
        if text:
            etree.SubElement(item, f"{{{DC}}}{name}").text = text


def _source(item: Element, entry: FeedEntry) -> None:
    """Add the source. feedgen would also write Atom's, which requires a feed's id and date."""
    credit = entry.article.credit
    if credit.source and credit.source_url:
        etree.SubElement(item, "source", url=credit.source_url).text = credit.source
    else:
        _source_name(item, entry)


def _source_name(element: Element, entry: FeedEntry) -> None:
    """Add the source's name; see `_source`."""
    if entry.article.credit.source:
        etree.SubElement(element, f"{{{DC}}}source").text = entry.article.credit.source


def _dates(item: Element, entry: FeedEntry) -> None:
    """Add the dates (see `FeedBuildDate`) and the time of the last update, missing in feedgen."""
    etree.SubElement(item, "pubDate").text = rfc822(entry.article.published)
    etree.SubElement(item, f"{{{ATOM}}}updated").text = rfc3339(entry.article.updated)


def _links(element: Element, entry: FeedEntry) -> None:
    """Write the links anew: feedgen keeps only their addresses, so each becomes an alternate."""
    first, *others = entry.links
    element.find("link").attrib.update(first)
    for attributes in others:
        etree.SubElement(element, "link", attributes)


def _language(element: Element, entry: FeedEntry) -> None:
    """Set the entry's language; feedgen supports only that of the feed."""
    element.set(_LANG, entry.article.language)


def _license(item: Element, entry: FeedEntry) -> None:
    """Add the licence's URL; feedgen writes licences only as text."""
    if entry.license:
        etree.SubElement(item, f"{{{LICENSE}}}license").text = entry.license


def _media(element: Element, entry: FeedEntry) -> None:
    """Add the lead picture with credit and description (Media RSS 1.5.1).

    feedgen lacks both, and puts a single picture into a `media:group`.
    """
    figure, lead, small = entry.article.lead_image, entry.lead, entry.thumbnail
    if not lead:
        return
    content = etree.SubElement(element, f"{{{MEDIA}}}content", _attributes(lead))
    content.set("medium", "image")
    if entry.caption:
        text = etree.SubElement(content, f"{{{MEDIA}}}description", type="plain")
        text.text = entry.caption
    if figure and figure.credit:
        etree.SubElement(content, f"{{{MEDIA}}}credit").text = figure.credit
    if small:
        only = WebPicture(small.url, width=small.width, height=small.height)
        etree.SubElement(content, f"{{{MEDIA}}}thumbnail", _attributes(only))


def _texts(element: Element, entry: FeedEntry) -> None:
    """Set the type of texts in an entry; see `UntypedText`."""
    for name in ("title", "rights"):
        _as_text(element.find(name))


def _as_text(element: Element) -> None:
    if element is not None and _MARKUP.search(element.text):
        element.set("type", "html")
        element.text = escape(element.text, quote=False)


def _attributes(media: WebPicture) -> dict[str, str]:
    values = {
        "url": media.url,
        "fileSize": media.length,
        "type": media.media_type,
        "width": media.width,
        "height": media.height,
    }
    return {name: str(value) for name, value in values.items() if value is not None}
