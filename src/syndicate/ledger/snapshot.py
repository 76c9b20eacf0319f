"""What the ledger holds, as planning asks it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from syndicate.ledger.dispatch import Dispatch, DispatchKey
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
        return cls(
            ledger.renderings(),
            ledger.artifacts(),
            {
                (one.channel, one.rendering, one.artifact, one.courier): one
                for one in ledger.dispatches.current()
            },
            _by_key(ledger.reviews()),
            ledger.editions(),
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


def _by_key(reviews: Iterable[Review]) -> Mapping[tuple[str, str, str, str], tuple[Review, ...]]:
    found: dict[tuple[str, str, str, str], tuple[Review, ...]] = {}
    for review in reviews:
        found[review.key] = (*found.get(review.key, ()), review)
    return found
