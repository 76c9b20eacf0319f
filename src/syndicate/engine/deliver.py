"""Artifacts → the world: pending → committing → delivered | failed | uncertain."""

from __future__ import annotations

from dataclasses import replace

from syndicate.couriers import Courier, Delivery, Receipt, Reconciles
from syndicate.engine.ledger import DeliveryRow, Ledger, State, StoredArtifact
from syndicate.engine.store import Outbox
from syndicate.errors import DeliveryError


def deliver(
    ledger: Ledger,
    courier: Courier,
    outbox: Outbox,
    row: DeliveryRow,
    artifact: StoredArtifact,
) -> DeliveryRow:
    """Take one delivery to its end; the ledger knows each state before it can be left.

    A row found in `committing` was cut off by a crash: its destination is asked, and where it
    cannot say, the delivery is uncertain and is not sent again by itself.
    """
    delivery = Delivery(
        row.channel, row.unit, artifact.media_type, row.digest, outbox.path(row.digest)
    )

    def mark(state: State, receipt: Receipt | None = None, error: str | None = None) -> DeliveryRow:
        done = replace(
            row,
            state=state,
            remote_id=receipt.remote_id if receipt else None,
            url=receipt.url if receipt else None,
            error=error,
        )
        ledger.mark(done)
        return done

    if row.state is State.COMMITTING:
        if not isinstance(courier, Reconciles):
            return mark(State.UNCERTAIN, error="cut off while it was being delivered")
        receipt = courier.find(delivery)
        if receipt:
            return mark(State.DELIVERED, receipt)
    try:
        receipt = courier.deliver(delivery, lambda: (mark(State.COMMITTING), None)[1])
    except DeliveryError as error:
        return mark(State.FAILED, error=str(error))
    return mark(State.DELIVERED, receipt)
