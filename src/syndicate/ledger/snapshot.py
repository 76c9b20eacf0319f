"""What the ledger holds, as planning asks it: never more than what is looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, islice

import sqlalchemy as sa

from syndicate.ledger.database import PAGE
from syndicate.ledger.dispatch import Dispatch, DispatchKey
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.notices import NoticeRow
from syndicate.ledger.parts import PastParts
from syndicate.ledger.records import FrozenEdition, Review, StoredArtifact
from syndicate.ledger.tables import (
    ARTIFACTS,
    RENDERINGS,
    REVIEWS,
    Within,
    everything,
    of_channels,
    of_renderings,
)

_MANY = 500  # renderings in one question


@dataclass(frozen=True)
class LedgerSnapshot:
    """What the ledger holds of some renderings, read once."""

    renderings: Mapping[tuple[str, str], str] = field(default_factory=dict)
    pieces: Mapping[tuple[str, str], str] = field(default_factory=dict)
    artifacts: Mapping[tuple[str, str], tuple[StoredArtifact, ...]] = field(default_factory=dict)
    dispatches: Mapping[tuple[str, str, str, str], Dispatch] = field(default_factory=dict)
    reviews: Mapping[tuple[str, str, str, str], tuple[Review, ...]] = field(default_factory=dict)
    editions: Mapping[str, tuple[FrozenEdition, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, ledger: Ledger, channels: Collection[str] | None = None) -> LedgerSnapshot:
        """All that `ledger` holds of `channels`; of all channels if that is None."""
        if channels is None:
            return cls._within(ledger, everything, ledger.editions())
        editions = ledger.editions(*channels) if channels else {}
        return cls._within(ledger, of_channels(channels), editions)

    @classmethod
    def of_renderings(cls, ledger: Ledger, keys: Iterable[tuple[str, str]]) -> LedgerSnapshot:
        """What `ledger` holds of the renderings with these keys (channel, rendering), and of all
        editions of their channels."""
        found = cls()
        for channel, pairs in groupby(sorted(set(keys)), key=lambda key: key[0]):
            rest = [key for _, key in pairs]
            found = found.joined(cls(editions=ledger.editions(channel)))
            for start in range(0, len(rest), _MANY):
                within = of_renderings(channel, rest[start : start + _MANY])
                found = found.joined(cls._within(ledger, within, {}))
        return found

    @classmethod
    def _within(
        cls, ledger: Ledger, within: Within, editions: Mapping[str, tuple[FrozenEdition, ...]]
    ) -> LedgerSnapshot:
        return cls(
            *ledger.renderings(within),
            ledger.artifacts(within),
            {
                (one.channel, one.rendering, one.artifact, one.courier): one
                for one in ledger.dispatches.current(within)
            },
            _by_key(ledger.reviews(within)),
            editions,
        )

    def as_now(self, ledger: Ledger, key: DispatchKey) -> LedgerSnapshot:
        """The same, but with the reviews and the dispatch that `ledger` has of `key` now, and no
        reviews of anything else."""
        dispatches = dict(self.dispatches)
        dispatches.pop(key, None)
        if found := ledger.dispatches.latest(key):
            dispatches[key] = found
        reviews = _by_key(ledger.reviews_of(*key[:3]))
        return replace(self, dispatches=dispatches, reviews=reviews)

    def joined(self, other: LedgerSnapshot) -> LedgerSnapshot:
        """This one and `other`."""
        return LedgerSnapshot(
            {**self.renderings, **other.renderings},
            {**self.pieces, **other.pieces},
            {**self.artifacts, **other.artifacts},
            {**self.dispatches, **other.dispatches},
            {**self.reviews, **other.reviews},
            {**self.editions, **other.editions},
        )


RenderedRow = tuple[str, str, str | None, int, bool]
"""A rendering as it was recorded, with one of its artifacts: its key, its inputs, the artifact's
name (None if there is none) and size, and whether that is a draft."""


@dataclass(frozen=True)
class LedgerView:
    """What planning asks a ledger."""

    ledger: Ledger

    def of(self, channel: str, keys: Iterable[str]) -> LedgerSnapshot:
        """What the ledger holds of these renderings of `channel`, and all its editions."""
        return LedgerSnapshot.of_renderings(self.ledger, ((channel, key) for key in keys))

    def of_channel(self, channel: str) -> LedgerSnapshot:
        """All that the ledger holds of `channel`."""
        return LedgerSnapshot.of(self.ledger, [channel])

    def editions(self, channel: str) -> tuple[FrozenEdition, ...]:
        """The frozen editions of `channel`, in the order of their numbers."""
        return self.ledger.editions(channel).get(channel, ())

    def notices(self, channel: str) -> tuple[NoticeRow, ...]:
        """The notices of `channel`, oldest first."""
        return self.ledger.notices.of_channel(channel)

    def scheduled(self, channel: str) -> Iterator[str]:
        """The times (RFC 3339) after which something approved may leave `channel`."""
        query = sa.select(REVIEWS.c.after).where(
            REVIEWS.c.channel == channel, REVIEWS.c.after.is_not(None)
        )
        with self.ledger.database.transaction() as db:
            return iter(db.scalars(query).all())

    def rendered(
        self, channel: str, keys: Collection[str] | None = None
    ) -> Iterator[Sequence[RenderedRow]]:
        """The renderings of `channel`, some at once, with a row for each artifact.

        Args:
            keys: of these; None means all, in the order of their keys.
        """
        both = (RENDERINGS.c.channel == ARTIFACTS.c.channel) & (
            RENDERINGS.c.rendering == ARTIFACTS.c.rendering
        )
        query = (
            sa.select(
                RENDERINGS.c.rendering.label("rendering"),
                RENDERINGS.c.inputs,
                ARTIFACTS.c.name,
                ARTIFACTS.c.size,
                ARTIFACTS.c.draft,
            )
            .select_from(RENDERINGS.outerjoin(ARTIFACTS, both))
            .where(RENDERINGS.c.channel == channel)
        )
        with self.ledger.database.reading() as db:
            if keys is None:
                query = query.order_by(RENDERINGS.c.rendering)
                yield from db.execute(query, execution_options={"yield_per": PAGE}).partitions()
                return
            rest = iter(keys)
            while page := tuple(islice(rest, PAGE)):
                yield db.execute(query.where(RENDERINGS.c.rendering.in_(page))).all()

    def past_parts(self, channel: str, articles: Collection[str]) -> PastParts:
        """See `Parts.past`."""
        return self.ledger.parts.past(channel, articles)

    def undelivered(self, channel: str) -> frozenset[str]:
        """The keys of the renderings of `channel` of which something has not been delivered."""
        return self.ledger.dispatches.undelivered(channel)


@dataclass(frozen=True)
class NothingRendered(LedgerView):
    """A ledger, as if nothing had been rendered yet."""

    def of(self, channel: str, keys: Iterable[str]) -> LedgerSnapshot:
        return replace(super().of(channel, keys), renderings={})

    def of_channel(self, channel: str) -> LedgerSnapshot:
        return replace(super().of_channel(channel), renderings={})

    def rendered(
        self, channel: str, keys: Collection[str] | None = None
    ) -> Iterator[Sequence[RenderedRow]]:
        return iter(())

    def notices(self, channel: str) -> tuple[NoticeRow, ...]:
        return ()


def _by_key(reviews: Iterable[Review]) -> Mapping[tuple[str, str, str, str], tuple[Review, ...]]:
    found: dict[tuple[str, str, str, str], tuple[Review, ...]] = {}
    for review in reviews:
        found[review.key] = (*found.get(review.key, ()), review)
    return found
