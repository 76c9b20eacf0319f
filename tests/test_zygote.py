"""A command in a forked process is like one in a Python of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import waiting
from tests.engine.conftest import Desk, make_desk

COMMAND = [sys.executable, "-m", "syndicate"]
OWN = {"PYTHONHASHSEED": "1"}  # only a Python that starts can follow this


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path / "newsroom")


def said(done: subprocess.CompletedProcess[str]) -> tuple[int, str, str]:
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "words", [["--version"], ["plan"], ["plan", "--nonsense"], ["publish", "--channels", "none"]]
)
def test_it_says_the_same_and_ends_the_same(desk: Desk, words: list[str]) -> None:
    env = {**os.environ, "SYNDICATE_PUBLICATION__TITLE": "From the environment"}
    assert waiting.ZYGOTE.fits([*COMMAND, *words], env, {})
    assert not waiting.ZYGOTE.fits([*COMMAND, *words], env | OWN, {})
    forked = waiting.run([*COMMAND, *words], cwd=desk.root, env=env)
    own = waiting.run([*COMMAND, *words], cwd=desk.root, env=env | OWN)
    assert said(forked) == said(own)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_it_ends_when_it_is_told(desk: Desk, number: int, code: int) -> None:
    words = [*COMMAND, "review", "--port", "0", "--no-browser"]
    with waiting.Running(words, cwd=desk.root, start_new_session=True) as running:
        assert running.line("its address").startswith("http://127.0.0.1:")
        assert os.getsid(running.pid) == running.pid != os.getsid(0)
        running.send_signal(number)
        assert running.ended().returncode == code
    assert not running.alive


def test_one_does_not_change_the_next(desk: Desk) -> None:
    env = {**os.environ, "SYNDICATE_LEDGER": "nonsense://"}
    assert waiting.run([*COMMAND, "publish"], cwd=desk.root, env=env).returncode == 2
    waiting.run([*COMMAND, "publish"], cwd=desk.root, check=True)
