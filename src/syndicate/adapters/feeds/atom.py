"""Atom (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from pydantic import Field

from syndicate.adapters.edition import Artifact
from syndicate.adapters.feeds import characters, generator
from syndicate.adapters.feeds.adapter import FeedAdapter, Head
from syndicate.adapters.feeds.entry import FeedEntry
from syndicate.adapters.feeds.style_sheet import style_sheet
from syndicate.kit import Kit


class Atom(FeedAdapter):
    """The Atom Syndication Format (RFC 4287)."""

    media_type: ClassVar[str] = "application/atom+xml"
    logo_width: ClassVar[int] = 512

    file: str = Field(default="feed.atom", pattern=r"^\w[\w.-]*$")

    def write_entry(self, entry: FeedEntry) -> bytes:
        """The `entry` element."""
        return characters.filled(characters.untyped(generator.entry(entry)), entry.content)

    def write(self, head: Head, entries: Iterable[bytes]) -> bytes:
        """The feed in UTF-8."""
        opening, closing = generator.feed(head, self.media_type)
        return b"".join((characters.untyped(opening), *entries, closing))

    def companions(self, head: Head, kit: Kit) -> Iterator[Artifact]:
        """The style sheet for people who open the feed in a browser."""
        yield style_sheet(head, kit)
