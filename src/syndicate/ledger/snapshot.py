"""What the ledger holds, as planning asks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from syndicate.ledger.dispatch import Dispatch
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.records import FrozenEdition, Review, StoredArtifact


@dataclass(frozen=True)
class LedgerSnapshot:
    """What the ledger holds, read once."""

    renderings: Mapping[tuple[str, str], str]
    artifacts: Mapping[tuple[str, str], tuple[StoredArtifact, ...]]
    dispatches: Mapping[tuple[str, str, str, str], Dispatch]
    reviews: Mapping[tuple[str, str, str, str], tuple[Review, ...]]
    editions: Mapping[str, tuple[FrozenEdition, ...]]

    @classmethod
    def of(cls, ledger: Ledger) -> LedgerSnapshot:
        """All that planning asks `ledger`."""
        reviews: dict[tuple[str, str, str, str], tuple[Review, ...]] = {}
        for review in ledger.reviews():
            reviews[review.key] = (*reviews.get(review.key, ()), review)
        return cls(
            ledger.renderings(),
            ledger.artifacts(),
            {
                (one.channel, one.rendering, one.artifact, one.courier): one
                for one in ledger.dispatches.current()
            },
            reviews,
            ledger.editions(),
        )
