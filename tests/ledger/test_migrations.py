"""Ledgers of older releases: each opens, keeps what it knew, and sends nothing twice."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import sys
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndicate.errors import LedgerError
from syndicate.ledger import backups, migrations
from syndicate.ledger.dispatch import State
from syndicate.ledger.ledger import Ledger, open_ledger
from syndicate.ledger.tables import ABOUT
from tests.engine.conftest import Desk
from tests.engine.ledgers import EACH, ERAS, Era, make, restore_newsroom
from tests.golden.ledgers.make import CUT_OFF, PUT_OFF, READERS, REFUSED
from tests.waiting import Running, run

__all__ = ["make"]


def opened(desk: Desk) -> Ledger:
    return open_ledger(desk.ledger, desk.root)


def events(desk: Desk, what: str) -> list[str]:
    """The notes of the events of this kind, newest first."""
    with closing(opened(desk)) as ledger:
        return [one.note for one in ledger.events.newest(what=[what])]  # type: ignore[list-item]


def version(desk: Desk) -> int:
    """The version of a ledger that is not opened as such."""
    engine = sa.create_engine(desk.ledger if "://" in desk.ledger else _url(desk))
    with engine.connect() as db:
        found = migrations.version_of(db)
    engine.dispose()
    return found


def _url(desk: Desk) -> str:
    return f"sqlite:///{desk.root / desk.ledger}"


@EACH
def test_each_is_known_by_its_tables_and_upgraded_once(make: object, era: Era) -> None:
    desk: Desk = make(era)  # type: ignore[operator]
    assert version(desk) == era.version
    with closing(opened(desk)) as ledger, ledger.database.transaction() as db:
        assert list(migrations.missing_columns(db)) == []
        assert migrations.about_ledger(db)["version"] == str(migrations.VERSION)
    with closing(opened(desk)):
        pass
    assert len(events(desk, "upgraded")) == 1


@EACH
def test_approvals_editions_and_deliveries_are_kept(make: object, era: Era) -> None:
    desk: Desk = make(era)  # type: ignore[operator]
    with closing(opened(desk)) as ledger:
        said = {(one.name, one.by, one.verdict) for one in ledger.reviews()}
        assert said >= {(name, "Ines Okafor", "approved") for name in (era.gone, era.approved)}
        told = {(one.name, one.who) for one in ledger.events.newest(what=["approved"])}
        assert told == {(name, by) for name, by, _ in said}
        channel = "email" if era.mails else "numbered"
        numbers = [(one.number, len(one.members)) for one in ledger.editions()[channel]]
        assert numbers == [(1, 2), (2, 1)]
        current = {
            (one.channel, one.rendering, one.artifact): one for one in ledger.dispatches.current()
        }
        if era.mails:
            issue = current[("email", "2", "0002.letter")]
            states = {
                row.unit: row.state for s in State for row in ledger.dispatches.rows(issue.id, s)
            }
            assert states == {
                READERS[0]: "delivered",
                REFUSED: "failed",
                CUT_OFF: "uncertain",
                PUT_OFF: "pending",
            }
        else:
            assert all(one.delivered for one in current.values())
            drafts = {artifact for channel, _, artifact in current if channel == "social"}
            assert drafts == {era.gone}


def test_a_backup_is_written_before_the_upgrade(tmp_path: Path) -> None:
    desk = restore_newsroom(ERAS[2], tmp_path)
    with closing(opened(desk)):
        pass
    (backup,) = backups.upgrade_backups(desk.root / desk.ledger)
    assert backup.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(backup)) as kept:
        assert kept.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = {name for (name,) in kept.execute("SELECT name FROM sqlite_master")}
    assert "reviews" in names
    assert "events" not in names
    assert backup.name in events(desk, "upgraded")[0]


def test_the_last_three_backups_are_kept(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(ledger)) as made:
        made.execute("CREATE TABLE t (x)")
    days = [f"ledger.sqlite.v3-2026112{day}T101500Z.backup" for day in range(1, 6)]
    for name in days:
        shutil.copy(ledger, tmp_path / name)
    made_now = backups.back_up(ledger, 12)
    backups.keep_last_backups(ledger)
    assert [one.name for one in backups.upgrade_backups(ledger)] == [*days[-2:], made_now.name]


def test_without_room_for_a_backup_nothing_is_upgraded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = restore_newsroom(ERAS[1], tmp_path)
    usage = shutil.disk_usage(tmp_path)._replace(free=10_000_000)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _: usage)
        with pytest.raises(LedgerError, match="10 MB needed, 10 MB free"):
            opened(desk)
    assert version(desk) == 2
    assert backups.upgrade_backups(desk.root / desk.ledger) == []


# Runs in a process of its own: the ledger is opened, and the process kills itself.
KILLED = """
import os, signal, sys
from pathlib import Path
from dataclasses import replace
from syndicate.ledger import backups, migrations
from syndicate.ledger.ledger import open_ledger

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

when = sys.argv[3]
if when == "backup":
    backups.os.fsync = die
else:
    def last(step):
        def run(db):
            step.run(db)
            die()
        return replace(step, run=run) if step.version == int(when) else step
    migrations.STEPS = tuple(map(last, migrations.STEPS))
