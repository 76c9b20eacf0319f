"""A backup is put back, and what may have been sent since does not go out by itself."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from syndicate.engine.doctor import examine_newsroom
from syndicate.engine.review.drafts import find_draft
from syndicate.engine.review.verdicts import approve_draft
from syndicate.errors import Exit
from syndicate.ledger.ledger import open_ledger
from syndicate.ledger.migrations import VERSION
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.subscribers import Status, Subscribers
from tests.databases import database
from tests.engine.conftest import Desk, make_desk
from tests.engine.ledgers import ERAS, restore_newsroom
from tests.engine.mailing import MailDesk, address, mail_desk
from tests.platforms.x import SECRETS, X
from tests.sink import Sink

# The backups of a ledger on a server are not files of ours.
ON_A_FILE = pytest.mark.parametrize("desk", ["sqlite"], indirect=True)

THREE = [address(number) for number in range(3)]


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running


@pytest.fixture
def mail(tmp_path: Path, sink: Sink) -> MailDesk:
    """A newsletter with three readers, of which no. 1 was sent."""
    desk = mail_desk(tmp_path / "newsroom", sink.port)
    desk.subscribe(3)
    assert desk.publish().exit is Exit.DONE
    assert sorted(sink.recipients) == THREE
    return desk


def well(desk: Desk) -> bool:
    """Whether doctor finds the ledger well."""
    return all(one.well for one in examine_newsroom(desk.root) if one.what == "ledger")


def backed_up(desk: Desk) -> str:
    done = desk.command("ledger", "backup")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def put_back(desk: Desk, backup: str) -> str:
    done = desk.command("ledger", "restore", backup)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_what_was_mailed_after_the_backup_is_not_mailed_again(mail: MailDesk, sink: Sink) -> None:
    backup = backed_up(mail)
    mail.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
    mail.publish()
    assert len(sink.mails) == 6
    put_back(mail, backup)
    done = mail.command("publish", "--yes")
    assert done.returncode == 3
    assert "2.letter: 3 not sent: may have been sent after the backup" in done.stderr
    assert ": 0 not sent" not in done.stderr
    assert [one["unit"] for one in mail.listed("--uncertain")] == THREE
    assert mail.command("publish", "--yes").returncode == 3, "named until somebody has settled it"
    assert len(sink.mails) == 6


def test_a_person_says_what_became_of_it(mail: MailDesk, sink: Sink) -> None:
    backup = backed_up(mail)
    mail.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
    put_back(mail, backup)
    mail.command("publish", "--yes")
    assert mail.command("deliveries", "resolve", THREE[0]).returncode == 0
    assert mail.command("deliveries", "resolve", "--all", "--as", "pending").returncode == 0
    assert mail.command("publish", "--yes").returncode == 0
    assert sorted(sink.recipients[3:]) == THREE[1:]


def test_what_comes_after_the_restore_is_sent(mail: MailDesk, sink: Sink) -> None:
    put_back(mail, backed_up(mail))
    mail.write("lamps.md", "# Lamps on the pier\n\nThey are lit again.\n", age=0)
    assert mail.command("publish", "--yes").returncode == 0
    assert len(sink.mails) == 6


def test_the_doubt_can_be_ended(mail: MailDesk, sink: Sink) -> None:
    mail.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
    put_back(mail, backed_up(mail))
    assert "may have been sent after it was made" in mail.command("ledger").stderr
    assert mail.command("ledger", "settle").returncode == 0
    assert mail.command("ledger").stderr == ""
    assert mail.command("publish", "--yes").returncode == 0
    assert len(sink.mails) == 6


def test_what_was_on_its_way_becomes_uncertain(mail: MailDesk, sink: Sink) -> None:
    mail.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
    sink.answers = {"RCPT": "451 come again"}
    mail.publish()
    backup = backed_up(mail)
    sink.answers = {}
    mail.publish()
    assert len(sink.mails) == 6
    assert "3 deliveries are now uncertain" in put_back(mail, backup)
    mail.command("publish", "--yes")
    assert len(sink.mails) == 6
    assert [one["unit"] for one in mail.listed("--uncertain")] == THREE


def test_files_are_simply_written_again(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "newsroom")
    desk.publish()
    backup = backed_up(desk)
    desk.write("lamps.md", "# Lamps on the pier\n\nThey are lit again.\n")
    desk.publish()
    before = desk.files()
    put_back(desk, backup)
    assert desk.publish().exit is Exit.DONE
    assert desk.files() == before


def test_a_post_approved_again_after_a_restore_is_not_posted_by_itself(tmp_path: Path) -> None:
    with X() as platform, Sink() as sink:
        desk = restore_newsroom(ERAS[3], tmp_path, smtp=sink.port, api=platform.url)
        assert desk.command("deliveries", "resolve", "--all").returncode == 0
        backup = backed_up(desk)
        desk.command("publish", "--yes", **SECRETS)
        posts = len(platform.posts)
        assert posts
        put_back(desk, backup)
        done = desk.command("publish", "--yes", **SECRETS)
        assert (done.returncode, "night-ferry.x.md" in done.stderr) == (3, True)
        newsroom = load_newsroom(desk.root, {})
        assert find_draft(newsroom, "night-ferry.x").status == "uncertain"
        approve_draft(newsroom, "ellery-head.x", "Ines Okafor")
        desk.command("publish", "--yes", **SECRETS)
        assert len(platform.posts) == posts


def test_who_left_after_the_backup_stays_away(mail: MailDesk, sink: Sink) -> None:
    backup = backed_up(mail)
    with closing(open_ledger(mail.ledger, mail.root)) as ledger:
        people = Subscribers(ledger.database, mail.root / ".syndicate")
        people.unsubscribe("email", THREE[0], "one click")
        people.suppress(THREE[1], Status.COMPLAINED, "reported: abuse")
    assert "2 people have unsubscribed since then and will get no mail" in put_back(mail, backup)
    mail.write("lamps.md", "# Lamps on the pier\n\nThey are lit again.\n", age=0)
    mail.command("publish", "--yes")
    assert sink.recipients[3:] == THREE[2:]


def test_the_ledger_before_is_kept_and_events_say_who(mail: MailDesk) -> None:
    backup = backed_up(mail)
    mail.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
    mail.publish()
    done = mail.command("ledger", "restore", backup, "--by", "Marit Vane")
    (kept,) = (mail.root / ".syndicate").glob("ledger.sqlite.before-restore-*.backup")
    assert kept.name in done.stderr
    shown = json.loads(mail.command("ledger", "--json").stdout)
    assert shown["backups"] == [Path(backup).name, kept.name]
    with closing(sqlite3.connect(kept)) as db:
        assert db.execute("SELECT count(*) FROM editions").fetchone() == (2,)
    lines = mail.command("history", "--json", "-n", "1").stdout.splitlines()
    told = json.loads(lines[0])
    assert (told["what"], told["who"]) == ("restored", "Marit Vane")


@ON_A_FILE
def test_what_was_written_to_a_lost_ledger_is_not_replayed_over_the_backup(desk: Desk) -> None:
    desk.publish("single")
    backup = backed_up(desk)
    file = desk.root / desk.ledger
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        ledger.take_slot("single", "2026-11-30T12:00:00+00:00")
        wal = file.with_name(f"{file.name}-wal")
        late = wal.read_bytes()
    assert late
    file.unlink()
    wal.write_bytes(late)
    said = put_back(desk, backup)
    assert "whoever has unsubscribed since the backup was made may get mail again" in said
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        assert "single" not in ledger.slots()
    assert well(desk)


@ON_A_FILE
def test_the_hint_does_not_name_what_a_restore_set_aside(desk: Desk) -> None:
    desk.publish("single")
    backup = backed_up(desk)
    os.truncate(desk.root / desk.ledger, 0)
    put_back(desk, backup)
    (desk.root / desk.ledger).write_bytes(b"no ledger" * 1000)
    hint = desk.command("status").stderr.partition("hint: ")[2]
    assert Path(backup).name in hint


@ON_A_FILE
def test_a_backup_that_is_not_there_is_named_and_those_that_are(desk: Desk) -> None:
    desk.publish("single")
    backup = Path(backed_up(desk)).name
    done = desk.command("ledger", "restore", "elsewhere.backup")
    assert done.returncode == 2
    assert "there is no file elsewhere.backup" in done.stderr
    assert backup in done.stderr


def test_a_damaged_ledger_is_replaced_and_kept(mail: MailDesk) -> None:
    backup = backed_up(mail)
    ledger = mail.root / mail.ledger
    for suffix in ("-wal", "-shm"):
        ledger.with_name(ledger.name + suffix).unlink(missing_ok=True)
    ledger.write_bytes(b"\0" * 5000)
    assert not well(mail)
    put_back(mail, backup)
    assert well(mail)
    (kept,) = (mail.root / ".syndicate").glob("ledger.sqlite.before-restore-*.backup")
    assert kept.read_bytes() == b"\0" * 5000


def test_an_empty_ledger_is_replaced(mail: MailDesk) -> None:
    backup = backed_up(mail)
    (mail.root / mail.ledger).write_bytes(b"")
    put_back(mail, backup)
    assert well(mail)


def test_a_backup_of_an_older_release_is_upgraded(tmp_path: Path, mail: MailDesk) -> None:
    old = restore_newsroom(ERAS[2], tmp_path / "old")
    backup = tmp_path / "old.backup"
    (old.root / old.ledger).rename(backup)
    done = mail.command("ledger", "restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert f"version   {VERSION} " in mail.command("ledger").stdout
    assert backup.is_file()


def test_a_backup_of_another_newsroom_is_refused(tmp_path: Path, mail: MailDesk) -> None:
    with Sink() as sink:
        other = mail_desk(tmp_path / "other", sink.port)
        other.publish()
        done = mail.command("ledger", "restore", backed_up(other))
    assert done.returncode == 1
    assert "belongs to the newsroom" in done.stderr
    left = [one.name for one in (mail.root / ".syndicate").iterdir() if "restoring" in one.name]
    assert left == []
    assert well(mail)


def test_what_is_no_backup_is_refused(tmp_path: Path, mail: MailDesk) -> None:
    assert mail.command("ledger", "restore", "absent").returncode == 2
    text = tmp_path / "text"
    text.write_text("no ledger\n" * 1000)
    done = mail.command("ledger", "restore", str(text))
    assert done.returncode == 2
    assert f"{text} is not a backup: file is not a database" in done.stderr
    done = mail.command("ledger", "restore", ".syndicate/cache/read.db")
    assert (done.returncode, "read.db is not a backup" in done.stderr) == (2, True)
    done = mail.command("ledger", "restore", mail.ledger)
    assert (done.returncode, "it is the ledger itself" in done.stderr) == (2, True)
    assert well(mail)


def test_a_backup_can_be_named_as_the_ledger_lists_it(mail: MailDesk) -> None:
    backed_up(mail)
    (name,) = json.loads(mail.command("ledger", "--json").stdout)["backups"]
    assert mail.command("ledger", "restore", name).returncode == 0


def test_what_a_kill_left_is_cleared_up(mail: MailDesk) -> None:
    backup = Path(backed_up(mail))
    state = mail.root / ".syndicate"
    left = [state / f"ledger.sqlite.restoring{end}" for end in (".part", ".part-journal")]
    for file in left:
        file.write_bytes(b"x")
    assert mail.command("ledger", "restore", str(backup)).returncode == 0
    assert not any(file.exists() for file in left)


@pytest.mark.slow
def test_a_server_s_ledger_after_pg_restore(tmp_path: Path, sink: Sink, postgresql: str) -> None:
    with database(postgresql) as url:
        desk = mail_desk(tmp_path / "newsroom", sink.port, ledger=url)
        desk.subscribe(3)
        desk.publish()
        desk.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
        assert desk.command("ledger", "backup").returncode == 2
        assert desk.command("ledger", "restore").returncode == 0
        assert desk.command("publish", "--yes").returncode == 3
        assert len(sink.mails) == 3
        assert len(desk.listed("--uncertain")) == 3
        assert "doubtful" in desk.command("ledger", "--json").stdout


def test_without_a_file_it_lists_the_backups(mail: MailDesk) -> None:
    ledger = mail.root / mail.ledger
    assert mail.command("ledger", "restore").stdout == ""
    backup = Path(backed_up(mail))
    old = ledger.with_name(f"{ledger.name}.v3-20261130T101500Z.backup")
    old.write_bytes(b"")
    os.utime(old, (1_764_500_000,) * 2)
    before = backup.read_bytes()
    done = mail.command("ledger", "restore")
    assert done.returncode == 2
    rows = [line.split() for line in done.stdout.splitlines()[1:]]
    assert [(row[-2], Path(row[-1]).name) for row in rows] == [
        ("3", old.name),
        (str(VERSION), backup.name),
    ]
    assert " ".join(rows[0]).startswith("30 Nov 2025 ")
    assert f"syndicate ledger restore {backup}" in done.stderr
    assert backup.read_bytes() == before
