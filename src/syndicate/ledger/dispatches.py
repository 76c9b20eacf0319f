"""The dispatches in a ledger, with every delivery of theirs as a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa

from syndicate.ledger.database import PAGE, Database
from syndicate.ledger.dispatch import DeliveryRow, Dispatch, State
from syndicate.ledger.events import LedgerEvent, What, note_event
from syndicate.ledger.records import RecordedRendering, now
from syndicate.ledger.tables import DELIVERIES, DISPATCHES, UNDELIVERED, rows_of

_KEY = (DELIVERIES.c.dispatch, DELIVERIES.c.unit)
MAYBE_SENT = "may have been sent after the backup that the ledger was restored from"
_UNFINISHED = (State.PENDING, State.COMMITTING)
_NEW = ("state", "attempts", "at", "remote_id", "url", "error")
_BY_KEY = (
    sa.update(DELIVERIES)
    .where(
        DELIVERIES.c.dispatch == sa.bindparam("its_dispatch"),
        DELIVERIES.c.unit == sa.bindparam("its_unit"),
    )
    .values({name: sa.bindparam(name) for name in _NEW})
)


class Dispatches:
    """The dispatches in a ledger. Every method raises LedgerError if the database gives up."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Compiled once: two of these go to disk for every mail that goes out.
        compiled = _BY_KEY.compile(dialect=database.dialect)
        self._by_key, self._order = str(compiled), compiled.positiontup

    def current(self) -> tuple[Dispatch, ...]:
        """The latest dispatch of each artifact to each courier."""
        with self._database.transaction() as db:
            counts: dict[int, dict[State, int]] = {}
            grouped = (
                sa.select(DELIVERIES.c.dispatch, DELIVERIES.c.state, sa.func.count())
                .where(UNDELIVERED)
                .group_by(DELIVERIES.c.dispatch, DELIVERIES.c.state)
            )
            for dispatch, state, number in db.execute(grouped):
                counts.setdefault(dispatch, {})[State(state)] = number
            rows = db.execute(rows_of(DISPATCHES).where(DISPATCHES.c.current))
            return tuple(_dispatch(row, counts.get(row.id, {})) for row in rows)

    def record(
        self, db: sa.Connection, one: RecordedRendering, digests: Mapping[str, str | None]
    ) -> None:
        """Within a transaction: hand the artifacts of the rendering `one` to its couriers.

        A courier is not handed the same bytes twice. A settled courier is handed nothing in place
        of a frozen dispatch.

        Args:
            digests: by artifact name; None for an artifact that waits for approval.
        """
        channel, key = one.channel, one.key
        here = (DISPATCHES.c.channel == channel) & (DISPATCHES.c.rendering == key)
        standing = {
            (row.artifact, row.courier): row
            for row in db.execute(rows_of(DISPATCHES).where(here, DISPATCHES.c.current))
        }
        for courier in one.couriers:
            for artifact, digest in digests.items():
                last = standing.pop((artifact, courier), None)
                kept = courier in one.settled and last and last.frozen
                stands = last and (last.digest == digest or kept)
                if not stands and digest is not None:
                    self._add(db, channel, key, artifact, courier, digest)
        for gone in standing.values():
            if gone.artifact not in digests:
                self._set(db, gone.id, current=False)

    def hand_over(
        self, channel: str, rendering: str, artifact: str, courier: str, digest: str
    ) -> Dispatch:
        """A new dispatch, in place of the last of this artifact to this courier."""
        with self._database.transaction() as db:
            id_ = self._add(db, channel, rendering, artifact, courier, digest)
            row = db.execute(rows_of(DISPATCHES).where(DISPATCHES.c.id == id_)).one()
            return _dispatch(row)

    def _add(
        self,
        db: sa.Connection,
        channel: str,
        rendering: str,
        artifact: str,
        courier: str,
        digest: str,
    ) -> int:
        key = {"channel": channel, "rendering": rendering, "artifact": artifact, "courier": courier}
        before = [DISPATCHES.c[name] == value for name, value in key.items()]
        db.execute(DISPATCHES.update().where(*before).values(current=False))
        row = {**key, "digest": digest, "at": now(), "frozen": False, "current": True}
        key_ = db.execute(DISPATCHES.insert().values(row)).inserted_primary_key
        assert key_ is not None
        return int(key_[0])

    def freeze(
        self,
        dispatch: Dispatch,
        units: Iterable[str],
        state: State = State.PENDING,
        error: str | None = None,
    ) -> None:
        """Write down every delivery of `dispatch`; nothing may leave before this has returned.

        The rows are written by the thousand. A crash in between leaves the dispatch unfrozen, and
        the next freeze begins anew.
        """
        stream = iter(units)
        insert = self._database.insert(DELIVERIES).on_conflict_do_nothing()
        begun = False
        while True:
            page = [
                {
                    "dispatch": dispatch.id,
                    "unit": unit,
                    "state": state,
                    "attempts": 0,
                    "error": error,
                }
                for unit in islice(stream, PAGE)
            ]
            with self._database.transaction() as db:
                if not begun:
                    db.execute(DELIVERIES.delete().where(DELIVERIES.c.dispatch == dispatch.id))
                if page:
                    db.execute(insert, page)
                if len(page) < PAGE:
                    self._set(db, dispatch.id, frozen=True)
                    return
            begun = True

    def doubt(self, db: sa.Connection, dispatches: Iterable[int]) -> int:
        """Within a transaction: make the pending and committing deliveries of `dispatches`
        uncertain. Returns how many there were."""
        new = {"state": State.UNCERTAIN, "at": now(), "error": MAYBE_SENT}
        number = 0
        for one in dispatches:
            here = (DELIVERIES.c.dispatch == one) & DELIVERIES.c.state.in_(_UNFINISHED)
            number += db.execute(DELIVERIES.update().where(here, UNDELIVERED).values(new)).rowcount
        return number

    def _set(self, db: sa.Connection, dispatch: int, **values: bool) -> None:
        db.execute(DISPATCHES.update().where(DISPATCHES.c.id == dispatch).values(**values))

    def rows(self, dispatch: int, state: State) -> Iterator[DeliveryRow]:
        """The deliveries of `dispatch` in `state`, in the order of their units, in a stream; one
        that changes meanwhile is not seen twice."""
        here = (DELIVERIES.c.dispatch == dispatch) & (DELIVERIES.c.state == state)
        rows = self._database.stream(sa.select(DELIVERIES).where(here), *_KEY)
        return (_delivery(row) for row in rows)

    def count(self, dispatch: int) -> int:
        """How many deliveries `dispatch` has."""
        here = DELIVERIES.c.dispatch == dispatch
        with self._database.transaction() as db:
            return db.scalar(sa.select(sa.func.count()).where(here)) or 0

    def row(self, dispatch: int, unit: str) -> DeliveryRow | None:
        """One delivery."""
        here = (DELIVERIES.c.dispatch == dispatch) & (DELIVERIES.c.unit == unit)
        with self._database.transaction() as db:
            row = db.execute(sa.select(DELIVERIES).where(here)).first()
        return _delivery(row) if row else None

    def find(
        self, states: Iterable[State], channels: Sequence[str] = (), units: Sequence[str] = ()
    ) -> Iterator[tuple[Dispatch, DeliveryRow]]:
        """Deliveries in one of `states`, oldest dispatch first, in a stream; none of `channels`
        or `units` means all."""
        with self._database.transaction() as db:
            known = {row.id: _dispatch(row) for row in db.execute(rows_of(DISPATCHES))}
        query = sa.select(DELIVERIES).where(DELIVERIES.c.state.in_(list(states)))
        if State.DELIVERED not in states:
            query = query.where(UNDELIVERED)
        if units:
            query = query.where(DELIVERIES.c.unit.in_(units))
        for row in self._database.stream(query, *_KEY):
            dispatch = known[row.dispatch]
            if not channels or dispatch.channel in channels:
                yield dispatch, _delivery(row)

    def write(self, rows: Sequence[DeliveryRow], of: Dispatch | None = None) -> None:
        """Write the new states of `rows`, in this order, in one transaction.

        If nothing of the dispatch `of` is left to deliver, that is recorded as an event.
        """
        values: list[Any] = [
            {
                "its_dispatch": row.dispatch,
                "its_unit": row.unit,
                "state": row.state.value,
                "attempts": row.attempts,
                "at": row.at,
                "remote_id": row.remote_id,
                "url": row.url,
                "error": row.error,
            }
            for row in rows
        ]
        if self._order:
            values = [tuple(value[name] for name in self._order) for value in values]
        if values:
            with self._database.transaction() as db:
                db.exec_driver_sql(self._by_key, values)
                if of and rows[-1].state not in _UNFINISHED:
                    _note_end(db, of)

    def log(self, limit: int, channels: Sequence[str] = ()) -> tuple[tuple[Dispatch, str], ...]:
        """The last `limit` dispatches, newest first, with all their counts and the time of the
        last change."""
        query = rows_of(DISPATCHES).order_by(DISPATCHES.c.id.desc()).limit(limit)
        if channels:
            query = query.where(DISPATCHES.c.channel.in_(channels))
        with self._database.transaction() as db:
            told = []
            for row in db.execute(query).all():
                grouped = (
                    sa.select(DELIVERIES.c.state, sa.func.count(), sa.func.max(DELIVERIES.c.at))
                    .where(DELIVERIES.c.dispatch == row.id)
                    .group_by(DELIVERIES.c.state)
                )
                states = db.execute(grouped).all()
                counts = {State(state): number for state, number, _ in states}
                last = max((at for _, _, at in states if at), default=row.at)
                told.append((_dispatch(row, counts), last))
            return tuple(told)


def _note_end(db: sa.Connection, of: Dispatch) -> None:
    """Record how `of` ended, if nothing of it is left to deliver."""
    here = DELIVERIES.c.dispatch == of.id
    left = sa.select(here).where(here, UNDELIVERED, DELIVERIES.c.state.in_(_UNFINISHED))
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


def _dispatch(row: Any, counts: Mapping[State, int] | None = None) -> Dispatch:
    return Dispatch(
        row.id,
        row.channel,
        row.rendering,
        row.artifact,
        row.courier,
        row.digest,
        row.at,
        row.frozen,
        counts or {},
    )


def _delivery(row: Any) -> DeliveryRow:
    values = row._mapping
    return DeliveryRow(**{**values, "state": State(values["state"])})
