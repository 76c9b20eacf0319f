"""A newsletter from content to mailbox: who is asked, what is sent, what each trouble leads to."""

from __future__ import annotations

import json
import resource
import signal
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from syndicate.engine.delivery.outcome import Question
from syndicate.errors import Exit
from syndicate.ledger.ledger import open_ledger
from syndicate.subscribers import Subscribers
from tests import waiting
from tests.databases import database
from tests.engine.conftest import PLUGIN as OWN
from tests.engine.mailing import MailDesk, address, mail_desk
from tests.sink import Sink


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink(keep=True) as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def desk(request: pytest.FixtureRequest, tmp_path: Path, sink: Sink) -> Iterator[MailDesk]:
    """Five readers and a letter; the ledger is on either database."""
    with ExitStack() as stack:
        url = None
        if request.param == "postgresql":
            url = stack.enter_context(database(request.getfixturevalue("postgresql")))
        made = mail_desk(tmp_path / "newsroom", sink.port, ledger=url)
        made.subscribe(5)
        yield made


FIVE = [address(number) for number in range(5)]


def test_everybody_once_and_an_edit_sends_nothing(desk: MailDesk, sink: Sink) -> None:
    assert desk.publish().exit is Exit.DONE
    assert sorted(sink.recipients) == FIVE
    assert desk.told("delivered") == ["email: no. 1: 5 delivered"]
    desk.write("ferry.md", "# The night ferry returns\n\nIt sails on Saturday.\n", age=0)
    assert desk.publish().exit is Exit.DONE
    assert len(sink.mails) == 5
    desk.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
    desk.publish()
    assert len(sink.mails) == 10
    assert len({message_id for _, message_id in sink.mails}) == 10


def test_reissued_it_goes_to_everybody_again(desk: MailDesk, sink: Sink) -> None:
    desk.publish()
    desk.write("ferry.md", "# The night ferry returns at last\n\nSaturday.\n", age=0)
    desk.publish(reissue=True)
    assert sorted(sink.recipients) == sorted(FIVE * 2)
    assert b"at last" in sink.contents[-1]


def test_somebody_is_asked_and_no_is_no(desk: MailDesk, sink: Sink) -> None:
    asked: list[Question] = []

    def ask(answer: bool) -> Exit:
        def answered(question: Question) -> bool:
            asked.append(question)
            return answer

        return desk.publish(ask=answered).exit

    assert ask(False) is Exit.DONE
    assert sink.mails == []
    desk.subscribe(6)
    assert ask(True) is Exit.DONE
    assert len(sink.mails) == 6
    assert ask(True) is Exit.DONE
    assert asked == [
        Question("email", "no. 1", "The night ferry returns", 5),
        Question("email", "no. 1", "The night ferry returns", 6),
    ]


def test_nobody_to_send_to_is_said_and_made_up_for(tmp_path: Path, sink: Sink) -> None:
    desk = mail_desk(tmp_path / "newsroom", sink.port)
    outcome = desk.publish()
    assert outcome.exit is Exit.PARTLY
    assert "subscribers import" in str(outcome.errors[0].hint)
    desk.subscribe(2)
    assert desk.publish().exit is Exit.DONE
    assert len(sink.mails) == 2


def test_files_first_then_mail(desk: MailDesk, sink: Sink) -> None:
    smtp = f'host = "127.0.0.1"\nport = {sink.port}\nsecurity = "none"\n'
    desk.channel(
        "email",
        f'adapter = "./mailing.py"\n[[deliver]]\nvia = "file"\n[[deliver]]\nvia = "smtp"\n{smtp}',
    )
    (desk.root / "out").write_text("in the way")
    assert desk.publish().exit is Exit.PARTLY
    assert sink.mails == []
    (desk.root / "out").unlink()
    assert desk.publish().exit is Exit.DONE
    assert (desk.root / "out" / "email" / "1.html").is_file()
    assert len(sink.mails) == 5
    (desk.root / "out" / "email" / "1.html").unlink()
    assert desk.publish().exit is Exit.DONE
    assert (desk.root / "out" / "email" / "1.html").is_file()
    assert len(sink.mails) == 5


def test_mail_added_to_a_channel_later_sends_no_back_numbers(desk: MailDesk, sink: Sink) -> None:
    with_mail = (desk.root / "channels" / "email.toml").read_text()
    desk.channel("email", 'adapter = "./mailing.py"\n')
    desk.publish()
    desk.channel("email", with_mail.replace("[deliver]", '[[deliver]]\nvia = "file"\n[[deliver]]'))
    assert desk.publish().exit is Exit.DONE
    assert sink.mails == []
    desk.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
    desk.publish()
    assert len(sink.mails) == 5


def test_a_ceiling_leaves_the_rest_to_the_next_run(tmp_path: Path, sink: Sink) -> None:
    desk = mail_desk(tmp_path / "newsroom", sink.port, "most = 2\n")
    desk.subscribe(5)
    counts = []
    for _ in range(4):
        assert desk.publish().exit is Exit.DONE
        counts.append(len(sink.mails))
    assert counts == [2, 4, 5, 5]
    assert len(set(sink.recipients)) == 5


