"""What feedgen 1.0 gets wrong or leaves out, each mended by one extension.

feedgen's Atom elements carry no namespace while in memory, so plain names are theirs.
`tests/adapters/feeds/test_mends.py` shows every defect in bare feedgen: once one is mended there,
its test fails and the extension can go.
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

from syndicate.adapters.contract import Withdrawn
from syndicate.adapters.feeds.dates import rfc822, rfc3339
from syndicate.adapters.feeds.pictures import Media

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
"""What entries may need, by the prefixes that everybody uses."""
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_MARKUP = re.compile(r"<|&[#\w]")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Element = Any  # lxml's own stubs and feedgen's untyped trees do not meet


class Namespaces(BaseExtension):  # type: ignore[misc]
    """feedgen asks a feed's extensions for the namespaces of its entries."""

    def extend_ns(self) -> dict[str, str]:
        return {name: NAMESPACES[name] for name in ("dc", "creativeCommons", "media")}


class StyleSheet(BaseExtension):  # type: ignore[misc]
    """feedgen cannot write a processing instruction before the root."""

    href = ""

    def extend_atom(self, feed: Element) -> Element:
        target = f'type="text/css" href="{self.href}"'
        feed.addprevious(etree.ProcessingInstruction("xml-stylesheet", target))
        return feed

    extend_rss = extend_atom


class Relations(BaseExtension):  # type: ignore[misc]
    """feedgen writes a channel's `rel="self"` into RSS and drops every other relation."""

    links: Mapping[str, str] = MappingProxyType({})

    def extend_rss(self, rss: Element) -> Element:
        for rel, href in self.links.items():
            etree.SubElement(rss[0], f"{{{ATOM}}}link", href=href, rel=rel)
        return rss


class History(BaseExtension):  # type: ignore[misc]
    """feedgen knows neither archives (RFC 5005) nor tombstones (RFC 6721)."""

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
        for one in self.withdrawn:
            when = rfc3339(one.time)
            etree.SubElement(feed, f"{{{TOMBSTONES}}}deleted-entry", ref=one.id, when=when)
        return feed


class BuildDate(BaseExtension):  # type: ignore[misc]
    """feedgen writes dates by way of `setlocale`, for the whole process."""

    moment = EPOCH

    def extend_rss(self, rss: Element) -> Element:
        etree.SubElement(rss[0], "lastBuildDate").text = rfc822(self.moment)
        return rss


class Unwritten(datetime):
    """A date that feedgen takes for none: it would write *now* where it is given nothing."""

    def __bool__(self) -> bool:
        return False


NEVER = Unwritten(1970, 1, 1, tzinfo=UTC)


class EntryDates(BaseEntryExtension):  # type: ignore[misc]
    """As `BuildDate`; and feedgen's RSS items say nothing of updates."""

    published: datetime
    updated: datetime

    def extend_rss(self, item: Element) -> Element:
        etree.SubElement(item, "pubDate").text = rfc822(self.published)
        etree.SubElement(item, f"{{{ATOM}}}updated").text = rfc3339(self.updated)
        return item

    def extend_atom(self, entry: Element) -> Element:
        etree.SubElement(entry, "published").text = rfc3339(self.published)
        return entry


class EntryAuthors(BaseEntryExtension):  # type: ignore[misc]
    """feedgen names those authors in RSS that have an e-mail address, and `dc:creator` names all:
    a validator warns of both."""

    def extend_rss(self, item: Element) -> Element:
        for author in item.findall("author"):
            item.remove(author)
        return item


class EntrySource(BaseEntryExtension):  # type: ignore[misc]
    """feedgen's `source` writes Atom's too, which must name a feed's id and date."""

    name: str | None = None
    url: str | None = None

    def extend_rss(self, item: Element) -> Element:
        if self.name and self.url:
            etree.SubElement(item, "source", url=self.url).text = self.name
            return item
        return self.extend_atom(item)

    def extend_atom(self, entry: Element) -> Element:
        if self.name:
            etree.SubElement(entry, f"{{{DC}}}source").text = self.name
        return entry


class EntryLinks(BaseEntryExtension):  # type: ignore[misc]
    """feedgen drops all but the address of an Atom entry's links, so each becomes an alternate."""

    links: tuple[dict[str, str], ...] = ()

    def extend_atom(self, entry: Element) -> Element:
        for link in entry.findall("link"):
            entry.remove(link)
        for link in self.links:
            etree.SubElement(entry, "link", link)
        return entry


class EntryLanguage(BaseEntryExtension):  # type: ignore[misc]
    """feedgen knows the language of a feed, not of its entries."""

    language = ""

    def extend_atom(self, entry: Element) -> Element:
        entry.set(_LANG, self.language)
        return entry


class EntryLicense(BaseEntryExtension):  # type: ignore[misc]
    """feedgen has no licence but text."""

    url: str | None = None

    def extend_rss(self, item: Element) -> Element:
        if self.url:
            etree.SubElement(item, f"{{{LICENSE}}}license").text = self.url
        return item


class Text(BaseExtension):  # type: ignore[misc]
    """feedgen gives titles no type: markup that is meant as text must be said to be none, or
    validators and readers take it for markup."""

    names: tuple[str, ...] = ("title", "subtitle", "rights")

    def extend_atom(self, feed: Element) -> Element:
        for element in (feed.find(name) for name in self.names):
            if element is not None and _MARKUP.search(element.text):
                element.set("type", "html")
                element.text = escape(element.text, quote=False)
        return feed


class EntryText(Text):
    """As `Text`, in an entry."""

    names = ("title", "rights")


class EntryMedia(BaseEntryExtension):  # type: ignore[misc]
    """feedgen puts a lone picture into a `media:group`, and knows neither credit nor description
    (Media RSS 1.5.1)."""

    picture: Media | None = None
    thumbnail: Media | None = None
    description = ""
    credit: str | None = None

    def extend_rss(self, item: Element) -> Element:
        if not self.picture:
            return item
        content = etree.SubElement(item, f"{{{MEDIA}}}content", _attributes(self.picture))
        content.set("medium", "image")
        if self.description:
            text = etree.SubElement(content, f"{{{MEDIA}}}description", type="plain")
            text.text = self.description
        if self.credit:
            etree.SubElement(content, f"{{{MEDIA}}}credit").text = self.credit
        if self.thumbnail:
            small = Media(
                self.thumbnail.url, width=self.thumbnail.width, height=self.thumbnail.height
            )
            etree.SubElement(content, f"{{{MEDIA}}}thumbnail", _attributes(small))
        return item

    extend_atom = extend_rss


def _attributes(media: Media) -> dict[str, str]:
    values = {
        "url": media.url,
        "fileSize": media.length,
        "type": media.media_type,
        "width": media.width,
        "height": media.height,
    }
    return {name: str(value) for name, value in values.items() if value is not None}
