"""Atom (RFC 4287)."""

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


class Atom(FeedAdapter):
    """The Atom Syndication Format (RFC 4287)."""

    media_type: ClassVar[str] = "application/atom+xml"
    logo_width: ClassVar[int] = 512

    file: str = Field(default="feed.atom", pattern=r"^\w[\w.-]*$")

    def write_entry(self, entry: FeedEntry) -> bytes:
        """The `entry` element."""
        return characters.feed_entry_with_content(
            characters.atom_untyped_text(generator.atom_entry(entry)), entry.content
        )

    def write(self, head: FeedHead, entries: Iterable[bytes]) -> bytes:
        """The feed in UTF-8."""
        opening, closing = generator.atom_feed(head, self.media_type)
        return b"".join((characters.atom_untyped_text(opening), *entries, closing))

    def companions(self, head: FeedHead, kit: Kit) -> Iterator[Artifact]:
        """The style sheet for people who open the feed in a browser."""
        yield feed_style_sheet(head, kit)
