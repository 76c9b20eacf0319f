"""What is uncertain or has failed is named until somebody has settled it; limits of a mail service
and refused addresses are told apart."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syndicate.engine.history import concerns_of
from syndicate.errors import Exit
from syndicate.ledger.dispatch import State
from syndicate.ledger.ledger import ledger_of
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Clock
from tests.engine.mailing import MailDesk, address, mail_desk
from tests.sink import Sink

PEOPLE = 123


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as sink:
        yield sink


@pytest.fixture
def desk(tmp_path: Path, sink: Sink) -> MailDesk:
    return mail_desk(tmp_path / "newsroom", sink.port, "retries = 0\n")


def states(desk: MailDesk) -> Counter[str]:
    with ledger_of(load_newsroom(desk.root, {})) as ledger:
        return Counter(str(row.state) for _, row in ledger.dispatches.find(list(State)))


def uncertain(desk: MailDesk, sink: Sink, number: int) -> None:
    """Let the mail of the first `number` subscribers be uncertain."""
    lost = {address(n) for n in range(number)}
    sink.answers["DOT"] = lambda recipient: None if recipient in lost else "250 ok"
    assert desk.publish().exit is Exit.PARTLY
    sink.answers.clear()


def test_it_is_named_until_it_is_settled(desk: MailDesk, sink: Sink) -> None:
    desk.subscribe(30)
    uncertain(desk, sink, 7)
    for words in (("publish",), ("publish", "--yes"), ("publish", "--due"), ("publish", "--json")):
        done = desk.command(*words)
        assert done.returncode == 3, words
        assert "7 uncertain" in done.stderr, words
    assert len(sink.mails) == 30, "nothing is sent again"
    assert "7 uncertain" in desk.command("status").stderr
    examined = desk.command("doctor", "--cron")
    assert examined.returncode == 1
    assert "7 uncertain" in examined.stdout
    (arrived,) = re.findall(r"if it arrived: syndicate (.*?); if not", done.stderr)
    assert desk.command(*arrived.split()).returncode == 0
    done = desk.command("publish")
    assert (done.returncode, done.stderr) == (0, "")
    assert "none is uncertain" in desk.command("doctor", "--cron").stdout
    assert states(desk) == {"delivered": 30}


def test_cron_names_it_once_a_day(desk: MailDesk, sink: Sink) -> None:
    desk.subscribe(3)
    uncertain(desk, sink, 1)
    first = desk.command("publish", "--due", "--quiet")
    assert first.returncode == 3
    assert f"syndicate deliveries resolve {address(0)} --channels email" in first.stderr
    again = desk.command("publish", "--due", "--quiet")
    assert (again.returncode, again.stdout, again.stderr) == (3, "", "")
    named = desk.root / ".syndicate" / "cache" / "named.json"
    yesterday = dict.fromkeys(json.loads(named.read_bytes()), "2026-01-01")
    named.write_text(json.dumps(yesterday))
    tomorrow = desk.command("publish", "--due", "--quiet")
    assert tomorrow.stderr == first.stderr


def test_a_refused_address_needs_nobody(desk: MailDesk, sink: Sink) -> None:
    dead = {address(n) for n in range(4)}
    sink.answers["RCPT"] = lambda line: (
        "550 5.1.1 no such user" if any(one in line for one in dead) else "250 ok"
    )
    desk.subscribe(10)
    outcome = desk.publish()
    assert (outcome.exit, outcome.failed) == (Exit.PARTLY, 4)
    again = desk.command("publish")
    assert (again.returncode, again.stderr) == (0, "")
    assert desk.command("doctor", "--cron").returncode == 0
    assert desk.listed() == []
    assert len(desk.listed("--failed")) == 4


LIMIT = "550 5.4.5 Daily user sending quota exceeded. {}-gsmtp"


@pytest.mark.parametrize("verb", ["RCPT", "DOT"])
@pytest.mark.parametrize(
    "answer", [LIMIT, "554 5.7.1 rate limit exceeded {}", "452 4.5.3 too many recipients, wait"]
)
def test_a_limit_of_the_mail_service_is_waited_for(
    desk: MailDesk, sink: Sink, clock: Clock, verb: str, answer: str
) -> None:
    clock.at = datetime.now(UTC)
    answers: dict[str, str] = {}

    def limited(line: str) -> str:
        number = len(answers)
        return answers.setdefault(line, "250 ok" if number < 20 else answer.format(number))

    sink.answers[verb] = limited
    desk.subscribe(PEOPLE)
    outcome = desk.publish()
    assert outcome.exit is Exit.PARTLY
    found = states(desk)
    assert found == {"delivered": 20, "pending": 103}
    assert outcome.left == 103
    (wait,) = outcome.postponed.values()
    assert "takes no more for now" in wait.why
    said = desk.command("publish", "--yes")
    assert said.returncode == 3
    assert "takes no more for now" in said.stderr
    (row,) = map(json.loads, desk.command("status", "--json").stdout.splitlines())
    assert (row["pending"], row["failed"]) == (103, 0)
    sink.answers.clear()
    before = len(sink.mails)
    desk.publish()
    assert len(sink.mails) == before, "it is left alone until tomorrow"
    clock.at += timedelta(days=1, minutes=1)
    assert desk.publish().exit is Exit.DONE
    assert sorted(sink.recipients) == [address(n) for n in range(PEOPLE)]


def test_a_server_that_refuses_everything_fails_nobody(desk: MailDesk, sink: Sink) -> None:
    sink.answers["DOT"] = "554 5.7.1 you are on a list"
    desk.subscribe(60)
    outcome = desk.publish()
    assert outcome.exit is Exit.PARTLY
    assert states(desk) == {"pending": 60}
    (wait,) = outcome.postponed.values()
    assert "you are on a list" in wait.why


def test_a_mail_that_is_refused_among_others_has_failed(desk: MailDesk, sink: Sink) -> None:
    sink.answers["DOT"] = lambda recipient: (
        "554 5.7.1 looks like spam to us" if recipient == address(3) else "250 ok"
    )
    desk.subscribe(30)
    assert desk.publish().exit is Exit.PARTLY
    assert states(desk) == {"delivered": 29, "failed": 1}
    assert desk.publish().exit is Exit.DONE


def test_failures_of_older_releases_by_a_limit_are_named(desk: MailDesk, sink: Sink) -> None:
    """They have left them as failed."""
    sink.answers["RCPT"] = "550 5.1.1 no such user"
    desk.subscribe(5)
    desk.publish()
    newsroom = load_newsroom(desk.root, {})
    assert concerns_of(newsroom) == ()
    with ledger_of(newsroom) as ledger, ledger.database.transaction() as db:
        db.exec_driver_sql("UPDATE deliveries SET error = '550 5.4.5 Daily quota exceeded'")
    (one,) = concerns_of(newsroom)
    assert (one.state, one.number) == (State.FAILED, 5)
    sink.answers.clear()
    (again,) = re.findall(r"to send it again: syndicate (.*?);", one.hint)
    assert desk.command(*again.split()).returncode == 0
    assert desk.publish().exit is Exit.DONE
    assert len(sink.mails) == 5


def test_a_delivery_in_two_mailings_has_to_be_named_exactly(desk: MailDesk, sink: Sink) -> None:
    desk.subscribe(2)
    uncertain(desk, sink, 1)
    desk.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=10)
    uncertain(desk, sink, 1)
    unclear = desk.command("deliveries", "resolve", address(0), "--as", "delivered")
    assert unclear.returncode == 2
    assert "--artifact 1.letter" in unclear.stderr
    one = desk.command("deliveries", "resolve", address(0), "--artifact", "1.letter")
    assert one.returncode == 0
    assert states(desk) == {"delivered": 3, "uncertain": 1}
