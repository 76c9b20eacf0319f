"""The database under the ledger: streams that use the index, readers that do not wait."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from syndicate.ledger.database import PAGE, SCHEMA, Database
from syndicate.ledger.events import LedgerEvent
from syndicate.ledger.ledger import Ledger, open_ledger
from syndicate.ledger.tables import DELIVERIES, EVENTS, Long
from tests.databases import database
from tests.engine.conftest import Desk
from tests.ledger.taking import hand_over

_KEY = (DELIVERIES.c.dispatch, DELIVERIES.c.unit)


@pytest.fixture
def ledger(desk: Desk) -> Iterator[Ledger]:
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        yield ledger


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    with database(request.getfixturevalue("postgresql")) as url:
        yield url


def fill(ledger: Ledger, *sizes: int) -> list[tuple[int, str]]:
    """Dispatches with so many deliveries each; their keys, in order."""
    keys = []
    for number, size in enumerate(sizes):
        made = hand_over(ledger, ("email", str(number), "letter", "smtp"), "d")
        units = [f"reader-{n:05}@example.net" for n in range(size)]
        made.freeze(reversed(units))
        (latest,) = (d for d in ledger.dispatches.current() if d.rendering == str(number))
        keys += [(latest.id, unit) for unit in units]
    return keys


@pytest.mark.parametrize("sizes", [(0,), (PAGE,), (1, PAGE - 1, 2), (PAGE + 1, 3, 2 * PAGE)])
def test_a_stream_gives_every_row_once_in_order(ledger: Ledger, sizes: tuple[int, ...]) -> None:
    keys = fill(ledger, *sizes)
    rows = ledger.database.stream(sa.select(DELIVERIES), *_KEY)
    assert [(row.dispatch, row.unit) for row in rows] == keys


def test_a_page_of_one_dispatch_is_sought_in_the_index(tmp_path: Path) -> None:
    with closing(open_ledger("ledger.sqlite", tmp_path)) as ledger:
        ((dispatch, _), *_) = fill(ledger, PAGE + 1)
        asked: list[tuple[str, Any]] = []

        def hear(_db: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if "FROM deliveries" in statement:
                asked.append((statement, parameters))

        sa.event.listen(sa.Engine, "before_cursor_execute", hear)
        try:
            query = sa.select(DELIVERIES).where(DELIVERIES.c.dispatch == dispatch)
            assert len(list(ledger.database.stream(query, *_KEY))) == PAGE + 1
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", hear)
        with ledger.database.transaction() as db:
            plans = [
                " ".join(row[3] for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {asks}", given))
                for asks, given in asked[1:2]
            ]
        assert plans
        assert all("unit>?" in plan for plan in plans), plans


def test_a_reader_does_not_wait_for_a_writer_and_sees_one_moment(ledger: Ledger) -> None:
    count = sa.select(sa.func.count()).select_from(EVENTS)
    seen: list[int | None] = []

    def look() -> None:
        with ledger.database.reading() as db:
            seen.append(db.scalar(count))

    with ledger.database.transaction() as db:
        db.execute(EVENTS.delete())
        other = threading.Thread(target=look, daemon=True)
        other.start()
        other.join(20)
    assert seen == [1], "the reader waited, or saw what was not committed"
    with ledger.database.reading() as db:
        assert db.scalar(count) == 0
        ledger.events.add(LedgerEvent("created"))
        assert db.scalar(count) == 0
    assert ledger.events.count() == 1


@pytest.mark.slow
def test_threads_write_at_the_same_time_on_a_server(server: str) -> None:
    with closing(open_ledger(server, Path())) as ledger:
        both = threading.Barrier(2, timeout=20)

        def write() -> None:
            with ledger.database.transaction() as db:
                db.execute(sa.text("SELECT 1"))
                both.wait()

        threads = [threading.Thread(target=write) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not both.broken


@pytest.mark.slow
def test_numbers_are_as_long_on_a_server_after_an_upgrade(server: str) -> None:
    with closing(open_ledger(server, Path())) as ledger:
        long = [(t.name, c.name) for t in SCHEMA.sorted_tables for c in t.columns if c.type is Long]
        with ledger.database.transaction() as db:
            for table, column in long:
                db.exec_driver_sql(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE INTEGER")
            db.exec_driver_sql("ALTER SEQUENCE events_id_seq AS INTEGER")
            db.exec_driver_sql("UPDATE ledger SET value = '4' WHERE key = 'version'")
    with closing(open_ledger(server, Path())) as ledger:
        with ledger.database.transaction() as db:
            kinds = {
                (table, column["name"]): column["type"]
                for table in {table for table, _ in long}
                for column in sa.inspect(db).get_columns(table)
            }
            assert all(isinstance(kinds[one], sa.BigInteger) for one in long)
            db.exec_driver_sql("SELECT setval('events_id_seq', 3000000000)")
        ledger.events.add(LedgerEvent("created"))


def test_a_database_in_memory_is_read_too() -> None:
    with closing(Database("sqlite://")) as database, database.reading() as db:
        assert db.scalar(sa.text("SELECT 1")) == 1
