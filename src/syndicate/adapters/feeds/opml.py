"""OPML: a list of all the newsroom's feeds, and `<link>` elements to announce them on web pages."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import ClassVar, Literal

from pydantic import Field

from syndicate.adapters.contract import Adapter, Scope
from syndicate.adapters.edition import Artifact, Edition, Subscription
from syndicate.adapters.web.addresses import web_mailbox, web_uri
from syndicate.article.values import Line
from syndicate.kit import Kit


class OPML(Adapter):
    """A list of all feeds (OPML 2.0, http://opml.org/spec2.opml), to subscribe to them at once.

    The second file, `autodiscovery.html`, has `<link>` elements for the `<head>` of the web site's
    pages. `title` defaults to the publication's; `file` is the name of the list.
    """

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.NEWSROOM,)
    scope: Literal[Scope.NEWSROOM] = Scope.NEWSROOM
    title: Line | None = None
    file: str = Field(default="feeds.opml", pattern=r"^\w[\w.-]*$")

    def render(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """The list and the links."""
        yield Artifact(self.file, "text/x-opml", self._list(edition))
        links = "".join(map(_link, edition.subscriptions)) or "<!-- no feeds -->\n"
        yield Artifact("autodiscovery.html", "text/html", links.encode())

    def _list(self, edition: Edition) -> bytes:
        from lxml import etree

        publication = edition.publication
        root = etree.Element("opml", version="2.0")
        head = etree.SubElement(root, "head")
        known = {
            "title": self.title or publication.title,
            "ownerName": publication.publisher,
            "ownerEmail": web_mailbox(publication.email),
            "ownerId": web_uri(publication.base_url),
            "docs": "http://opml.org/spec2.opml",
        }
        for name, value in known.items():
            if value:
                etree.SubElement(head, name).text = value
        body = etree.SubElement(root, "body")
        for feed in edition.subscriptions:
            # "rss" stands for any kind of feed; feed readers detect the format.
            outline = {
                "type": "rss",
                "text": feed.title,
                "title": feed.title,
                "xmlUrl": feed.url,
                "htmlUrl": feed.home,
                "language": publication.language,
            }
            etree.SubElement(body, "outline", outline)
        return etree.tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=True)


def _link(feed: Subscription) -> str:
    title, url = escape(feed.title), escape(feed.url)
    return f'<link rel="alternate" type="{feed.media_type}" title="{title}" href="{url}">\n'
