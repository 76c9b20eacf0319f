"""From head and entries to feedgen's generator, which writes both RSS and Atom."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from syndicate.adapters.contract import Artifact
from syndicate.adapters.feeds.dates import whole_minutes
from syndicate.adapters.feeds.entry import Entry
from syndicate.adapters.feeds.feed import Head
from syndicate.article import Contributor, Tag
from syndicate.kit import Kit

STYLE_SHEET = "feed.css"


def generator(head: Head, entries: list[Entry], media_type: str) -> Any:
    """A `feedgen.feed.FeedGenerator` that holds all of `head` and `entries`, its defects mended.

    `media_type` is that of the feed, for its link to itself.
    """
    from feedgen.ext.base import BaseExtension
    from feedgen.feed import FeedGenerator

    from syndicate.adapters.feeds import mends

    feed = FeedGenerator()
    feed.load_extension("dc", atom=False)
    feed.register_extension("authors", BaseExtension, mends.EntryAuthors, atom=False)
    feed.register_extension("origin", BaseExtension, mends.EntrySource)
    feed.register_extension("style_sheet", mends.StyleSheet, BaseExtension)
    feed.register_extension("hub", mends.Hub, BaseExtension, atom=False)
    feed.register_extension("dates", BaseExtension, mends.EntryDates)
    feed.register_extension("links", BaseExtension, mends.EntryLinks, rss=False)
    feed.register_extension("language_tag", BaseExtension, mends.EntryLanguage, rss=False)
    feed.register_extension("media", mends.EntryMedia, mends.EntryMedia)

    publication = head.publication
    publisher = {"name": publication.publisher or head.title, "uri": head.home}
    if publication.email:
        publisher["email"] = publication.email
        feed.managingEditor(f"{publication.email} ({publisher['name']})")
    feed.id(head.url)
    feed.title(head.title)
    feed.subtitle(head.description)
    feed.description(head.description)
    feed.language(publication.language)
    feed.author(publisher)
    feed.generator("Syndicate")
    feed.style_sheet.href = STYLE_SHEET
    feed.updated(whole_minutes(head.updated))
    feed.link(href=head.url, rel="self", type=media_type)
    if head.hub:
        feed.link(href=head.hub, rel="hub")
        feed.hub.href = head.hub
    feed.link(href=head.home, rel="alternate", type="text/html")  # last: RSS takes this one
    if publication.copyright:
        feed.rights(publication.copyright)
    if head.logo:
        logo = head.logo
        size = {"width": str(logo.width), "height": str(logo.height)} if logo.width else {}
        feed.image(logo.url, title=head.title, link=head.home, **size)
    for entry in entries:
        _fill(feed.add_entry(order="append"), entry)
    return feed


def _fill(item: Any, entry: Entry) -> None:
    article, credit = entry.article, entry.article.credit
    item.id(article.id)
    item.title(article.title)
    item.link(href=article.url)
    item.updated(whole_minutes(article.updated))
    item.dates.published, item.dates.updated = article.published, article.updated
    item.language_tag.language = article.language
    item.dc.dc_language(article.language)
    item.author([_person(author) for author in article.authors])
    item.dc.dc_creator([author.name for author in article.authors])
    item.contributor([_person(other) for other in entry.others])
    item.dc.dc_contributor([other.name for other in entry.others])
    item.category([_category(tag) for tag in entry.categories])
    item.origin.name, item.origin.url = credit.source, credit.source_url
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
        yield {**via, "title": credit.source} if credit.source else via


def _person(contributor: Contributor) -> dict[str, str]:
    known = {"name": contributor.name, "email": contributor.email, "uri": contributor.url}
    return {key: value for key, value in known.items() if value}


def _category(tag: Tag) -> dict[str, str]:
    return {"term": tag.name, "scheme": tag.scheme} if tag.scheme else {"term": tag.name}


def style_sheet(head: Head, kit: Kit) -> Artifact:
    """What a browser shows of a feed that somebody opens. CSS, since browsers give up XSLT.

    Raises:
        RenderError: the template fails.
    """
    publication = head.publication
    words = kit.words(publication.language)
    css = kit.render("feed.css.j2", publication=publication, words=words)
    return Artifact(STYLE_SHEET, "text/css", css.encode())
