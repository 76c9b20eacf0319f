"""One article on every kind of channel is withdrawn: what a crawler still finds is exactly what the
report names. A run that is killed at any point ends in the same way once it is repeated."""

from __future__ import annotations

import os
import re
import shutil
import signal
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from syndicate.engine.review.drafts import tracked_drafts
from syndicate.engine.review.verdicts import approve_draft
from syndicate.engine.withdrawal import WithdrawalOrder, withdraw
from syndicate.engine.withdrawal_report import WithdrawalReport
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from tests.engine.conftest import PLUGIN, SETTINGS
from tests.engine.mailing import MailDesk
from tests.platforms import PLATFORMS
from tests.platforms.pds import PDS, WHY_NOT, is_installed, pds
from tests.platforms.platform import Platform
from tests.sink import Sink

MARK = "Quillfeather"  # in no other article
STORY = f"""\
---
title: The {MARK} ferry returns
published: 2026-05-04
section: Harbour
tags: [Ferries]
---

The {MARK} ferry sails again from Friday, after years in which there was none.

The {MARK} carried many people in its last year, more than in any before it.
"""
OTHER = """\
---
title: Reading the tide
published: 2026-07-06
section: Harbour
tags: [Ferries]
---

Tables are averages of averages.
"""
SPLIT = '[split]\nby = "{by}"\n'
CHANNELS = {
    "rss": 'archive = "month"\n' + SPLIT.format(by="tag"),
    "atom": 'archive = "month"\n' + SPLIT.format(by="section"),
    "jsonfeed": 'archive = "month"\n' + SPLIT.format(by="tag"),
    "pdf": 'profile = "office"\n',
    "epub": "",
    "files": 'adapter = "./own.py"\n',
    "email": '[deliver]\nvia = "smtp"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n',
}
FEW = ("atom", "files")
"""Channels that take little time, for many runs."""


@dataclass
class World:
    """A newsroom, and all the places that it publishes to."""

    desk: MailDesk
    sink: Sink
    platforms: dict[str, Platform] = field(default_factory=dict)
    bluesky: PDS | None = None

    def withdraw(self, *, delete: bool) -> WithdrawalReport:
        """Withdraw the article."""
        order = WithdrawalOrder("ferry", "the figures were wrong", "Ines", delete)
        newsroom = load_newsroom(self.desk.root, {})
        return withdraw(newsroom, order, lambda _: None, Stop()).report

    def files(self) -> set[str]:
        """The files that have the article's words in them, or its name if they are printed."""
        found = set()
        for path in (self.desk.root / "out").rglob("*"):
            if path.is_file() and (path.stem == "ferry" or MARK in text_of(path)):
                found.add(path.relative_to(self.desk.root).as_posix())
        return found

    def posts(self) -> set[str]:
        """What platforms call the posts that there are."""
        ids = {last(one.id) for server in self.platforms.values() for one in server.posts}
        return ids | {last(uri) for uri, _ in (self.bluesky.posts() if self.bluesky else ())}


def text_of(path: Path) -> str:
    """The text of a file that is not printed."""
    if path.suffix != ".epub":
        return path.read_bytes().decode("utf-8", "replace")
    with zipfile.ZipFile(path) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def last(address: str) -> str:
    return address.rpartition("/")[2]


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for platform in PLATFORMS.values():
        for name, value in platform.secrets.items():
            monkeypatch.setenv(name, value)
    monkeypatch.setattr("time.sleep", lambda _: None)


def furnished(root: Path, names: tuple[str, ...], sink: Sink) -> World:
    """A newsroom with two articles and these channels."""
    (root / "channels").mkdir(parents=True)
    (root / "syndicate.toml").write_text(SETTINGS)
    (root / "own.py").write_text(PLUGIN)
    shutil.copytree(Path(__file__).parents[2] / "templates", root / "templates")
    desk = MailDesk(root)
    desk.write("ferry.md", STORY)
    desk.write("tides.md", OTHER)
    for name in names:
        desk.channel(name, CHANNELS[name].replace("{port}", str(sink.port)))
    return World(desk, sink)


def published(world: World) -> None:
    """Everything is published, approved and posted."""
    if "email" in world.desk.channels():
        world.desk.subscribe(3)
    world.desk.publish()
    newsroom = load_newsroom(world.desk.root, {})
    for draft in tracked_drafts(newsroom):
        if draft.name.startswith("ferry."):
            approve_draft(newsroom, draft.name, "Ines")
    world.desk.publish()


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path, secrets: None) -> Iterator[World]:
    """Nine channels, of which three post. Bluesky is a real server if there is one."""
    with ExitStack() as stack:
        sink = stack.enter_context(Sink(keep=True))
        world = furnished(tmp_path / "newsroom", tuple(CHANNELS), sink)
        names = ["x", "mastodon"]
        if request.param == "fake":
            names.append("bluesky")
        for name in names:
            setup = PLATFORMS[name]
            server = world.platforms[name] = stack.enter_context(setup.server())
            post(world.desk, name, {setup.place: server.url, **setup.options})
        if request.param == "real":
            world.bluesky = stack.enter_context(pds())
            options = {"server": world.bluesky.url, "handle": world.bluesky.handle}
            post(world.desk, "bluesky", options)
        published(world)
        yield world


