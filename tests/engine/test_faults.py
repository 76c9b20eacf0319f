"""Every fault that delivery can meet, in one table: how the run ends, what it says, what the ledger
holds, and that after the fix everyone who did not get the letter gets it, and no one twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import pytest

from syndicate.engine.history import delivery_history
from syndicate.errors import Exit, SyndicateError
from syndicate.ledger.dispatch import State
from syndicate.newsroom.newsroom import load_newsroom
from tests.couriers.smtp.test_courier import certificate
from tests.engine.mailing import MailDesk, address, mail_desk
from tests.sink import Answer, Sink

PEOPLE = [address(number) for number in range(3)]
FIRST = PEOPLE[0]


def only_first(bad: str | None) -> Callable[[str], str | None]:
    """`bad` for the first recipient, what is usual for others."""
    return lambda line: bad if FIRST in line else "USUAL"


@contextmanager
def locked(desk: MailDesk) -> Iterator[None]:
    """Another program writes in the ledger and does not end."""
    other = sqlite3.connect(desk.root / ".syndicate" / "ledger.sqlite")
    other.execute("BEGIN IMMEDIATE")
    with patch("syndicate.ledger.database._PATIENCE", 0.3):
        yield
    other.rollback()
    other.close()


@contextmanager
def held(desk: MailDesk) -> Iterator[None]:
    """A run of an older release is at work."""
    from syndicate.ledger.lock import sole_lock

    with sole_lock(desk.root / ".syndicate"):
        yield


@contextmanager
def certified(desk: MailDesk) -> Iterator[None]:
    """The server shows a certificate that nobody vouches for, until it is trusted."""
    context, own = certificate(desk.root, "localhost")
    channel = (desk.root / "channels" / "email.toml").read_text()
    with Sink(tls=context, implicit=True) as server:
        keys = f'host = "localhost"\nsecurity = "tls"\nport = {server.port}\n'
        kept = [line for line in channel.splitlines() if line.split(" ")[0] not in _WHERE]
        desk.channel("email", "\n".join(kept) + f"\n{keys}")
        yield
        assert server.mails == []
    own.unlink()
    desk.channel("email", channel)


_WHERE = ("host", "security", "port")


@dataclass(frozen=True)
class Fault:
    """`answers` of the server, or `trouble` around the run; how the run ends and what it says, how
    many deliveries are then in each state."""

    says: str
    answers: dict[str, Answer] = field(default_factory=dict)
    trouble: Callable[[MailDesk], AbstractContextManager[None]] = lambda _: nullcontext()
    exit: Exit = Exit.PARTLY
    pending: int = 0
    failed: int = 0
    uncertain: int = 0
    keys: str = ""


FAULTS = {
    "silent at the greeting": Fault("cannot be reached", {"CONNECT": "HANG"}, pending=3),
    "drops the greeting": Fault("cannot be reached", {"CONNECT": None}, pending=3),
    "421 for a greeting": Fault("421 too busy", {"CONNECT": "421 too busy"}, pending=3),
    "554 for a greeting": Fault("554 go away", {"CONNECT": "554 go away"}, pending=3),
    "garbage for a greeting": Fault("127.0.0.1", {"CONNECT": "\x00\xff~"}, pending=3),
    "drops at EHLO": Fault("127.0.0.1", {"EHLO": None, "HELO": None}, pending=3),
    "drops at MAIL": Fault("closed the connection", {"MAIL": None}, pending=3),
    "hangs at MAIL": Fault("timed out", {"MAIL": "HANG"}, pending=3),
    "421 at MAIL": Fault("421 closing", {"MAIL": "421 closing"}, pending=3),
    "450 at MAIL": Fault("450 later", {"MAIL": "450 later"}, pending=3),
    "550 at MAIL": Fault("does not accept mail from", {"MAIL": "550 no"}, pending=3),
    "garbage at MAIL": Fault("invalid reply", {"MAIL": "hello"}, pending=3),
    "drops at RCPT": Fault("closed the connection", {"RCPT": only_first(None)}, pending=1),
    "hangs at RCPT": Fault("timed out", {"RCPT": only_first("HANG")}, pending=1),
    "421 at RCPT": Fault("421 closing", {"RCPT": only_first("421 closing")}, pending=1),
    "450 at RCPT": Fault("450 full", {"RCPT": only_first("450 full")}, pending=1),
    "550 at RCPT": Fault("550 unknown", {"RCPT": only_first("550 unknown")}, failed=1),
    "garbage at RCPT": Fault("invalid reply", {"RCPT": only_first("hello")}, pending=1),
    "drops at DATA": Fault("closed the connection", {"DATA": None}, pending=3),
    "hangs at DATA": Fault("timed out", {"DATA": "HANG"}, pending=3),
    "450 at DATA": Fault("450 later", {"DATA": "450 later"}, pending=3),
    "550 at DATA": Fault("550 no", {"DATA": "550 no"}, failed=3),
    "drops after the dot": Fault("last line", {"DOT": only_first(None)}, uncertain=1),
    "hangs after the dot": Fault("last line", {"DOT": only_first("HANG")}, uncertain=1),
    "421 after the dot": Fault("last line", {"DOT": only_first("421 bye")}, uncertain=1),
    "garbage after the dot": Fault("last line", {"DOT": only_first("hello")}, uncertain=1),
    "450 after the dot": Fault("450 disk", {"DOT": only_first("450 disk")}, pending=1),
    "550 after the dot": Fault("550 spam", {"DOT": only_first("550 spam")}, failed=1),
    "an untrusted certificate": Fault("certificate of localhost", trouble=certified, pending=3),
    "no encryption": Fault("does not support", keys='security = "starttls"\n', pending=3),
    "no password": Fault(
        "export NO_SUCH=",
        keys='username = "desk"\npassword_env = "NO_SUCH"\n',
        exit=Exit.CREDENTIALS,
        pending=3,
    ),
    "a locked ledger": Fault("locked", trouble=locked, exit=Exit.FAILED),
    "an older run": Fault("a run of an older release", trouble=held, exit=Exit.LOCKED),
}


def attempt(desk: MailDesk) -> tuple[Exit, str]:
    """How a run ends, and what it says."""
    try:
        outcome = desk.publish()
    except SyndicateError as error:
        return error.exit, f"{error} {error.hint}"
    return outcome.exit, " ".join(f"{one} {one.hint}" for one in outcome.errors)


def unsettled(desk: MailDesk, *states: State) -> set[str]:
    """Whose delivery is in one of `states`."""
    newsroom = load_newsroom(desk.root, {})
    return {row.unit for _, row in delivery_history(newsroom, states, ())}


def counted(desk: MailDesk) -> tuple[int, ...]:
    """How many deliveries are pending, failed, and uncertain."""
    states = (State.PENDING, State.FAILED, State.UNCERTAIN)
    return tuple(len(unsettled(desk, state)) for state in states)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_and_its_end(tmp_path: Path, name: str) -> None:
    fault = FAULTS[name]
    with Sink(dict(fault.answers)) as sink:
        desk = mail_desk(tmp_path / "newsroom", sink.port)
        usual = (desk.root / "channels" / "email.toml").read_text()
        usual = usual.replace("timeout = 2", "timeout = 0.3").replace("0.05", "0.01")
        usual += "retries = 1\nconnections = 2\n"
        without = usual.replace('security = "none"\n', "") if "security" in fault.keys else usual
        desk.channel("email", without + fault.keys)
        desk.subscribe(3)
        desk.plan()
        with fault.trouble(desk):
            exit_, said = attempt(desk)
        assert (exit_, fault.says in said) == (fault.exit, True), said
        assert counted(desk) == (fault.pending, fault.failed, fault.uncertain)

        sink.answers.clear()
        desk.channel("email", usual)
        # What is uncertain is named until somebody settles it.
        end = Exit.PARTLY if fault.uncertain else Exit.DONE
        assert attempt(desk) == (end, "")
        settled = unsettled(desk, State.FAILED, State.UNCERTAIN)
        assert len(settled) == fault.failed + fault.uncertain
        assert len(sink.recipients) == len(set(sink.recipients))
        assert {*sink.recipients} | settled == {*PEOPLE}
        before = list(sink.recipients)
        assert attempt(desk) == (end, "")
        assert sink.recipients == before
