"""The inventory: what stands at each place, and which renderings need it there.

A copy is in the inventory from the moment before the first byte of it can leave until its removal
is certain. So nothing can stand anywhere that the inventory does not name, whatever crashes.

    placing → standing → removing → (gone)

`placing` may stand already, or not yet, or what was there before may still stand. A removal that
did not succeed leaves the copy `standing`, with the error. Several renderings may have put a copy
at one place, such as a style sheet of theirs, or the file of a channel that was renamed; it is
removed with the last of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa

from syndicate.couriers import Copy, Place
from syndicate.couriers.disk import DISK, NEWSROOM
from syndicate.errors import LeaseLostError
from syndicate.ledger.database import PAGE, Database
from syndicate.ledger.dispatch import STOPPED, Change, Dispatch, State
from syndicate.ledger.events import LedgerEvent, event_time, note_event
from syndicate.ledger.leases import Lease, Leases, removal_lease
from syndicate.ledger.purges import note_purge
from syndicate.ledger.stubs import why_refused
from syndicate.ledger.tables import (
    ARTIFACTS,
    COPIES,
    DELIVERIES,
    DISPATCHES,
    EVENTS,
    RENDERINGS,
    rows_of,
)
from syndicate.tokens import PLACEHOLDER

_KEY = (COPIES.c.destination, COPIES.c.address, COPIES.c.channel, COPIES.c.rendering)


class CopyState(StrEnum):
    """placing → standing → removing."""

    PLACING = "placing"
    STANDING = "standing"
    REMOVING = "removing"


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A copy in the inventory. `rendering` and `courier` name the dispatch that put it there, and
    `dispatch` is its id; `at` is when it was placed (RFC 3339), `error` why it could not be
    removed."""

    copy: Copy
    rendering: str
    courier: str
    dispatch: int
    state: CopyState
    at: str | None = None
    error: str | None = None

    @property
    def is_on_disk(self) -> bool:
        """Whether it is a file on this machine. The name of a member's feed is not in the
        ledger."""
        here = self.copy.place.destination in (NEWSROOM, DISK)
        return here and PLACEHOLDER not in self.copy.artifact


