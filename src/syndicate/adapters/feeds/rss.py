"""RSS 2.0 with the Content, Dublin Core, Media and Atom modules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from pydantic import Field

from syndicate.adapters.edition import Artifact
from syndicate.adapters.feeds import characters, generator
from syndicate.adapters.feeds.adapter import FeedAdapter, FeedHead
from syndicate.adapters.feeds.entry import FeedEntry
from syndicate.adapters.feeds.style_sheet import feed_style_sheet
from syndicate.kit import Kit


class RSS(FeedAdapter):
    """RSS 2.0 (RSS Advisory Board, version 2.0.11).

    `ttl` is the number of minutes after which feed readers should look for news again.
    """

    media_type: ClassVar[str] = "application/rss+xml"
    logo_width: ClassVar[int] = 144  # the widest that the specification allows

    file: str = Field(default="feed.xml", pattern=r"^\w[\w.-]*$")
    ttl: int | None = Field(default=None, ge=1)

    def write_entry(self, entry: FeedEntry) -> bytes:
        """The `item` element."""
        return characters.feed_entry_with_content(
            characters.rss_item_text(generator.rss_item(entry)), entry.content
        )

    def write(self, head: FeedHead, entries: Iterable[bytes]) -> bytes:
        """The feed in UTF-8."""
        opening, closing = generator.rss_channel(head, self.media_type, self.ttl)
        return b"".join((characters.rss_channel_text(opening), *entries, closing))

    def companions(self, head: FeedHead, kit: Kit) -> Iterator[Artifact]:
        """The style sheet for people who open the feed in a browser."""
        yield feed_style_sheet(head, kit)
