"""Threads for Meta's platform of that name: 500 characters, emoji by their bytes."""

from __future__ import annotations

from typing import ClassVar

from syndicate.adapters.threads.adapter import Thread
from syndicate.thread import counting
from syndicate.thread.counting import Counter


class Threads(Thread):
    """A thread for Threads, which makes one hashtag a post a topic and leaves others as text."""

    most_hashtags: ClassVar[int] = 1

    @property
    def counter(self) -> Counter:
        """500 characters; an emoji counts as many as it takes bytes."""
        return counting.THREADS
