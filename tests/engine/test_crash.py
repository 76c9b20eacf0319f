"""`kill -9` at any moment of `publish`, then again: the result equals an undisturbed run."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.engine.conftest import Desk, make_desk

ARTICLES = 8


def furnished(root: Path) -> Desk:
    """A newsroom with enough work to be interrupted in."""
    desk = make_desk(root)
    for number in range(ARTICLES):
        text = f"# Story number {number}\n\nWhat happened at berth {number} is not known yet.\n"
        desk.write(f"story-{number}.md", text)
    desk.channel("rss", "")
    desk.channel("x", "review = true\n")
    return desk


def start(desk: Desk, *words: str) -> subprocess.Popen[bytes]:
    """`publish`, unheard."""
    return desk.start(*words, output=subprocess.DEVNULL)


@pytest.mark.parametrize("rounds", [5, pytest.param(30, marks=pytest.mark.slow)])
def test_killed_at_any_moment_then_run_again(tmp_path: Path, rounds: int) -> None:
    took = {}
    for jobs in ("1", "2"):
        calm = furnished(tmp_path / f"calm-{jobs}")
        began = time.monotonic()
        assert start(calm, "--jobs", jobs).wait() == 0
        took[jobs] = time.monotonic() - began
    expected = calm.files()
    assert len(expected) > 3 * ARTICLES

    chance = random.Random(20261005)
    killed = 0
    for round_ in range(rounds):
        root = tmp_path / f"round-{round_}"
        shutil.copytree(calm.root, root, ignore=shutil.ignore_patterns("out", "drafts", ".syn*"))
        desk = Desk(root)
        for _ in range(1 + round_ % 2):
            jobs = str(1 + round_ % 3 % 2)
            process = start(desk, "--jobs", jobs)
            try:
                process.wait(timeout=took[jobs] * (0.15 + 0.85 * chance.random()))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                killed += 1
        again = start(desk, "--jobs", "1")
        assert again.wait(timeout=60) == 0
        assert desk.files() == expected, f"round {round_}"
        assert start(desk).wait(timeout=60) == 0
        shutil.rmtree(root)
    assert killed >= rounds // 2
