"""A small newsroom with cheap channels, and ways to run it in this process or in one of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from syndicate.engine.delivery import send
from syndicate.engine.intended import intake_and_plan
from syndicate.engine.planning import planner
from syndicate.engine.planning.plan import Plan
from syndicate.engine.publish import Event, Order, Outcome, publish
from syndicate.newsroom.newsroom import load_newsroom
from tests import waiting, zygote
from tests.databases import database

PLUGIN = '''
from syndicate.adapters import Adapter, Artifact, Draft, Scope
from syndicate.findings import Finding


class Own(Adapter):
    """The words of each article; one file each, or one for all."""

    scopes = tuple(Scope)
    mark: str = ""
    draft: bool = False
    fail: str = ""
    lossy: bool = False
    finds: str = ""

    def inspect(self, edition, artifacts, kit):
        for artifact in artifacts if self.finds else ():
            yield Finding("own/too-short", self.finds, f"{artifact.name} is short")

    def render(self, edition, kit):
        for article in edition.articles:
            if article.slug == self.fail:
                raise ValueError("asked to fail")
            if self.lossy:
                kit.lossy(article, "figure", "nothing to see")
        texts = [
            f"{one.id} {one.url} {one.published} {one.updated} {one.title}"
            + chr(10) + kit.body(one, "txt") for one in edition.articles
        ]
        kind = Draft if self.draft else Artifact
        if self.scope is Scope.ARTICLE:
            for one, text in zip(edition.articles, texts):
                yield kind(f"{one.slug}.txt", "text/plain", (text + self.mark).encode())
        else:
            name = f"{edition.number or 'all'}.txt"
            head = f"{edition.number} {edition.date}" + chr(10)
            yield kind(name, "text/plain", (head + "".join(texts) + self.mark).encode())
'''
SETTINGS = """\
[publication]
title = "Gazette"
base_url = "https://gazette.example.org/"
"""
CHANNELS = {
    "single": 'adapter = "./own.py"\n',
    "rolling": 'adapter = "./own.py"\nscope = "rolling"\n',
    "numbered": 'adapter = "./own.py"\nscope = "edition"\n',
    "social": 'adapter = "./own.py"\ndraft = true\nreview = true\n',
}


@pytest.fixture(scope="session", autouse=True)
def loaded() -> None:
    """Load once what each process that renders would load again: they are forked from this one."""
    zygote.load()


@dataclass
class Desk:
    """A newsroom under test."""

    root: Path
    events: list[Event] = field(default_factory=list)
    ledger: str = ".syndicate/ledger.sqlite"

    def copied_to(self, root: Path) -> Desk:
        """The same newsroom in another folder: publishing it once is enough for many tests."""
        shutil.copytree(self.root, root, symlinks=True)
        return Desk(root, ledger=self.ledger)

    def write(self, name: str, text: str, age: int = 3600) -> Path:
        """Put an article into `content/`, last edited `age` seconds before a fixed day."""
        path = self.root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (1_790_000_000 - age,) * 2)
        return path

    def channel(self, name: str, toml: str) -> None:
        """Put a channel file in place."""
        (self.root / "channels" / f"{name}.toml").write_text(toml)

    def publish(self, *channels: str, **order: object) -> Outcome:
        """Publish in this process."""
        self.events = []
        asked = Order(channels, jobs=1, **order)  # type: ignore[arg-type]
        newsroom = load_newsroom(self.root, {})
        return publish(newsroom, asked, self.events.append, lambda _: None)

    def plan(self, *channels: str, **order: object) -> Plan:
        """What would be done."""
        return intake_and_plan(load_newsroom(self.root, {}), channels, **order)[1]  # type: ignore[arg-type]

    def channels(self) -> list[str]:
        """The names of all channels."""
        return [path.stem for path in (self.root / "channels").glob("*.toml")]

    def told(self, kind: str) -> list[str]:
        """The texts of the events of this kind in the last run."""
        return [event.text for event in self.events if event.kind == kind]

    def files(self) -> dict[str, bytes]:
        """Every file that was published or drafted."""
        places = (self.root / "out", self.root / "drafts")
        paths = sorted(path for place in places for path in place.rglob("*") if path.is_file())
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in paths}

    def command(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """The real command in a process of its own."""
        return waiting.run(
            [sys.executable, "-m", "syndicate", *words],
            cwd=self.root,
            env={**os.environ, **environment},
        )

    def start(self, *words: str, **environment: str) -> waiting.Running:
        """`publish` in a process and a group of its own that goes on meanwhile."""
        return self.start_command("publish", *words, **environment)

    def start_command(self, *words: str, **environment: str) -> waiting.Running:
        """Any command in a process and a group of its own that goes on meanwhile."""
        return waiting.Running(
            [sys.executable, "-m", "syndicate", *words],
            cwd=self.root,
            env={k: v for k, v in os.environ.items() if not k.startswith("SYNDICATE_")}
            | environment,
            start_new_session=True,
        )


def make_desk(root: Path, ledger: str = Desk.ledger) -> Desk:
    """A newsroom in `root` with four channels and two articles."""
    (root / "channels").mkdir(parents=True)
    (root / "content").mkdir()
    (root / "syndicate.toml").write_text(f'ledger = "{ledger}"\n{SETTINGS}')
    (root / "own.py").write_text(PLUGIN)
    desk = Desk(root, ledger=ledger)
    for name, toml in CHANNELS.items():
        desk.channel(name, toml)
    desk.write("ferry.md", "# The night ferry returns\n\nIt sails on Friday at nine.\n")
    desk.write("tides.md", "# Reading the tide\n\nTables are averages of averages.\n")
    return desk


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A newsroom with four channels and two articles; its ledger is on either database."""
    if request.param == "sqlite":
        yield make_desk(tmp_path / "newsroom")
    else:
        with database(request.getfixturevalue("postgresql")) as url:
            yield make_desk(tmp_path / "newsroom", url)


class Clock:
    """What the engine takes for the clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = self

        class Faked(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
                return clock.at

        self.at = datetime(2026, 10, 5, 6, tzinfo=UTC)
        for module in (planner, send):
            monkeypatch.setattr(module, "datetime", Faked)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)
