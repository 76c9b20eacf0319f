"""A post for LinkedIn, which knows no threads: the ideas of one as its paragraphs."""

from __future__ import annotations

from syndicate.adapters.social.adapter import ThreadAdapter
from syndicate.article import Article
from syndicate.thread import counting
from syndicate.thread.counting import Counter

_BETWEEN = "\n\n"


class LinkedIn(ThreadAdapter):
    """One post for LinkedIn. `posts` is the most ideas it may hold; a single post has no number."""

    @property
    def counter(self) -> Counter:
        """3,000 characters, with the backslashes that LinkedIn's text format wants."""
        return counting.LINKEDIN

    def _posts(self, article: Article, link: str) -> list[str]:
        share = self.counter.limit // self.posts - len(_BETWEEN)

        def fits(text: str) -> bool:
            return self.counter.length(text) <= share

        ideas = self._composed(article, link, fits)
        return [_BETWEEN.join(ideas)] if ideas else []
