"""Pipes and logs: a line arrives when it is printed, and a reader may leave at any time."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.conftest import Desk, make_desk

SYNDICATE = [sys.executable, "-m", "syndicate"]
LIMIT = 60  # seconds until a test says that nothing came


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path / "newsroom")


def closed() -> int:
    """A pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def run_unread(*words: str, cwd: Path, also_stderr: bool = False) -> tuple[int, str]:
    """The command with a stdout that nobody reads: its exit code and what it said on stderr."""
    unread = closed()
    try:
        done = subprocess.run(
            [*SYNDICATE, *words],
            cwd=cwd,
            stdout=unread,
            stderr=unread if also_stderr else subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(unread)
    return done.returncode, done.stderr or ""


def test_the_address_of_the_studio_arrives_through_a_pipe(desk: Desk) -> None:
    process = subprocess.Popen(
        [*SYNDICATE, "review", "--port", "0", "--no-browser"],
        cwd=desk.root,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        ready, _, _ = select.select([process.stdout], [], [], LIMIT)
        assert ready, f"`syndicate review` printed no address within {LIMIT} s"
        address = process.stdout.readline()
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=LIMIT)
    assert address.startswith("http://127.0.0.1:")
    assert "?token=" in address


def test_publish_goes_on_when_nobody_reads_what_it_prints(desk: Desk) -> None:
    code, said = run_unread("publish", "--channels", "single", cwd=desk.root)
    assert (code, said) == (0, "2 rendered · 2 delivered\n")
    assert (desk.root / "out" / "single" / "tides.txt").is_file()


def test_publish_goes_on_when_stderr_is_closed_too(desk: Desk) -> None:
    desk.channel("single", 'adapter = "./own.py"\nfail = "ferry"\n')
    code, _ = run_unread("publish", "--json", cwd=desk.root, also_stderr=True)
    assert code == 3
    assert (desk.root / "out" / "single" / "tides.txt").is_file()


def test_an_error_keeps_its_exit_code_when_nobody_reads_it(desk: Desk) -> None:
    desk.channel("single", 'adapter = "absent"\n')
    code, _ = run_unread("publish", cwd=desk.root, also_stderr=True)
    assert code == 2


@pytest.mark.parametrize(
    "words", [["channels"], ["plan", "--json"], ["history"], ["export", "json"], ["--help"]]
)
def test_a_listing_ends_quietly_when_nobody_reads_it(desk: Desk, words: list[str]) -> None:
    desk.publish()
    desk.write("late.md", "# A late story\n\nText.\n")
    _, said = run_unread(*words, cwd=desk.root)
    assert "Traceback" not in said
    assert "BrokenPipe" not in said
