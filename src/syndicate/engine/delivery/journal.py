"""What becomes of the deliveries of a dispatch, written to the ledger."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from time import monotonic, sleep

from syndicate.couriers import Delivery, Receipt
from syndicate.errors import (
    DeliveryError,
    LeaseLostError,
    LedgerError,
    RefusedError,
    UncertainError,
    WithdrawnError,
)
from syndicate.ledger.address_rows import NO_LONGER as UNSUBSCRIBED
from syndicate.ledger.dispatch import Change, DeliveryRow, State
from syndicate.ledger.held_dispatch import HeldDispatch
from syndicate.ledger.records import event_time
from syndicate.stop import Stop

Outcome = Receipt | DeliveryError
Tell = Callable[[Delivery, Outcome], None]
_COMMITTING = State.COMMITTING
_PATIENCE = 60.0  # seconds for which a result is tried to be written
_PAUSE = 0.2  # seconds
_ASKS = "run this again: it asks whether it arrived, and goes on"


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
                own = {change.row.unit for change in changes if change.was is not _COMMITTING}
                answered = any(change.was is _COMMITTING for change in changes)
                patience = _PATIENCE if answered or self._leaving.keys() - own else 0.0
            try:
                self._forgotten |= self._change(changes, monotonic() + patience)
            except LedgerError as error:
                self._broken = error
                raise
            self._written = upto

    def _change(self, changes: Sequence[Change], until: float) -> frozenset[str]:
        """Write `changes`. While the ledger cannot be written, try again `until` then: a result
        that was not written would leave a delivery uncertain. Not once stopping is urgent."""
        while True:
            try:
                return self.held.change(changes)
            except LeaseLostError:
                raise
            except LedgerError:
                if monotonic() > until or self.stop.is_urgent:
                    raise
            sleep(_PAUSE)


def _state(outcome: Outcome) -> State:
    match outcome:
        case Receipt():
            return State.DELIVERED
        case UncertainError():
            return State.UNCERTAIN
        case RefusedError():
            return State.FAILED
    return State.PENDING
