"""A courier at work, and what it is told of the artifact that it delivers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from syndicate.couriers import Courier, Delivery, Reconciles
from syndicate.engine.delivery.journal import LedgerJournal
from syndicate.ledger.records import StoredArtifact
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom


@dataclass(frozen=True)
class CourierAtWork:
    """A courier at work; `tell` tells what it has done so far, once."""

    journal: LedgerJournal
    courier: Courier
    tell: Callable[[], None]

    def is_busy(self) -> bool:
        """Whether something is on its way."""
        return self.journal.is_busy()

    def give_up(self) -> None:
        """Wait no longer for what is on its way."""
        self.journal.give_up(ask_later=isinstance(self.courier, Reconciles))
        self.tell()


def as_delivery(
    newsroom: Newsroom, channel: Channel, rendering: str, artifact: StoredArtifact, at: str = ""
) -> Delivery:
    """What couriers are told of `artifact`, recorded `at`.

    Raises:
        MissingBlobError: the store does not have its bytes.
        StoreError: the store cannot be used.
    """
    return Delivery(
        channel=channel.name,
        unit=artifact.name,
        media_type=artifact.media_type,
        digest=artifact.digest,
        content=newsroom.store.path(artifact.digest),
        artifact=artifact.name,
        rendering=rendering,
        url=channel.url_of(artifact.name),
        at=at,
        pictures=newsroom.pictures_of_drafts,
    )
