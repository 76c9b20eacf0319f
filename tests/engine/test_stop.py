"""SIGTERM and Ctrl-C while a run is at work: what is on its way is waited for, the rest waits for
the next run, and nothing stays behind."""

from __future__ import annotations

import os
import random
import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from syndicate.engine.review.drafts import find_draft
from syndicate.engine.review.verdicts import approve_draft
from syndicate.errors import Exit
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import PLUGIN, Desk, make_desk
from tests.engine.mailing import MailDesk, address, mail_desk
from tests.engine.test_crash import furnished, written
from tests.engine.test_posting import make_desk as posting_desk
from tests.platforms import PLATFORMS
from tests.platforms.platform import Fault, Platform
from tests.sink import Sink


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running


def slowly(_: str) -> str:
    threading.Event().wait(0.003)
    return "250 ok"


@pytest.mark.parametrize("rounds", [8, pytest.param(100, marks=pytest.mark.slow)])
def test_terminated_again_and_again_nobody_is_uncertain_or_served_twice(
    tmp_path: Path, sink: Sink, rounds: int
) -> None:
    sink.answers["DOT"] = slowly
    desk = mail_desk(tmp_path / "newsroom", sink.port)
    desk.subscribe(100 * rounds)
    chance = random.Random(20261130)
    for _ in range(rounds):
        before = len(sink.mails) + chance.randrange(60)
        with desk.start("--yes") as run:
            run.until("some more mails", lambda: len(sink.mails) > before)  # noqa: B023
            run.send_signal(signal.SIGTERM)
            done = run.ended()
        assert done.returncode == 143, done.stderr
        assert "leaked" not in done.stderr
        assert "Traceback" not in done.stderr
    assert desk.listed("--uncertain") == []
    assert desk.command("publish", "--yes").returncode == 0
    assert sorted(sink.recipients) == [address(n) for n in range(100 * rounds)]
    assert desk.listed() == []


def patient_desk(root: Path, port: int, grace: float) -> MailDesk:
    """A newsroom with 50 readers and two connections that wait for a server as long as it takes."""
    desk = mail_desk(root, port, "connections = 2\n")
    channel, settings = root / "channels" / "email.toml", root / "syndicate.toml"
    text = channel.read_text().replace("timeout = 2\n", "timeout = 600\n")
    channel.write_text(text.replace("wait = 0.05\n", "wait = 600\n"))
    settings.write_text(f"grace = {grace}\n{settings.read_text()}")
    desk.subscribe(50)
    return desk


def silent(sink: Sink, *numbers: int) -> set[str]:
    """Let the server say nothing once it has the mail to these readers; the set of those whose
    mail it has."""
    who = {address(number) for number in numbers}
    reached: set[str] = set()

    def answer(recipient: str) -> str:
        reached.update({recipient} & who)
        return "HANG" if recipient in who else "250 ok"

    sink.answers["DOT"] = answer
    return reached


def test_who_is_not_answered_within_the_grace_is_uncertain_and_named(
    tmp_path: Path, sink: Sink
) -> None:
    desk = patient_desk(tmp_path / "newsroom", sink.port, grace=0.5)
    reached = silent(sink, 2, 3)
    with desk.start("--yes") as run:
        run.until("the server to be silent", lambda: len(reached) == 2)
        run.send_signal(signal.SIGTERM)
        done = run.ended()
    assert done.returncode == 143
    assert f"{address(2)}: stopped before the destination answered" in done.stderr
    assert "deliveries resolve" in done.stderr
    assert [one["unit"] for one in desk.listed("--uncertain")] == [address(2), address(3)]
    assert len(desk.listed("--pending")) == 46
    sink.answers.clear()
    desk.command("publish", "--yes")
    assert sorted(sink.recipients) == [address(n) for n in range(50)]


def test_a_second_ctrl_c_waits_for_nothing(tmp_path: Path, sink: Sink) -> None:
    desk = patient_desk(tmp_path / "newsroom", sink.port, grace=3000)
    reached = silent(sink, 2, 3)
    with desk.start("--yes") as run:
        run.until("the server to be silent", lambda: len(reached) == 2)
        while run.alive:
            run.send_signal(signal.SIGINT)
            threading.Event().wait(0.1)
        done = run.ended()
    assert done.returncode == 130
    assert [one["unit"] for one in desk.listed("--uncertain")] == [address(2), address(3)]


