"""The dispatches in a ledger, with every delivery of theirs as a row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from syndicate.errors import LedgerError
from syndicate.ledger.backups import HOW_TO_RESTORE
from syndicate.ledger.copies import resolve_copies
from syndicate.ledger.database import Database
from syndicate.ledger.delivery_rows import changed
from syndicate.ledger.dispatch import (
    STOPPED,
    UNFINISHED,
    Change,
    DeliveryRow,
    Dispatch,
    DispatchKey,
    State,
)
from syndicate.ledger.events import LedgerEvent, note_event
from syndicate.ledger.leases import Lease, Leases
from syndicate.ledger.records import RecordedRendering, event_time
from syndicate.ledger.tables import (
    CONTENTS,
    COPIES,
    DELIVERIES,
    DISPATCHES,
    UNDELIVERED,
    Within,
    everything,
    rows_of,
)

_KEY = (DELIVERIES.c.dispatch, DELIVERIES.c.unit)
_KEYED = ("channel", "rendering", "artifact", "courier")
MAYBE_SENT = "may have been sent after the backup that the ledger was restored from"


class Dispatches:
    """The dispatches in a ledger. Every method raises LedgerError if the database gives up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def latest(self, key: DispatchKey) -> Dispatch | None:
        """The latest dispatch of one artifact to one courier, as it is now."""
        query = rows_of(DISPATCHES).where(*are_about(key), DISPATCHES.c.current)
        with self._database.transaction() as db:
            row = db.execute(query).first()
            if row is None:
                return None
            here = (DELIVERIES.c.dispatch == row.id) & UNDELIVERED
            grouped = sa.select(DELIVERIES.c.state, sa.func.count()).where(here)
            counts = db.execute(grouped.group_by(DELIVERIES.c.state)).all()
            return _dispatch(row, {_state(state): number for state, number in counts})

    def current(self, within: Within = everything) -> tuple[Dispatch, ...]:
        """The latest dispatch of each artifact to each courier."""
        here = (DISPATCHES.c.current, within(DISPATCHES))
        ids = sa.select(DISPATCHES.c.id).where(*here)
        grouped = (
            sa.select(DELIVERIES.c.dispatch, DELIVERIES.c.state, sa.func.count())
            .where(UNDELIVERED, DELIVERIES.c.dispatch.in_(ids))
            .group_by(DELIVERIES.c.dispatch, DELIVERIES.c.state)
        )
        counts: dict[int, dict[State, int]] = {}
        with self._database.transaction() as db:
            for dispatch, state, number in db.execute(grouped):
                counts.setdefault(dispatch, {})[_state(state)] = number
            rows = db.execute(rows_of(DISPATCHES).where(*here))
            return tuple(_dispatch(row, counts.get(row.id, {})) for row in rows)

    def open(self, channels: Collection[str]) -> tuple[Dispatch, ...]:
        """The current dispatches of `channels` that have begun and of which something is not
        delivered, oldest first."""
        # These are few. Asked by channel, SQLite would look at all its dispatches.
        left = DISPATCHES.c.id.in_(sa.select(DELIVERIES.c.dispatch).where(UNDELIVERED))
        found = self.current(lambda table: table.c.frozen & left)
        here = (one for one in found if one.channel in channels)
        return tuple(sorted(here, key=lambda one: one.id))

    def undelivered(self, channel: str) -> frozenset[str]:
        """The keys of the renderings of `channel` of which something has not been delivered."""
        open_ = sa.exists().where(DELIVERIES.c.dispatch == DISPATCHES.c.id, UNDELIVERED)
        query = sa.select(DISPATCHES.c.rendering).where(
            DISPATCHES.c.channel == channel, DISPATCHES.c.current, ~DISPATCHES.c.frozen | open_
        )
        with self._database.transaction() as db:
            return frozenset(db.scalars(query))

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
            # Nobody may freeze one of them until this has ended.
            for row in db.execute(
                rows_of(DISPATCHES).where(here, DISPATCHES.c.current).with_for_update()
            )
        }
        for courier in one.couriers:
            for artifact, digest in digests.items():
                last = standing.pop((artifact, courier), None)
                kept = courier in one.settled and last and last.frozen
                stands = last and (last.digest == digest or kept)
                if not stands and digest is not None:
                    id_ = self._add(db, (channel, key, artifact, courier), digest)
                    _note_contents(db, id_, one.sent)
        for gone in standing.values():
            if gone.artifact not in digests:
                self._set(db, gone.id, current=False)

    def hand_over(
        self,
        leases: Leases,
        lease: Lease,
        key: DispatchKey,
        digest: str,
        carried: Collection[str] = (),
    ) -> Dispatch:
        """Under `lease`: a new dispatch, in place of the last of this artifact to this courier.

        Args:
            carried: units that the last one has delivered. They become part of the new one, so that
                each has one row.

        Raises:
            LeaseLostError: the lease is no longer held.
        """
        with self._database.transaction() as db:
            leases.hold(db, lease)
            last = db.execute(
                rows_of(DISPATCHES).where(*are_about(key), DISPATCHES.c.current)
            ).first()
            id_ = self._add(db, key, digest)
            if last:
                self._carry_on(db, _dispatch(last), id_, carried)
            row = db.execute(rows_of(DISPATCHES).where(DISPATCHES.c.id == id_)).one()
            return _dispatch(row)

    def close(
        self, leases: Leases, held: Iterable[Lease], dispatch: Dispatch, by: str, note: str
    ) -> None:
        """Under the leases `held`: what `dispatch` has not delivered, and what is not uncertain,
        never leaves.

        Raises:
            LeaseLostError: a lease is no longer held.
        """
        here = DELIVERIES.c.dispatch == dispatch.id
        left = DELIVERIES.c.state.in_((State.PENDING, State.FAILED))
        with self._database.transaction() as db:
            for lease in held:
                leases.hold(db, lease)
            number = db.execute(DELIVERIES.delete().where(here, UNDELIVERED, left)).rowcount
            told = f"{dispatch.courier}: {number} never posted" + (f"; {note}" if note else "")
            about = (dispatch.channel, dispatch.rendering, dispatch.artifact, dispatch.digest)
            note_event(db, LedgerEvent("closed", by, *about, told))

    def _carry_on(
        self, db: sa.Connection, last: Dispatch, new: int, carried: Collection[str]
    ) -> None:
        """Take what is `carried` into the dispatch `new`. What `last` has left pending never
        leaves."""
        here = DELIVERIES.c.dispatch == last.id
        pending = DELIVERIES.c.state == State.PENDING
        db.execute(DELIVERIES.delete().where(here, UNDELIVERED, pending))
        if not carried:
            return
        moved = DELIVERIES.update().where(here, DELIVERIES.c.unit.in_(carried))
        db.execute(moved.where(~UNDELIVERED).values(dispatch=new))
        copies = COPIES.update().where(COPIES.c.dispatch == last.id, COPIES.c.unit.in_(carried))
        db.execute(copies.values(dispatch=new))
        note_event(
            db,
            LedgerEvent(
                "carried on",
                channel=last.channel,
                rendering=last.rendering,
                name=last.artifact,
                digest=last.digest,
                note=f"{last.courier}: {len(carried)} stand as they were delivered",
            ),
        )

    def _add(self, db: sa.Connection, key: DispatchKey, digest: str) -> int:
        db.execute(DISPATCHES.update().where(*are_about(key)).values(current=False))
        names = dict(zip(_KEYED, key, strict=True))
        row = {**names, "digest": digest, "at": event_time(), "frozen": False, "current": True}
        key_ = db.execute(DISPATCHES.insert().values(row)).inserted_primary_key
        assert key_ is not None
        return int(key_[0])

    def doubt(self, db: sa.Connection, dispatches: Iterable[int]) -> int:
        """Within a transaction: make the pending and committing deliveries of `dispatches`
        uncertain. Returns how many there were."""
        new = {"state": State.UNCERTAIN, "at": event_time(), "error": MAYBE_SENT}
        number = 0
        for one in dispatches:
            here = (DELIVERIES.c.dispatch == one) & DELIVERIES.c.state.in_(UNFINISHED)
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

    def count(self, dispatch: int, *states: State) -> int:
        """How many deliveries `dispatch` has in one of `states`; in any if none is given."""
        here = DELIVERIES.c.dispatch == dispatch
        if states:
            here &= DELIVERIES.c.state.in_(states)
        if states and State.DELIVERED not in states:
            here &= UNDELIVERED
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
        or `units` means all. What another dispatch has replaced is left out, unless it was
        delivered."""
        query = _both().where(DELIVERIES.c.state.in_(list(states)))
        query = query.where(DISPATCHES.c.current | (DELIVERIES.c.state == State.DELIVERED))
        if State.DELIVERED not in states:
            query = query.where(UNDELIVERED)
        if channels:
            query = query.where(DISPATCHES.c.channel.in_(channels))
        if units:
            query = query.where(DELIVERIES.c.unit.in_(units))
        return map(_pair, self._database.stream(query, *_KEY))

    def on_the_web(self, number: int) -> tuple[tuple[Dispatch, DeliveryRow], ...]:
        """The last `number` deliveries that anybody can look at, the newest first."""
        here = (DELIVERIES.c.state == State.DELIVERED, DELIVERIES.c.url.like("http%"))
        newest_first = (DELIVERIES.c.dispatch.desc(), DELIVERIES.c.unit.desc())
        query = _both().where(*here).order_by(*newest_first).limit(number)
        with self._database.transaction() as db:
            return tuple(map(_pair, db.execute(query)))

    def undelivered_by_state(self) -> dict[str, dict[State, int]]:
        """For each channel, the number of deliveries that are not delivered, by state; without
        those that a withdrawal has stopped."""
        stopped = sa.func.coalesce(DELIVERIES.c.error, "").startswith(STOPPED)
        left = (
            sa.select(DISPATCHES.c.channel, DELIVERIES.c.state, sa.func.count())
            .join_from(DELIVERIES, DISPATCHES, DISPATCHES.c.id == DELIVERIES.c.dispatch)
            .where(UNDELIVERED, DISPATCHES.c.current, ~stopped)
            .group_by(DISPATCHES.c.channel, DELIVERIES.c.state)
        )
        found: dict[str, dict[State, int]] = {}
        with self._database.transaction() as db:
            for channel, state, number in db.execute(left):
                found.setdefault(channel, {})[_state(state)] = number
        return found

    def last_partly_delivered(self) -> dict[str, str]:
        """For each channel, when something was delivered last (RFC 3339) of its newest dispatch of
        which not everything is delivered."""
        newest = (
            sa.select(DISPATCHES.c.channel, sa.func.max(DISPATCHES.c.id).label("id"))
            .join_from(DELIVERIES, DISPATCHES, DISPATCHES.c.id == DELIVERIES.c.dispatch)
            .where(UNDELIVERED, DISPATCHES.c.current)
            .group_by(DISPATCHES.c.channel)
            .subquery()
        )
        query = (
            sa.select(newest.c.channel, sa.func.max(DELIVERIES.c.at))
            .join_from(newest, DELIVERIES, DELIVERIES.c.dispatch == newest.c.id)
            .where(DELIVERIES.c.state == State.DELIVERED)
            .group_by(newest.c.channel)
        )
        with self._database.transaction() as db:
            return {channel: at for channel, at in db.execute(query) if at}

    def sent(self, keys: Iterable[tuple[str, str]]) -> Iterator[tuple[Dispatch, int, str]]:
        """The dispatches of the renderings with these keys (channel, rendering) of which something
        was or may have been delivered: how much, and when last."""
        left = DELIVERIES.c.state.not_in((State.PENDING, State.FAILED))
        counted = sa.select(sa.func.count(), sa.func.max(DELIVERIES.c.at)).where(left)
        for channel, key in sorted(keys):
            here = (DISPATCHES.c.channel == channel) & (DISPATCHES.c.rendering == key)
            with self._database.transaction() as db:
                rows = db.execute(rows_of(DISPATCHES).where(here)).all()
                sent = [
                    db.execute(counted.where(DELIVERIES.c.dispatch == r.id)).one() for r in rows
                ]
            for row, (number, at) in zip(rows, sent, strict=True):
                if number:
                    yield _dispatch(row), number, at or row.at

    def ended(self, keys: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """Those of the renderings with these keys (channel, rendering) that had dispatches of which
        nothing has left, and have none any more that goes on."""
        found = set()
        with self._database.transaction() as db:
            for channel, key in keys:
                here = (DISPATCHES.c.channel == channel) & (DISPATCHES.c.rendering == key)
                rows = db.execute(sa.select(DISPATCHES.c.id, DISPATCHES.c.current).where(here))
                current = {row.id: row.current for row in rows}
                sent = DELIVERIES.c.dispatch.in_(current) & (DELIVERIES.c.state != State.FAILED)
                if not current or any(current.values()):
                    continue
                if not db.execute(sa.select(DELIVERIES.c.dispatch).where(sent).limit(1)).first():
                    found.add((channel, key))
        return frozenset(found)

    def stop(self, keys: Iterable[tuple[str, str]], why: str) -> int:
        """Let nothing more leave of the renderings with these keys (channel, rendering). Returns
        how many deliveries were still to leave. Of what has left in part they are kept, so that
        it can be finished later; `why` is for people.

        No lease is needed: a run that is delivering them finds them changed when it is about to
        commit the next, and ends there.
        """
        number = 0
        left = DELIVERIES.c.state.not_in((State.PENDING, State.FAILED))
        some = sa.exists().where(DELIVERIES.c.dispatch == DISPATCHES.c.id, left)
        stopped = {"state": State.FAILED, "at": event_time(), "error": f"{STOPPED}{why}"}
        with self._database.transaction() as db:
            for channel, key in keys:
                here = (DISPATCHES.c.channel == channel) & (DISPATCHES.c.rendering == key)
                unfrozen = here & DISPATCHES.c.current & ~DISPATCHES.c.frozen
                db.execute(DISPATCHES.update().where(unfrozen).values(current=False))
                ids = sa.select(DISPATCHES.c.id).where(here, DISPATCHES.c.current)
                waiting = DELIVERIES.c.dispatch.in_(ids) & (DELIVERIES.c.state == State.PENDING)
                number += db.execute(
                    DELIVERIES.update().where(waiting, UNDELIVERED).values(stopped)
                ).rowcount
                # What has left nothing behind is as if it had never begun.
                emptied = here & DISPATCHES.c.current & ~some
                db.execute(DISPATCHES.update().where(emptied).values(current=False))
        return number

    def pending(self, keys: Iterable[tuple[str, str]]) -> int:
        """How many deliveries of the renderings with these keys are still to leave."""
        own = DELIVERIES.c.dispatch.in_(sa.select(DISPATCHES.c.id).where(*_current(keys)))
        query = sa.select(sa.func.count()).where(own, DELIVERIES.c.state == State.PENDING)
        with self._database.transaction() as db:
            return db.scalar(query.where(UNDELIVERED)) or 0

    def under_way(self, keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of the renderings with these keys of which something is still to leave."""
        open_ = sa.exists().where(DELIVERIES.c.dispatch == DISPATCHES.c.id, UNDELIVERED)
        query = sa.select(DISPATCHES.c.channel, DISPATCHES.c.rendering).where(
            *_current(keys), ~DISPATCHES.c.frozen | open_
        )
        with self._database.transaction() as db:
            return {(channel, key) for channel, key in db.execute(query)}

    def by(self, couriers: Iterable[tuple[str, str]]) -> Iterator[tuple[Dispatch, DeliveryRow]]:
        """What these (channel, courier) have delivered or may have delivered, oldest dispatch
        first, in a stream."""
        here = sa.tuple_(DISPATCHES.c.channel, DISPATCHES.c.courier).in_(list(couriers))
        own = DELIVERIES.c.dispatch.in_(sa.select(DISPATCHES.c.id).where(here))
        left = DELIVERIES.c.state.not_in((State.PENDING, State.FAILED))
        return map(_pair, self._database.stream(_both().where(own, left), *_KEY))

    def resolve(self, changes: Sequence[Change]) -> int:
        """Record what somebody found out, as far as nobody else has meanwhile. Returns how many
        deliveries have changed. None of them may be under way, so that no lease is needed."""
        ids = {change.row.dispatch for change in changes}
        of = sa.select(DISPATCHES.c.id, DISPATCHES.c.digest).where(DISPATCHES.c.id.in_(ids))
        with self._database.transaction() as db:
            resolve_copies(db, changes, {row.id: row.digest for row in db.execute(of)})
            return changed(self._database, db, changes)

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
                counts = {_state(state): number for state, number, _ in states}
                last = max((at for _, _, at in states if at), default=row.at)
                told.append((_dispatch(row, counts), last))
            return tuple(told)


