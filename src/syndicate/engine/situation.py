"""What a plan is made from: a newsroom with its articles and its memory, at a moment."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from syndicate.engine.cache import Cache
from syndicate.engine.filed import Filed
from syndicate.engine.release import Release
from syndicate.engine.remembered import Remembered
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom


@dataclass(frozen=True)
class Situation:
    """The articles of a newsroom, what its ledger remembers, the moment that counts as now, and
    the state of each article's pictures by its id: they are inputs like its words."""

    newsroom: Newsroom
    filed: tuple[Filed, ...]
    remembered: Remembered
    now: datetime
    pictures: Mapping[str, str]

    @classmethod
    def of(
        cls,
        newsroom: Newsroom,
        filed: tuple[Filed, ...],
        remembered: Remembered,
        cache: Cache,
        now: datetime,
    ) -> Situation:
        """The situation at `now`; pictures are looked at, and read where they have changed."""
        pictures = {one.id: _pictures_digest(newsroom, cache, one) for one in filed if one.pictures}
        return cls(newsroom, filed, remembered, now, pictures)

    @cached_property
    def release(self) -> Release:
        """What may leave at that moment."""
        return Release(self.newsroom, self.remembered, self.now)

    def chosen(self, channel: Channel) -> tuple[Filed, ...]:
        """What `channel` shows."""
        return channel.select.choose(self.filed, self.now, self.newsroom.publication.zone)

    def history(self, channel: Channel) -> tuple[Filed, ...]:
        """What `channel` shows or once showed."""
        return channel.select.history(self.filed, self.now, self.newsroom.publication.zone)

    def moments(self, channel: Channel) -> Iterator[datetime]:
        """When the clock alone changes what `channel` shows or sends."""
        for one in self.filed:
            if moment := channel.select.changes_at(one, self.now):
                yield moment
        yield from self.release.scheduled(channel)


def _pictures_digest(newsroom: Newsroom, cache: Cache, one: Filed) -> str:
    states = (cache.picture_digest(newsroom.content / src, src) for src in one.pictures)
    return hashlib.sha256("\n".join(states).encode()).hexdigest()
