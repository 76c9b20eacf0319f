"""Takes copies back: standing → removing → gone.

The ledger is written before anything is removed, and only by the holder of the lease. Removing what
is no longer there is no error, so whatever a crash leaves `removing` is removed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime

from syndicate.couriers import Courier, PostsThreads, Removes
from syndicate.engine.delivery.postponed import Postponement, postpone, postponements
from syndicate.engine.delivery.purge import has_cache
from syndicate.engine.delivery.run import PublishRun
from syndicate.engine.planning.removals import Removal
from syndicate.errors import (
    DeliveryError,
    LeaseLostError,
    LedgerError,
    PostponedError,
    RefusedError,
)
from syndicate.ledger.copies import CopyRow
from syndicate.ledger.leases import Busy, Lease, removal_lease
from syndicate.ledger.notices import is_notice
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
    waiting = postponements(run.ledger.facts, datetime.now(UTC))
    for removal in removals:
        name = removal_lease(removal.channel, removal.key)
        lease = run.ledger.leases.take_soon([name])[name]
        if isinstance(lease, Busy):
            run.busy_with(removal.channel, removal.label, "another run is removing it")
            continue
        try:
            for done, row in enumerate(removal.copies):
                run.stop.check()
                courier = courier_of(row)
                wait = waiting.get(_waits_as(row)) or _remove(run, removal, lease, row, courier)
                if isinstance(wait, Postponement):
                    waiting[_waits_as(row)] = wait
                    _put_off(run, removal, wait, len(removal.copies) - done)
                if wait and isinstance(courier, PostsThreads):
                    break  # the posts above it stay until it is gone
            if removal.why != "replaced":
                key = removal.key
                is_gone = run.ledger.copies.forget_rendering(lease, removal.channel, key)
                if is_gone and is_notice(key):
                    run.ledger.notices.end(key)
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
) -> Postponement | DeliveryError | None:
    """Remove `row`. Returns what keeps it from being removed, if that may end by itself."""
    copies, copy = run.ledger.copies, row.copy
    if copies.let_go(lease, row):
        return None
    cached = isinstance(courier, Courier) and has_cache(courier)
    try:
        courier.remove(copy, lambda: copies.begin_removal(lease, row, cached=cached))
    except PostponedError as error:
        copies.not_removed(lease, row, error.message)
        channel, name = _waits_as(row)
        return postpone(run.ledger.facts, channel, name, error, datetime.now(UTC))
    except DeliveryError as error:
        copies.not_removed(lease, row, error.message)
        told = f"{removal.channel}: {removal.label}: not removed: {error.message}"
        run.outcome.errors.append(error.saying(told, error.hint))
        run.tell_of("error", removal.channel, removal.label, error.message)
        return None if isinstance(error, RefusedError) else error
    place = copy.place.address
    if isinstance(courier, PostsThreads):
        copies.post_removed(lease, row, removal.why)
        place = copy.url or place
    else:
        copies.removed(lease, row, removal.why, cached=cached)
    run.outcome.removed += 1
    run.tell_of("removed", removal.channel, removal.label, place)
    return None


def _waits_as(row: CopyRow) -> tuple[str, str]:
    """The channel, and under which name its courier waits. Platforms limit deleting by itself, so
    that posting goes on meanwhile."""
    return row.copy.channel, f"{row.courier}, removing"


def _put_off(run: PublishRun, removal: Removal, wait: Postponement, number: int) -> None:
    run.outcome.postponed.setdefault((wait.channel, wait.courier), wait)
    told = f"{number} not removed yet: {wait.told(run.newsroom.publication.zone)}"
    run.tell_of("postponed", removal.channel, removal.label, told)
