"""A person is forgotten: no mail, and their address is nowhere any more."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndicate.couriers import Delivery
from syndicate.engine import forgetting
from syndicate.engine.delivery.journal import LedgerJournal
from syndicate.engine.forgetting import ForgottenPerson, finish_forgetting, forget
from syndicate.errors import Exit
from syndicate.ledger import address_rows, backups
from syndicate.ledger.database import Database
from syndicate.ledger.dispatch import State
from syndicate.ledger.held_dispatch import HeldDispatch
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.subscribers import Entry, Subscribers
from tests import waiting
from tests.databases import database
from tests.engine.mailing import MailDesk, address, mail_desk
from tests.scanner import places_of
from tests.sink import Sink

ANN = "ann+news@bücher.example"
STORED = "ann+news@xn--bcher-kva.example"
TWIN = "ANN+News@xn--bcher-kva.example"
OTHER = "joann+news@xn--bcher-kva.example"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running


@pytest.fixture
def mail(tmp_path: Path, sink: Sink) -> MailDesk:
    """A newsletter of which no. 1 was sent to a few readers, among them Ann."""
    desk = mail_desk(tmp_path / "newsroom", sink.port)
    desk.subscribe(2)
    put(desk, STORED, TWIN, OTHER)
    assert desk.publish().exit is Exit.DONE
    return desk


def put(desk: MailDesk, *addresses: str, channel: str = "email") -> None:
    with closing(open_ledger(desk.ledger, desk.root)) as opened:
        store = Subscribers(opened.database, desk.root / ".syndicate")
        people = [Entry(channel, one, {"name": "Ann", "login": one}) for one in addresses]
        store.put(people, f"asked for by {addresses[0]} herself")


def forgotten(desk: MailDesk, person: str = ANN) -> ForgottenPerson:
    return forget(load_newsroom(desk.root, {}), person, "Ines")


def units(desk: MailDesk) -> dict[str, str]:
    """The state of each delivery, by its unit."""
    return dict(pairs(desk))


def pairs(desk: MailDesk) -> list[tuple[str, str]]:
    """The unit and the state of each delivery."""
    with closing(open_ledger(desk.ledger, desk.root)) as opened:
        return [(row.unit, row.state) for _, row in opened.dispatches.find(list(State))]


def left(desk: MailDesk) -> list[str]:
    """Where the address still is."""
    return places_of(desk.root / ".syndicate", STORED, ANN, besides=OTHER)


def scribble(desk: MailDesk) -> None:
    """Let the address be where programs and people may have written it."""
    file = desk.root / desk.ledger
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("PRAGMA secure_delete=OFF")
        db.execute(
            "UPDATE deliveries SET error = ? WHERE unit = ?",
            (f"550 5.1.1 <{TWIN}>: no such user", address(0)),
        )
        db.execute(
            "INSERT INTO events (at, who, what, channel, unit, name, digest, note)"
            " VALUES ('2026-01-01', '', 'removed', 'feed', '', '', '', ?)",
            (
                "withdrawn: out/ann%2Bnews@xn--bcher-kva.example/feed.xml, mailto:ann%2Bnews%40"
                "xn--bcher-kva.example?subject=x and ann+news@bücher.example.",
            ),
        )
        # What was deleted without care is still in free pages.
        db.execute("CREATE TABLE old (x)")
        db.executemany("INSERT INTO old VALUES (?)", [(f"{STORED} {n}",) for n in range(900)])
        db.execute("DROP TABLE old")
    (desk.root / ".syndicate" / "cache" / "named.json").write_text(f'{{"1 failed 1 {STORED}": ""}}')


def test_the_address_is_in_no_byte_of_what_is_kept(mail: MailDesk) -> None:
    scribble(mail)
    assert mail.command("ledger", "backup").returncode == 0
    state = mail.root / ".syndicate"
    assert len(left(mail)) > 3, "the scanner finds what there is"
    done = forgotten(mail)
    assert (done.subscriptions, done.backups, done.errors) == (2, 1, ())
    assert left(mail) == []
    assert len(places_of(state, OTHER)) == 2, "nobody else was erased"
    (backup,) = state.glob("*.backup")
    assert backup.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(backup)) as kept:
        assert kept.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_counts_stay_and_nobody_is_mailed_twice(mail: MailDesk, sink: Sink) -> None:
    before = sorted(units(mail).values())
    done = forgotten(mail)
    assert sorted(units(mail).values()) == before
    assert {one for one in units(mail) if one.startswith("person-")} == {
        done.pseudonym,
        f"{done.pseudonym}-2",
    }
    sent = len(sink.mails)
    assert mail.publish().exit is Exit.DONE
    assert len(sink.mails) == sent
    mail.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
    mail.publish()
    assert sorted(sink.recipients[sent:]) == sorted([address(0), address(1), OTHER])


def test_who_signs_up_again_is_a_new_person(mail: MailDesk, sink: Sink) -> None:
    forgotten(mail)
    sent = len(sink.mails)
    assert mail.command("subscribers", "add", STORED).returncode == 0
    mail.publish()
    assert len(sink.mails) == sent, "the issue that went out is not sent again"
    mail.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
    mail.publish()
    assert STORED in sink.recipients[sent:]


def test_an_old_list_does_not_bring_anybody_back(mail: MailDesk, tmp_path: Path) -> None:
    forgotten(mail)
    old = tmp_path / "old.csv"
    old.write_text(f"email,name\nAnn+News@BÜCHER.example,Ann\n{address(7)},Reader\n")
    done = mail.command("subscribers", "import", str(old))
    assert done.returncode == 0
    assert "2 read, 1 new" in done.stderr
    assert "left out 1 person who asked to be forgotten" in done.stderr
    assert mail.command("subscribers", "show", STORED).returncode == 2


def test_again_is_the_same(mail: MailDesk) -> None:
    first = forgotten(mail)
    before = units(mail)
    again = forgotten(mail, TWIN)
    assert again.pseudonym == first.pseudonym
    assert (again.subscriptions, again.rows, again.backups) == (0, 0, 0)
    assert units(mail) == before


def test_lists_that_still_have_it_and_other_backups_are_named(
    mail: MailDesk, tmp_path: Path
) -> None:
    (mail.root / "readers.csv").write_text(f"email\n{address(1)}\n{TWIN}\n")
    assert mail.command("ledger", "backup", str(tmp_path / "monday.db")).returncode == 0
    named = [one.what for one in forgotten(mail).beyond]
    assert "readers.csv:3" in named
    assert any("monday.db" in one for one in named)


def test_a_backup_from_elsewhere_is_erased_when_it_is_restored(
    mail: MailDesk, tmp_path: Path
) -> None:
    monday = tmp_path / "monday.db"
    assert mail.command("ledger", "backup", str(monday)).returncode == 0
    done = forgotten(mail)
    assert STORED.encode() in monday.read_bytes()
    restored = mail.command("ledger", "restore", str(monday))
    assert restored.returncode == 0, restored.stderr
    assert "may be back" not in restored.stderr
    assert done.pseudonym in units(mail)
    assert not [one for one in units(mail) if one in (STORED, TWIN)]
    assert left(mail) == []


def test_the_command_says_what_was_erased_and_what_was_not(mail: MailDesk) -> None:
    done = mail.command("subscribers", "forget", ANN, "--by", "Ines")
    assert done.returncode == 0, done.stderr
    assert "2 subscriptions · " in done.stderr
    assert "Not reached from here:" in done.stderr
    assert STORED not in mail.command("history").stdout
    assert "forgotten" in mail.command("history").stdout
    again = mail.command("subscribers", "forget", "nobody@example.net")
    assert again.returncode == 0
    assert "Nothing was known of this person" in again.stderr


def test_a_damaged_backup_is_named_with_what_to_do(mail: MailDesk) -> None:
    bad = mail.root / ".syndicate" / "ledger.sqlite.20260101T000000Z.backup"
    bad.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    (error,) = forgotten(mail).errors
    assert f"rm {bad}" in (error.hint or "")


@pytest.mark.slow
def test_killed_at_any_step_the_next_run_does_the_rest(mail: MailDesk, tmp_path: Path) -> None:
    scribble(mail)
    assert mail.command("ledger", "backup").returncode == 0
    ends = []
    for number in range(1, 40):
        desk = replace(mail, root=tmp_path / f"copy{number}")
        shutil.copytree(mail.root, desk.root)
        child = os.fork()
        if not child:
            _die_at(number)
            forgotten(desk)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        newsroom = load_newsroom(desk.root, {})
        with closing(open_ledger(desk.ledger, desk.root)) as opened:
            assert finish_forgetting(newsroom, opened) == []
        assert left(desk) == [], number
        ends.append(sorted(units(desk)))
        if not os.waitstatus_to_exitcode(status):
            break
    else:
        pytest.fail("it was killed each time")
    assert len(ends) > 10
    assert all(end == ends[0] for end in ends)


def _die_at(number: int) -> None:
    """Let this process be killed at its step `number`."""
    rest = number

    def counted(of: object, name: str) -> None:
        real = getattr(of, name)

        def step(*args: object, **more: object) -> object:
            nonlocal rest
            rest -= 1
            if rest == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **more)

        setattr(of, name, step)

    counted(address_rows, "_change")
    counted(forgetting, "rewrite_backup")
    counted(backups, "_sync")
    counted(Database, "compact")


def test_forgotten_while_a_mailing_goes_out(tmp_path: Path, sink: Sink) -> None:
    """Whether their mail is still to be looked up or about to be sent; the others get theirs."""
    desk = mail_desk(tmp_path / "newsroom", sink.port, "per_minute = 1500\nconnections = 2\n")
    desk.subscribe(120)
    with desk.start("--yes") as run:
        waiting.until("ten mails", lambda: len(sink.mails) >= 10)
        gone = [address(n) for n in (60, 90, 119)]
        for one in gone:
            assert forgotten(desk, one).errors == ()
        assert run.ended().returncode == 0
    others = [address(n) for n in range(120) if address(n) not in gone]
    assert sorted(sink.recipients) == others
    assert len(units(desk)) == 120
    assert not set(gone) & set(units(desk))


def test_forgotten_at_the_last_moment(
    mail: MailDesk, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail has been written; only its final dot is missing."""
    mail.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
    commit, sent = LedgerJournal.commit, len(sink.mails)

    def late(journal: LedgerJournal, delivery: Delivery) -> None:
        if delivery.unit == STORED:
            forgotten(mail)
        commit(journal, delivery)

    monkeypatch.setattr(LedgerJournal, "commit", late)
    assert mail.publish().exit is Exit.DONE
    got = set(sink.recipients[sent:]) - {TWIN}  # which may have been sent before
    assert got == {address(0), address(1), OTHER}


