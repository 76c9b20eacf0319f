"""Doctor says how a ledger is, and what is lost is neither overlooked nor made up."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from syndicate.engine.doctor import Diagnosis, examine_newsroom
from syndicate.ledger.ledger import open_ledger
from syndicate.ledger.migrations import VERSION
from tests.engine.conftest import Desk
from tests.engine.ledgers import ERAS, Era, restore_newsroom


def finding(desk: Desk) -> Diagnosis:
    """What doctor says of the ledger."""
    return next(one for one in examine_newsroom(desk.root) if one.what == "ledger")


def in_ledger(desk: Desk, *statements: str) -> None:
    with closing(sqlite3.connect(desk.root / desk.ledger)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


@pytest.mark.parametrize("era", ERAS, ids=lambda era: era.commit)
def test_doctor_knows_an_older_ledger_and_changes_nothing(tmp_path: Path, era: Era) -> None:
    desk = restore_newsroom(era, tmp_path)
    found = finding(desk)
    assert (found.well, f"upgrades it to version {VERSION}" in found.found) == (True, True)
    assert found.found.startswith(f"version {era.version}, 3 articles")
    assert finding(desk) == found


@pytest.mark.parametrize(
    ("statement", "lacking"),
    [
        ("ALTER TABLE deliveries DROP COLUMN attempts", "column 'attempts' of table 'deliveries'"),
        ("DROP TABLE slots", "table 'slots'"),
        ("ALTER TABLE subscribers DROP COLUMN cause", "column 'cause' of table 'subscribers'"),
    ],
)
@pytest.mark.parametrize("old", [True, False])
def test_doctor_names_what_is_missing(
    tmp_path: Path, statement: str, lacking: str, old: bool
) -> None:
    desk = restore_newsroom(ERAS[3], tmp_path)
    if not old:
        with closing(open_ledger(desk.ledger, desk.root)):
            pass
    in_ledger(desk, statement)
    found = finding(desk)
    assert (found.well, found.found) == (False, f"missing from the ledger: {lacking}")
    newest = "FILE" if old else next(desk.root.glob(f"{desk.ledger}.*.backup"))
    assert found.hint == f"restore a backup: syndicate ledger restore {newest}"
    assert f"BAD  ledger: missing from the ledger: {lacking}" in desk.command("doctor").stdout


@pytest.mark.parametrize(
    ("statement", "lacking"),
    [
        ("ALTER TABLE deliveries DROP COLUMN attempts", "column 'attempts' of table 'deliveries'"),
        ("DROP TABLE dispatches", "table 'dispatches'"),
    ],
)
def test_what_an_old_ledger_lacks_is_not_made_up(
    tmp_path: Path, statement: str, lacking: str
) -> None:
    """With an empty table in place of a lost one, everything would be sent again."""
    desk = restore_newsroom(ERAS[3], tmp_path)
    in_ledger(desk, statement)
    done = desk.command("publish", "--yes")
    assert done.returncode == 3
    assert f"missing from the ledger: {lacking}" in done.stderr
    assert finding(desk).found == f"missing from the ledger: {lacking}"


def test_doctor_on_a_newer_ledger(desk: Desk) -> None:
    desk.publish("single")
    newer = "UPDATE ledger SET value = '9' WHERE key IN ('version', 'usable_from')"
    with (
        closing(open_ledger(desk.ledger, desk.root)) as ledger,
        ledger.database.transaction() as db,
    ):
        db.exec_driver_sql(newer)
    found = finding(desk)
    assert not found.well
    assert "version 9" in found.found
    assert "upgrade syndicate" in (found.hint or "")


def test_an_empty_file_where_a_ledger_was_is_refused(tmp_path: Path) -> None:
    desk = restore_newsroom(ERAS[3], tmp_path)
    (desk.root / desk.ledger).write_bytes(b"")
    done = desk.command("publish", "--yes")
    assert done.returncode == 3
    assert "the ledger is empty (0 bytes)" in done.stderr
    assert "syndicate ledger restore FILE" in done.stderr
    assert not finding(desk).well
    assert (desk.root / desk.ledger).read_bytes() == b""
