"""A withdrawal that is killed with kill -9, at any point, ends in the same way once it is repeated:
on a few channels, and on all nine."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.engine.nine_channels import CHANNELS, World, furnished, last, with_secrets
from tests.platforms.pds import is_installed

FEW = ("atom", "files", "x")
"""Channels that take little time, for the suite."""
NINE = (*CHANNELS, "x", "mastodon", "pds" if is_installed() else "bluesky")
PARTS = 3
_TIME = re.compile(
    rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"  # RFC 3339
    rb"|\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000"  # RFC 5322, in RSS
)


def in_child(work: Callable[[], object], at: int) -> bool:
    """Do `work` in a process of its own that kills itself at its `at`-th write: before a
    transaction that changes the ledger is written, or before or after a file is renamed or deleted
    or a request is sent. Whether it was killed. (A kill after the last write leaves the same as one
    before the next, so one at each is enough.)"""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            assert os.WTERMSIG(status) == signal.SIGKILL
            return True
        assert os.WEXITSTATUS(status) == 0
        return False
    code = 1
    try:
        _kill_at(at)
        work()
        code = 0
    finally:
        os._exit(code)


def _kill_at(at: int) -> None:
    left, itself = at, os.getpid()

    def count(*_: Any, **__: Any) -> None:
        nonlocal left
        if os.getpid() != itself:  # a process that renders: another test kills those
            return
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            count()
            made = function(*args, **options)
            count()
            return made

        return call

    changed: set[int] = set()

    def note(connection: sa.Connection, _: object, statement: str, *__: object) -> None:
        if statement.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            changed.add(id(connection))

    def commit(connection: sa.Connection) -> None:
        if id(connection) in changed:
            changed.remove(id(connection))
            count()

    import httpx
    import requests

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
    sa.event.listen(sa.engine.Engine, "commit", commit)
    sa.event.listen(sa.engine.Engine, "rollback", lambda one: changed.discard(id(one)))
    for owner, name in (
        (os, "rename"),
        (os, "replace"),
        (os, "unlink"),
        (requests.Session, "send"),  # X, Mastodon
        (httpx.Client, "send"),  # Bluesky
    ):
        setattr(owner, name, counted(getattr(owner, name)))


@dataclass(frozen=True)
class End:
    """What there is after a withdrawal, apart from its time."""

    files: dict[str, bytes]
    drafts: frozenset[str]
    deleted: dict[str, list[str]]
    posts: frozenset[str]
    mails: int
    removed: frozenset[str]
    remaining: frozenset[str]
    uncertain: frozenset[str]
    letters: tuple[tuple[str, int], ...]


def ended(world: World) -> End:
    """The withdrawal is run to its end."""
    withdrawal = world.withdraw(delete=True)
    files, report = world.desk.files(), withdrawal.report
    return End(
        {name: _masked(data) for name, data in files.items() if name.startswith("out/")},
        frozenset(name for name in files if name.startswith("drafts/")),
        {name: [one.id for one in server.deleted] for name, server in world.platforms.items()},
        frozenset(world.posts()),
        len(world.sink.contents),
        frozenset(report.removed),
        frozenset(f"{one.channel} {last(one.address)}" for one in report.remaining),
        frozenset(f"{one.channel} {last(one.address)}" for one in report.uncertain),
        withdrawal.letters,
    )


def _masked(content: bytes) -> bytes:
    """`content` without the time of the withdrawal."""
    return _TIME.sub(b"", content)


def killed_and_repeated(world: World, points: Iterable[int]) -> int:
    """The withdrawal is killed at each of `points`, until there is no such point. Returns the last
    one."""
    before = world.saved()
    expected = ended(world)
    assert not expected.uncertain
    assert not expected.posts
    for at in points:
        world.restore(before)
        if not in_child(lambda: world.withdraw(delete=True), at):
            return at
        found = ended(world)
        for name in vars(expected):
            assert getattr(found, name) == getattr(expected, name), f"killed at {at}: {name}"
    return at


def test_killed_at_some_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_secrets(monkeypatch)
    with furnished(tmp_path / "newsroom", FEW) as few:
        assert killed_and_repeated(few, (2, 5, 9, 14)) == 14


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_every_write_of_nine_channels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    """One point in `PARTS` for each part: all of them take longer than a test may."""
    with_secrets(monkeypatch)
    with furnished(tmp_path / "newsroom", NINE) as world:
        assert killed_and_repeated(world, range(1 + part, 2000, PARTS)) > 50