def test_forgotten_between_the_final_dot_and_its_answer(
    mail: MailDesk, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has left counts as delivered, under the pseudonym."""
    mail.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
    settle = LedgerJournal.settle

    def late(journal: LedgerJournal, delivery: Delivery, outcome: object) -> None:
        if delivery.unit == STORED:
            forgotten(mail)
        settle(journal, delivery, outcome)  # type: ignore[arg-type]

    monkeypatch.setattr(LedgerJournal, "settle", late)
    assert mail.publish().exit is Exit.DONE
    states = [state for one, state in pairs(mail) if one.startswith("person-")]
    assert len(states) == 4
    assert set(states) <= {"delivered", "failed"}
    assert states.count("delivered") >= 3


def test_forgotten_while_the_recipients_are_written_down(
    mail: MailDesk, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
    freeze, sent = HeldDispatch.freeze, len(sink.mails)

    def late(held: HeldDispatch, units: Iterable[str], *args: State) -> None:
        def read() -> Iterator[str]:
            yield from units
            forgotten(mail)

        freeze(held, read(), *args)

    monkeypatch.setattr(HeldDispatch, "freeze", late)
    assert mail.publish().exit is Exit.DONE
    assert sorted(sink.recipients[sent:]) == sorted([address(0), address(1), OTHER])
    assert left(mail) == []


def test_a_private_feed_goes(mail: MailDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNDICATE_FEED_SECRET", "0123456789abcdef")
    mail.channel("inside", 'adapter = "rss"\n[deliver]\nvia = "members"\n')
    put(mail, STORED, OTHER, channel="inside")
    mail.publish("inside")
    folder = mail.root / "out" / "inside"
    assert len(list(folder.rglob("feed.xml"))) == 2
    done = forgotten(mail)
    assert (done.feeds, done.errors) == (1, ())
    assert len(list(folder.rglob("feed.xml"))) == 1
    assert left(mail) == []
    monkeypatch.delenv("SYNDICATE_FEED_SECRET")
    (error,) = forgotten(mail, OTHER).errors
    assert error.exit is Exit.CREDENTIALS
    assert "inside: their private feed is still there" in error.message


@pytest.mark.slow
def test_on_a_server(tmp_path: Path, sink: Sink, postgresql: str) -> None:
    with database(postgresql) as url:
        desk = mail_desk(tmp_path / "newsroom", sink.port, ledger=url)
        desk.subscribe(2)
        put(desk, STORED, TWIN, OTHER)
        desk.publish()
        forgotten(desk)
        engine = sa.create_engine(url)
        with engine.connect() as db:
            texts = [
                str(row)
                for name in sa.inspect(db).get_table_names()
                for row in db.execute(sa.text(f"SELECT * FROM {name}"))
            ]
        engine.dispose()
        assert not [one for one in texts if STORED in one.lower().replace(OTHER, "")]
        assert any(OTHER in one for one in texts)
        sent = len(sink.mails)
        assert desk.publish().exit is Exit.DONE
        assert len(sink.mails) == sent
