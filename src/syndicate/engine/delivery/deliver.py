"""Artifacts → the world: pending → committing → delivered | failed | uncertain.

The heart of it: a delivery is `committing` on disk before anything of it can leave, and what a
crash leaves there is asked about or reported, never sent again by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from syndicate.couriers import Courier, DeliversMany, Delivery, Journal, Receipt, Reconciles
from syndicate.errors import (
    DeliveryError,
    HeldBackError,
    LedgerError,
    PostponedError,
    RefusedError,
    UncertainError,
    WithdrawnError,
)
from syndicate.ledger.address_rows import NO_LONGER as UNSUBSCRIBED
from syndicate.ledger.database import PAGE
from syndicate.ledger.dispatch import Change, DeliveryRow, State
from syndicate.ledger.held_dispatch import HeldDispatch
from syndicate.ledger.pseudonyms import is_pseudonym
from syndicate.ledger.records import event_time
from syndicate.stop import Stop
from syndicate.subscribers import Audience

Outcome = Receipt | DeliveryError
Tell = Callable[[Delivery, Outcome], None]
_ASKS = "run this again: it asks whether it arrived, and goes on"


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


class LedgerJournal:
    """The journal of a dispatch in the ledger: what threads note at once is written at once.
    `tell` is told what became of each delivery, one at a time. Once `stop` is asked, nothing more
    may leave; nor if `check`, which is called before each commit, raises HeldBackError.

    Changes queue up. Whoever has to be sure that one is on disk waits for the writer at work, and
    then writes all that has queued up meanwhile, in one transaction and in the order noted.
    """

    def __init__(
        self,
        held: HeldDispatch,
        tell: Tell,
        stop: Stop | None = None,
        check: Callable[[], None] | None = None,
    ) -> None:
        self.held, self._tell, self._check = held, tell, check
        self.stop = stop or Stop()
        self._leaving: dict[str, Delivery] = {}
        self._forgotten: set[str] = set()
        self._cut_off: set[str] = set()
        self._given_up = False
        self._queueing, self._writing = threading.Lock(), threading.Lock()
        self._queue: list[Change] = []
        self._noted = self._written = 0
        self._broken: LedgerError | None = None

    def commit(self, delivery: Delivery) -> None:
        """See `Journal`."""
        if self._check:
            self._check()
        with self._queueing:
            self.stop.check()
            number = self._note(self._row(delivery, State.COMMITTING))
            self._leaving[delivery.unit] = delivery
        self._write_up_to(number)
        if delivery.unit in self._forgotten:
            self._leaving.pop(delivery.unit, None)
            raise WithdrawnError(UNSUBSCRIBED)

    def settle(self, delivery: Delivery, outcome: Outcome) -> None:
        """See `Journal`."""
        row = self._row(delivery, _state(outcome))
        if isinstance(outcome, Receipt):
            row = replace(row, remote_id=outcome.remote_id, url=outcome.url)
        else:
            row = replace(row, error=str(outcome))
        with self._queueing:
            self._note(row)
            self._tell(delivery, outcome)

    def receipt(self, unit: str) -> Receipt | None:
        """See `Journal`."""
        self.flush()
        row = self.held.row(unit)
        if row is None or row.state is not State.DELIVERED or row.remote_id is None:
            return None
        return Receipt(row.remote_id, row.url)

    def is_known(self, delivery: Delivery, receipt: Receipt) -> bool:
        """See `Journal`."""
        return self.held.is_taken(receipt.remote_id, delivery.unit)

    def put_back(self, delivery: Delivery) -> None:
        """See `Journal`."""
        with self._queueing:
            self._note(self._row(delivery, State.PENDING))

    def cut_off(self, artifact: Delivery) -> Iterator[Delivery]:
        """The deliveries at which a run before this one was cut off."""
        for row in self.held.rows(State.COMMITTING):
            self._cut_off.add(row.unit)
            above = self.held.before(row.unit)
            receipt = above and self.receipt(above)
            yield replace(artifact, unit=row.unit, attempts=row.attempts, above=receipt or None)

    def is_busy(self) -> bool:
        """Whether something is on its way."""
        return bool(self._leaving)

    def give_up(self, ask_later: bool) -> None:
        """Wait no longer for what is on its way: it is uncertain, or stays as a crash would leave
        it if the next run can `ask_later`. Nothing more is noted after this.

        Raises:
            LedgerError: it could not be written.
        """
        with self._queueing:
            self._given_up = True
            for delivery in self._leaving.values():
                if ask_later:
                    error = DeliveryError("stopped before the destination answered", hint=_ASKS)
                else:
                    error = UncertainError("stopped before the destination answered")
                    row = replace(self._row(delivery, State.UNCERTAIN), error=str(error))
                    self._queue.append(Change(row, State.COMMITTING))
                    self._noted += 1
                self._tell(delivery, error)
        self.flush()

    def flush(self) -> None:
        """All that was noted is on disk when this returns.

        Raises:
            LedgerError: it could not be written.
        """
        self._write_up_to(self._noted)

    def _row(self, delivery: Delivery, state: State) -> DeliveryRow:
        attempts = delivery.attempts + 1
        return DeliveryRow(self.held.dispatch.id, delivery.unit, state, attempts, event_time())

    def _note(self, row: DeliveryRow) -> int:
        """Queue what becomes of a delivery; the caller has the lock."""
        begun = row.unit in self._leaving or row.unit in self._cut_off
        if not self._given_up:
            self._queue.append(Change(row, State.COMMITTING if begun else State.PENDING))
            self._noted += 1
        if begun:
            self._leaving.pop(row.unit, None)
            self._cut_off.discard(row.unit)
            self.stop.wake()
        return self._noted

    def _write_up_to(self, number: int) -> None:
        with self._writing:
            if self._broken:
                raise self._broken
            if self._written >= number:
                return
            with self._queueing:
                changes, self._queue, upto = self._queue, [], self._noted
            try:
                self._forgotten |= self.held.change(changes)
            except LedgerError as error:
                self._broken = error
                raise
            self._written = upto


def _state(outcome: Outcome) -> State:
    match outcome:
        case Receipt():
            return State.DELIVERED
        case UncertainError():
            return State.UNCERTAIN
        case RefusedError():
            return State.FAILED
    return State.PENDING


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
        return UncertainError(reason) if committed else DeliveryError(reason)


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
