"""Pipes and logs: each line arrives as soon as it is printed, and a reader may stop at any time."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.engine.conftest import Desk, make_desk
from tests.waiting import Running, run

SYNDICATE = [sys.executable, "-m", "syndicate"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path / "newsroom")


def closed() -> int:
    """A pipe that no one reads."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def run_unread(*words: str, cwd: Path, also_stderr: bool = False) -> tuple[int, str]:
    """Run a command whose stdout no one reads. Returns its exit code and its stderr."""
    unread = closed()
    try:
        streams = f"exec >&{unread}" + (f" 2>&{unread}" if also_stderr else "")
        command = ["bash", "-c", f'{streams}; exec "$@"', "bash", *SYNDICATE, *words]
        done = run(command, cwd=cwd, pass_fds=(unread,))
    finally:
        os.close(unread)
    return done.returncode, done.stderr


def test_the_address_of_the_studio_arrives_through_a_pipe(desk: Desk) -> None:
    command = [*SYNDICATE, "review", "--port", "0", "--no-browser"]
    with Running(command, cwd=desk.root) as studio:
        address = studio.line("its address")
        studio.send_signal(signal.SIGTERM)
        studio.ended()
    assert address.startswith("http://127.0.0.1:")
    assert "?token=" in address


@pytest.mark.parametrize("words", [(), ("--verbose",)])
def test_many_files_are_one_line_for_each_channel_at_a_terminal(
    desk: Desk, words: tuple[str, ...]
) -> None:
    for number in range(10):
        desk.write(f"boat-{number}.md", f"# Boat {number}\n\nIt sails at {number}.\n")
    reading, terminal = os.openpty()
    streams = f'exec >&{terminal}; exec "$@"'
    command = ["bash", "-c", streams, "bash", *SYNDICATE, "publish", *words]
    channels = ("--channels", "single,rolling")
    done = run([*command, *channels], cwd=desk.root, pass_fds=(terminal,))
    os.close(terminal)
    shown = os.read(reading, 65_536).decode().splitlines()
    os.close(reading)
    assert "out/rolling/all.txt" in shown, "a few are named"
    assert ("single: 12 delivered" in shown) is not bool(words)
    assert ("out/single/boat-3.txt" in shown) is bool(words)
    assert ("add --verbose" in done.stderr) is not bool(words)


def test_publish_continues_when_no_one_reads_stdout(desk: Desk) -> None:
    code, said = run_unread("publish", "--channels", "single", cwd=desk.root)
    assert (code, said) == (0, "2 rendered · 2 delivered\n")
    assert (desk.root / "out" / "single" / "tides.txt").is_file()


def test_publish_continues_when_stderr_is_closed_too(desk: Desk) -> None:
    desk.channel("single", 'adapter = "./own.py"\nfail = "ferry"\n')
    code, _ = run_unread("publish", "--json", cwd=desk.root, also_stderr=True)
    assert code == 3
    assert (desk.root / "out" / "single" / "tides.txt").is_file()


def test_an_error_keeps_its_exit_code_when_no_one_reads_it(desk: Desk) -> None:
    desk.channel("single", 'adapter = "absent"\n')
    code, _ = run_unread("publish", cwd=desk.root, also_stderr=True)
    assert code == 2


@pytest.mark.parametrize(
    "words", [["channels"], ["plan", "--json"], ["history"], ["export", "json"], ["--help"]]
)
def test_a_listing_ends_quietly_when_no_one_reads_it(desk: Desk, words: list[str]) -> None:
    desk.publish()
    desk.write("late.md", "# A late story\n\nText.\n")
    _, said = run_unread(*words, cwd=desk.root)
    assert "Traceback" not in said
    assert "BrokenPipe" not in said