def _note_contents(db: sa.Connection, dispatch: int, versions: Iterable[tuple[str, str]]) -> None:
    """Within a transaction: note which `versions` of articles go to people with `dispatch`."""
    rows = [
        {"dispatch": dispatch, "article": article, "version": version}
        for article, version in dict(versions).items()
    ]
    if rows:
        db.execute(CONTENTS.insert(), rows)


def begin_again(db: sa.Connection, keys: Iterable[tuple[str, str]]) -> None:
    """Within a transaction: let the last dispatches of the renderings with these keys (channel,
    rendering), of which nothing has left (see `Dispatches.ended`), be as if they had just been
    recorded."""
    for channel, key in keys:
        here = (DISPATCHES.c.channel == channel) & (DISPATCHES.c.rendering == key)
        newest = sa.select(sa.func.max(DISPATCHES.c.id)).where(here)
        ids = list(db.scalars(newest.group_by(DISPATCHES.c.artifact, DISPATCHES.c.courier)))
        db.execute(DELIVERIES.delete().where(DELIVERIES.c.dispatch.in_(ids)))
        again = DISPATCHES.update().where(DISPATCHES.c.id.in_(ids))
        db.execute(again.values(current=True, frozen=False))


def are_about(key: DispatchKey) -> Iterator[sa.ColumnElement[bool]]:
    """The conditions that a row is about `key`."""
    return (DISPATCHES.c[name] == value for name, value in zip(_KEYED, key, strict=True))


