"""A newsroom with nine kinds of channel, and the places that it publishes to: a folder, a mail
server, three social platforms."""

from __future__ import annotations

import copy
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from syndicate.engine.review.drafts import tracked_drafts
from syndicate.engine.review.verdicts import approve_draft
from syndicate.engine.withdrawal import Withdrawal, WithdrawalOrder, withdraw
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from tests.engine.conftest import PLUGIN, SETTINGS
from tests.engine.mailing import MailDesk
from tests.platforms import PLATFORMS
from tests.platforms.pds import PDS, pds
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
_STATE = ("posts", "deleted", "records")
"""What a platform knows of posts."""


@dataclass
class World:
    """A newsroom, and all the places that it publishes to."""

    desk: MailDesk
    sink: Sink
    platforms: dict[str, Platform] = field(default_factory=dict)
    bluesky: PDS | None = None

    def withdraw(self, *, delete: bool) -> Withdrawal:
        """Withdraw the article."""
        order = WithdrawalOrder("ferry", "the figures were wrong", "Ines", delete)
        newsroom = load_newsroom(self.desk.root, {})
        return withdraw(newsroom, order, lambda _: None, Stop())

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
        return ids | {last(uri) for uri in (self.bluesky.records() if self.bluesky else ())}

    def saved(self) -> Saved:
        """All of it as it is now."""
        if self.bluesky:
            self.bluesky.keep()
        place = self.desk.root.with_name("before")
        shutil.copytree(self.desk.root, place)
        platforms = {
            name: {key: copy.copy(value) for key, value in vars(server).items() if key in _STATE}
            for name, server in self.platforms.items()
        }
        return Saved(place, platforms, self.bluesky.records() if self.bluesky else {})

    def restore(self, saved: Saved) -> None:
        """Make everything as it was."""
        shutil.rmtree(self.desk.root)
        shutil.copytree(saved.newsroom, self.desk.root)
        for name, state in saved.platforms.items():
            vars(self.platforms[name]).update({k: copy.copy(v) for k, v in state.items()})
        if self.bluesky:
            self.bluesky.put(saved.records)


@dataclass(frozen=True)
class Saved:
    """A world at one time: its newsroom, and what its platforms and its PDS had."""

    newsroom: Path
    platforms: dict[str, dict[str, Any]]
    records: dict[str, Any]


def text_of(path: Path) -> str:
    """The text of a file that is not printed."""
    if path.suffix != ".epub":
        return path.read_bytes().decode("utf-8", "replace")
    with zipfile.ZipFile(path) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def last(address: str) -> str:
    """What is behind the last slash."""
    return address.rpartition("/")[2]


def with_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the couriers sign in, and wait for nothing."""
    for platform in PLATFORMS.values():
        for name, value in platform.secrets.items():
            monkeypatch.setenv(name, value)
    monkeypatch.setattr("time.sleep", lambda _: None)


@contextmanager
def furnished(root: Path, names: tuple[str, ...]) -> Iterator[World]:
    """A newsroom with two articles and channels of these names, all of it published, approved and
    posted. "pds" is a channel that posts to a real Bluesky server."""
    (root / "channels").mkdir(parents=True)
    (root / "syndicate.toml").write_text(SETTINGS)
    (root / "own.py").write_text(PLUGIN)
    shutil.copytree(Path(__file__).parents[2] / "templates", root / "templates")
    desk = MailDesk(root)
    desk.write("ferry.md", STORY)
    desk.write("tides.md", OTHER)
    with ExitStack() as stack:
        sink = stack.enter_context(Sink(keep=True))
        world = World(desk, sink)
        for name in names:
            if name == "pds":
                real = world.bluesky = stack.enter_context(pds())
                _post(desk, "bluesky", {"server": real.url, "handle": real.handle})
            elif name in PLATFORMS:
                setup = PLATFORMS[name]
                server = world.platforms[name] = stack.enter_context(setup.server())
                _post(desk, name, {setup.place: server.url, **setup.options})
            else:
                desk.channel(name, CHANNELS[name].replace("{port}", str(sink.port)))
        if "email" in names:
            desk.subscribe(3)
        desk.publish()
        newsroom = load_newsroom(root, {})
        for draft in tracked_drafts(newsroom):
            if draft.name.startswith("ferry."):
                approve_draft(newsroom, draft.name, "Ines")
        desk.publish()
        yield world


def _post(desk: MailDesk, name: str, options: dict[str, str]) -> None:
    """Let a channel post."""
    lines = "".join(f'{key} = "{value}"\n' for key, value in options.items())
    desk.channel(name, f'review = true\n[deliver]\nvia = "{name}"\n{lines}')
