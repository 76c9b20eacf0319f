"""The dispatches in a ledger, with every delivery of theirs as a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from syndicate.ledger.database import PAGE, SCHEMA, Bytewise, Database
from syndicate.ledger.dispatch import DeliveryRow, Dispatch, State
from syndicate.ledger.records import now

_dispatches = Table(
    "dispatches",
    SCHEMA,
    Column("id", Integer, primary_key=True),
    Column("channel", String, nullable=False),
    Column("run", String, nullable=False),
    Column("artifact", String, nullable=False),
    Column("courier", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("at", String, nullable=False),
    Column("frozen", Boolean, nullable=False, default=False),
    Column("current", Boolean, nullable=False, default=True),
    Index("dispatches_by_key", "channel", "run", "artifact", "courier"),
)
_deliveries = Table(
    "deliveries",
    SCHEMA,
    Column("dispatch", Integer, primary_key=True, autoincrement=False),
    Column("unit", Bytewise, primary_key=True),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("at", String),
    Column("remote_id", Text),
    Column("url", Text),
    Column("error", Text),
    sqlite_with_rowid=False,
)
_KEY = (_deliveries.c.dispatch, _deliveries.c.unit)
# Nearly all rows end up delivered: what is still to be looked at has an index of its own.
_undelivered = _deliveries.c.state != sa.literal_column(f"'{State.DELIVERED}'")
Index(
    "deliveries_unfinished",
    _deliveries.c.dispatch,
    _deliveries.c.state,
    sqlite_where=_undelivered,
    postgresql_where=_undelivered,
)
_NEW = ("state", "attempts", "at", "remote_id", "url", "error")
_BY_KEY = (
    sa.update(_deliveries)
    .where(
        _deliveries.c.dispatch == sa.bindparam("its_dispatch"),
        _deliveries.c.unit == sa.bindparam("its_unit"),
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
                sa.select(_deliveries.c.dispatch, _deliveries.c.state, sa.func.count())
                .where(_undelivered)
                .group_by(_deliveries.c.dispatch, _deliveries.c.state)
            )
            for dispatch, state, number in db.execute(grouped):
                counts.setdefault(dispatch, {})[State(state)] = number
            rows = db.execute(sa.select(_dispatches).where(_dispatches.c.current))
            return tuple(_dispatch(row, counts.get(row.id, {})) for row in rows)

    def record(
        self,
        db: sa.Connection,
        channel: str,
        run: str,
        artifacts: Mapping[str, str | None],
        couriers: Iterable[str],
        settled: frozenset[str],
    ) -> None:
        """Within a transaction: `artifacts` (digest by name), now what the rendering `run` of
        `channel` consists of, are handed to `couriers`; what a courier has already is not, what
        has no digest waits for somebody, and for those in `settled` nothing takes the place of
        what was frozen."""
        here = (_dispatches.c.channel == channel) & (_dispatches.c.run == run)
        standing = {
            (row.artifact, row.courier): row
            for row in db.execute(sa.select(_dispatches).where(here, _dispatches.c.current))
        }
        for courier in couriers:
            for artifact, digest in artifacts.items():
                last = standing.pop((artifact, courier), None)
                stands = last and (last.digest == digest or (courier in settled and last.frozen))
                if not stands and digest is not None:
                    self._add(db, channel, run, artifact, courier, digest)
        for gone in standing.values():
            if gone.artifact not in artifacts:
                self._set(db, gone.id, current=False)

    def hand_over(
        self, channel: str, run: str, artifact: str, courier: str, digest: str
    ) -> Dispatch:
        """A new dispatch, in place of the last of this artifact to this courier."""
        with self._database.transaction() as db:
            id_ = self._add(db, channel, run, artifact, courier, digest)
            row = db.execute(sa.select(_dispatches).where(_dispatches.c.id == id_)).one()
            return _dispatch(row)

    def _add(
        self, db: sa.Connection, channel: str, run: str, artifact: str, courier: str, digest: str
    ) -> int:
        key = {"channel": channel, "run": run, "artifact": artifact, "courier": courier}
        before = [_dispatches.c[name] == value for name, value in key.items()]
        db.execute(_dispatches.update().where(*before).values(current=False))
        row = {**key, "digest": digest, "at": now(), "frozen": False, "current": True}
        key_ = db.execute(_dispatches.insert().values(row)).inserted_primary_key
        assert key_ is not None
        return int(key_[0])

    def freeze(self, dispatch: Dispatch, units: Iterable[str]) -> None:
        """Write down every delivery of `dispatch`; nothing may leave before this has returned.

        The rows are written by the thousand. A crash in between leaves the dispatch unfrozen, and
        the next freeze begins anew.
        """
        stream = iter(units)
        insert = self._database.insert(_deliveries).on_conflict_do_nothing()
        begun = False
        while True:
            page = [
                {"dispatch": dispatch.id, "unit": unit, "state": State.PENDING, "attempts": 0}
                for unit in islice(stream, PAGE)
            ]
            with self._database.transaction() as db:
                if not begun:
                    db.execute(_deliveries.delete().where(_deliveries.c.dispatch == dispatch.id))
                if page:
                    db.execute(insert, page)
                if len(page) < PAGE:
                    self._set(db, dispatch.id, frozen=True)
                    return
            begun = True

    def _set(self, db: sa.Connection, dispatch: int, **values: bool) -> None:
        db.execute(_dispatches.update().where(_dispatches.c.id == dispatch).values(**values))

    def rows(self, dispatch: int, state: State) -> Iterator[DeliveryRow]:
        """The deliveries of `dispatch` in `state`, in the order of their units, in a stream; one
        that changes meanwhile is not seen twice."""
        here = (_deliveries.c.dispatch == dispatch) & (_deliveries.c.state == state)
        rows = self._database.stream(sa.select(_deliveries).where(here), *_KEY)
        return (_delivery(row) for row in rows)

    def row(self, dispatch: int, unit: str) -> DeliveryRow | None:
        """One delivery."""
        here = (_deliveries.c.dispatch == dispatch) & (_deliveries.c.unit == unit)
        with self._database.transaction() as db:
            row = db.execute(sa.select(_deliveries).where(here)).first()
        return _delivery(row) if row else None

    def find(
        self, states: Iterable[State], channels: Sequence[str] = (), units: Sequence[str] = ()
    ) -> Iterator[tuple[Dispatch, DeliveryRow]]:
        """Deliveries in one of `states`, oldest dispatch first, in a stream; none of `channels`
        or `units` means all."""
        with self._database.transaction() as db:
            known = {row.id: _dispatch(row) for row in db.execute(sa.select(_dispatches))}
        query = sa.select(_deliveries).where(_deliveries.c.state.in_(list(states)))
        if State.DELIVERED not in states:
            query = query.where(_undelivered)
        if units:
            query = query.where(_deliveries.c.unit.in_(units))
        for row in self._database.stream(query, *_KEY):
            dispatch = known[row.dispatch]
            if not channels or dispatch.channel in channels:
                yield dispatch, _delivery(row)

    def write(self, rows: Sequence[DeliveryRow]) -> None:
        """The new states of `rows`, in this order, in one transaction."""
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

    def log(self, limit: int, channels: Sequence[str] = ()) -> tuple[tuple[Dispatch, str], ...]:
        """The last `limit` dispatches, newest first, with all their counts and the time of the
        last change."""
        query = sa.select(_dispatches).order_by(_dispatches.c.id.desc()).limit(limit)
        if channels:
            query = query.where(_dispatches.c.channel.in_(channels))
        with self._database.transaction() as db:
            told = []
            for row in db.execute(query).all():
                grouped = (
                    sa.select(_deliveries.c.state, sa.func.count(), sa.func.max(_deliveries.c.at))
                    .where(_deliveries.c.dispatch == row.id)
                    .group_by(_deliveries.c.state)
                )
                states = db.execute(grouped).all()
                counts = {State(state): number for state, number, _ in states}
                last = max((at for _, _, at in states if at), default=row.at)
                told.append((_dispatch(row, counts), last))
            return tuple(told)

    def unfinished_digests(self) -> frozenset[str]:
        """The artifacts whose bytes a later run needs."""
        return frozenset(one.digest for one in self.current() if not one.delivered)


def _dispatch(row: Any, counts: Mapping[State, int] | None = None) -> Dispatch:
    return Dispatch(
        row.id,
        row.channel,
        row.run,
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
