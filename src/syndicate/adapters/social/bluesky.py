"""Threads for Bluesky: 300 graphemes and 3,000 bytes."""

from __future__ import annotations

from syndicate.adapters.social.adapter import ThreadAdapter
from syndicate.article import Article
from syndicate.thread import Card, counting
from syndicate.thread.counting import PostCounter


class BlueskyAdapter(ThreadAdapter):
    """A thread for Bluesky."""

    def preview(self, article: Article) -> Card:
        """The headline and the dek: Bluesky shows the preview in the post and fetches none."""
        return Card(title=article.title, description=article.summary or "")

    @property
    def counter(self) -> PostCounter:
        """300 graphemes in at most 3,000 bytes; a URL counts in full."""
        return counting.BLUESKY