def post(desk: MailDesk, name: str, options: dict[str, str]) -> None:
    """Let a channel post."""
    lines = "".join(f'{key} = "{value}"\n' for key, value in options.items())
    desk.channel(name, f'review = true\n[deliver]\nvia = "{name}"\n{lines}')


BLUESKY = [
    "fake",
    pytest.param("real", marks=pytest.mark.skipif(not is_installed(), reason=WHY_NOT)),
]


@pytest.mark.slow
@pytest.mark.parametrize("delete", [True, False])
@pytest.mark.parametrize("world", BLUESKY, indirect=True)
def test_what_is_still_there_is_what_the_report_names(world: World, delete: bool) -> None:
    assert len(world.files()) >= 8
    posted = world.posts()
    assert len(posted) >= 5
    report = world.withdraw(delete=delete)
    files = {one.address for one in report.remaining if one.kind in ("file", "feed", "issue")}
    assert world.files() == files == {"out/epub/epub-0001.epub"}
    posts = {last(one.address) for one in report.remaining if one.kind == "post"}
    assert world.posts() == posts == (set() if delete else posted)
    mails = [one for one in report.remaining if one.kind == "mail"]
    assert sum(int(one.address.split()[0]) for one in mails) == 3
    assert sum(MARK.encode() in one for one in world.sink.contents) == 3
    assert not report.uncertain
    assert len(report.answered) == (0 if delete else 3)
    assert MARK not in (world.desk.root / "out/rss/ferries/feed.xml").read_text()


# -- kill -9 ------------------------------------------------------------------------------------


def in_child(work: Callable[[], object], at: int) -> bool:
    """Do `work` in a process of its own that kills itself at its `at`-th write: before a
    transaction of the ledger is written, before or after a file is renamed or deleted, or a request
    is sent. Whether it was killed."""
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

    import requests

    sa.event.listen(sa.engine.Engine, "commit", count)
    for owner, name in (
        (os, "rename"),
        (os, "replace"),
        (os, "unlink"),
        (requests.Session, "send"),
    ):
        setattr(owner, name, counted(getattr(owner, name)))


@pytest.fixture
def few(tmp_path: Path, secrets: None) -> Iterator[World]:
    """Three channels, one of which posts; everything is published."""
    with Sink() as sink, PLATFORMS["x"].server() as server:
        world = furnished(tmp_path / "newsroom", FEW, sink)
        world.platforms["x"] = server
        post(world.desk, "x", {"api": server.url})
        published(world)
        yield world


def killed_and_repeated(few: World, points: Iterator[int]) -> int:
    """The withdrawal is killed at each of `points`, until there is no such point. Returns the last
    one."""
    root, server = few.desk.root, few.platforms["x"]
    before, posts = root.with_name("before"), list(server.posts)
    shutil.copytree(root, before)

    def ended() -> tuple[dict[str, bytes], WithdrawalReport, list[str]]:
        report = few.withdraw(delete=True)
        files = {n: c for n, c in few.desk.files().items() if n.startswith("out/")}
        return masked(files), report, [one.id for one in server.deleted]

    def again() -> None:
        shutil.rmtree(root)
        shutil.copytree(before, root)
        server.posts, server.deleted = list(posts), []

    expected = ended()
    assert expected[1].remaining == ()
    for at in points:
        again()
        if not in_child(lambda: few.withdraw(delete=True), at):
            return at
        files, report, deleted = ended()
        assert files.keys() == expected[0].keys(), f"killed at {at}"
        for name, content in files.items():
            assert content == expected[0][name], f"killed at {at}: {name}"
        assert report.remaining == (), f"killed at {at}"
        assert set(report.removed) == set(expected[1].removed), f"killed at {at}"
        assert deleted == expected[2], f"killed at {at}"
    return at


def masked(files: dict[str, bytes]) -> dict[str, bytes]:
    """`files` without the time of the withdrawal."""
    time = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
    return {name: time.sub(b"", content) for name, content in files.items()}


def test_killed_at_some_points(few: World) -> None:
    assert killed_and_repeated(few, iter((3, 9, 17, 26))) == 26


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_killed_at_every_write(few: World, part: int) -> None:
    """Every fourth point in each part: all of them take longer than a test may."""
    assert killed_and_repeated(few, iter(range(1 + part, 1000, 4))) > 30
