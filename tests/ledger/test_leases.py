"""Leases, in either database: one holder at a time, and none that could not renew in time changes
anything."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndicate.errors import LeaseLostError, LockedError
from syndicate.ledger import leases as module
from syndicate.ledger.database import OLD_RUN_LOCK, Database
from syndicate.ledger.leases import Busy, Lease, Leases
from syndicate.ledger.ledger import Ledger, open_ledger
from syndicate.ledger.processes import this_process
from syndicate.ledger.tables import LEASES
from tests import waiting


class Desk:
    """A ledger that several have open."""

    def __init__(self, url: str, root: Path) -> None:
        self._url, self._root = url, root
        self._open: list[Ledger] = []

    def ledger(self) -> Ledger:
        """The ledger, opened once more."""
        self._open.append(open_ledger(self._url, self._root))
        return self._open[-1]

    def leases(self) -> Leases:
        return self.ledger().leases

    def close(self) -> None:
        for one in self._open:
            one.close()


@pytest.fixture
def desk(ledger_url: str, tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk(ledger_url, tmp_path)) as desk:
        yield desk


def taken(leases: Leases, name: str = "a") -> Lease:
    lease = leases.take([name])[name]
    assert isinstance(lease, Lease)
    return lease


def is_busy(leases: Leases, name: str = "a") -> bool:
    return isinstance(leases.take([name])[name], Busy)


def lapse(desk: Desk, lease: Lease) -> None:
    """Let `lease` end as if it had not been renewed in time."""
    with desk.ledger().database.transaction() as db:
        here = LEASES.c.name == lease.name
        db.execute(LEASES.update().where(here).values(until=LEASES.c.began))


def test_one_holder_at_a_time_and_each_token_is_larger(desk: Desk) -> None:
    one, two = desk.leases(), desk.leases()
    first = taken(one)
    assert is_busy(two)
    assert is_busy(one), "not even its holder takes it twice"
    one.release([first])
    second = taken(two)
    assert second.token > first.token
    assert not second.lapsed
    assert taken(two, "b").token > second.token


def test_of_several_those_that_are_free_are_taken(desk: Desk) -> None:
    one, two = desk.leases(), desk.leases()
    taken(one, "b")
    found = two.take(["a", "b", "c"])
    assert [type(found[name]) for name in "abc"] == [Lease, Busy, Lease]
    with pytest.raises(LockedError, match="b is at work"), one.taken(["d", "a"], "b is at work"):
        pass
    assert not is_busy(two, "d"), "what it could not use, it gave back"


def test_a_lapsed_lease_is_lost_and_its_holder_changes_nothing(desk: Desk) -> None:
    paused, heir = desk.leases(), desk.leases()
    lease = taken(paused)
    paused.renew(lease)
    lapse(desk, lease)
    with pytest.raises(LeaseLostError):
        paused.renew(lease)
    inherited = taken(heir)
    assert inherited.lapsed, "the holder before may only be paused"
    with pytest.raises(LeaseLostError):
        paused.renew(lease)
    paused.release([lease])
    heir.renew(inherited)
    heir.release([inherited])
    assert taken(heir).lapsed, "it may still be paused"


def test_what_is_changed_under_a_lost_lease_is_rolled_back(desk: Desk) -> None:
    ledger = desk.ledger()
    lease = taken(ledger.leases)
    lapse(desk, lease)
    with pytest.raises(LeaseLostError), ledger.database.transaction() as db:
        ledger.leases.end(db, lease)
        ledger.leases.hold(db, lease)
    assert taken(desk.leases()).lapsed, "it is still there, and has lapsed"


def test_a_run_renews_its_leases_and_ends_them(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BEATS", 6000)
    one, two = desk.leases(), desk.leases()
    ledger = desk.ledger()

    def until() -> float:
        with ledger.database.transaction() as db:
            query = sa.select(LEASES.c.until).where(LEASES.c.name == "a")
            return float(db.scalar(query) or 0.0)

    with one.run():
        taken(one)
        first = until()
        waiting.until("a renewal", lambda: until() > first)
        assert is_busy(two)
        assert two.busy()
    assert not two.busy()
    assert not is_busy(two)
    assert taken(two, "c").token > 3, "the tokens go on"


def test_a_run_whose_end_could_not_be_noted_does_not_keep_out_the_next(desk: Desk) -> None:
    """A locked ledger or a full disk, at that moment."""
    leases, ledger = desk.leases(), desk.ledger()
    mine = sa.select(LEASES).where(LEASES.c.name.startswith("run "))
    with leases.run(), ledger.database.transaction() as db:
        row = db.execute(mine).one()
    with ledger.database.transaction() as db:
        db.execute(LEASES.insert().values(row._mapping))
    with leases.run():
        pass
    with ledger.database.transaction() as db:
        assert not db.execute(mine).all(), "the next run ends both"


def test_the_end_of_a_process_ends_its_leases(desk: Desk) -> None:
    one = desk.leases()
    with waiting.Running(["sleep", "600"]) as other:
        boot, space, _, _ = this_process().split(" ")
        started = Path(f"/proc/{other.pid}/stat").read_text().rpartition(")")[2].split()[19]
        process = f"{boot} {space} {other.pid} {started}"
        lease = taken(one)
        with desk.ledger().database.transaction() as db:
            here = LEASES.c.name == lease.name
            db.execute(LEASES.update().where(here).values(process=process))
        assert is_busy(desk.leases())
        other.kill()
    assert not taken(desk.leases()).lapsed


def test_age_is_that_of_the_oldest_lease_of_others(desk: Desk) -> None:
    one, two = desk.leases(), desk.leases()
    before = two.oldest()
    with one.run():
        waiting.until("some time to pass", lambda: two.oldest() > before)
        assert one.oldest() > two.oldest() >= before or one.oldest() >= before
        assert two.oldest() <= one.oldest()
    assert two.oldest() > before


def test_alone_only_if_nobody_else_held_a_lease_meanwhile(desk: Desk) -> None:
    one, two = desk.leases(), desk.leases()
    one.watch()
    with one.run():
        taken(one)
        assert one.was_alone()
        two.release([taken(two, "b")])
        assert not one.was_alone()
    lease = taken(two)
    one.watch()
    two.release([lease])
    assert not one.was_alone(), "it was held when that began"
    one.watch()
    assert one.was_alone()


def test_a_run_clears_away_what_crashed_runs_have_left(desk: Desk) -> None:
    gone = desk.leases()
    with gone.run():
        lease = taken(gone)
        for name in ("a", f"run {gone._holder}"):
            lapse(desk, Lease(name, 0))
        with desk.leases().run():
            with desk.ledger().database.transaction() as db:
                names = set(db.scalars(sa.select(LEASES.c.name)))
            assert f"run {gone._holder}" not in names
            assert lease.name in names, "that it has lapsed must not be forgotten"


@pytest.mark.xdist_group("postgresql")
def test_a_run_of_a_release_without_leases_keeps_out_and_is_kept_out(
    postgresql: str, tmp_path: Path
) -> None:
    """It holds a lock of its session for as long as it works."""
    from tests.databases import database

    with database(postgresql) as url, closing(open_ledger(url, tmp_path)) as ledger:
        lease = taken(ledger.leases)
        old = sa.create_engine(url)
        with old.connect() as session:
            assert session.scalar(sa.select(sa.func.pg_try_advisory_lock(OLD_RUN_LOCK)))
            with pytest.raises(LeaseLostError):
                ledger.leases.renew(lease)
            with pytest.raises(LockedError, match="older release"):
                ledger.leases.take(["b"])
            session.scalar(sa.select(sa.func.pg_advisory_unlock(OLD_RUN_LOCK)))
        old.dispose()
        ledger.leases.renew(lease)


def test_after_a_restart_of_the_machine_nothing_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Desk("ledger.sqlite", tmp_path)) as desk:
        taken(desk.leases())
        monkeypatch.setattr(module, "boot", lambda: "another")
        monkeypatch.setattr(module, "this_process", lambda: f"another 0 {os.getpid()} 1")
        assert not taken(desk.leases()).lapsed


def test_a_clock_that_was_set_back_holds_nothing_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Desk("ledger.sqlite", tmp_path)) as desk:
        taken(desk.leases())
        monkeypatch.setattr(module, "monotonic", lambda: 1.0)
        assert taken(desk.leases()).lapsed


def test_databases_of_one_process_are_holders_of_their_own(tmp_path: Path) -> None:
    with (
        closing(open_ledger("ledger.sqlite", tmp_path)) as ledger,
        closing(Database(f"sqlite:///{tmp_path}/ledger.sqlite")) as other,
    ):
        lease = taken(ledger.leases)
        with pytest.raises(LeaseLostError):
            Leases(other).renew(lease)


def test_a_lease_that_is_renewed_all_the_time_is_never_taken(desk: Desk) -> None:
    """As a mailing renews it with every mail that it commits."""
    one, two = desk.leases(), desk.leases()
    lease = taken(one)
    ended = threading.Event()
    lost: list[LeaseLostError] = []

    def renew() -> None:
        while not ended.is_set():
            try:
                one.renew(lease)
            except LeaseLostError as error:
                lost.append(error)
                return

    renewing = threading.Thread(target=renew)
    renewing.start()
    try:
        assert all(is_busy(two) for _ in range(100))
    finally:
        ended.set()
        waiting.join(renewing, "the renewals")
    assert not lost
