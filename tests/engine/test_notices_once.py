"""`kill -9` while files are laid down and a hub is told: no file is replaced by itself, no change
goes unheard, and none reaches a subscriber twice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import waiting
from tests.engine.conftest import SETTINGS
from tests.engine.mailing import MailDesk
from tests.serving import serving

PLUGIN = '''
from syndicate.adapters import Adapter, Artifact, Scope


class Feeds(Adapter):
    """A feed of its own for each article."""

    scopes = (Scope.ARTICLE,)
    scope: Scope = Scope.ARTICLE
    hub: str

    def render(self, edition, kit):
        for one in edition.articles:
            name = f"{one.slug}.xml"
            links = f'<link rel="self" href="https://gazette.example.org/feeds/{name}"/>'
            links += f'<link rel="hub" href="{self.hub}"/>'
            feed = f"<feed>{links}<entry>{one.title}</entry></feed>"
            yield Artifact(name, "application/atom+xml", feed.encode())
'''


class Hub(ThreadingHTTPServer):
    """A hub as they are: told of a topic, it fetches it, and passes on what it has not seen."""

    def __init__(self, published: Path) -> None:
        self.published, self.one = published, Lock()
        self.heard: Counter[str] = Counter()
        self.passed_on: Counter[tuple[str, str]] = Counter()
        super().__init__(("127.0.0.1", 0), Ear)

    def told(self, topic: str) -> None:
        name = urlsplit(topic).path.rpartition("/")[2]
        digest = sha256((self.published / name).read_bytes()).hexdigest()
        with self.one:
            self.heard[name] += 1
            if (name, digest) not in self.passed_on:
                self.passed_on[name, digest] += 1


class Ear(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told(parse_qs(body.decode())["hub.url"][0])
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    server = Hub(tmp_path / "newsroom" / "out" / "feeds")
    with serving(server):
        yield server


def feed_desk(root: Path, hub: Hub, feeds: int) -> MailDesk:
    """A newsroom whose feeds are laid down as files, of which the hub is told."""
    (root / "channels").mkdir(parents=True)
    (root / "content").mkdir()
    (root / "syndicate.toml").write_text(SETTINGS)
    (root / "feeds.py").write_text(PLUGIN)
    desk = MailDesk(root)
    desk.channel(
        "feeds",
        f'adapter = "./feeds.py"\nhub = "http://127.0.0.1:{hub.server_port}/"\n'
        '[[deliver]]\nvia = "file"\n[[deliver]]\nvia = "websub"\n',
    )
    for number in range(feeds):
        desk.write(f"berth-{number:04}.md", f"# Berth {number}\n\nThe crane at {number} is back.\n")
    return desk


def crash_on(desk: MailDesk, hub: Hub, feeds: int, kills: int) -> tuple[int, int]:
    """Kill so many runs at random moments, let the last one end, and hold the books against the
    files and what the hub heard.

    Returns how many files were laid down before the last run, and how many notices came again.
    """
    chance = random.Random(20261124)
    out = desk.root / "out" / "feeds"
    first: dict[str, int] = {}

    def look() -> None:
        for path in out.glob("*.xml"):
            first.setdefault(path.name, path.stat().st_ino)

    def heard_more_than(number: int) -> bool:
        return len(hub.heard) > number

    for left in range(kills, 0, -1):
        # Enough is left for the last kill to come before the end, even on a busy machine.
        until = len(hub.heard) + chance.randrange(1 + 2 * (feeds - len(hub.heard)) // (left + 12))
        later = chance.random() * 0.004
        # Now and then a moment at which it may not have begun to deliver.
        within = 0.2 + chance.random() / 2 if chance.random() < 0.2 else waiting.LIMIT
        with desk.start() as running:
            assert running.killed_when(partial(heard_more_than, until), later, within)
        look()
    before = len(first)
    for _ in range(2):
        with desk.start() as last:
            assert last.ended().returncode == 0
        look()
    assert len(first) == feeds, "a file was lost"
    assert {path.name: path.stat().st_ino for path in out.iterdir()} == first, "laid down twice"
    assert hub.heard.keys() == first.keys(), "the hub was not told of a feed"
    assert set(hub.passed_on.values()) == {1}
    assert len(hub.passed_on) == feeds, "subscribers got one twice"
    again = hub.heard.total() - feeds
    assert again <= kills
    assert desk.listed() == desk.listed("--pending") == []
    return before, again


def test_killed_a_few_times(tmp_path: Path, hub: Hub) -> None:
    crash_on(feed_desk(tmp_path / "newsroom", hub, 40), hub, 40, 3)


@pytest.mark.slow
def test_killed_a_hundred_times(tmp_path: Path, hub: Hub) -> None:
    before, _ = crash_on(feed_desk(tmp_path / "newsroom", hub, 300), hub, 300, 100)
    assert before > 150
