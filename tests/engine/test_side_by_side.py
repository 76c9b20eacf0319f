"""Several runs at once, in processes of their own: each does its part, nothing is done twice, and
one that was paused for too long does nothing more."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from syndicate.engine.review.drafts import find_draft
from syndicate.engine.review.verdicts import approve_draft, reject_draft
from syndicate.newsroom.newsroom import load_newsroom
from tests import waiting
from tests.engine.conftest import PLUGIN, Desk, make_desk
from tests.engine.mailing import MailDesk, address, mail_desk
from tests.sink import Sink

SHORT = """
import sys
from syndicate.ledger import leases
leases.LENGTH = 4.0
sys.argv = ["syndicate", *sys.argv[1:]]
from syndicate.__main__ import main
main()
"""


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running


def patient_desk(root: Path, port: int) -> MailDesk:
    """One with two connections that wait for the server as long as it takes."""
    desk = mail_desk(root, port, "connections = 2\n")
    text = (root / "channels" / "email.toml").read_text()
    desk.channel("email", text.replace("timeout = 2\n", "timeout = 600\n"))
    return desk


def newsroom_with_everything(root: Path, port: int) -> MailDesk:
    """One that mails, and has files and drafts too."""
    desk = patient_desk(root, port)
    (root / "own.py").write_text(PLUGIN)
    desk.channel("rss", 'adapter = "./own.py"\nscope = "rolling"\n')
    desk.channel("social", 'adapter = "./own.py"\ndraft = true\nreview = true\n')
    desk.publish("rss", "social")
    desk.subscribe(20)
    return desk


@contextmanager
def stuck(sink: Sink) -> Iterator[None]:
    """The mail server takes one mail, and then no more until the block ends."""
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


def test_everything_else_goes_on_while_a_mailing_is_under_way(tmp_path: Path, sink: Sink) -> None:
    desk = newsroom_with_everything(tmp_path / "newsroom", sink.port)
    newsroom = load_newsroom(desk.root, {})
    with desk.start("--channels", "email", "--yes") as mailing:
        with stuck(sink):
            mailing.until("the first mail", lambda: sink.mails)
            desk.write("ferry.md", "# The night ferry is late\n\nIt sails at ten.\n", age=0)
            corrected = desk.command("publish", "--channels", "rss")
            assert (corrected.returncode, corrected.stderr.count("rror")) == (0, 0)
            assert b"sails at ten" in desk.files()["out/rss/all.txt"]
            assert desk.command("plan").returncode == 0
            assert desk.command("check").returncode in (0, 3)
            assert desk.command("publish", "--channels", "social").returncode == 0
            approve_draft(newsroom, "ferry.txt", "Ines")
            reject_draft(newsroom, find_draft(newsroom, "ferry.txt").name, "Ines")
            approve_draft(newsroom, "ferry.txt", "Ines")
            busy = desk.command("publish", "--channels", "email", "--yes")
            assert busy.returncode == 75
            assert "email: no. 1: another run has been delivering it since " in busy.stderr
            quiet = desk.command("publish", "--channels", "email", "--yes", "--quiet")
            assert (quiet.returncode, quiet.stderr) == (75, "")
            partly = desk.command("publish", "--yes")
            assert partly.returncode == 0, "only the newsletter was busy"
            assert "email: no. 1: another run" in partly.stderr
        assert mailing.ended().returncode == 0
    assert sorted(sink.recipients) == [address(n) for n in range(20)]
    assert desk.command("publish", "--yes").returncode == 0
    assert len(sink.recipients) == 20


def start_short(desk: Desk, *words: str) -> waiting.Running:
    """`publish` with leases that last four seconds."""
    command = [sys.executable, "-c", SHORT, "publish", *words]
    return waiting.Running(command, cwd=desk.root, env=dict(os.environ), start_new_session=True)


def have_stopped(process: int) -> bool:
    """Whether every thread of `process` has: for a moment, some may still be on a processor."""
    try:
        found = Path(f"/proc/{process}/task").glob("*/stat")
        states = [one.read_text().rpartition(")")[2].split()[0] for one in found]
    except OSError:  # a thread has just ended
        return False
    return all(state in "TX" for state in states)


def pauses(desk: Desk, group: int) -> bool:
    """Pause the processes of `group`, unless one is just writing to the ledger: nobody else could
    write then."""
    os.killpg(group, signal.SIGSTOP)
    waiting.until("all its threads to stop", lambda: have_stopped(group))
    with closing(sqlite3.connect(desk.root / desk.ledger, timeout=0.2)) as ledger:
        try:
            ledger.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            os.killpg(group, signal.SIGCONT)
            return False
        return True


@pytest.mark.parametrize("first", [3, pytest.param(60, marks=pytest.mark.slow)])
def test_a_mailing_that_was_paused_for_too_long_sends_nothing_more(
    tmp_path: Path, sink: Sink, first: int
) -> None:
    desk = patient_desk(tmp_path / "newsroom", sink.port)
    desk.subscribe(300)
    with start_short(desk, "--yes") as paused:
        paused.until("some mails", lambda: len(sink.mails) >= first)
        paused.until("a moment between two transactions", lambda: pauses(desk, paused.pid))
        heirs = 0

        def finished() -> bool:
            nonlocal heirs
            with start_short(desk, "--yes") as heir:
                ended = heir.ended()
            assert ended.returncode in (0, 3, 75), ended.stderr
            heirs += ended.returncode != 75
            return ended.returncode != 75 and not desk.listed("--pending")

        waiting.until("another run to finish what the paused one has begun", finished)
        heard = list(sink.recipients)
        os.killpg(paused.pid, signal.SIGCONT)
        ended = paused.ended()
    assert ended.returncode == 3, ended.stderr
    assert "could not renew its lease" in ended.stderr
    assert "Traceback" not in ended.stderr
    late = sink.recipients[len(heard) :]
    uncertain = {one["unit"] for one in desk.listed("--uncertain")}
    assert set(late) <= uncertain, "it sent what the ledger had been told of, and nothing else"
    assert len(uncertain) <= 2 * heirs
    assert len(sink.recipients) == len(set(sink.recipients))
    assert {address(n) for n in range(300)} - set(sink.recipients) <= uncertain


def furnished(root: Path) -> Desk:
    desk = make_desk(root)
    desk.channel("second", 'adapter = "./own.py"\nscope = "rolling"\nmark = "!"\n')
    for number in range(6):
        desk.write(f"story-{number}.md", f"# Story {number}\n\nNothing is known yet.\n")
    return desk


@pytest.mark.parametrize("rounds", [6, pytest.param(60, marks=pytest.mark.slow)])
def test_two_at_random_end_as_one_after_the_other(tmp_path: Path, rounds: int) -> None:
    """Whatever they choose and whoever edits meanwhile, the end is what one run makes of it."""
    desk = furnished(tmp_path / "newsroom")
    chance = random.Random(20261201)
    names = ["single", "rolling", "second", "social", "numbered"]
    for round_ in range(rounds):
        chosen = [",".join(chance.sample(names, chance.randrange(1, 5))) for _ in range(2)]
        text = f"# Story {round_ % 6}\n\nIt is known by now: {round_}.\n"
        with (
            desk.start("--channels", chosen[0]) as one,
            desk.start("--channels", chosen[1], "--jobs", "2") as two,
        ):
            desk.write(f"story-{round_ % 6}.md", text, age=-round_)
            for run in (one, two):
                ended = run.ended()
                assert ended.returncode in (0, 75), ended.stderr
                assert "Traceback" not in ended.stderr
    assert desk.command("publish").returncode == 0
    assert desk.command("publish", "--reissue").returncode == 0
    calm = Desk(tmp_path / "calm")
    shutil.copytree(desk.root, calm.root, ignore=shutil.ignore_patterns("out", "drafts", "cache"))
    found = desk.files()
    rolling = {name: found[name] for name in found if "numbered" not in name}
    for folder in ("out", "drafts"):
        shutil.rmtree(desk.root / folder)
    assert desk.command("publish").returncode == 0
    again = desk.files()
    assert {name: again[name] for name in again if "numbered" not in name} == rolling
    numbers = sorted(int(name.split("/")[-1][:-4]) for name in found if "numbered" in name)
    assert numbers == list(range(1, len(numbers) + 1)), "no number was made twice or left out"
    assert desk.command("doctor").returncode == 0
