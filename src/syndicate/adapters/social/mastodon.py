"""Threads for Mastodon: 500 characters, or what the server allows."""

from __future__ import annotations

from pydantic import Field

from syndicate.adapters.social.adapter import ThreadAdapter
from syndicate.thread import counting
from syndicate.thread.counting import PostCounter


class MastodonAdapter(ThreadAdapter):
    """A thread for Mastodon. `limit` is the server's limit in characters, from its
    `/api/v2/instance`."""

    limit: int = Field(default=counting.MASTODON.limit, ge=100)

    @property
    def counter(self) -> PostCounter:
        """`limit` graphemes; a URL counts as 23, a mention without its server."""
        return PostCounter(self.limit, counting.mastodon_length)
