"""Leases as a run takes them, for tests of what is done under one."""

from __future__ import annotations

from syndicate.ledger.dispatch import Change, DeliveryRow, Dispatch, DispatchKey
from syndicate.ledger.held_dispatch import HeldDispatch
from syndicate.ledger.leases import Lease, delivery_lease, rendering_lease
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.records import RecordedRendering


def take(ledger: Ledger, name: str) -> Lease:
    """The lease called `name`, which nobody may have."""
    lease = ledger.leases.take([name])[name]
    assert isinstance(lease, Lease), lease
    return lease


def record(ledger: Ledger, one: RecordedRendering) -> None:
    """Record `one` under a lease of its own."""
    ledger.record(take(ledger, rendering_lease(one.channel, one.key)), one)


def hold(ledger: Ledger, dispatch: Dispatch) -> HeldDispatch:
    """`dispatch` under a lease."""
    return ledger.held(take(ledger, delivery_lease(*dispatch.key)), dispatch)


def let_go(ledger: Ledger, held: HeldDispatch) -> None:
    """End the lease of `held`."""
    ledger.leases.release([held.lease])


def hand_over(ledger: Ledger, key: DispatchKey, digest: str) -> HeldDispatch:
    """A new dispatch under a lease."""
    lease = take(ledger, delivery_lease(*key))
    return ledger.held(lease, ledger.dispatches.hand_over(ledger.leases, lease, key, digest))


def become(ledger: Ledger, *rows: DeliveryRow) -> None:
    """Let deliveries be as in `rows`, whatever they were."""
    present = ((row, ledger.dispatches.row(row.dispatch, row.unit)) for row in rows)
    changes = [Change(row, was.state) for row, was in present if was]
    assert ledger.dispatches.resolve(changes) == len(rows)
