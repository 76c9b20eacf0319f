"""Processes that are begun before there is work for them."""

from __future__ import annotations

import os
from multiprocessing import active_children
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from syndicate.engine.content.limits import Limits
from syndicate.engine.content.processes import done_apart
from syndicate.engine.content.spare_processes import spare_or_begun, spare_processes
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from tests.engine.conftest import make_desk

PLENTY = Limits(1 << 40, 600)


def who(task: str) -> tuple[str, int]:
    return task, os.getpid()


def say_who(pipe: Connection) -> None:
    pipe.send(os.getpid())


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return load_newsroom(make_desk(tmp_path / "newsroom").root, {})


def test_the_spare_process_does_the_work_of_its_kind_once(newsroom: Newsroom) -> None:
    with spare_processes(newsroom):
        spare = {one.pid for one in active_children()}
        process, pipe = spare_or_begun("rendering", say_who)
        other, other_pipe = spare_or_begun("rendering", say_who)
        assert pipe.recv() == process.pid in spare
        assert other_pipe.recv() == other.pid not in spare
        assert dict(done_apart(["a"], who, 1, PLENTY))["a"] in spare  # type: ignore[arg-type]


def test_one_that_was_killed_while_it_waited_is_replaced(newsroom: Newsroom) -> None:
    with spare_processes(newsroom):
        for one in active_children():
            one.kill()
            one.join()
        _, pipe = spare_or_begun("rendering", say_who)
        assert pipe.recv() != os.getpid()


def test_none_stays(newsroom: Newsroom) -> None:
    with spare_processes(newsroom):
        assert len(active_children()) == 2
    assert not active_children()
