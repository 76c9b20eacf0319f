"""Posts for Threads, Meta's platform: 500 characters; an emoji counts as its bytes."""

from __future__ import annotations

from typing import ClassVar

from syndicate.adapters.social.adapter import ThreadAdapter
from syndicate.thread import counting
from syndicate.thread.counting import PostCounter


class MetaThreadsAdapter(ThreadAdapter):
    """A thread for Meta's Threads. One hashtag in a post becomes its topic; others stay text."""

    most_hashtags: ClassVar[int] = 1

    @property
    def counter(self) -> PostCounter:
        """500 characters; an emoji counts as its number of bytes."""
        return counting.THREADS