def _current(keys: Iterable[tuple[str, str]]) -> Iterator[sa.ColumnElement[bool]]:
    """The conditions that a dispatch is the latest of one of these renderings."""
    yield DISPATCHES.c.current
    yield sa.tuple_(DISPATCHES.c.channel, DISPATCHES.c.rendering).in_(list(keys))


def _both() -> sa.Select[Any]:
    """Deliveries, each with its dispatch."""
    of = (column.label(f"of_{column.key}") for column in DISPATCHES.c)
    return sa.select(DELIVERIES, *of).join(DISPATCHES, DISPATCHES.c.id == DELIVERIES.c.dispatch)


def _pair(row: Any) -> tuple[Dispatch, DeliveryRow]:
    names = (column.key for column in DISPATCHES.c if column.key != "current")
    of = {name: getattr(row, f"of_{name}") for name in names}
    return Dispatch(**of), DeliveryRow(
        row.dispatch, row.unit, _state(row.state), row.attempts, row.at, row.remote_id, row.url,
        row.error,
    )  # fmt: skip


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
    return DeliveryRow(**{**values, "state": _state(values["state"])})


def _state(text: str) -> State:
    """A state as the ledger has it.

    Raises:
        LedgerError: it is none.
    """
    try:
        return State(text)
    except ValueError as error:
        raise LedgerError(
            f"a delivery has the state {text!r} in the table 'deliveries'; something else has"
            " changed it",
            hint=HOW_TO_RESTORE,
        ) from error
