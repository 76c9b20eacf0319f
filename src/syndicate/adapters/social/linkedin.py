"""A post for LinkedIn, which has no threads: what would be posts become its paragraphs."""

from __future__ import annotations

from syndicate.adapters.social.adapter import ThreadAdapter
from syndicate.article import Article
from syndicate.thread import counting
from syndicate.thread.counting import PostCounter

_BETWEEN = "\n\n"


class LinkedInAdapter(ThreadAdapter):
    """One post for LinkedIn. `posts` is the largest number of ideas in it; `number` has no
    effect."""

    @property
    def counter(self) -> PostCounter:
        """3,000 characters, including the backslashes that LinkedIn's text format requires."""
        return counting.LINKEDIN

    def _posts(self, article: Article, link: str) -> list[str]:
        share = self.counter.limit // self.posts - len(_BETWEEN)

        def fits(text: str) -> bool:
            return self.counter.length(text) <= share

        ideas = self._composed(article, link, fits)
        return [_BETWEEN.join(ideas)] if ideas else []
