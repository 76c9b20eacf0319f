"""A post that is delivered for itself, outside a thread."""

from __future__ import annotations

from dataclasses import dataclass

from syndicate.couriers.contract import Commit, Delivery, Receipt
from syndicate.errors import DeliveryError


@dataclass(frozen=True)
class Alone:
    """The journal of a post that is delivered for itself."""

    once: Commit

    def commit(self, delivery: Delivery) -> None:
        """See `Journal`."""
        self.once()

    def settle(self, delivery: Delivery, outcome: Receipt | DeliveryError) -> None:
        """See `Journal`."""

    def put_back(self, delivery: Delivery) -> None:
        """See `Journal`."""

    def receipt(self, unit: str) -> Receipt | None:
        """See `Journal`."""
        return None

    def is_known(self, delivery: Delivery, receipt: Receipt) -> bool:
        """See `Journal`."""
        return False
