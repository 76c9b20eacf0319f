"""Previews of articles on channels, made once for the same text, templates and pictures."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from syndicate.article import Article
from syndicate.engine.rendering.preview import Preview, preview_within_limits
from syndicate.newsroom.newsroom import Newsroom
from syndicate.newsroom.shape import Shape
from syndicate.studio.frames import PreviewFrame, preview_frames
from syndicate.studio.views import article_to_preview

_KEPT = 60
Stats = tuple[tuple[int, int], ...]


class PreviewCache:
    """The previews that were requested last, up to 60."""

    def __init__(self) -> None:
        self._articles: dict[str, tuple[Path, Stats, Article]] = {}
        self._made: OrderedDict[tuple[str, str, Shape], Preview] = OrderedDict()

    def of(self, newsroom: Newsroom, slug: str, channel: str) -> Preview:
        """The preview of the article with this slug on `channel`.

        Raises:
            SyndicateError: there is no such article, or it cannot be read.
            KeyError: there is no such channel.
        """
        article, settings = self._article(newsroom, slug), newsroom.channels[channel]
        key = (article.digest, channel, newsroom.shape(settings))
        if key not in self._made:
            self._made[key] = preview_within_limits(newsroom, settings, article)
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        return self._made[key]

    def frame(self, newsroom: Newsroom, slug: str, channel: str, number: int) -> PreviewFrame:
        """One frame of that preview (`number` from 0).

        Raises:
            SyndicateError, KeyError: as for `of`.
            IndexError: the preview has no such frame.
        """
        shown = self.of(newsroom, slug, channel)
        return list(preview_frames(shown.artifacts, newsroom.channels[channel].url))[number]

    def _article(self, newsroom: Newsroom, slug: str) -> Article:
        """The article with this slug. If its file has changed, all of `content/` is checked."""
        known = self._articles.get(slug)
        if known is None or known[1] != _state(known[0]):
            article, source = article_to_preview(newsroom, slug)
            known = self._articles[slug] = (source, _state(source), article)
        return known[2]


def _state(source: Path) -> Stats:
    """Size and modification time of an article's file, and of its sidecar if it has one."""
    stats = (path.stat() for path in (source, source.with_suffix(".toml")) if path.exists())
    return tuple((stat.st_size, stat.st_mtime_ns) for stat in stats)
