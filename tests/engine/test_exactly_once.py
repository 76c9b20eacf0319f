"""`kill -9` while mail is going out, again and again: nobody gets it twice, nobody is left out, and
the few of whom nobody can know are listed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests import waiting
from tests.engine.mailing import MailDesk, address, mail_desk
from tests.sink import Sink

CONNECTIONS = 4


def kill_at_random(desk: MailDesk, sink: Sink, chance: random.Random, most: int) -> bool:
    """Start a run and kill it before, during or after sending; False if it ended before that."""
    until, later = len(sink.mails) + chance.randrange(most), chance.random() * 0.004
    # Now and then a moment at which it may not have begun to send.
    within = 0.3 + chance.random() / 2 if chance.random() < 0.2 else waiting.LIMIT
    with desk.start("--yes") as running:
        return running.killed_when(lambda: len(sink.mails) > until, later, within)


def crash_on(desk: MailDesk, sink: Sink, recipients: int, kills: int) -> int:
    """Kill so many runs, let the last one end, and hold the books against what arrived.

    Returns how many are uncertain.
    """
    chance = random.Random(20261124)
    desk.subscribe(recipients)
    for left in range(kills, 0, -1):
        # Enough is left for the last kill to come before the end, even on a busy machine.
        share = 2 * (recipients - len(sink.mails)) // (left + 12)
        assert kill_at_random(desk, sink, chance, share)
    with desk.start("--yes") as last:
        assert last.ended().returncode in (0, 3)
    arrived = sink.recipients
    uncertain = {one["unit"] for one in desk.listed("--uncertain")}
    assert len(arrived) == len(set(arrived)), "somebody got it twice"
    everybody = {address(number) for number in range(recipients)}
    assert everybody - set(arrived) <= uncertain, "somebody was left out and is not listed"
    assert len(uncertain) <= CONNECTIONS * kills
    assert desk.listed("--pending", "--failed") == []
    with desk.start("--yes") as again:
        assert again.ended().returncode == (3 if uncertain else 0)
    assert sink.recipients == arrived, "a rerun after success sent something"
    return len(uncertain)


def test_killed_a_few_times(tmp_path: Path) -> None:
    with Sink() as sink:
        crash_on(mail_desk(tmp_path / "newsroom", sink.port), sink, 500, 4)


@pytest.mark.slow
def test_killed_a_hundred_times(tmp_path: Path) -> None:
    with Sink() as sink:
        crash_on(mail_desk(tmp_path / "newsroom", sink.port), sink, 12_000, 100)


@pytest.mark.slow
def test_killed_on_postgresql(tmp_path: Path, postgresql: str) -> None:
    from tests.databases import database

    with Sink() as sink, database(postgresql) as url:
        crash_on(mail_desk(tmp_path / "newsroom", sink.port, ledger=url), sink, 1200, 12)
