"""A newsroom that publishes everywhere at once: files, a feed, mail and three social platforms, all
on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.engine.chaos.steps import Size
from tests.engine.conftest import PLUGIN, SETTINGS
from tests.engine.mailing import MailDesk, address
from tests.platforms import PLATFORMS
from tests.platforms.platform import Platform
from tests.sink import Sink

READERS = 40
CONNECTIONS = 4

MAILING = '''
from syndicate.adapters import Adapter, Artifact, Scope
from syndicate.letter import MEDIA_TYPE, Letter


class Mailing(Adapter):
    """A letter that names every article of its issue."""

    scopes = (Scope.EDITION,)
    scope: Scope = Scope.EDITION

    def render(self, edition, kit):
        letter = Letter(
            sender="news@gazette.example.org",
            headers="From: News <news@gazette.example.org>\\r\\n",
            identity=(f"email.{edition.number}.0123456789abcdef", "gazette.example.org"),
            unsubscribe="https://gazette.example.org/unsubscribe/",
            mailto="mailto:news@gazette.example.org?subject=unsubscribe",
            subject=("News",),
            text=(" ".join(article.slug for article in edition.articles),),
            html=("<p>News</p>",),
        )
        yield Artifact(f"{edition.number}.letter", MEDIA_TYPE, letter.written())
'''


def mark(number: int) -> str:
    """A word that is in one article and in no other."""
    return f"Quill{number:02}"


def slug(number: int) -> str:
    return f"story-{number:02}"


def story(number: int, version: int) -> str:
    """The file of an article. Only the last sentence is another in another version."""
    word = mark(number)
    return (
        f"# The {word} ferry returns\n\n"
        f"The {word} ferry sails again from Friday, after {10 + number} years without one.\n\n"
        f"The {word} carried 70,000 people in its last year, more than in any before it.\n\n"
        f"The town pays for the {word} pier, which opens in the spring of next year.\n\n"
        f"This is version {version} of it.\n"
    )


@dataclass
class World:
    """The newsroom in `desk`, and every place that it publishes to. `versions` is what was last
    written of each article."""

    size: Size
    desk: MailDesk
    sink: Sink
    platforms: dict[str, Platform]
    versions: dict[int, int]

    def write(self, number: int) -> None:
        """Write an article, or edit it."""
        version = self.versions.get(number, 0) + 1
        file = self.desk.root / "content" / f"{slug(number)}.md"
        file.write_text(story(number, version))
        self.versions[number] = version

    def files(self) -> dict[str, str]:
        """The text of every published file, by its path in the newsroom."""
        root = self.desk.root
        return {
            path.relative_to(root).as_posix(): path.read_text()
            for path in sorted((root / "out").rglob("*"))
            if path.is_file()
        }


@contextmanager
def newsroom(root: Path, size: Size, environment: dict[str, str]) -> Iterator[World]:
    """A newsroom in `root`, with readers and servers. `environment` is that of its commands, to
    which the servers' secrets are added."""
    (root / "channels").mkdir(parents=True)
    (root / "content").mkdir()
    (root / "syndicate.toml").write_text(SETTINGS)
    (root / "own.py").write_text(PLUGIN)
    (root / "mailing.py").write_text(MAILING)
    desk = MailDesk(root)
    with ExitStack() as stack:
        sink = stack.enter_context(Sink(keep=True))
        desk.channel("files", 'adapter = "./own.py"\n')
        desk.channel("atom", "")
        desk.channel(
            "email",
            f'adapter = "./mailing.py"\n[deliver]\nvia = "smtp"\nhost = "127.0.0.1"\n'
            f'port = {sink.port}\nsecurity = "none"\nwait = 0.05\ntimeout = 5\n'
            f"connections = {CONNECTIONS}\n",
        )
        platforms = {}
        for name in size.platforms:
            setup = PLATFORMS[name]
            server = platforms[name] = stack.enter_context(setup.server())
            keys = {setup.place: server.url, **setup.options}
            lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
            desk.channel(name, f'review = true\n[deliver]\nvia = "{name}"\n{lines}')
            environment.update(setup.secrets)
        desk.subscribe(READERS)
        yield World(size, desk, sink, platforms, {})


def readers() -> set[str]:
    return {address(number) for number in range(READERS)}
