"""Threads for Bluesky: 300 graphemes and 3,000 bytes."""

from __future__ import annotations

from syndicate.adapters.threads import counting
from syndicate.adapters.threads.adapter import Thread
from syndicate.adapters.threads.counting import Counter


class Bluesky(Thread):
    """A thread for Bluesky."""

    @property
    def counter(self) -> Counter:
        """300 graphemes that take no more than 3,000 bytes; URLs count as they are."""
        return counting.BLUESKY
