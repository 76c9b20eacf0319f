"""The style sheet for feeds opened in a browser. It is CSS, since browsers are dropping XSLT."""

from __future__ import annotations

from syndicate.adapters.edition import Artifact
from syndicate.adapters.feeds.adapter import FeedHead
from syndicate.kit import Kit


def feed_style_sheet(head: FeedHead, kit: Kit) -> Artifact:
    """The style sheet of the feed, in the publication's language and colour.

    Raises:
        RenderError: the template fails.
    """
    publication = head.publication
    words = kit.words(publication.language)
    css = kit.render("feed.css.j2", publication=publication, words=words)
    return Artifact("feed.css", "text/css", css.encode())
