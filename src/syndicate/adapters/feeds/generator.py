"""RSS and Atom by feedgen, its defects mended: a document's beginning and end, and its entries.

Entries are written one by one: feedgen would hold the trees of all of them at once, and what was
written yesterday need not be written again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html import escape
from typing import Any

from syndicate.adapters.feeds.dates import told_apart, whole_minutes
from syndicate.adapters.feeds.entry import Entry
from syndicate.adapters.feeds.feed import Head
from syndicate.adapters.feeds.pictures import FORMATS
from syndicate.article import Contributor, Tag

Parts = tuple[bytes, bytes]


def channel(head: Head, media_type: str, ttl: int | None) -> Parts:
    """What stands before and after the items of an RSS feed."""
    from syndicate.adapters.feeds.mends import NEVER

    if head.logo and head.logo.media_type not in FORMATS:
        head = replace(head, logo=None)  # RSS knows GIF, JPEG and PNG
    feed = _document(head, media_type)
    feed.updated(NEVER)  # `BuildDate` writes it
    if ttl:
        feed.ttl(ttl)
    return _around(feed.rss_str(pretty=True), b"  </channel>\n")


def feed(head: Head, media_type: str) -> Parts:
    """What stands before and after the entries of an Atom feed."""
    return _around(_document(head, media_type).atom_str(pretty=True), b"</feed>\n")


def item(entry: Entry) -> bytes:
    """`entry` in RSS."""
    return _alone(_entry(entry).rss_entry(), "rss", "channel")


def entry(entry: Entry) -> bytes:
    """`entry` in Atom."""
    return _alone(_entry(entry).atom_entry(), "feed")


def _around(document: bytes, closing: bytes) -> Parts:
    """`document` before and from the last `closing`. Within text no "<" is ever written."""
    place = document.rindex(closing)
    return document[:place], document[place:]


def _alone(element: Any, *parents: str) -> bytes:
    """`element` as it is written inside `parents`, which declare the namespaces."""
    from lxml import etree

    from syndicate.adapters.feeds.mends import NAMESPACES

    root = parent = etree.Element(parents[0], nsmap=NAMESPACES)
    for name in parents[1:]:
        parent = etree.SubElement(parent, name)
    parent.append(element)
    written = etree.tostring(root, pretty_print=True, encoding="UTF-8")
    lines = len(parents)  # each of them opens and closes on a line of its own
    opening = "  " * lines + "<" + element.tag
    closing = "  " * (lines - 1) + f"</{parents[-1]}>\n"
    return written[written.index(opening.encode()) : written.rindex(closing.encode())]


@cache
def _mends() -> tuple[tuple[str, Any, Any, bool, bool], ...]:
    """Name, class for feeds, class for entries, whether for Atom, whether for RSS."""
    from feedgen.ext.base import BaseExtension
    from feedgen.ext.dc import DcEntryExtension

    from syndicate.adapters.feeds import mends

    return (
        ("namespaces", mends.Namespaces, BaseExtension, True, True),
        ("dc", BaseExtension, DcEntryExtension, False, True),
        ("authors", BaseExtension, mends.EntryAuthors, False, True),
        ("origin", BaseExtension, mends.EntrySource, True, True),
        ("style_sheet", mends.StyleSheet, BaseExtension, True, True),
        ("relations", mends.Relations, BaseExtension, False, True),
        ("build_date", mends.BuildDate, BaseExtension, False, True),
        ("history", mends.History, BaseExtension, True, True),
        ("dates", BaseExtension, mends.EntryDates, True, True),
        ("links", BaseExtension, mends.EntryLinks, True, False),
        ("license", BaseExtension, mends.EntryLicense, False, True),
        ("language_tag", BaseExtension, mends.EntryLanguage, True, False),
        ("media", BaseExtension, mends.EntryMedia, True, True),
        ("text", mends.Text, mends.EntryText, True, False),
    )


def _document(head: Head, media_type: str) -> Any:
    from feedgen.feed import FeedGenerator

    feed, publication = FeedGenerator(), head.publication
    for name, for_feeds, for_entries, atom, rss in _mends():
        feed.register_extension(name, for_feeds, for_entries, atom, rss)
    publisher = {"name": publication.publisher or head.title, "uri": head.home}
    if publication.email:
        publisher["email"] = publication.email
        name = re.sub("[()]", "", publisher["name"])  # the brackets of a mailbox's comment
        feed.managingEditor(f"{publication.email} ({name})")
    feed.id(head.current)
    feed.title(head.title)
    feed.subtitle(head.description)
    feed.description(head.description)
    feed.language(publication.language)
    feed.author(publisher)
    feed.generator("Syndicate")
    feed.style_sheet.href = head.style_sheet
    # An archive that nothing comes before or after is not marked: validators take it for broken.
    feed.history.archived = head.archived and bool(head.previous or head.next)
    feed.history.withdrawn = head.withdrawn
    feed.updated(whole_minutes(head.updated))
    feed.link(href=head.url, rel="self", type=media_type)
    relations = dict(_relations(head))
    for rel, href in relations.items():
        feed.link(href=href, rel=rel)
    feed.relations.links = relations
    feed.link(href=head.home, rel="alternate", type="text/html")  # last: RSS takes this one
    if publication.copyright:
        feed.rights(publication.copyright)
    if head.logo:
        logo = head.logo
        size = {"width": str(logo.width), "height": str(logo.height)} if logo.width else {}
        feed.image(logo.url, title=head.title, link=head.home, **size)
    feed.build_date.moment = head.updated
    return feed


def _relations(head: Head) -> Iterator[tuple[str, str]]:
    """The hub (WebSub), and the archives around this document (RFC 5005)."""
    if head.hub:
        yield "hub", head.hub
    if head.archived:
        yield "current", head.current
    if head.previous:
        yield "prev-archive", head.previous
    if head.next:
        yield "next-archive", head.next


def _entry(entry: Entry) -> Any:
    """feedgen's entry, filled."""
    from feedgen.entry import FeedEntry

    item, article, credit = FeedEntry(), entry.article, entry.article.credit
    for name, _, mend, atom, rss in _mends():
        item.register_extension(name, mend, atom, rss)
    item.id(article.id)
    item.title(article.title)
    item.link(href=article.url)
    item.updated(told_apart(whole_minutes(article.updated), article.id))
    item.dates.published, item.dates.updated = article.published, article.updated
    item.language_tag.language = article.language
    item.dc.dc_language(article.language)
    item.author([_person(author) for author in article.authors])
    item.dc.dc_creator([author.name for author in article.authors])
    item.contributor([_person(other) for other in entry.others])
    item.dc.dc_contributor([other.name for other in entry.others])
    item.category([_category(tag) for tag in entry.categories])
    item.origin.name, item.origin.url = credit.source, credit.source_url
    item.comments(entry.comments)
    item.license.url = entry.license
    if entry.rights:
        item.rights(entry.rights)
        item.dc.dc_rights(entry.rights)
    if entry.summary:  # what RSS calls a description is HTML
        item.summary(escape(entry.summary, quote=False), type="html")
    if entry.content:
        item.content(entry.content, type="html")
    if entry.lead and entry.lead.length:
        item.enclosure(entry.lead.url, entry.lead.length, entry.lead.media_type)
    item.links.links = tuple(_links(entry))
    item.media.picture, item.media.thumbnail = entry.lead, entry.thumbnail
    item.media.description = entry.caption
    item.media.credit = article.lead_image.credit if article.lead_image else None
    return item


def _links(entry: Entry) -> Iterator[dict[str, str]]:
    """An Atom entry's links; the first is what readers open."""
    yield {"href": entry.article.url, "rel": "alternate", "type": "text/html"}
    lead, credit = entry.lead, entry.article.credit
    if lead and lead.length and lead.media_type:
        yield {
            "href": lead.url,
            "rel": "enclosure",
            "type": lead.media_type,
            "length": str(lead.length),
        }
    if credit.source_url:
        via = {"href": credit.source_url, "rel": "via"}
        plain = credit.source and not {"<", "&"} & {*credit.source}
        yield {**via, "title": credit.source} if credit.source and plain else via
    if entry.comments:
        yield {"href": entry.comments, "rel": "replies", "type": "text/html"}
    if entry.license:
        yield {"href": entry.license, "rel": "license"}


def _person(contributor: Contributor) -> dict[str, str]:
    known = {"name": contributor.name, "email": contributor.email, "uri": contributor.url}
    return {key: value for key, value in known.items() if value}


def _category(tag: Tag) -> dict[str, str]:
    return {"term": tag.name, "scheme": tag.scheme} if tag.scheme else {"term": tag.name}
