"""Takes copies back: standing → removing → gone.

The ledger is written before anything is removed, and only by the holder of the lease. Removing what
is no longer there is no error, so whatever a crash leaves `removing` is removed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

from syndicate.couriers import Removes
from syndicate.engine.delivery.run import PublishRun
from syndicate.engine.planning.removals import Removal
from syndicate.errors import DeliveryError, LeaseLostError, LedgerError
from syndicate.ledger.copies import CopyRow
from syndicate.ledger.leases import Busy, Lease, removal_lease
from syndicate.newsroom.newsroom import Newsroom

CourierOf = Callable[[CopyRow], Removes]


def remove(run: PublishRun, removals: Iterable[Removal], courier_of: CourierOf) -> None:
    """Remove all copies of `removals`. What cannot be removed is named, and tried again by the next
    run.

    Args:
        courier_of: the courier that removes a copy.

    Raises:
        LedgerError: nothing more can be noted, so nothing more was removed.
        Stopped: the run was asked to stop.
    """
    for removal in removals:
        name = removal_lease(removal.channel, removal.key)
        lease = run.ledger.leases.take_soon([name])[name]
        if isinstance(lease, Busy):
            run.busy_with(removal.channel, removal.label, "another run is removing it")
            continue
        try:
            for row in removal.copies:
                run.stop.check()
                _remove(run, removal, lease, row, courier_of(row))
            if removal.why != "replaced":
                run.ledger.copies.forget_rendering(lease, removal.channel, removal.key)
        except LeaseLostError as error:
            run.busy_with(removal.channel, removal.label, error.message)
        finally:
            with suppress(LedgerError):
                run.ledger.leases.release([lease])


def configured_courier(newsroom: Newsroom, row: CopyRow) -> Removes:
    """The courier that has placed `row`, which the plan has seen to be able to remove it."""
    courier = newsroom.channels[row.copy.channel].couriers[row.courier]
    assert isinstance(courier, Removes)
    return courier


def _remove(
    run: PublishRun, removal: Removal, lease: Lease, row: CopyRow, courier: Removes
) -> None:
    copies, copy = run.ledger.copies, row.copy
    if copies.let_go(lease, row):
        return
    try:
        courier.remove(copy, lambda: copies.begin_removal(lease, row))
    except DeliveryError as error:
        copies.not_removed(lease, row, error.message)
        told = f"{removal.channel}: {removal.label}: not removed: {error.message}"
        run.outcome.errors.append(error.saying(told, error.hint))
        run.tell_of("error", removal.channel, removal.label, error.message)
        return
    copies.removed(lease, row, removal.why)
    run.outcome.removed += 1
    run.tell_of("removed", removal.channel, removal.label, copy.place.address)