def test_what_the_server_put_off_at_the_dot_is_not_on_its_way(tmp_path: Path, sink: Sink) -> None:
    desk = patient_desk(tmp_path / "newsroom", sink.port, grace=3000)
    put_off: list[str] = []

    def later(recipient: str) -> str:
        put_off.append(recipient)
        return "451 4.7.1 come back later"

    sink.answers["DOT"] = later
    with desk.start("--yes") as run:
        run.until("all to be put off", lambda: len(set(put_off)) == 50)
        run.send_signal(signal.SIGTERM)
        assert run.ended().returncode == 143
    assert desk.listed("--uncertain") == []
    assert len(desk.listed("--pending")) == 50


class AtFirstPost(dict[int, Fault]):
    """SIGTERM while the first post is on its way."""

    def __init__(self, server: Platform) -> None:
        self._server = server

    def pop(self, number: int, default: object = None) -> Any:
        asked = self._server.asked[number - 1]
        is_post = asked.method == "POST" and asked.path.endswith("/tweets")
        return "end after" if is_post and not self._server.posts else None


def test_a_thread_stops_after_the_post_that_is_on_its_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in PLATFORMS["x"].secrets.items():
        monkeypatch.setenv(name, value)
    with PLATFORMS["x"].server() as server:
        desk = posting_desk(tmp_path / "newsroom", "x", server)
        approve_draft(load_newsroom(desk.root, {}), "ferry.x", "Ines")
        server.faults = AtFirstPost(server)
        with desk.start(**PLATFORMS["x"].secrets) as run:
            server.client = run.pid
            done = run.ended()
        assert done.returncode == 143, done.stderr
        assert len(server.posts) == 1
        assert desk.command("publish").returncode == 0
        thread = find_draft(load_newsroom(desk.root, {}), "ferry.x").thread
        assert thread
        assert server.thread() == list(thread.posts)


@pytest.mark.parametrize("rounds", [3, pytest.param(30, marks=pytest.mark.slow)])
def test_terminated_while_files_are_written(tmp_path: Path, rounds: int) -> None:
    calm = furnished(tmp_path / "calm")
    assert calm.publish().exit is Exit.DONE
    expected, most = calm.files(), written(calm)
    chance = random.Random(20261130)
    for round_ in range(rounds):
        root = tmp_path / f"round-{round_}"
        shutil.copytree(calm.root, root, ignore=shutil.ignore_patterns("out", "drafts", ".syn*"))
        desk, some = Desk(root), chance.randrange(most)
        with desk.start("--jobs", "2") as run:
            run.until("some files", lambda: written(desk) >= some or not run.alive)  # noqa: B023
            run.send_signal(signal.SIGTERM)
            done = run.ended()
        assert done.returncode in (0, 143, -signal.SIGTERM), done.stderr
        assert "Traceback" not in done.stderr
        assert desk.publish().exit is Exit.DONE
        assert desk.files() == expected


RENDER = "    def render(self, edition, kit):\n"
SLOW = f"""{RENDER}
        import pathlib, tempfile, time
        tempfile.mkdtemp()
        pathlib.Path("begun").touch()
        time.sleep(600)
"""


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_stopped_while_rendering_nothing_stays_behind(
    tmp_path: Path, jobs: str, number: signal.Signals, code: int
) -> None:
    desk = make_desk(tmp_path / "newsroom")
    (desk.root / "own.py").write_text(PLUGIN.replace(RENDER, SLOW))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with desk.start("--jobs", jobs, TMPDIR=str(temporary)) as run:
        run.until("rendering to begin", (desk.root / "begun").exists)
        os.killpg(run.pid, number)  # as a terminal does, and as systemd does
        done = run.ended()
    assert done.returncode == code, done.stderr
    assert done.stderr == "Stopped. The next run does the rest.\n"
    assert list(temporary.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.killpg(run.pid, 0)  # nobody is left in the group
