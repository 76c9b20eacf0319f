"""What a plan is made from: a newsroom with its articles and its memory, at a moment."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from syndicate.engine.content.article_summary import ArticleSummary
from syndicate.engine.content.cache import Cache
from syndicate.engine.planning.release import Release
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom


@dataclass(frozen=True)
class PlanInputs:
    """The articles of a newsroom, what its ledger remembers, the moment that counts as now, and
    the state of each article's pictures by its id: they are inputs like its words."""

    newsroom: Newsroom
    summaries: tuple[ArticleSummary, ...]
    snapshot: LedgerSnapshot
    now: datetime
    pictures: Mapping[str, str]

    @classmethod
    def of(
        cls,
        newsroom: Newsroom,
        summaries: tuple[ArticleSummary, ...],
        snapshot: LedgerSnapshot,
        cache: Cache,
        now: datetime,
    ) -> PlanInputs:
        """The situation at `now`; pictures are looked at, and read where they have changed."""
        pictures = {
            one.id: _pictures_digest(newsroom, cache, one) for one in summaries if one.pictures
        }
        return cls(newsroom, summaries, snapshot, now, pictures)

    @cached_property
    def release(self) -> Release:
        """What may leave at that moment."""
        return Release(self.newsroom, self.snapshot, self.now)

    def chosen(self, channel: Channel) -> tuple[ArticleSummary, ...]:
        """What `channel` shows."""
        return channel.select.choose(self.summaries, self.now, self.newsroom.publication.zone)

    def history(self, channel: Channel) -> tuple[ArticleSummary, ...]:
        """What `channel` shows or once showed."""
        return channel.select.history(self.summaries, self.now, self.newsroom.publication.zone)

    def moments(self, channel: Channel) -> Iterator[datetime]:
        """When the clock alone changes what `channel` shows or sends."""
        for one in self.summaries:
            if moment := channel.select.changes_at(one, self.now):
                yield moment
        yield from self.release.scheduled(channel)


def _pictures_digest(newsroom: Newsroom, cache: Cache, one: ArticleSummary) -> str:
    states = (cache.picture_digest(newsroom.content / src, src) for src in one.pictures)
    return hashlib.sha256("\n".join(states).encode()).hexdigest()
