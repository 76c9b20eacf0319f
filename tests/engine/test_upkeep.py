"""Doctor says how a ledger is, and what is lost is neither overlooked nor made up."""

from __future__ import annotations

import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from syndicate.engine.doctor import Diagnosis, examine_newsroom
from syndicate.ledger.backups import upgrade_backups
from syndicate.ledger.ledger import open_ledger
from syndicate.ledger.migrations import VERSION
from tests.databases import database
from tests.engine.conftest import Desk, make_desk
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
    assert done.returncode == 1
    assert f"missing from the ledger: {lacking}" in done.stderr
    assert finding(desk).found == f"missing from the ledger: {lacking}"


def test_doctor_on_a_newer_ledger(desk: Desk) -> None:
    desk.publish("single")
    newer = f"UPDATE ledger SET value = '{VERSION + 1}' WHERE key IN ('version', 'usable_from')"
    with (
        closing(open_ledger(desk.ledger, desk.root)) as ledger,
        ledger.database.transaction() as db,
    ):
        db.exec_driver_sql(newer)
    found = finding(desk)
    assert not found.well
    assert f"version {VERSION + 1}" in found.found
    assert "upgrade syndicate" in (found.hint or "")


def test_an_empty_file_where_a_ledger_was_is_refused(tmp_path: Path) -> None:
    desk = restore_newsroom(ERAS[3], tmp_path)
    (desk.root / desk.ledger).write_bytes(b"")
    done = desk.command("publish", "--yes")
    assert done.returncode == 1
    assert "the ledger is empty (0 bytes)" in done.stderr
    assert "syndicate ledger restore FILE" in done.stderr
    assert not finding(desk).well
    assert (desk.root / desk.ledger).read_bytes() == b""


LOST = {"one byte": b"\0", "another program's": None}


@pytest.mark.parametrize("content", LOST.values(), ids=LOST)
def test_a_file_without_the_ledger_s_tables_is_no_new_ledger(
    tmp_path: Path, content: bytes | None
) -> None:
    """SQLite opens both as if nothing were wrong."""
    desk = restore_newsroom(ERAS[3], tmp_path)
    file = desk.root / desk.ledger
    file.unlink()
    if content is None:
        in_ledger(desk, "CREATE TABLE users (name)")
    else:
        file.write_bytes(content)
    done = desk.command("publish", "--yes")
    assert (done.returncode, done.stdout) == (1, "")
    assert "the ledger's tables are gone" in done.stderr
    assert finding(desk).found.endswith("the ledger's tables are gone")


@pytest.mark.slow
def test_an_emptied_database_is_no_new_ledger(tmp_path: Path, postgresql: str) -> None:
    with database(postgresql) as url, database(postgresql) as empty:
        desk = make_desk(tmp_path / "newsroom", url)
        desk.publish("single")
        settings = desk.root / "syndicate.toml"
        settings.write_text(settings.read_text().replace(url, empty))
        done = desk.command("publish")
        assert (done.returncode, done.stdout) == (1, "")
        assert "there is no ledger in the database" in done.stderr
        assert "pg_restore" in done.stderr
        assert not finding(desk).well
        (desk.root / ".syndicate" / "newsroom").unlink()
        assert desk.command("publish").returncode == 0


def test_damaged_pages_are_found_before_an_upgrade(tmp_path: Path) -> None:
    """Each failed upgrade would put a copy of the damaged ledger in place of a good backup."""
    desk = restore_newsroom(ERAS[3], tmp_path)
    file = desk.root / desk.ledger
    good = file.with_name(f"{file.name}.v2-20261101T101500Z.backup")
    good.write_bytes(file.read_bytes())
    content = bytearray(file.read_bytes())
    content[30_000:39_000] = bytes(range(250)) * 36
    file.write_bytes(content)
    for _ in range(4):
        done = desk.command("status")
        assert done.returncode == 1
        assert (
            f"the ledger is damaged\n  hint: restore a backup: syndicate ledger restore {good}"
            in (done.stderr)
        )
    assert upgrade_backups(file) == [good]
    assert finding(desk).found.endswith("the ledger is damaged")


def test_an_upgrade_that_fails_keeps_no_backup(tmp_path: Path) -> None:
    desk = restore_newsroom(ERAS[3], tmp_path)
    in_ledger(desk, "UPDATE editions SET members = '{'")
    done = desk.command("status")
    assert done.returncode == 1
    assert "edition 1 of 'email' cannot be read" in done.stderr
    assert upgrade_backups(desk.root / desk.ledger) == []


def test_a_delivery_in_a_state_that_does_not_exist(tmp_path: Path) -> None:
    desk = restore_newsroom(ERAS[3], tmp_path)
    in_ledger(desk, "UPDATE deliveries SET state = 'sent'")
    done = desk.command("publish")
    assert done.returncode == 1
    assert "a delivery has the state 'sent'" in done.stderr


def test_a_ledger_on_a_disk_that_is_not_mounted(tmp_path: Path) -> None:
    desk = restore_newsroom(ERAS[3], tmp_path)
    file = desk.root / desk.ledger
    file.unlink()
    file.symlink_to(tmp_path / "disk" / "ledger.sqlite")
    done = desk.command("status")
    assert done.returncode == 1
    assert f"is a link to {tmp_path}/disk/ledger.sqlite, which does not exist" in done.stderr
    assert not finding(desk).well


def test_the_hint_can_be_run_in_a_folder_with_spaces(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "the news")
    desk.publish("single")
    assert desk.command("ledger", "backup").returncode == 0
    (desk.root / desk.ledger).write_bytes(b"")
    hint = desk.command("status").stderr.partition("syndicate ")[2].partition(";")[0]
    assert desk.command(*shlex.split(hint)).returncode == 0
    assert desk.command("status").returncode == 0
