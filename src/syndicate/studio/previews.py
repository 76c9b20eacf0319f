"""Articles and what channels make of them, made once for the same words, looks and pictures."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from syndicate.article import Article
from syndicate.engine.rendering.preview import Preview, preview
from syndicate.newsroom.newsroom import Newsroom
from syndicate.newsroom.shape import Shape
from syndicate.studio.frames import PreviewFrame, frames
from syndicate.studio.views import article_of

_KEPT = 60
Stats = tuple[tuple[int, int], ...]


class PreviewCache:
    """The last previews that were asked for."""

    def __init__(self) -> None:
        self._articles: dict[str, tuple[Path, Stats, Article]] = {}
        self._made: OrderedDict[tuple[str, str, Shape], Preview] = OrderedDict()

    def of(self, newsroom: Newsroom, slug: str, channel: str) -> Preview:
        """What `channel` makes of the article with this slug.

        Raises:
            SyndicateError: there is no such article, or it cannot be read.
            KeyError: there is no such channel.
        """
        article, making = self._article(newsroom, slug), newsroom.channels[channel]
        key = (article.digest, channel, newsroom.shape(making))
        if key not in self._made:
            self._made[key] = preview(newsroom, making, article)
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        return self._made[key]

    def frame(self, newsroom: Newsroom, slug: str, channel: str, number: int) -> PreviewFrame:
        """One frame of that preview.

        Raises:
            SyndicateError, KeyError: as `of`.
            IndexError: it has no such frame.
        """
        made = self.of(newsroom, slug, channel)
        return list(frames(made.artifacts, newsroom.channels[channel].url))[number]

    def _article(self, newsroom: Newsroom, slug: str) -> Article:
        """The article with this slug; all of `content/` is looked at if its file has changed."""
        known = self._articles.get(slug)
        if known is None or known[1] != _state(known[0]):
            article, source = article_of(newsroom, slug)
            known = self._articles[slug] = (source, _state(source), article)
        return known[2]


def _state(source: Path) -> Stats:
    """Size and time of an article's file and of the sidecar beside it."""
    stats = (path.stat() for path in (source, source.with_suffix(".toml")) if path.exists())
    return tuple((stat.st_size, stat.st_mtime_ns) for stat in stats)