def test_a_refused_and_a_put_off_recipient_are_named(tmp_path: Path, sink: Sink) -> None:
    def rcpt(line: str) -> str:
        if address(1) in line:
            return "550 5.1.1 nobody of that name"
        return "450 4.2.2 mailbox full" if address(3) in line else "250 ok"

    sink.answers["RCPT"] = rcpt
    desk = mail_desk(tmp_path / "newsroom", sink.port, "retries = 1\n")
    desk.subscribe(5)
    outcome = desk.publish()
    assert outcome.exit is Exit.PARTLY
    told = sorted(str(error) for error in outcome.errors)
    assert told == [
        f"email: no. 1: {address(1)}: 550 5.1.1 nobody of that name",
        f"email: no. 1: {address(3)}: 450 4.2.2 mailbox full",
    ]
    sink.answers.clear()
    assert desk.publish().exit is Exit.DONE
    assert sorted(sink.recipients) == [one for one in FIVE if one != address(1)]


def test_a_hundred_that_failed_are_counted_not_listed(tmp_path: Path, sink: Sink) -> None:
    sink.answers["RCPT"] = "550 5.1.1 nobody of that name"
    desk = mail_desk(tmp_path / "newsroom", sink.port)
    desk.subscribe(50)
    outcome = desk.publish()
    assert len(outcome.errors) == 6
    assert "45 more were not delivered" in str(outcome.errors[-1])
    assert "syndicate deliveries" in str(outcome.errors[-1].hint)


def test_who_unsubscribes_before_their_turn_gets_nothing(tmp_path: Path, sink: Sink) -> None:
    desk = mail_desk(tmp_path / "newsroom", sink.port, "most = 2\n")
    desk.subscribe(5)
    desk.publish()
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        Subscribers(ledger.database, desk.root).unsubscribe("email", address(3), "one click")
    for _ in range(3):
        assert desk.publish().exit is Exit.DONE
    assert sorted(sink.recipients) == [one for one in FIVE if one != address(3)]


def test_uncertain_is_listed_and_settled_by_hand(desk: MailDesk, sink: Sink) -> None:
    sink.answers["DOT"] = lambda recipient: None if recipient == address(2) else "250 ok"
    assert desk.publish().exit is Exit.PARTLY
    sink.answers.clear()
    assert desk.publish().exit is Exit.PARTLY, "it is named until somebody has settled it"
    (one,) = desk.listed("--uncertain")
    assert one["unit"] == address(2)
    assert "broke after the last line" in one["error"]
    assert desk.command("deliveries", "resolve").returncode == 2
    assert desk.command("deliveries", "resolve", "nobody@example.net").returncode == 2
    done = desk.command("deliveries", "resolve", address(2), "--as", "pending")
    assert done.returncode == 0, done.stderr
    assert desk.command("publish", "--yes").returncode == 0
    assert sink.recipients.count(address(2)) == 2
    assert desk.listed() == []


def test_the_history_can_be_asked(desk: MailDesk, sink: Sink) -> None:
    desk.publish()
    lines = desk.command("log", "--json").stdout.splitlines()
    found = {one["artifact"]: one["deliveries"] for one in map(json.loads, lines)}
    assert found == {"1.letter": {"delivered": 5}, "1.html": {}}
    (standing,) = map(json.loads, desk.command("status", "--json").stdout.splitlines())
    assert (standing["channel"], standing["pending"], standing["failed"]) == ("email", 0, 0)


def test_a_script_says_yes_or_sends_nothing(desk: MailDesk, sink: Sink) -> None:
    done = desk.command("publish")
    assert done.returncode == 0
    assert "goes to 5 recipients" in done.stderr
    assert "--yes" in done.stderr
    assert sink.mails == []
    assert desk.command("publish", "--yes").returncode == 0
    assert len(sink.mails) == 5


def test_a_yes_and_an_approval_are_told_apart(desk: MailDesk, sink: Sink) -> None:
    own = OWN.replace('f"{one.slug}.txt"', 'f"{one.slug}--yes.txt"')
    (desk.root / "own.py").write_text(own)
    desk.channel("social", 'adapter = "./own.py"\ndraft = true\nreview = true\n')
    told = [json.loads(line) for line in desk.command("publish", "--json").stdout.splitlines()]
    assert {(one["channel"], one["waits_for"]) for one in told if one["event"] == "waiting"} == {
        ("email", "confirmation"),
        ("social", "approval"),
    }
    said = desk.command("publish").stderr
    assert "recipients wait for a yes" in said
    assert "ferry--yes.txt" not in said, "it waits for an approval"


