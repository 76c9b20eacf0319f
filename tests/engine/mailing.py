"""A newsroom whose newsletter goes to a mail server on loopback, run in processes of its own."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from syndicate.ledger.ledger import open_ledger
from syndicate.subscribers import Entry, Subscribers
from tests.engine.conftest import SETTINGS, Desk

PLUGIN = '''
from syndicate.adapters import Adapter, Artifact, Scope
from syndicate.letter import MEDIA_TYPE, Letter


class Mailing(Adapter):
    """A plain letter."""

    scopes = (Scope.EDITION,)
    scope: Scope = Scope.EDITION
    padding: int = 0

    def render(self, edition, kit):
        letter = Letter(
            sender="news@gazette.example.org",
            headers="From: News <news@gazette.example.org>\\r\\n",
            identity=(f"email.{edition.number}.0123456789abcdef", "gazette.example.org"),
            unsubscribe="https://gazette.example.org/unsubscribe/",
            mailto="mailto:news@gazette.example.org?subject=unsubscribe",
            subject=(edition.articles[0].title,),
            text=("Dear reader" + " and more" * self.padding,),
            html=("<p>Dear reader</p>",),
        )
        yield Artifact(f"{edition.number}.letter", MEDIA_TYPE, letter.written())
        yield Artifact(f"{edition.number}.html", "text/html", b"<p>Dear reader</p>")
'''


class MailDesk(Desk):
    """A newsroom with one channel, `email`."""

    def subscribe(self, number: int, channel: str = "email") -> None:
        """Make so many people subscribe to `channel`."""
        with closing(open_ledger(self.ledger, self.root)) as opened:
            store = Subscribers(opened.database, self.root / ".syndicate")
            people = (Entry(channel, address(n), {"name": f"Reader {n}"}) for n in range(number))
            store.put(people, "test")

    def listed(self, *words: str) -> list[dict[str, str]]:
        """What `deliveries` lists."""
        done = self.command("deliveries", "--json", *words)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


def address(number: int) -> str:
    """The address of one of the subscribers."""
    return f"reader-{number:05}@example.net"


def mail_desk(root: Path, port: int, more: str = "", ledger: str | None = None) -> MailDesk:
    """A newsroom in `root` that mails to the server on `port`."""
    (root / "channels").mkdir(parents=True)
    (root / "content").mkdir()
    settings = SETTINGS
    if ledger:
        settings = f'ledger = "{ledger}"\n{SETTINGS}'
    (root / "syndicate.toml").write_text(settings)
    (root / "mailing.py").write_text(PLUGIN)
    desk = MailDesk(root)
    desk.ledger = ledger or desk.ledger
    desk.channel(
        "email",
        f'adapter = "./mailing.py"\n[deliver]\nvia = "smtp"\nhost = "127.0.0.1"\nport = {port}\n'
        f'security = "none"\nwait = 0.05\ntimeout = 2\n{more}',
    )
    desk.write("ferry.md", "# The night ferry returns\n\nIt sails on Friday at nine.\n")
    return desk
