"""Threads for X: 280 weighted characters and at most one cashtag in a post."""

from __future__ import annotations

import re
from typing import ClassVar

from syndicate.adapters.social.adapter import ThreadAdapter
from syndicate.thread import counting
from syndicate.thread.counting import PostCounter

_CASHTAG = re.compile(r"(?<!\S)\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?!\w)")


class XAdapter(ThreadAdapter):
    """A thread for X."""

    refuses: ClassVar[str] = "it has more than one cashtag"

    @property
    def counter(self) -> PostCounter:
        """280 characters, weighted as twitter-text weighs them."""
        return counting.X

    def fits(self, text: str) -> bool:
        """Whether X accepts `text`: it is short enough and has at most one cashtag."""
        return super().fits(text) and len(_CASHTAG.findall(text)) <= 1
