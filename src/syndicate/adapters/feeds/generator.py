"""RSS and Atom, written by feedgen with our fixes: single entries, and the document around them.

Entries are written one by one. feedgen would keep the trees of all entries in memory at once, and
this way unchanged entries need not be written again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from syndicate.adapters.feeds.adapter import FeedHead
from syndicate.adapters.feeds.characters import PLACEHOLDER
from syndicate.adapters.feeds.entry import FeedEntry
from syndicate.adapters.web.addresses import web_mailbox
from syndicate.adapters.web.dates import distinct_web_time, with_whole_minute_zone
from syndicate.adapters.web.pictures import FORMATS
from syndicate.article import Contributor, Tag

Parts = tuple[bytes, bytes]

_AMPERSAND = re.compile(r"&(?!\s|$)")


def rss_channel(head: FeedHead, media_type: str, ttl: int | None) -> Parts:
    """The parts of an RSS feed before and after its items."""
    from syndicate.adapters.feeds.feedgen_fixes import NEVER

    if head.logo and head.logo.media_type not in FORMATS:
        head = replace(head, logo=None)  # RSS allows only GIF, JPEG and PNG
    feed = _document(head, media_type)
    feed.updated(NEVER)  # `FeedBuildDate` writes it
    if ttl:
        feed.ttl(ttl)
    return _around(feed.rss_str(pretty=True), b"  </channel>\n")


def atom_feed(head: FeedHead, media_type: str) -> Parts:
    """The parts of an Atom feed before and after its entries."""
    return _around(_document(head, media_type).atom_str(pretty=True), b"</feed>\n")


def rss_item(entry: FeedEntry) -> bytes:
    """`entry` as an RSS item."""
    made, lead = _entry(entry), entry.lead
    made.comments(entry.comments)
    if lead and lead.length:
        made.enclosure(lead.url, lead.length, lead.media_type)
    return _written(made.rss_entry())


def atom_entry(entry: FeedEntry) -> bytes:
    """`entry` as an Atom entry."""
    made, article = _entry(entry), entry.article
    made.published(with_whole_minute_zone(article.published))
    made.updated(distinct_web_time(with_whole_minute_zone(article.updated), article.id))
    made.author([_person(author) for author in article.authors])
    made.contributor([_person(other) for other in entry.others])
    if entry.rights:
        made.rights(entry.rights)
    return _written(made.atom_entry())


def _around(document: bytes, closing: bytes) -> Parts:
    """`document`, split before the last `closing`. Text never contains a literal "<"."""
    place = document.rindex(closing)
    return document[:place], document[place:]


def _written(element: Any) -> bytes:
    """`element` as written inside its parents, without the lines on which the parents begin."""
    from lxml import etree

    parent = element.getparent()
    root = parent.getparent()
    document = parent if root is None else root
    written: bytes = etree.tostring(document, pretty_print=True, encoding="UTF-8")
    opening = written.index(f"<{element.tag}".encode())
    closing = written.rindex(f"</{parent.tag}>".encode())
    return written[written.rindex(b"\n", 0, opening) + 1 : written.rindex(b"\n", 0, closing) + 1]


def _document(head: FeedHead, media_type: str) -> Any:
    from feedgen.feed import FeedGenerator

    from syndicate.adapters.feeds import feedgen_fixes

    feed, publication = FeedGenerator(), head.publication
    feed.register_extension("namespaces", feedgen_fixes.FeedNamespaces)
    feed.register_extension("style_sheet", feedgen_fixes.FeedStyleSheet)
    feed.register_extension("relations", feedgen_fixes.FeedRelations, atom=False)
    feed.register_extension("build_date", feedgen_fixes.FeedBuildDate, atom=False)
    feed.register_extension("history", feedgen_fixes.FeedHistory)
    feed.register_extension("text", feedgen_fixes.UntypedText, rss=False)
    publisher = {"name": publication.publisher or head.title, "uri": head.home}
    if email := web_mailbox(publication.email):
        publisher["email"] = email
        name = re.sub("[()]", "", publisher["name"])  # parentheses enclose the comment
        feed.managingEditor(f"{email} ({name})")
    feed.id(head.current)
    feed.title(head.title)
    feed.subtitle(head.description)
    feed.description(head.description)
    feed.language(publication.language)
    feed.author(publisher)
    feed.generator("Syndicate")
    feed.style_sheet.href = head.style_sheet
    # An archive with nothing before or after it is not marked: validators report it as broken.
    feed.history.archived = head.archived and bool(head.previous or head.next)
    feed.history.withdrawn = head.withdrawn
    feed.updated(with_whole_minute_zone(head.updated))
    feed.link(href=head.url, rel="self", type=media_type)
    relations = dict(_relations(head))
    for rel, href in relations.items():
        feed.link(href=href, rel=rel)
    feed.relations.links = relations
    feed.link(
        href=head.home, rel="alternate", type="text/html"
    )  # last, because RSS uses the last one
    if publication.copyright:
        feed.rights(publication.copyright)
    if head.logo:
        logo = head.logo
        size = {"width": str(logo.width), "height": str(logo.height)} if logo.width else {}
        feed.image(logo.url, title=head.title, link=head.home, **size)
    feed.build_date.moment = head.updated
    return feed


def _relations(head: FeedHead) -> Iterator[tuple[str, str]]:
    """The hub (WebSub), and the archives before and after this document (RFC 5005)."""
    if head.hub:
        yield "hub", head.hub
    if head.archived:
        yield "current", head.current
    if head.previous:
        yield "prev-archive", head.previous
    if head.next:
        yield "next-archive", head.next


def _entry(entry: FeedEntry) -> Any:
    """feedgen's entry with what RSS and Atom have in common."""
    from feedgen.entry import FeedEntry

    from syndicate.adapters.feeds.feedgen_fixes import FeedEntryFixes

    made, article = FeedEntry(), entry.article
    made.register_extension("fixes", FeedEntryFixes)
    made.fixes.entry = entry
    made.id(article.id)
    made.title(article.title)
    made.link(href=article.url)
    made.category([_category(tag) for tag in entry.categories])
    if entry.summary:  # RSS descriptions are HTML
        made.summary(_html(entry.summary), type="html")
    if entry.content:
        made.content(PLACEHOLDER, type="html")
    return made


def _html(text: str) -> str:
    """`text` as HTML, in which an ampersand before a space stays as it is.

    People who open the feed in a browser see the description without its entities decoded.
    """
    return _AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def _person(contributor: Contributor) -> dict[str, str]:
    email = web_mailbox(contributor.email)
    known = {"name": contributor.name, "email": email, "uri": contributor.url}
    return {key: value for key, value in known.items() if value}


def _category(tag: Tag) -> dict[str, str]:
    return {"term": tag.name, "scheme": tag.scheme} if tag.scheme else {"term": tag.name}
