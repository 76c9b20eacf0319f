"""What feedgen 1.0 gets wrong or leaves out, each mended by one extension.

feedgen's Atom elements carry no namespace while in memory, so plain names are theirs.
`tests/adapters/feeds/test_mends.py` shows every defect in bare feedgen: once one is mended there,
its test fails and the extension can go.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from syndicate.adapters.feeds.dates import rfc822, rfc3339
from syndicate.adapters.feeds.pictures import Media

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

Element = Any  # lxml's own stubs and feedgen's untyped trees do not meet


class StyleSheet(BaseExtension):  # type: ignore[misc]
    """feedgen cannot write a processing instruction before the root."""

    href = ""

    def extend_atom(self, feed: Element) -> Element:
        target = f'type="text/css" href="{self.href}"'
        feed.addprevious(etree.ProcessingInstruction("xml-stylesheet", target))
        return feed

    extend_rss = extend_atom


class Hub(BaseExtension):  # type: ignore[misc]
    """feedgen writes a channel's `rel="self"` into RSS and drops every other relation."""

    href: str | None = None

    def extend_rss(self, rss: Element) -> Element:
        if self.href:
            etree.SubElement(rss[0], f"{{{ATOM}}}link", href=self.href, rel="hub")
        return rss


class BuildDate(BaseExtension):  # type: ignore[misc]
    """feedgen writes dates by way of `setlocale`, for the whole process."""

    moment: datetime

    def extend_rss(self, rss: Element) -> Element:
        etree.SubElement(rss[0], "lastBuildDate").text = rfc822(self.moment)
        return rss


class Unwritten(datetime):
    """A date that feedgen takes for none: it would write *now* where it is given nothing."""

    def __bool__(self) -> bool:
        return False


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


class EntryMedia(BaseEntryExtension):  # type: ignore[misc]
    """feedgen puts a lone picture into a `media:group`, and knows neither credit nor description
    (Media RSS 1.5.1)."""

    picture: Media | None = None
    thumbnail: Media | None = None
    description = ""
    credit: str | None = None

    def extend_ns(self) -> dict[str, str]:
        return {"media": MEDIA}

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
