"""Addresses are erased by age."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from syndicate.engine.retention import erase_aged
from syndicate.errors import Exit, Problems
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.subscribers import Entry, Status, Subscribers
from tests.engine.mailing import MailDesk, address, mail_desk
from tests.scanner import places_of
from tests.sink import Sink

SETTINGS = """
[retention]
deliveries = "400 days"
unsubscribed = "2 years"
bounced = "90 days"
"""


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running


@pytest.fixture
def mail(tmp_path: Path, sink: Sink) -> MailDesk:
    """A newsletter of which two issues were sent to three readers; the first is two years old."""
    desk = mail_desk(tmp_path / "newsroom", sink.port)
    settings = desk.root / "syndicate.toml"
    settings.write_text(settings.read_text() + SETTINGS)
    desk.subscribe(3)
    desk.publish()
    aged(desk, 730)
    desk.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
    desk.publish()
    return desk


def aged(desk: MailDesk, days: int, table: str = "deliveries", where: str = "TRUE") -> None:
    """Let everything so far have happened so many days before it did."""
    with closing(sqlite3.connect(desk.root / desk.ledger)) as db, db:
        for one in {"dispatches", table} if table == "deliveries" else {table}:
            rows = db.execute(f"SELECT DISTINCT at FROM {one} WHERE {where}").fetchall()
            for (at,) in rows:
                then = datetime.fromisoformat(at) - timedelta(days=days)
                change = f"UPDATE {one} SET at = ? WHERE at = ? AND {where}"
                db.execute(change, (then.isoformat(), at))


def run(desk: MailDesk) -> None:
    newsroom = load_newsroom(desk.root, {})
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        assert erase_aged(newsroom, ledger) == []


def test_the_records_of_old_mail_have_no_addresses(mail: MailDesk, sink: Sink) -> None:
    assert mail.command("ledger", "backup").returncode == 0
    run(mail)
    with closing(sqlite3.connect(mail.root / mail.ledger)) as db:
        rows = db.execute("SELECT dispatch, unit, state FROM deliveries ORDER BY 1").fetchall()
    old, new = rows[:3], rows[-3:]
    assert all(unit.startswith("person-") for _, unit, _ in old)
    assert {unit for _, unit, _ in new} == {address(n) for n in range(3)}
    assert {state for *_, state in rows} == {"delivered"}
    (backup,) = (mail.root / ".syndicate").glob("*.backup")
    with closing(sqlite3.connect(backup)) as db:
        assert db.execute("SELECT unit FROM deliveries ORDER BY dispatch").fetchone() == (
            old[0][1],
        )
    assert mail.publish().exit is Exit.DONE
    assert len(sink.mails) == 6, "active subscribers stay, and get nothing twice"


def test_a_file_with_an_at_sign_is_no_person(mail: MailDesk) -> None:
    with closing(sqlite3.connect(mail.root / mail.ledger)) as db, db:
        db.execute("UPDATE dispatches SET artifact = 'logo@2x.png' WHERE id = 1")
        db.execute("UPDATE deliveries SET unit = 'logo@2x.png' WHERE dispatch = 1 AND unit = ?",
                   (address(0),))  # fmt: skip
    run(mail)
    with closing(sqlite3.connect(mail.root / mail.ledger)) as db:
        units = {unit for (unit,) in db.execute("SELECT unit FROM deliveries WHERE dispatch = 1")}
    assert "logo@2x.png" in units
    assert address(1) not in units


def test_people_who_left_long_ago_are_forgotten(mail: MailDesk) -> None:
    with closing(open_ledger(mail.ledger, mail.root)) as ledger:
        store = Subscribers(ledger.database, mail.root / ".syndicate")
        store.put([Entry("other", address(1)), Entry("other", address(0))], "test")
        store.unsubscribe("email", address(0), "asked")
        store.unsubscribe("other", address(0), "asked")
        store.unsubscribe("email", address(1), "asked")
        store.suppress(address(2), Status.BOUNCED, f"550 <{address(2)}> unknown")
    aged(mail, 100, "subscribers")
    run(mail)
    assert left(mail, 2) == []
    assert left(mail, 0), "two years are not over"
    aged(mail, 700, "subscribers")
    run(mail)
    assert left(mail, 0) == []
    assert left(mail, 1), "they read another letter"


def left(desk: MailDesk, number: int) -> list[str]:
    return places_of(desk.root / ".syndicate", address(number))


def test_it_happens_once_a_day_with_publish(mail: MailDesk) -> None:
    with closing(open_ledger(mail.ledger, mail.root)) as ledger:
        ledger.facts.put("retention looked at", "0")
    mail.write("new.md", "# New\n\nNew.\n", age=0)
    mail.publish()
    with closing(sqlite3.connect(mail.root / mail.ledger)) as db:
        first = db.execute("SELECT unit FROM deliveries ORDER BY dispatch, unit").fetchone()
    assert first[0].startswith("person-")


def test_nothing_is_looked_at_twice(mail: MailDesk) -> None:
    run(mail)
    with closing(open_ledger(mail.ledger, mail.root)) as ledger:
        done = ledger.facts.get("retention")
        assert int(done or 0) >= 1
    with closing(sqlite3.connect(mail.root / mail.ledger)) as db:
        plan = " ".join(
            row[3]
            for row in db.execute(
                "EXPLAIN QUERY PLAN SELECT at, id FROM subscribers"
                " WHERE status <> 'active' AND status IN ('bounced') AND at < '2026'"
                " ORDER BY at, id LIMIT 1000"
            )
        )
    assert "subscribers_left" in plan


@pytest.mark.parametrize("wrong", ['"29 days"', '"soon"', "400", '"200 years"'])
def test_a_wrong_length_is_an_error_in_its_line(mail: MailDesk, wrong: str) -> None:
    settings = mail.root / "syndicate.toml"
    settings.write_text(settings.read_text().replace('"90 days"', wrong))
    with pytest.raises(Problems) as caught:
        load_newsroom(mail.root, {})
    (error,) = caught.value.errors
    assert error.where
    assert error.where.line == len(settings.read_text().splitlines())


@pytest.mark.slow
def test_a_million_rows_need_no_more_memory(mail: MailDesk) -> None:
    with closing(sqlite3.connect(mail.root / mail.ledger)) as db, db:
        db.execute("DELETE FROM deliveries WHERE dispatch = 1")
        db.executemany(
            "INSERT INTO deliveries (dispatch, unit, state, attempts, at)"
            " VALUES (1, ?, 'delivered', 1, '2024-01-01T00:00:00+00:00')",
            ((f"reader-{number}@example.net",) for number in range(1_000_000)),
        )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run(mail)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # KB
    with closing(sqlite3.connect(mail.root / mail.ledger)) as db:
        query = "SELECT count(*) FROM deliveries WHERE dispatch = 1 AND unit LIKE 'person-%'"
        assert db.execute(query).fetchone() == (1_000_000,)
