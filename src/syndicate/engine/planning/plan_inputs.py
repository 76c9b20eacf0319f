"""What a plan is made from: a newsroom, its articles and its ledger at one point in time."""

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
    """The articles of a newsroom, a snapshot of its ledger, the time that counts as now, and a
    digest of each article's pictures by the article's id."""

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
        """The inputs at `now`. Pictures that have changed are read."""
        pictures = {
            one.id: _pictures_digest(newsroom, cache, one) for one in summaries if one.pictures
        }
        return cls(newsroom, summaries, snapshot, now, pictures)

    @cached_property
    def release(self) -> Release:
        """What may leave at that time."""
        return Release(self.newsroom, self.snapshot, self.now)

    def chosen(self, channel: Channel) -> tuple[ArticleSummary, ...]:
        """What `channel` shows."""
        return channel.select.choose(self.summaries, self.now, self.newsroom.publication.zone)

    def history(self, channel: Channel) -> tuple[ArticleSummary, ...]:
        """What `channel` shows or once showed."""
        return channel.select.history(self.summaries, self.now, self.newsroom.publication.zone)

    def moments(self, channel: Channel) -> Iterator[datetime]:
        """The times at which `channel` changes although nothing else does."""
        for one in self.summaries:
            if moment := channel.select.changes_at(one, self.now):
                yield moment
        yield from self.release.scheduled(channel)


def _pictures_digest(newsroom: Newsroom, cache: Cache, one: ArticleSummary) -> str:
    states = (cache.picture_digest(newsroom.content / src, src) for src in one.pictures)
    return hashlib.sha256("\n".join(states).encode()).hexdigest()
