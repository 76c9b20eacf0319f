"""Who unsubscribes while the database is away gets no more mail, whatever ends meanwhile."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE

import httpx
import pytest
import sqlalchemy as sa

from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.serve.leaving import LeavingDesk
from syndicate.subscribers import Audience, Subscribers
from syndicate.subscribers.signing_secrets import load_secrets
from tests.databases import database
from tests.engine.mailing import MailDesk, address, mail_desk
from tests.sink import Sink
from tests.waiting import Running, run, until

PAGE = "https://gazette.example.org/unsubscribe/"
AWAY = "postgresql://desk@127.0.0.1:1/news"  # nothing listens there
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@dataclass
class Mailing:
    """A newsroom with two subscribers, and the paths of their links."""

    desk: MailDesk
    links: dict[str, str]

    @contextmanager
    def serving(self, **environment: str) -> Iterator[tuple[Running, str]]:
        """`serve` in a process of its own, and its address."""
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        command = [sys.executable, "-m", "syndicate", "serve", "--port", port]
        env = {**os.environ, **environment}
        with Running(command, cwd=self.desk.root, env=env) as process:
            process.until("its first answer", lambda: _answers(int(port)))
            yield process, f"http://127.0.0.1:{port}"

    def spooled(self) -> list[Path]:
        return list((self.desk.root / ".syndicate" / "unsubscribed").glob("*.json"))

    def active(self) -> list[str]:
        """Who gets the mail, as a command of its own sees it."""
        words = ("subscribers", "list", "--status", "active")
        done = run([sys.executable, "-m", "syndicate", *words], cwd=self.desk.root, check=True)
        return sorted(re.findall(r"\S+@\S+", done.stdout))


def _answers(port: int) -> bool:
    with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
        return True
    return False


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink(keep=True) as running:
        yield running


def subscribed(desk: MailDesk, url: str) -> Mailing:
    """`desk`, whose ledger is at `url`, with three subscribers."""
    desk.subscribe(3)
    with closing(open_ledger(url, desk.root)) as ledger:
        store = Subscribers(ledger.database, desk.root / ".syndicate")
        audience = Audience(store, "email", PAGE).active()
        links = {one.address: one.unsubscribe_url.partition("?")[2] for one in audience}
    return Mailing(desk, links)


@pytest.fixture
def mailing(tmp_path: Path, sink: Sink) -> Mailing:
    desk = mail_desk(tmp_path / "news", sink.port)
    return subscribed(desk, desk.ledger)


def old_form(mailing: Mailing, who: str) -> str:
    """The link of `who` as releases before 0.2 signed it."""
    number = mailing.links[who].partition("=")[2].partition(".")[0]
    key = hashlib.sha256(
        b"syndicate unsubscribe\0" + load_secrets(mailing.desk.root / ".syndicate")[0].encode()
    ).digest()
    mac = hmac.digest(key, f"{number}\0email\0{who}".encode(), "sha256")[:16]
    return f"t={number}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def leave(place: str, link: str) -> int:
    return httpx.post(f"{place}/unsubscribe/?{link}", data=ONE_CLICK, timeout=60).status_code


def test_a_request_survives_the_death_of_serve(mailing: Mailing) -> None:
    with mailing.serving(SYNDICATE_LEDGER=AWAY) as (process, place):
        assert leave(place, mailing.links[address(0)]) == 200
        assert leave(place, mailing.links[address(0)]) == 200
        process.kill()
    (file,) = mailing.spooled()
    assert S_IMODE(file.stat().st_mode) == 0o600
    assert address(0) not in file.read_text()
    assert mailing.active() == [address(1), address(2)]
    assert mailing.spooled() == []


@pytest.mark.parametrize("old", [False, True])
def test_who_unsubscribed_meanwhile_gets_no_mail(mailing: Mailing, sink: Sink, old: bool) -> None:
    link = old_form(mailing, address(1)) if old else mailing.links[address(1)]
    with mailing.serving(SYNDICATE_LEDGER=AWAY) as (_, place):
        assert httpx.get(f"{place}/unsubscribe/?{link}", timeout=60).status_code == 200
        assert leave(place, link) == 200
    done = mailing.desk.command("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert sorted(sink.recipients) == [address(0), address(2)]


def test_who_unsubscribes_after_the_letter_was_frozen_gets_no_mail(
    mailing: Mailing, sink: Sink
) -> None:
    sink.answers["MAIL"] = "451 4.3.0 later"
    mailing.desk.command("publish", "--yes")
    sink.answers.clear()
    with mailing.serving(SYNDICATE_LEDGER=AWAY) as (_, place):
        assert leave(place, mailing.links[address(2)]) == 200
    mailing.desk.command("publish", "--yes")
    assert sorted(sink.recipients) == [address(0), address(1)]


@pytest.mark.parametrize("how", ["moved away", "emptied"])
def test_a_ledger_that_is_lost_while_serve_runs_is_not_made_anew(
    mailing: Mailing, how: str
) -> None:
    ledger = mailing.desk.root / mailing.desk.ledger
    backup = mailing.desk.command("ledger", "backup").stdout.strip()
    with mailing.serving() as (_, place):
        assert leave(place, mailing.links[address(0)]) == 200
        ledger.unlink() if how == "moved away" else os.truncate(ledger, 0)
        assert leave(place, mailing.links[address(1)]) == 200
        assert len(mailing.spooled()) == 1
        assert not ledger.exists() or not ledger.stat().st_size
        done = mailing.desk.command("ledger", "restore", backup)
        assert done.returncode == 0, done.stderr
        assert address(1) not in mailing.active()
        assert mailing.desk.command("status").returncode == 0


@pytest.mark.parametrize(("how", "said"), [("gone", "is gone"), ("empty", "is empty (0 bytes)")])
def test_the_log_says_what_has_become_of_the_ledger_and_how_to_go_on(
    mailing: Mailing, caplog: pytest.LogCaptureFixture, how: str, said: str
) -> None:
    ledger = mailing.desk.root / mailing.desk.ledger
    backup = mailing.desk.command("ledger", "backup").stdout.strip()
    token = mailing.links[address(0)].partition("=")[2]
    with closing(LeavingDesk(load_newsroom(mailing.desk.root))) as leaving:
        ledger.unlink() if how == "gone" else os.truncate(ledger, 0)
        assert leaving.end(token, "one click")
    (record,) = caplog.records
    told = record.getMessage()
    assert f"{ledger}: the ledger {said}" in told
    assert f"restore a backup: syndicate ledger restore {backup}. Until then" in told


def test_a_forged_link_is_refused_while_the_database_is_away(mailing: Mailing) -> None:
    number, channel, seal = mailing.links[address(0)].split(".")
    with mailing.serving(SYNDICATE_LEDGER=AWAY) as (_, place):
        for link in (f"{number}.{channel}.{seal[::-1]}", f"{number}.YWxlcnRz.{seal}", "t=1", "t="):
            assert leave(place, link) == 404
    assert mailing.spooled() == []


def test_serve_carries_out_what_was_saved_when_it_starts(mailing: Mailing) -> None:
    with mailing.serving(SYNDICATE_LEDGER=AWAY) as (_, place):
        assert leave(place, mailing.links[address(0)]) == 200
    with mailing.serving():
        assert mailing.spooled() == []
    assert mailing.active() == [address(1), address(2)]


def test_a_server_that_goes_away_and_comes_back(
    tmp_path: Path, sink: Sink, postgresql: str
) -> None:
    admin = sa.create_engine(postgresql % "postgres", isolation_level="AUTOCOMMIT")
    with database(postgresql) as url, admin.connect() as server:
        name = sa.make_url(url).database
        mailing = subscribed(mail_desk(tmp_path / "news", sink.port, ledger=url), url)
        with mailing.serving() as (_, place):
            assert leave(place, mailing.links[address(0)]) == 200
            server.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            server.exec_driver_sql(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            )
            assert leave(place, mailing.links[address(1)]) == 200
            assert len(mailing.spooled()) == 1
            server.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            until("the saved request to be carried out", lambda: not mailing.spooled())
            page = f"{place}/unsubscribe/?{mailing.links[address(2)]}"
            assert httpx.get(page, timeout=60).status_code == 200
            assert leave(place, "t=999999999999999999." + "A" * 22) == 404
        assert mailing.active() == [address(2)]
    admin.dispose()
