"""`kill -9` at any moment of `publish`, then again: the result equals an undisturbed run."""

from __future__ import annotations

import os
import random
import shutil
from functools import partial
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


def written(desk: Desk) -> int:
    """How many files a run has written so far, its ledger and cache among them."""
    folders = (desk.root / name for name in ("out", "drafts", ".syndicate"))
    return sum(len(files) for folder in folders for _, _, files in os.walk(folder))


@pytest.mark.parametrize("rounds", [3, pytest.param(30, marks=pytest.mark.slow)])
def test_killed_at_any_moment_then_run_again(tmp_path: Path, rounds: int) -> None:
    calm = furnished(tmp_path / "calm")
    with calm.start("--jobs", "2") as run:
        assert run.ended().returncode == 0
    expected, most = calm.files(), written(calm)
    assert len(expected) > 3 * ARTICLES

    chance = random.Random(20261005)
    killed = 0
    for round_ in range(rounds):
        root = tmp_path / f"round-{round_}"
        shutil.copytree(calm.root, root, ignore=shutil.ignore_patterns("out", "drafts", ".syn*"))
        desk = Desk(root)
        for _ in range(1 + round_ % 2):
            until, later = chance.randrange(most), chance.random() * 0.02
            with desk.start("--jobs", str(1 + round_ % 3 % 2)) as run:
                killed += run.killed_when(partial(has_written, desk, until), later)
        for jobs in ("1", "2"):
            with desk.start("--jobs", jobs) as run:
                assert run.ended().returncode == 0
            assert desk.files() == expected, f"round {round_}"
        shutil.rmtree(root)
    assert killed >= rounds // 2


def has_written(desk: Desk, number: int) -> bool:
    return written(desk) >= number