open_ledger(sys.argv[1], Path(sys.argv[2]))
"""


def kill(desk: Desk, when: str) -> None:
    """Open the ledger of `desk` in a process that dies `when` the backup or a step is written."""
    killed = run([sys.executable, "-c", KILLED, desk.ledger, str(desk.root), when])
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert version(desk) == 1


def is_whole(desk: Desk) -> None:
    """See that the ledger of the first era has all that it had, upgraded once."""
    with closing(opened(desk)) as ledger:
        assert {one.name for one in ledger.reviews()} == {ERAS[0].gone, ERAS[0].approved}
        assert all(one.delivered for one in ledger.dispatches.current())
    assert len(events(desk, "upgraded")) == 1


@pytest.mark.parametrize("step", ["2", "3", "4"])
def test_killed_within_a_step_then_again(make: object, step: str) -> None:
    desk: Desk = make(ERAS[0])  # type: ignore[operator]
    kill(desk, step)
    is_whole(desk)


def test_killed_within_the_backup_then_again(tmp_path: Path) -> None:
    desk = restore_newsroom(ERAS[0], tmp_path)
    kill(desk, "backup")
    assert backups.upgrade_backups(desk.root / desk.ledger) == []
    is_whole(desk)
    (whole,) = backups.upgrade_backups(desk.root / desk.ledger)
    left = {one.name for one in (desk.root / ".syndicate").glob("*backup*")}
    assert left == {whole.name}


OPEN = """
import os
import sys
import time
from contextlib import closing
from pathlib import Path
from syndicate.ledger.ledger import open_ledger

print("ready", file=sys.stderr, flush=True)
while not os.path.exists(sys.argv[3]):
    time.sleep(0.001)
with closing(open_ledger(sys.argv[1], Path(sys.argv[2]))) as ledger:
    print(len(ledger.reviews()))
"""


def _is_ready(process: Running) -> bool:
    return "ready" in process.stderr


def at_once(words: list[str], number: int, folder: Path) -> list[str]:
    """What `number` processes say that all open a ledger when the last of them has started."""
    go = folder / "go"
    with ExitStack() as stack:
        several = [stack.enter_context(Running([*words, str(go)])) for _ in range(number)]
        for one in several:
            one.until("it was ready", partial(_is_ready, one))
        go.touch()
        ended = [one.ended() for one in several]
    assert [one.returncode for one in ended] == [0] * number, ended
    return [one.stdout for one in ended]


def test_eight_processes_at_once_upgrade_it_once(make: object, tmp_path: Path) -> None:
    desk: Desk = make(ERAS[1])  # type: ignore[operator]
    words = [sys.executable, "-c", OPEN, desk.ledger, str(desk.root)]
    assert at_once(words, 8, tmp_path) == ["2\n"] * 8
    assert len(events(desk, "upgraded")) == 1
    if "://" not in desk.ledger:
        assert len(backups.upgrade_backups(desk.root / desk.ledger)) == 1


def test_eight_processes_at_once_make_one_new_ledger(tmp_path: Path) -> None:
    words = [sys.executable, "-c", OPEN, "ledger.sqlite", str(tmp_path)]
    assert at_once(words, 8, tmp_path) == ["0\n"] * 8
    with closing(open_ledger("ledger.sqlite", tmp_path)) as ledger:
        assert [one.what for one in ledger.events.newest()] == ["created"]
    left = {one.name for one in tmp_path.iterdir() if one.name.endswith(".new")}
    assert left == set()


def test_a_newer_ledger_is_refused_with_both_versions(desk: Desk) -> None:
    desk.publish("single")
    newer = str(migrations.VERSION + 1)
    _say(desk, version=newer, usable_from=newer, program="7.5.0")
    done = desk.command("status")
    assert done.returncode == 1
    assert f"version {newer}, from syndicate 7.5.0" in done.stderr
    assert f"can use versions up to {migrations.VERSION}" in done.stderr
    assert "hint: upgrade syndicate to 7.5.0" in done.stderr


def test_the_release_before_may_go_on_using_it(desk: Desk) -> None:
    desk.publish("single")
    _say(desk, version=str(migrations.VERSION + 1), usable_from=str(migrations.VERSION))
    desk.write("lamps.md", "# Lamps on the pier\n\nThey are lit again.\n")
    assert desk.command("publish", "--channels", "single").returncode == 0
    assert version(desk) == migrations.VERSION + 1


def _say(desk: Desk, **values: str) -> None:
    with closing(opened(desk)) as ledger, ledger.database.transaction() as db:
        rows = [{"key": key, "value": value} for key, value in values.items()]
        ledger.database.put(db, ABOUT, rows)


def test_an_edition_written_by_the_release_before_is_read(tmp_path: Path) -> None:
    """It writes only the column that it knows, whatever the newer ones say."""
    desk = restore_newsroom(ERAS[3], tmp_path)
    with closing(opened(desk)) as ledger, ledger.database.transaction() as db:
        db.exec_driver_sql(
            "UPDATE editions SET members = ? WHERE number = 2", ('[["id-7", "digest-7"]]',)
        )
    with closing(opened(desk)) as ledger:
        _, second = ledger.editions()["email"]
    assert (second.members, second.since) == ((("id-7", "digest-7"),), None)