class Copies:
    """The inventory in a ledger. Every method raises LedgerError if the database gives up."""

    def __init__(self, database: Database, leases: Leases) -> None:
        self._database, self._leases = database, leases

    def of_channels(self, channels: Collection[str]) -> Iterator[CopyRow]:
        """The copies of `channels`, by place, in a stream."""
        here = COPIES.c.channel.in_(list(channels))
        return map(copy_in_row, self._database.stream(rows_of(COPIES).where(here), *_KEY))

    def of_renderings(self, channel: str, keys: Iterable[str]) -> Iterator[CopyRow]:
        """The copies of these renderings of `channel`."""
        rest = iter(keys)
        while some := list(islice(rest, PAGE // 2)):
            here = (COPIES.c.channel == channel) & COPIES.c.rendering.in_(some)
            yield from map(copy_in_row, self._database.stream(rows_of(COPIES).where(here), *_KEY))

    def among(self, keys: Iterable[tuple[str, str]]) -> Iterator[CopyRow]:
        """The copies of the renderings with these keys (channel, rendering)."""
        for channel, some in groupby(sorted(set(keys)), key=lambda key: key[0]):
            yield from self.of_renderings(channel, [rendering for _, rendering in some])

    def left_behind(self, channel: str) -> Iterator[CopyRow]:
        """The copies of `channel` whose rendering no longer has such an artifact, as after a change
        of its name, and everything it has now stands: until then readers have the old one."""
        same = (ARTIFACTS.c.channel == COPIES.c.channel) & (
            ARTIFACTS.c.rendering == COPIES.c.rendering
        )
        present = COPIES.alias()
        arrived = sa.exists().where(
            present.c.channel == ARTIFACTS.c.channel,
            present.c.rendering == ARTIFACTS.c.rendering,
            present.c.artifact == ARTIFACTS.c.name,
            present.c.courier == COPIES.c.courier,
            present.c.digest == ARTIFACTS.c.digest,
        )
        query = rows_of(COPIES).where(
            COPIES.c.channel == channel,
            ~sa.exists().where(same, ARTIFACTS.c.name == COPIES.c.artifact),
            ~sa.exists().where(same, ~arrived),
        )
        return map(copy_in_row, self._database.stream(query, *_KEY))

    def channels(self) -> dict[str, int]:
        """How many copies each channel has, whether or not it still exists."""
        query = sa.select(COPIES.c.channel, sa.func.count()).group_by(COPIES.c.channel)
        with self._database.transaction() as db:
            return {row.channel: row[1] for row in db.execute(query)}

    def hand_over(self, gone: Collection[str], present: Collection[str]) -> None:
        """Let what the channels `gone` have put where a copy of one of the channels `present`
        stands be that one's alone."""
        other = COPIES.alias()
        same = sa.exists().where(
            other.c.destination == COPIES.c.destination,
            other.c.address == COPIES.c.address,
            other.c.channel.in_(list(present)),
            other.c.state == CopyState.STANDING,
        )
        with self._database.turn() as db:
            db.execute(COPIES.delete().where(COPIES.c.channel.in_(list(gone)), same))

    def renderings(self, channels: Collection[str]) -> frozenset[str]:
        """The keys of the renderings of `channels` of which a copy stands."""
        query = sa.select(COPIES.c.rendering).where(COPIES.c.channel.in_(list(channels)))
        with self._database.transaction() as db:
            return frozenset(db.scalars(query.distinct()))

    def renderings_removed(self, since: datetime, why: Iterable[str]) -> frozenset[str]:
        """The keys of the renderings (mostly the ids of articles) of which a copy was removed, or
        that left a feed or that the program withdrew, `since` then for one of the reasons `why`."""
        of_channel = EVENTS.c.what.in_(("removed", "left"))
        by_program = (EVENTS.c.what == "withdrawn") & (EVENTS.c.who == "")
        reason = sa.or_(*(EVENTS.c.note.startswith(f"{one}: ") for one in why))
        begun = since.astimezone(UTC).isoformat(timespec="seconds")
        query = sa.select(EVENTS.c.rendering).where(
            of_channel | by_program, EVENTS.c.at >= begun, reason
        )
        with self._database.transaction() as db:
            return frozenset(db.scalars(query.distinct()))

    def is_placed(self, place: Place) -> bool:
        """Whether anything stands at `place`, or is about to."""
        with self._database.transaction() as db:
            return db.execute(sa.select(COPIES.c.dispatch).where(*_at(place))).first() is not None

    def add(self, rows: Iterable[CopyRow]) -> None:
        """Take in `rows`, each in place of what an earlier dispatch has put there."""
        insert = self._database.insert(COPIES)
        new = {column.key: insert.excluded[column.name] for column in COPIES.c}
        later = insert.excluded.dispatch > COPIES.c.dispatch
        statement = insert.on_conflict_do_update(index_elements=_KEY, set_=new, where=later)
        rest = iter(rows)
        while page := [_values(row) for row in islice(rest, PAGE)]:
            with self._database.transaction() as db:
                db.execute(statement, page)

    # -- removal ----------------------------------------------------------------------------

    def begin_removal(self, lease: Lease, row: CopyRow, *, cached: bool = False) -> None:
        """Note that `row` is about to be removed. If it may be `cached`, the cache has to be told
        afterwards.

        Raises:
            LeaseLostError: the lease is no longer held, or something else has been placed there.
        """
        with self._database.transaction() as db:
            self._leases.hold(db, lease)
            if db.execute(_others_at(row)).first():
                raise LeaseLostError(_REPLACED)
            self._set(db, row, state=CopyState.REMOVING, error=None)
            if cached:
                self._note_purge(db, row)

    def let_go(self, lease: Lease, row: CopyRow) -> bool:
        """Take `row` out of the inventory if another rendering needs what stands there. False if
        none does, so that it has to be removed.

        Raises:
            LeaseLostError: see `begin_removal`.
        """
        with self._database.transaction() as db:
            self._leases.hold(db, lease)
            if not db.execute(_others_at(row)).first():
                return False
            db.execute(COPIES.delete().where(_same(row)))
            # If its rendering is wanted again, its bytes have to be delivered again.
            past = DISPATCHES.update().where(DISPATCHES.c.id == row.dispatch)
            db.execute(past.values(current=False))
            return True

    def not_removed(self, lease: Lease, row: CopyRow, error: str) -> None:
        """Note why `row` still stands.

        Raises:
            LeaseLostError: see `begin_removal`.
        """
        with self._database.transaction() as db:
            self._leases.hold(db, lease)
            self._set(db, row, state=CopyState.STANDING, error=error)

    def removed(self, lease: Lease, row: CopyRow, why: str, *, cached: bool = False) -> None:
        """Take `row` out of the inventory, since nothing stands there any more.

        Raises:
            LeaseLostError: see `begin_removal`.
        """
        with self._database.transaction() as db:
            self._leases.hold(db, lease)
            self._take_out(db, row, why)
            past = DISPATCHES.update().where(DISPATCHES.c.id == row.dispatch)
            db.execute(past.values(current=False))
            if cached:  # another run may have told the cache too early
                self._note_purge(db, row)

    def post_removed(self, lease: Lease, row: CopyRow, why: str) -> None:
        """As `removed`, of a post. The others of its thread may stand for longer: it ends with the
        last of them, and until then it is a thread of which a part is missing.

        Raises:
            LeaseLostError: see `begin_removal`.
        """
        taken_back = {"state": State.FAILED, "error": f"{STOPPED}{why}"}
        with self._database.transaction() as db:
            self._leases.hold(db, lease)
            self._take_out(db, row, why)
            mine = (DELIVERIES.c.dispatch == row.dispatch) & (DELIVERIES.c.unit == row.copy.unit)
            db.execute(DELIVERIES.update().where(mine).values(taken_back))
            standing = sa.exists().where(COPIES.c.dispatch == DISPATCHES.c.id)
            past = DISPATCHES.update().where(DISPATCHES.c.id == row.dispatch, ~standing)
            db.execute(past.values(current=False))

    def _note_purge(self, db: sa.Connection, row: CopyRow) -> None:
        note_purge(self._database, db, row.copy.channel, row.courier, row.copy.artifact)

    def _take_out(self, db: sa.Connection, row: CopyRow, why: str) -> None:
        if db.execute(COPIES.delete().where(_same(row))).rowcount != 1:
            raise LeaseLostError(_REPLACED)
        copy = row.copy
        # Below the newsroom's folder it has the same name in every checkout.
        is_ours = copy.place.destination == NEWSROOM
        place = copy.place.address if is_ours or not copy.url else copy.url
        if "@" in copy.unit and copy.unit != copy.artifact:
            place = copy.artifact  # a member's address may have to be forgotten
        event = LedgerEvent(
            "removed",
            channel=copy.channel,
            rendering=row.rendering,
            name=copy.artifact,
            digest=copy.digest or "",
            note=f"{why}: {place}",
        )
        note_event(db, event)

    def forget_rendering(self, lease: Lease, channel: str, key: str) -> bool:
        """If no copy of the rendering `key` of `channel` is left, let it be as if it had never been
        rendered, so that it is delivered again if it is wanted again. Whether that is so.

        Raises:
            LeaseLostError: the lease is no longer held.
        """
        left = sa.exists().where(COPIES.c.channel == channel, COPIES.c.rendering == key)
        here = (RENDERINGS.c.channel == channel) & (RENDERINGS.c.rendering == key)
        with self._database.transaction() as db:
            self._leases.hold(db, lease)
            return bool(db.execute(RENDERINGS.delete().where(here, ~left)).rowcount)

    def _set(self, db: sa.Connection, row: CopyRow, **values: Any) -> None:
        if db.execute(COPIES.update().where(_same(row)).values(values)).rowcount != 1:
            raise LeaseLostError(_REPLACED)


_REPLACED = "something else has just been delivered to this place"


@dataclass(frozen=True)
class Placing:
    """What a dispatch puts into the inventory, in the transactions in which its deliveries change.
    `place` says where each of its units stays. If that is `cached`, the cache has to be told what
    was replaced."""

    database: Database
    leases: Leases
    dispatch: Dispatch
    place: Callable[[str], Place]
    cached: bool = False
    _replaced: set[str] = field(default_factory=set)

    def follow(self, db: sa.Connection, changes: Sequence[Change]) -> None:
        """Within a transaction: let the inventory follow `changes`.

        Raises:
            LeaseLostError: another run is just removing what stands at one of the places.
        """
        for change in changes:
            place = self.place(change.row.unit)
            if change.row.state is State.COMMITTING:
                self._begin(db, place, change.row.unit)
            elif change.row.state is State.DELIVERED:
                self._stand(db, place, change)
            elif change.was is State.COMMITTING and change.row.state is not State.UNCERTAIN:
                self._put_back(db, place)

    def _begin(self, db: sa.Connection, place: Place, unit: str) -> None:
        of = self.dispatch
        if why := why_refused(db, of.rendering):
            raise LeaseLostError(why)
        if self.cached and db.execute(rows_of(COPIES).where(*_at(place))).first():
            self._replaced.add(unit)
            self._note_purge(db)
        removed = COPIES.c.state == CopyState.REMOVING
        for row in db.execute(rows_of(COPIES).where(*_at(place), removed)):
            if self.leases.is_held_within(db, removal_lease(row.channel, row.rendering)):
                raise LeaseLostError("another run is just removing what stands at this place")
        owner = {"channel": of.channel, "rendering": of.rendering}
        values = {
            "artifact": of.artifact,
            "courier": of.courier,
            "unit": unit,
            "dispatch": of.id,
            "state": CopyState.PLACING,
            "error": None,
        }
        insert = self.database.insert(COPIES).values(**place._asdict(), **owner, **values)
        db.execute(insert.on_conflict_do_update(index_elements=_KEY, set_=values))

    def _stand(self, db: sa.Connection, place: Place, change: Change) -> None:
        row = change.row
        values = {
            "state": CopyState.STANDING,
            "digest": self.dispatch.digest,
            "at": row.at,
            "remote_id": row.remote_id,
            "url": row.url,
        }
        if db.execute(COPIES.update().where(self._mine(place)).values(values)).rowcount == 0:
            self._begin(db, place, row.unit)  # it was found at its destination
            db.execute(COPIES.update().where(self._mine(place)).values(values))

        if change.row.unit in self._replaced:  # another run may have told the cache too early
            self._note_purge(db)

    def _note_purge(self, db: sa.Connection) -> None:
        of = self.dispatch
        note_purge(self.database, db, of.channel, of.courier, of.artifact)

    def _put_back(self, db: sa.Connection, place: Place) -> None:
        """It certainly did not arrive: there stands what stood there before, if anything did."""
        mine = self._mine(place)
        db.execute(COPIES.delete().where(mine, COPIES.c.digest.is_(None)))
        db.execute(COPIES.update().where(mine).values(state=CopyState.STANDING))

    def _mine(self, place: Place) -> sa.ColumnElement[bool]:
        of = self.dispatch
        owner = (COPIES.c.channel == of.channel) & (COPIES.c.rendering == of.rendering)
        return sa.and_(*_at(place), owner, COPIES.c.dispatch == of.id)


def resolve_copies(
    db: sa.Connection, changes: Iterable[Change], digests: Mapping[int, str]
) -> None:
    """Within a transaction: let the inventory follow what somebody found out about deliveries.
    `digests` are those of the dispatches, by id."""
    for change in changes:
        row = change.row
        here = (COPIES.c.dispatch == row.dispatch) & (COPIES.c.unit == row.unit)
        standing: dict[str, Any] = {"state": CopyState.STANDING}
        if row.state is State.DELIVERED:
            found = {"remote_id": row.remote_id, "url": row.url}
            standing |= {"digest": digests[row.dispatch], "at": row.at, **found}
        else:
            db.execute(COPIES.delete().where(here, COPIES.c.digest.is_(None)))
        db.execute(COPIES.update().where(here).values(standing))


def _at(place: Place) -> tuple[sa.ColumnElement[bool], ...]:
    return COPIES.c.destination == place.destination, COPIES.c.address == place.address


def _same(row: CopyRow) -> sa.ColumnElement[bool]:
    """The copy in `row`, if the rendering has not placed anything there since."""
    owner = (COPIES.c.channel == row.copy.channel) & (COPIES.c.rendering == row.rendering)
    return sa.and_(*_at(row.copy.place), owner, COPIES.c.dispatch == row.dispatch)


def _others_at(row: CopyRow) -> sa.Select[Any]:
    """The copies of other renderings at the place of `row`."""
    owner = (COPIES.c.channel == row.copy.channel) & (COPIES.c.rendering == row.rendering)
    return sa.select(COPIES.c.dispatch).where(*_at(row.copy.place), ~owner).limit(1)


def copy_in_row(row: Any) -> CopyRow:
    """The copy in a row of the table."""
    copy = Copy(
        Place(row.destination, row.address),
        row.channel,
        row.artifact,
        row.unit,
        row.digest,
        row.remote_id,
        row.url,
    )
    state = CopyState(row.state)
    return CopyRow(copy, row.rendering, row.courier, row.dispatch, state, row.at, row.error)


def _values(row: CopyRow) -> dict[str, Any]:
    copy = row.copy
    return {
        **copy.place._asdict(),
        "channel": copy.channel,
        "rendering": row.rendering,
        "artifact": copy.artifact,
        "courier": row.courier,
        "unit": copy.unit,
        "dispatch": row.dispatch,
        "state": row.state,
        "digest": copy.digest,
        "at": row.at or event_time(),
        "remote_id": copy.remote_id,
        "url": copy.url,
        "error": row.error,
    }
