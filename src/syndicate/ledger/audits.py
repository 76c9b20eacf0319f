"""The inventory as an audit asks for it: what should stand, what should not, and what is known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import sqlalchemy as sa

from syndicate.couriers import Copy, Place
from syndicate.ledger.copies import CopyRow, CopyState, copy_in_row
from syndicate.ledger.database import PAGE, Database
from syndicate.ledger.delivery_rows import HAS_ARRIVED
from syndicate.ledger.leases import Leases, delivery_lease, removal_lease
from syndicate.ledger.tables import COPIES, DELIVERIES, DISPATCHES, EVENTS, rows_of

_KEY = (COPIES.c.destination, COPIES.c.address, COPIES.c.channel, COPIES.c.rendering)
_OF_DELIVERY = (DELIVERIES.c.dispatch, DELIVERIES.c.unit)


@dataclass(frozen=True, slots=True)
class CourierCopies:
    """How many copies the courier of a channel has placed, and still stand."""

    channel: str
    courier: str
    number: int


@dataclass(frozen=True, slots=True)
class FormerCopy:
    """What was delivered and then removed, at the time `removed` (RFC 3339)."""

    dispatch: int
    channel: str
    rendering: str
    artifact: str
    courier: str
    digest: str
    unit: str
    remote_id: str | None
    url: str | None
    removed: str

    def at(self, place: Place) -> CopyRow:
        """The same as a copy that stands at `place` although it was removed."""
        about = (self.channel, self.artifact, self.unit, self.digest, self.remote_id, self.url)
        state = CopyState.REMOVING
        return CopyRow(Copy(place, *about), self.rendering, self.courier, self.dispatch, state)


class Audits:
    """What an audit asks a ledger. Every method raises LedgerError if the database gives up."""

    def __init__(self, database: Database, leases: Leases) -> None:
        self._database, self._leases = database, leases

    def couriers(self, channels: Collection[str] = ()) -> tuple[CourierCopies, ...]:
        """Who has placed copies that still stand, of `channels`; no channels means all."""
        query = sa.select(COPIES.c.channel, COPIES.c.courier, sa.func.count())
        query = query.group_by(COPIES.c.channel, COPIES.c.courier)
        if channels:
            query = query.where(COPIES.c.channel.in_(list(channels)))
        with self._database.transaction() as db:
            rows = db.execute(query.order_by(COPIES.c.channel, COPIES.c.courier)).all()
        return tuple(CourierCopies(*row) for row in rows)

    def standing(self, channel: str, courier: str) -> Iterator[CopyRow]:
        """The copies that `courier` has placed, in a stream, without those on whose place something
        was put later, by whomever: each place is named once."""
        c, o = COPIES.c, COPIES.alias().c
        earlier, later = sa.func.coalesce(c.at, ""), sa.func.coalesce(o.at, "")
        same_time = later == earlier
        is_later = sa.or_(
            later > earlier,
            same_time & (o.dispatch > c.dispatch),
            same_time & (o.dispatch == c.dispatch) & (o.channel > c.channel),
            same_time
            & (o.dispatch == c.dispatch)
            & (o.channel == c.channel)
            & (o.rendering > c.rendering),
        )
        there = sa.exists().where(o.destination == c.destination, o.address == c.address, is_later)
        query = rows_of(COPIES).where(c.channel == channel, c.courier == courier, ~there)
        return map(copy_in_row, self._database.stream(query, *_KEY))

    def former(self, channel: str, courier: str) -> Iterator[FormerCopy]:
        """What `courier` has delivered last under each name, and what was then removed, in a
        stream."""
        d, e, c = DISPATCHES.c, EVENTS.c, COPIES.c
        removed = (
            sa.select(e.rendering, e.name, sa.func.max(e.at).label("removed"))
            .where(e.what == "removed", e.channel == channel)
            .group_by(e.rendering, e.name)
            .subquery()
        )
        other = DISPATCHES.alias().c
        newer = sa.exists().where(
            other.channel == d.channel,
            other.rendering == d.rendering,
            other.artifact == d.artifact,
            other.courier == d.courier,
            other.id > d.id,
        )
        there = sa.exists().where(
            c.channel == d.channel,
            c.rendering == d.rendering,
            c.artifact == d.artifact,
            c.courier == d.courier,
            c.unit == DELIVERIES.c.unit,
        )
        query = (
            sa.select(
                *(DELIVERIES.c.dispatch, DELIVERIES.c.unit, DELIVERIES.c.remote_id),
                DELIVERIES.c.url,
                *(d.rendering.label("rendering"), d.artifact, d.digest),
                removed.c.removed,
            )
            .join(DISPATCHES, d.id == DELIVERIES.c.dispatch)
            .join(removed, (removed.c.rendering == d.rendering) & (removed.c.name == d.artifact))
            .where(d.channel == channel, d.courier == courier, ~newer, ~there)
            .where(HAS_ARRIVED)
        )
        for row in self._database.stream(query, *_OF_DELIVERY):
            about = (channel, row.rendering, row.artifact, courier, row.digest)
            rest = (row.unit, row.remote_id, row.url, row.removed)
            yield FormerCopy(row.dispatch, *about, *rest)

    def known(self, places: Iterable[Place]) -> Iterator[tuple[Place, bool]]:
        """Each of `places`, and whether the inventory names it."""
        rest = iter(places)
        while some := list(islice(rest, PAGE // 2)):
            wanted: dict[str, list[str]] = {}
            for place in some:
                wanted.setdefault(place.destination, []).append(place.address)
            found: set[Place] = set()
            with self._database.transaction() as db:
                for destination, addresses in wanted.items():
                    query = sa.select(COPIES.c.address).where(
                        COPIES.c.destination == destination, COPIES.c.address.in_(addresses)
                    )
                    found |= {Place(destination, one) for one in db.scalars(query)}
            yield from ((place, place in found) for place in some)

    def past_digests(self, channel: str, artifact: str) -> frozenset[str]:
        """The digests of all that was ever delivered under this name."""
        d = DISPATCHES.c
        query = sa.select(d.digest).where(d.channel == channel, d.artifact == artifact)
        with self._database.transaction() as db:
            return frozenset(db.scalars(query.distinct()))

    def is_settled(self, row: CopyRow) -> bool:
        """Whether the inventory still says what `row` says, and nobody is about to change it."""
        place, copy = row.copy.place, row.copy
        here = (
            COPIES.c.destination == place.destination,
            COPIES.c.address == place.address,
            COPIES.c.channel == copy.channel,
            COPIES.c.rendering == row.rendering,
        )
        about = (copy.channel, row.rendering, copy.artifact, row.courier)
        names = (delivery_lease(*about), removal_lease(copy.channel, row.rendering))
        with self._database.transaction() as db:
            now = db.execute(rows_of(COPIES).where(*here)).first()
            busy = any(self._leases.is_held_within(db, name) for name in names)
        return now is not None and not busy and copy_in_row(now) == row