def test_cron_is_never_asked_and_hears_nothing(desk: MailDesk, sink: Sink) -> None:
    done = desk.command("publish", "--due", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(sink.mails) == 5
    done = desk.command("publish", "--due", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(sink.mails) == 5


def test_a_test_goes_to_oneself_and_counts_for_nothing(desk: MailDesk, sink: Sink) -> None:
    done = desk.command("publish", "--to", "me@example.org", "--channels", "email")
    assert done.returncode == 0, done.stderr
    assert sink.recipients == ["me@example.org"]
    assert b"To: me@example.org" in sink.contents[0]
    desk.publish()
    assert sorted(sink.recipients[1:]) == FIVE


def test_a_dry_run_shows_recipients_and_the_first_message(desk: MailDesk, sink: Sink) -> None:
    done = desk.command("publish", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "5 recipients" in done.stderr
    assert address(4) in done.stderr
    assert f"To: {address(0)}" in done.stdout
    assert sink.mails == []
    assert desk.publish().exit is Exit.DONE
    assert len(sink.mails) == 5


@contextmanager
def held_up(sink: Sink, desk: MailDesk) -> Iterator[None]:
    """The mail server takes one mail of `desk`, and the next only after the block."""
    channel = desk.root / "channels" / "email.toml"
    channel.write_text(channel.read_text().replace("timeout = 2\n", "timeout = 600\n"))
    go_on = threading.Event()

    def answer(_: str) -> str:
        if sink.mails:
            go_on.wait(waiting.LIMIT)
        return "USUAL"

    sink.answers["MAIL"] = answer
    try:
        yield
    finally:
        go_on.set()


def test_two_runs_at_once(tmp_path: Path, sink: Sink) -> None:
    desk = mail_desk(tmp_path / "newsroom", sink.port)
    desk.subscribe(20)
    with ExitStack() as stack:
        with held_up(sink, desk):
            first = stack.enter_context(desk.start("--yes"))
            first.until("the first mail", lambda: sink.mails)
            second = desk.command("publish", "--yes")
        assert second.returncode == 75
        assert "email: no. 1: another run has been delivering it since " in second.stderr
        assert first.ended().returncode == 0
    assert len(sink.recipients) == len(set(sink.recipients)) == 20


@pytest.mark.xdist_group("postgresql")
def test_two_runs_at_once_on_two_machines(tmp_path: Path, sink: Sink, postgresql: str) -> None:
    """Their lock files are apart, their ledger is one."""
    with database(postgresql) as url, ExitStack() as stack:
        one, two = (mail_desk(tmp_path / name, sink.port, ledger=url) for name in ("one", "two"))
        one.subscribe(20)
        with held_up(sink, one):
            first = stack.enter_context(one.start("--yes"))
            first.until("the first mail", lambda: sink.mails)
            assert two.command("publish", "--yes").returncode == 75
        assert first.ended().returncode == 0
    assert len(sink.recipients) == len(set(sink.recipients)) == 20


def test_missing_credentials_exit_4(tmp_path: Path, sink: Sink) -> None:
    more = 'username = "desk"\npassword_env = "NO_SUCH_PASSWORD"\n'
    desk = mail_desk(tmp_path / "newsroom", sink.port, more)
    desk.subscribe(2)
    done = desk.command("publish", "--yes")
    assert done.returncode == 4
    assert "export NO_SUCH_PASSWORD=" in done.stderr


def test_a_read_only_ledger_sends_nothing(tmp_path: Path, sink: Sink) -> None:
    desk = mail_desk(tmp_path / "newsroom", sink.port)
    desk.subscribe(5)
    desk.plan()
    with closing(sqlite3.connect(desk.root / ".syndicate" / "ledger.sqlite")) as ledger:
        ledger.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = desk.root / ".syndicate" / "ledger.sqlite"
    settings = (desk.root / "syndicate.toml").read_text()
    url = f"sqlite:///file:{path}?mode=ro&uri=true"
    (desk.root / "syndicate.toml").write_text(f'ledger = "{url}"\n{settings}')
    done = desk.command("publish", "--yes")
    assert done.returncode == 1, done.stderr
    assert "can only be read" in done.stderr
    assert "Traceback" not in done.stderr
    assert sink.mails == []


def test_a_full_disk_sends_nothing_twice(tmp_path: Path, sink: Sink) -> None:
    """A limit on the size of files stands in for a disk without room."""
    desk = mail_desk(tmp_path / "newsroom", sink.port)
    desk.subscribe(3000)
    desk.plan()
    size = (desk.root / ".syndicate" / "ledger.sqlite").stat().st_size

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 600_000, size + 600_000))

    patient = "import syndicate.engine.delivery.journal as j; j._PATIENCE = 1.0"
    main = "from syndicate.__main__ import main; main()"
    done = waiting.run(
        [sys.executable, "-c", f"{patient}; {main}", "publish", "--yes"],
        cwd=desk.root,
        preexec_fn=limit,
    )
    assert done.returncode == 3, done.stderr
    assert "the disk does not take it" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(sink.mails) < 3000
    assert desk.command("publish", "--yes").returncode in (0, 3)
    uncertain = {one["unit"] for one in desk.listed("--uncertain")}
    assert len(sink.recipients) == len(set(sink.recipients))
    assert {address(n) for n in range(3000)} - set(sink.recipients) <= uncertain
    assert len(uncertain) <= 4
