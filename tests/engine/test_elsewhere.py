"""What one checkout begins, another one finishes, with nothing but the ledger and the store."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from syndicate.errors import CredentialsError, Exit
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.serve.leaving import LeavingDesk
from tests.databases import database
from tests.engine.conftest import PLUGIN as OWN
from tests.engine.conftest import Desk
from tests.engine.mailing import MailDesk, address, mail_desk
from tests.object_store import s3_server
from tests.sink import Sink

CHECKED_OUT = ("channels", "content", "syndicate.toml", "mailing.py", "own.py")
EDITED = "# The night ferry returns late\n\nIt sails on Saturday at ten.\n"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink(keep=True) as running:
        yield running


def checkout(desk: MailDesk, name: str) -> MailDesk:
    """Another checkout of the newsroom: what is in version control, nothing of `.syndicate/`."""
    other = MailDesk(desk.root.with_name(name), ledger=desk.ledger)
    other.root.mkdir()
    for part in CHECKED_OUT:
        source, target = desk.root / part, other.root / part
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.is_file():
            shutil.copy2(source, target)
    return other


def copy_ledger_and_store(desk: Desk, other: Desk) -> None:
    (other.root / ".syndicate").mkdir()
    with (
        closing(sqlite3.connect(desk.root / desk.ledger)) as source,
        closing(sqlite3.connect(other.root / other.ledger)) as target,
    ):
        source.backup(target)
    shutil.copytree(desk.root / ".syndicate" / "store", other.root / ".syndicate" / "store")


def half_sent(desk: MailDesk, sink: Sink, sent: int, readers: int) -> None:
    """Send the newsletter to `sent` of `readers`."""
    channel = desk.root / "channels" / "email.toml"
    channel.write_text(channel.read_text() + f"most = {sent}\n")
    desk.subscribe(readers)
    assert desk.publish().exit is Exit.DONE
    assert len(sink.mails) == sent
    channel.write_text(channel.read_text().replace(f"most = {sent}\n", ""))


def finished_after_an_edit(other: MailDesk, sink: Sink, sent: int, readers: int) -> None:
    """Everybody else gets the old bytes, nobody anything twice, and the edit sends nothing."""
    other.write("ferry.md", EDITED, age=0)
    outcome = other.publish()
    assert (outcome.exit, outcome.errors) == (Exit.DONE, [])
    assert len(sink.recipients) == len(set(sink.recipients)) == readers
    subjects = {line for one in sink.contents for line in one.split(b"\r\n") if b"Subject:" in line}
    assert subjects == {b"Subject: The night ferry returns"}
    assert len(sink.contents) - sent == readers - sent
    assert other.publish().exit is Exit.DONE
    assert len(sink.recipients) == readers


@pytest.mark.parametrize(
    ("sent", "readers"), [(3, 9), pytest.param(1000, 3000, marks=pytest.mark.slow)]
)
def test_half_a_newsletter_by_copying_ledger_and_store(
    tmp_path: Path, sink: Sink, sent: int, readers: int
) -> None:
    desk = mail_desk(tmp_path / "newsroom", sink.port)
    half_sent(desk, sink, sent, readers)
    other = checkout(desk, "other")
    copy_ledger_and_store(desk, other)
    shutil.rmtree(desk.root)
    finished_after_an_edit(other, sink, sent, readers)


def in_the_cloud(root: Path, port: int, url: str, s3: str) -> MailDesk:
    """A newsroom with its ledger on PostgreSQL and its store on S3."""
    desk = mail_desk(root, port, ledger=url)
    settings = (root / "syndicate.toml").read_text()
    store = (
        f'[store]\nurl = "s3://gazette/{root.parent.name}"\noptions = {{endpoint_url = "{s3}"}}\n'
    )
    (root / "syndicate.toml").write_text(f'id = "gazette"\n{settings}{store}')
    return desk


def test_half_a_newsletter_after_the_store_has_moved(tmp_path: Path, sink: Sink) -> None:
    desk = mail_desk(tmp_path / "newsroom", sink.port)
    half_sent(desk, sink, 3, 9)
    channel, settings = desk.root / "channels" / "email.toml", desk.root / "syndicate.toml"
    channel.write_text(channel.read_text() + "most = 1\n")
    settings.write_text(f'store = "file://{tmp_path}/far"\n{settings.read_text()}')
    assert desk.publish().exit is Exit.DONE
    channel.write_text(channel.read_text().replace("most = 1\n", ""))
    other = checkout(desk, "other")
    copy_ledger_and_store(desk, other)
    shutil.rmtree(other.root / ".syndicate" / "store")
    shutil.rmtree(desk.root)
    finished_after_an_edit(other, sink, 4, 9)


@pytest.mark.xdist_group("postgresql")
@pytest.mark.parametrize(
    ("sent", "readers"), [(3, 9), pytest.param(1000, 3000, marks=pytest.mark.slow)]
)
def test_half_a_newsletter_from_a_fresh_checkout(
    tmp_path: Path, sink: Sink, postgresql: str, sent: int, readers: int
) -> None:
    with database(postgresql) as url, s3_server() as s3:
        desk = in_the_cloud(tmp_path / "newsroom", sink.port, url, s3)
        half_sent(desk, sink, sent, readers)
        other = checkout(desk, "other")
        shutil.rmtree(desk.root)
        finished_after_an_edit(other, sink, sent, readers)


@pytest.mark.xdist_group("postgresql")
def test_a_fresh_checkout_on_every_run_renders_and_sends_only_what_is_new(
    tmp_path: Path, sink: Sink, postgresql: str
) -> None:
    with database(postgresql) as url, s3_server() as s3:
        desk = in_the_cloud(tmp_path / "newsroom", sink.port, url, s3)
        desk.channel("rss", "")
        desk.channel("single", 'adapter = "./own.py"\n')
        (desk.root / "own.py").write_text(OWN)
        desk.subscribe(5)
        assert desk.publish().rendered == 3
        assert len(sink.mails) == 5
        again = checkout(desk, "again")
        outcome = again.publish()
        assert (outcome.exit, outcome.rendered) == (Exit.DONE, 0)
        assert len(sink.mails) == 5
        assert again.files() == desk.files(), "out/ is there again, from the store"
        once_more = checkout(again, "once-more")
        once_more.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
        outcome = once_more.publish("rss", "single")
        assert (outcome.exit, outcome.rendered) == (Exit.DONE, 2)


def test_killed_here_and_finished_elsewhere(tmp_path: Path, sink: Sink) -> None:
    desk = mail_desk(tmp_path / "newsroom", sink.port, "connections = 2\n")
    desk.subscribe(200)
    with desk.start("--yes") as running:
        assert running.killed_when(lambda: len(sink.mails) > 20)
    other = checkout(desk, "other")
    copy_ledger_and_store(desk, other)
    shutil.rmtree(desk.root)
    other.write("ferry.md", EDITED, age=0)
    assert other.command("publish", "--yes").returncode in (Exit.DONE, Exit.PARTLY)
    arrived = sink.recipients
    uncertain = {one["unit"] for one in other.listed("--uncertain")}
    assert len(arrived) == len(set(arrived)), "somebody got it twice"
    assert {address(number) for number in range(200)} - set(arrived) <= uncertain
    assert len(uncertain) <= 2
    assert not [one for one in sink.contents if b"returns late" in one]


LINK = re.compile(rb"List-Unsubscribe: <https://gazette.example.org/unsubscribe/\?t=([^>]+)>")
SECRET = "the secret of the first machine"


def test_people_can_unsubscribe_from_what_another_checkout_has_sent(
    tmp_path: Path, sink: Sink
) -> None:
    desk = mail_desk(tmp_path / "newsroom", sink.port, ledger=str(tmp_path / "shared.sqlite"))
    desk.subscribe(3)
    assert desk.publish().exit is Exit.DONE
    with closing(LeavingDesk(load_newsroom(desk.root))) as serving:
        other = checkout(desk, "other")
        other.write("rain.md", "# Rain\n\nIt rained.\n", age=0)
        assert other.publish().exit is Exit.DONE
        assert other.command("secret", "rotate").returncode == Exit.DONE
        other.write("sun.md", "# Sun\n\nIt shone.\n", age=0)
        assert other.publish().exit is Exit.DONE
        tokens = [LINK.search(one)[1].decode() for one in sink.contents]  # type: ignore[index]
        assert len(set(tokens)) == 6
        assert all(serving.knows(token) for token in tokens)
        assert serving.end(tokens[-1], "one click")
    assert len(sink.contents) == 9


def test_without_the_secret_of_the_others_nothing_is_mailed_or_served(
    tmp_path: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = mail_desk(tmp_path / "newsroom", sink.port, ledger=str(tmp_path / "shared.sqlite"))
    desk.channel("single", 'adapter = "./own.py"\n')
    (desk.root / "own.py").write_text(OWN)
    desk.subscribe(3)
    monkeypatch.setenv("SYNDICATE_SECRET", SECRET)
    assert desk.publish().exit is Exit.DONE
    monkeypatch.delenv("SYNDICATE_SECRET")
    other = checkout(desk, "other")
    other.write("rain.md", "# Rain\n\nIt rained.\n", age=0)
    asked: list[object] = []
    outcome = other.publish(ask=asked.append)
    assert outcome.exit is Exit.CREDENTIALS
    assert "email: no. 2: unsubscribe links" in str(outcome.errors[0])
    assert (len(sink.mails), outcome.delivered, asked) == (3, 2, []), "files are delivered"
    for words in (["publish", "--dry-run"], ["secret"], ["serve", "--port", "0"], ["doctor"]):
        done = other.command(*words)
        assert done.returncode == Exit.CREDENTIALS, done
        assert "set SYNDICATE_SECRET to the same value here" in done.stdout + done.stderr
    (other.root / "mail" / "new").mkdir(parents=True)
    (other.root / "mail" / "new" / "1").write_text("Subject: unsubscribe 1.x.y\n\n")
    assert other.command("bounces", "--maildir", "mail").returncode == Exit.CREDENTIALS
    assert (other.root / "mail" / "new" / "1").exists(), "it was not marked as read"
    with pytest.raises(CredentialsError):
        LeavingDesk(load_newsroom(other.root))
    monkeypatch.setenv("SYNDICATE_SECRET", SECRET)
    assert other.publish().exit is Exit.DONE
    assert len(sink.mails) == 6


def test_serve_asks_people_to_try_again_until_it_has_the_secret(
    tmp_path: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = mail_desk(tmp_path / "newsroom", sink.port, ledger=str(tmp_path / "shared.sqlite"))
    desk.subscribe(1)
    with closing(LeavingDesk(load_newsroom(desk.root))) as serving:
        monkeypatch.setenv("SYNDICATE_SECRET", SECRET)
        assert desk.command("secret", "adopt").returncode == Exit.DONE
        assert checkout(desk, "other").publish().exit is Exit.DONE
        monkeypatch.delenv("SYNDICATE_SECRET")
        token = LINK.search(sink.contents[0])[1].decode()  # type: ignore[index]
        assert serving.knows(token)
        with pytest.raises(OSError, match="secret"):
            serving.end(token, "one click")
        assert not serving.knows("not a token")
