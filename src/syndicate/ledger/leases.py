"""Leases: who works on what, and until when.

A lease is on one thing: one rendering, or the delivery of one artifact by one courier. It ends when
it is released, when its process has certainly ended, or when it was not renewed in time. Its token
is larger than that of every lease before it, and every change that is made under a lease first
makes sure, in the same transaction, that the lease is still held (`hold`). So a process that was
paused for longer than its lease cannot change anything that another one has taken over.

Time is PostgreSQL's, or on SQLite, which one machine has to itself, that machine's monotonic clock.
So setting a clock neither prolongs a lease nor ends it, and a restart of the machine ends it.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa

from syndicate.errors import LeaseLostError, LedgerError, LockedError
from syndicate.ledger.database import OLD_RUN_LOCK, Database
from syndicate.ledger.events import event_time
from syndicate.ledger.processes import boot, boot_of, has_ended, this_process
from syndicate.ledger.tables import LEASES

IMPORTING = "import"
"""The name of the lease on writing into `content/` what is imported."""
LENGTH = 90.0
"""Seconds that a lease lasts, unless it is renewed."""
_JUST, _PAUSE = 2.0, 0.05  # seconds
_BEATS = 6  # times that it is renewed within that
_RUN = "run "  # so begin the names of leases that are only about being at work
_COUNTER = ""  # the row that counts the tokens
_BEATING = threading.Lock()
# A process never forks in the middle of a renewal: its child would find the database in use.
os.register_at_fork(
    before=_BEATING.acquire, after_in_parent=_BEATING.release, after_in_child=_BEATING.release
)


@dataclass(frozen=True)
class Lease:
    """A lease that this process holds. `lapsed`: a holder before it did not end it, so that one may
    only have been paused, and may still be about to do what it had begun."""

    name: str
    token: int
    lapsed: bool = False


@dataclass(frozen=True)
class Busy:
    """Somebody else has held the lease `name` `since` a time (RFC 3339, UTC), for `age` seconds."""

    name: str
    since: str
    age: float


def rendering_lease(channel: str, key: str) -> str:
    """The name of the lease on making the rendering `key` of `channel`."""
    return json.dumps(["render", channel, key])


def delivery_lease(channel: str, rendering: str, artifact: str, courier: str) -> str:
    """The name of the lease on delivering an artifact by a courier."""
    return json.dumps(["deliver", channel, rendering, artifact, courier])


def notice_lease(article: str, number: int) -> str:
    """The name of the lease on sending the letters of one matter about `article`."""
    return json.dumps(["tell", article, number])


def removal_lease(channel: str, rendering: str) -> str:
    """The name of the lease on removing the copies of a rendering."""
    return json.dumps(["remove", channel, rendering])


class Leases:
    """The leases in a ledger, and those that this holder has. Safe in any thread. Every method
    raises LedgerError if the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._holder = secrets.token_hex(8)
        self._own = 0  # tokens that this holder was given
        self._since_token = 0
        self._met_others = False

    def take(self, names: Iterable[str]) -> dict[str, Lease | Busy]:
        """Take the lease of each of `names`, all in one transaction. One that somebody holds
        (another process, or this one) is not waited for.

        Raises:
            LockedError: a run of a release that knows no leases is at work.
        """
        names = list(names)
        with self._database.turn() as db:
            self._refuse_older_run(db)
            query = sa.select(LEASES).where(LEASES.c.name.in_([*names, _COUNTER]))
            rows = {row.name: row for row in db.execute(query)}
            moment = self._moment(db)
            token = rows[_COUNTER].token if _COUNTER in rows else 0
            taken: dict[str, Lease | Busy] = {}
            for name in names:
                row = rows.get(name)
                if row and self._is_held(row, moment):
                    taken[name] = Busy(name, row.since, moment - row.began)
                else:
                    token += 1
                    taken[name] = Lease(name, token, bool(row and self._has_lapsed(row)))
            granted = [one for one in taken.values() if isinstance(one, Lease)]
            if granted:
                counter = self._row(Lease(_COUNTER, token), moment)
                self._database.put(db, LEASES, [self._row(one, moment) for one in granted])
                self._database.put(db, LEASES, [{**counter, "holder": "", "until": 0.0}])
        self._own += len(granted)
        return taken

    def take_soon(self, names: Iterable[str]) -> dict[str, Lease | Busy]:
        """As `take`, but those that somebody has only just taken are waited for: most leases last
        for a moment."""
        taken = self.take(names)
        while just := [n for n, one in taken.items() if isinstance(one, Busy) and one.age < _JUST]:
            sleep(_PAUSE)
            taken |= self.take(just)
        return taken

    @contextmanager
    def taken(self, names: Iterable[str], busy: str) -> Iterator[tuple[Lease, ...]]:
        """All the leases `names`, as long as the block lasts.

        Args:
            busy: what it means that somebody else has one of them, for the message.

        Raises:
            LockedError: somebody else has one of them.
        """
        found = tuple(self.take_soon(names).values())
        leases = tuple(one for one in found if isinstance(one, Lease))
        try:
            if len(leases) < len(found):
                raise LockedError(busy, hint="wait until that has finished, then try again")
            yield leases
        finally:
            self.release(leases)

    def release(self, leases: Iterable[Lease]) -> None:
        """End `leases`, as far as they are still held."""
        with self._database.transaction() as db:
            for lease in leases:
                self.end(db, lease)

    def end(self, db: sa.Connection, lease: Lease) -> None:
        """Within a transaction: end `lease`. That a holder before it may have been paused stays
        known."""
        mine = self._is_mine(lease)
        if lease.lapsed:
            db.execute(LEASES.update().where(mine).values(until=0.0))
        else:
            db.execute(LEASES.delete().where(mine))

    def hold(self, db: sa.Connection, lease: Lease) -> None:
        """Within a transaction, before anything else: make sure that `lease` is held until it ends,
        and renew it.

        Raises:
            LeaseLostError: it is not.
        """
        clock = self._clock()
        held = self._is_mine(lease) & (LEASES.c.until > clock)
        if not self._database.is_sqlite:  # an older release would not ask for the lease
            held &= sa.func.pg_try_advisory_xact_lock_shared(OLD_RUN_LOCK)
        if db.execute(LEASES.update().where(held).values(until=clock + LENGTH)).rowcount != 1:
            raise LeaseLostError(
                "another run may have taken over: this one could not renew its lease in time",
                hint="run this again",
            )

    def is_held_within(self, db: sa.Connection, name: str) -> bool:
        """Within a transaction: whether anybody holds the lease `name`."""
        row = db.execute(sa.select(LEASES).where(LEASES.c.name == name)).first()
        return row is not None and self._is_held(row, self._moment(db))

    def is_held(self, name: str) -> bool:
        """Whether anybody holds the lease `name`."""
        with self._database.transaction() as db:
            return self.is_held_within(db, name)

    def renew(self, lease: Lease) -> None:
        """Make sure that `lease` is held now, and renew it.

        Raises:
            LeaseLostError: it is not held.
        """
        with self._database.transaction() as db:
            self.hold(db, lease)

    @contextmanager
    def run(self) -> Iterator[None]:
        """A run as long as the block lasts: its leases are renewed until then, and end with it."""
        name = f"{_RUN}{secrets.token_hex(8)}"  # the lease of a run before may not have been ended
        ended = threading.Event()

        def beat() -> None:
            while not ended.wait(LENGTH / _BEATS):
                with _BEATING, suppress(LedgerError):
                    self._renew()

        lease = self.take([name])[name]
        assert isinstance(lease, Lease)
        self._sweep()
        # Signals are for the main thread: where it holds them back, nobody else may take them.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
        try:
            threading.Thread(target=beat, name="leases", daemon=True).start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        try:
            yield
        finally:
            ended.set()
            with suppress(LedgerError), self._database.transaction() as db:
                mine = LEASES.c.holder == self._holder
                db.execute(LEASES.update().where(mine, LEASES.c.lapsed).values(until=0.0))
                db.execute(LEASES.delete().where(mine, sa.not_(LEASES.c.lapsed)))

    def watch(self) -> None:
        """Begin to look whether anybody else holds a lease."""
        self._met_others = bool(self._others())
        self._since_token = self._last_token() - self._own

    def was_alone(self) -> bool:
        """Whether nobody else has held any lease since `watch`."""
        return not self._met_others and self._last_token() == self._since_token + self._own

    def _last_token(self) -> int:
        with self._database.transaction() as db:
            return db.scalar(sa.select(LEASES.c.token).where(LEASES.c.name == _COUNTER)) or 0

    def oldest(self) -> datetime:
        """When the oldest lease of all others was taken; the present if they have none. What is
        younger than that may be needed by them, although the ledger does not know it yet."""
        return datetime.now(UTC) - timedelta(seconds=max(self._others(), default=0.0))

    def forget(self) -> None:
        """Delete all leases: the ledger is a copy of one that others have used."""
        with self._database.transaction() as db:
            db.execute(LEASES.delete().where(LEASES.c.name != _COUNTER))

    def busy(self) -> bool:
        """Whether anybody else holds a lease."""
        return bool(self._others())

    def _others(self) -> list[float]:
        """The ages of the leases of all others, in seconds."""
        with self._database.transaction() as db:
            query = sa.select(LEASES).where(LEASES.c.holder != self._holder)
            rows = [row for row in db.execute(query) if row.name != _COUNTER]
            moment = self._moment(db)
        return [moment - row.began for row in rows if self._is_held(row, moment)]

    def _renew(self) -> None:
        """Renew all leases of this holder that have not lapsed."""
        clock = self._clock()
        mine = (LEASES.c.holder == self._holder) & (LEASES.c.until > clock)
        with self._database.transaction() as db:
            db.execute(LEASES.update().where(mine).values(until=clock + LENGTH))

    def _sweep(self) -> None:
        """Delete what crashed runs have left behind, except the knowledge that they may only have
        been paused."""
        with self._database.turn() as db:
            rows = db.execute(sa.select(LEASES).where(LEASES.c.name != _COUNTER)).all()
            moment = self._moment(db)
            for row in rows:
                kept = self._has_lapsed(row) and not row.name.startswith(_RUN)
                if not kept and not self._is_held(row, moment):
                    db.execute(LEASES.delete().where(LEASES.c.name == row.name))

    def _is_mine(self, lease: Lease) -> sa.ColumnElement[bool]:
        return (
            (LEASES.c.name == lease.name)
            & (LEASES.c.token == lease.token)
            & (LEASES.c.holder == self._holder)
        )

    def _is_held(self, row: sa.Row[Any], moment: float) -> bool:
        """Whether the lease in `row` is held at `moment`, which is after the row was read. No lease
        ends much later than `LENGTH` from now, unless the clock has been set back."""
        if self._database.is_sqlite and boot_of(row.process) != boot():
            return False
        return moment < row.until <= moment + 2 * LENGTH and not has_ended(row.process)

    def _has_lapsed(self, row: sa.Row[Any]) -> bool:
        """Whether a holder of `row`, which is held no more, may only have been paused."""
        if self._database.is_sqlite and boot_of(row.process) != boot():
            return False
        return bool(row.lapsed or not has_ended(row.process))

    def _row(self, lease: Lease, moment: float) -> dict[str, Any]:
        return {
            "name": lease.name,
            "token": lease.token,
            "holder": self._holder,
            "process": this_process(),
            "since": event_time(),
            "began": moment,
            "until": moment + LENGTH,
            "lapsed": lease.lapsed,
        }

    def _clock(self) -> sa.ColumnElement[float]:
        """The time in seconds: one clock for all who use this ledger."""
        if self._database.is_sqlite:
            return sa.literal(monotonic())
        return sa.cast(sa.extract("epoch", sa.func.clock_timestamp()), sa.Double)

    def _moment(self, db: sa.Connection) -> float:
        return float(db.scalar(sa.select(self._clock())) or 0.0)

    def _refuse_older_run(self, db: sa.Connection) -> None:
        if self._database.is_sqlite:  # there the lock file sees to it
            return
        if not db.scalar(sa.select(sa.func.pg_try_advisory_xact_lock_shared(OLD_RUN_LOCK))):
            raise LockedError(
                "a run of an older release is at work on this ledger",
                hint="wait until it has finished, then try again",
            )
