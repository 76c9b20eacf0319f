"""A dispatch whose delivery this process has the lease of. Its deliveries change their state only
through this, and only from the state that they are known to be in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import sqlalchemy as sa

from syndicate.errors import LeaseLostError
from syndicate.ledger.address_rows import NO_LONGER
from syndicate.ledger.copies import Placing
from syndicate.ledger.database import PAGE, Database
from syndicate.ledger.delivery_rows import changed
from syndicate.ledger.dispatch import UNFINISHED, Change, DeliveryRow, Dispatch, State
from syndicate.ledger.dispatches import Dispatches, are_about
from syndicate.ledger.events import LedgerEvent, What, note_event
from syndicate.ledger.leases import Lease, Leases
from syndicate.ledger.pseudonyms import Pseudonyms, is_pseudonym
from syndicate.ledger.tables import DELIVERIES, DISPATCHES, UNDELIVERED


class HeldDispatch:
    """`dispatch`, delivered under `lease`. `placing` is its part in the inventory, None if nothing
    of it stays anywhere. Every method that changes something raises LeaseLostError if another run
    may have taken over, and LedgerError if the database fails; in both cases nothing has changed.
    """

    def __init__(
        self,
        database: Database,
        leases: Leases,
        lease: Lease,
        dispatch: Dispatch,
        placing: Placing | None = None,
    ) -> None:
        self.lease, self.dispatch, self._placing = lease, dispatch, placing
        self._database, self._leases = database, leases
        self._all, self._pseudonyms = Dispatches(database), Pseudonyms(database)

    def freeze(
        self, units: Iterable[str], state: State = State.PENDING, error: str | None = None
    ) -> None:
        """Write down every delivery; nothing may leave before this has returned.

        The rows are written by the thousand. A crash in between leaves the dispatch unfrozen, and
        the next freeze begins anew.
        """
        id_ = self.dispatch.id
        own = DISPATCHES.c.id == id_
        unfrozen = own & DISPATCHES.c.current & sa.not_(DISPATCHES.c.frozen)
        stream = iter(units)
        insert = self._database.insert(DELIVERIES).on_conflict_do_nothing()
        begun = False
        while True:
            page = [
                {"dispatch": id_, "unit": unit, "state": state.value, "attempts": 0, "error": error}
                for unit in islice(stream, PAGE)
            ]
            done = len(page) < PAGE
            with self._database.transaction() as db:
                self._leases.hold(db, self.lease)
                # Of a frozen dispatch, or one in whose place there is another, nothing may change.
                here = DISPATCHES.update().where(unfrozen).values(frozen=done)
                if db.execute(here).rowcount != 1:
                    raise LeaseLostError("another run has replaced what was about to be delivered")
                if not begun:  # what it carries on from the dispatch before is delivered
                    own_rows = DELIVERIES.c.dispatch == id_
                    db.execute(DELIVERIES.delete().where(own_rows, UNDELIVERED))
                if page:
                    self._database.add_many(db, insert, page)
            if done:
                return
            begun = True

    def change(self, changes: Sequence[Change]) -> frozenset[str]:
        """Write `changes`, in this order, in one transaction. If nothing is left to deliver, that
        is recorded as an event.

        Returns:
            the units that are gone because the people behind them were forgotten meanwhile.
        """
        if not changes:
            return frozenset()
        try:
            self._write(changes)
        except LeaseLostError:
            names = self._forgotten(changes)
            if not names:
                raise
            rest = [change for change in changes if change.row.unit not in names]
            own = [change for change in changes if change.row.unit in names]
            self._write([*rest, *self._as_forgotten(own, names)])
            return frozenset(names)
        return frozenset()

    def _write(self, changes: Sequence[Change]) -> None:
        with self._database.transaction() as db:
            self._leases.hold(db, self.lease)
            if changed(self._database, db, changes) != len(changes):
                raise LeaseLostError("another run has changed what was being delivered")
            if self._placing:
                self._placing.follow(db, [one for one in changes if not is_pseudonym(one.row.unit)])
            if changes and changes[-1].row.state not in UNFINISHED:
                _note_end(db, self.dispatch)

    def _forgotten(self, changes: Sequence[Change]) -> dict[str, str]:
        """The pseudonyms of the people behind `changes` who were forgotten after their deliveries
        were looked up, by unit."""
        units = [change.row.unit for change in changes if "@" in change.row.unit]
        present = sa.select(DELIVERIES.c.unit).where(
            DELIVERIES.c.dispatch == self.dispatch.id, DELIVERIES.c.unit.in_(units)
        )
        with self._database.transaction() as db:
            gone = set(units) - set(db.scalars(present))
            return self._pseudonyms.among(db, gone)

    def _as_forgotten(
        self, changes: Iterable[Change], names: Mapping[str, str]
    ) -> Iterator[Change]:
        """What becomes of forgotten people's deliveries: what had been committed is settled, and
        nothing more leaves."""
        settled: dict[str, str] = {}
        for change in changes:
            unit = change.row.unit
            if change.was is not State.COMMITTING or unit in settled:
                continue
            if name := self._committed(names[unit], settled.values()):
                settled[unit] = name
                row = replace(change.row, unit=name)
                if row.state is State.PENDING:
                    row = replace(row, state=State.FAILED, error=NO_LONGER)
                yield replace(change, row=row)

    def _committed(self, name: str, taken: Collection[str]) -> str | None:
        """The delivery to the person called `name` that has been committed, besides those `taken`:
        one may have had two spellings of an address."""
        own = (DELIVERIES.c.unit == name) | DELIVERIES.c.unit.like(f"{name}-%")
        here = (DELIVERIES.c.dispatch == self.dispatch.id) & own & UNDELIVERED
        query = sa.select(DELIVERIES.c.unit).where(here, DELIVERIES.c.state == State.COMMITTING)
        with self._database.transaction() as db:
            return next((unit for unit in db.scalars(query) if unit not in taken), None)

    def rows(self, state: State) -> Iterator[DeliveryRow]:
        """See `Dispatches.rows`."""
        return self._all.rows(self.dispatch.id, state)

    def row(self, unit: str) -> DeliveryRow | None:
        """One delivery."""
        return self._all.row(self.dispatch.id, unit)

    def count(self, *states: State) -> int:
        """How many deliveries there are in one of `states`; in any if none is given."""
        return self._all.count(self.dispatch.id, *states)

    def before(self, unit: str) -> str | None:
        """The unit that comes before `unit` in their order."""
        here = (DELIVERIES.c.dispatch == self.dispatch.id) & (DELIVERIES.c.unit < unit)
        with self._database.transaction() as db:
            found: str | None = db.scalar(sa.select(sa.func.max(DELIVERIES.c.unit)).where(here))
        return found

    def is_taken(self, remote_id: str, unit: str) -> bool:
        """Whether `remote_id` is what another delivery than `unit`, of this artifact or another,
        was given by its destination."""
        same = sa.select(DISPATCHES.c.id).where(*are_about(self.dispatch.key))
        own = DELIVERIES.c.dispatch.in_(same) & (DELIVERIES.c.unit == unit)
        query = sa.select(DELIVERIES.c.unit).where(DELIVERIES.c.remote_id == remote_id, ~own)
        with self._database.transaction() as db:
            return db.execute(query.limit(1)).first() is not None


def _note_end(db: sa.Connection, of: Dispatch) -> None:
    """Record how `of` ended, if nothing of it is left to deliver."""
    here = DELIVERIES.c.dispatch == of.id
    left = sa.select(here).where(here, UNDELIVERED, DELIVERIES.c.state.in_(UNFINISHED))
    if db.execute(left.limit(1)).first():
        return
    grouped = sa.select(DELIVERIES.c.state, sa.func.count()).where(here)
    counts = sorted(db.execute(grouped.group_by(DELIVERIES.c.state)).all())
    what: What = "delivered" if [s for s, _ in counts] == [State.DELIVERED] else "not delivered"
    told = ", ".join(f"{number} {state}" for state, number in counts)
    event = LedgerEvent(
        what,
        channel=of.channel,
        rendering=of.rendering,
        name=of.artifact,
        digest=of.digest,
        note=f"{of.courier}: {told}",
    )
    note_event(db, event)
