"""Artifacts → the world: pending → committing → delivered | failed | uncertain.

The heart of it: a delivery is `committing` on disk before anything of it can leave, and what a
crash leaves there is asked about or reported, never sent again by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from syndicate.couriers import Courier, DeliversMany, Delivery, Journal, Reconciles
from syndicate.engine.delivery.journal import LedgerJournal, Outcome
from syndicate.errors import (
    DeliveryError,
    HeldBackError,
    LedgerError,
    PostponedError,
    UncertainError,
    WithdrawnError,
)
from syndicate.ledger.address_rows import NO_LONGER as UNSUBSCRIBED
from syndicate.ledger.database import PAGE
from syndicate.ledger.dispatch import State
from syndicate.ledger.pseudonyms import is_pseudonym
from syndicate.subscribers import Audience


def deliver(
    journal: LedgerJournal,
    courier: Courier,
    artifact: Delivery,
    audience: Audience,
    units: Callable[[], Iterable[str]] | None = None,
) -> None:
    """Take the dispatch of `journal` as far as it goes now.

    Args:
        artifact: what is delivered; its `unit` is the artifact's name.
        units: the units that it is delivered as, if they are not those of the `audience`.

    Raises:
        DeliveryError: the courier went no further; what is left stays pending.
        HeldBackError: it was edited or rejected meanwhile; what is left stays pending.
        LedgerError: nothing more can be noted, so nothing more has left. LeaseLostError: because
            another run may have taken over.
    """
    if not journal.held.dispatch.frozen:
        addresses = units() if units else courier.addresses(artifact, audience.active())
        journal.held.freeze(addresses)
    ask_about(journal, courier, artifact)
    try:
        deliveries = _pending(journal, artifact, audience)
        if isinstance(courier, DeliversMany):
            courier.deliver_all(deliveries, journal)
        else:
            for delivery in deliveries:
                outcome = _attempt(courier, delivery, journal)
                if isinstance(outcome, PostponedError):
                    journal.put_back(delivery)
                    raise outcome
                journal.settle(delivery, outcome)
    finally:
        journal.flush()


def _attempt(courier: Courier, delivery: Delivery, journal: Journal) -> Outcome:
    """What became of one delivery."""
    committed = False

    def commit() -> None:
        nonlocal committed
        journal.commit(delivery)
        committed = True

    try:
        return courier.deliver(delivery, commit)
    except DeliveryError as error:
        return error
    except (HeldBackError, LedgerError):
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        # What is replaced in its place is delivered again without harm, whether it arrived or not.
        again = not committed or (isinstance(courier, Reconciles) and not courier.final)
        return DeliveryError(reason) if again else UncertainError(reason)


def ask_about(journal: LedgerJournal, courier: Courier, artifact: Delivery) -> None:
    """Settle what a crash left on its way out, as far as its destination can tell. Nothing is sent.

    Raises:
        DeliveryError: the destination does not answer; what was asked about stays as it is.
        LedgerError: as `deliver`.
    """
    try:
        for delivery in journal.cut_off(artifact):
            if not isinstance(courier, Reconciles):
                journal.settle(delivery, UncertainError("cut off while it was being delivered"))
                continue
            # Where nobody answers it stays as it is, and so does all that comes after it.
            receipt = courier.find(delivery)
            if receipt and not (courier.final and journal.is_known(delivery, receipt)):
                journal.settle(delivery, receipt)
            elif journal.held.lease.lapsed and courier.final:
                # Whoever began it may only be paused, and send it when it goes on.
                journal.settle(
                    delivery, UncertainError("the run that was delivering it has vanished")
                )
            else:
                journal.put_back(delivery)
    finally:
        journal.flush()


def _pending(journal: LedgerJournal, artifact: Delivery, audience: Audience) -> Iterator[Delivery]:
    """What has still to leave, in a stream; whoever is behind a unit is looked up at the last
    moment, since people unsubscribe while a long run is under way."""
    rows = journal.held.rows(State.PENDING)
    while page := list(islice(rows, PAGE)):
        people = audience.among([row.unit for row in page])
        for row in page:
            journal.stop.check()
            delivery = replace(artifact, unit=row.unit, attempts=row.attempts)
            if is_pseudonym(row.unit):  # put back by a run that was cut off
                journal.settle(delivery, WithdrawnError(UNSUBSCRIBED))
                continue
            yield replace(delivery, subscriber=people.get(row.unit))
