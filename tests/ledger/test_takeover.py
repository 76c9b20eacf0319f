"""A newsroom of the release before: what it was sending is finished with the bytes it had."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from syndicate.errors import Exit
from syndicate.ledger.takeover import take_over
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.store import FolderStore, digest_of_bytes
from tests.engine.mailing import MailDesk, mail_desk
from tests.sink import Sink

EDITED = "# The night ferry returns late\n\nIt sails on Saturday at ten.\n"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink(keep=True) as running:
        yield running


def as_before(desk: MailDesk) -> None:
    """Lay everything out as releases before version 6 of the ledger did."""
    state = desk.root / ".syndicate"
    for file in [path for path in (state / "store").rglob("*") if len(path.name) == 64]:
        is_article = file.read_bytes().startswith(b'{"id"')
        article = state / "cache" / "articles" / file.name[:2] / f"{file.name}.json"
        target = article if is_article else state / "outbox" / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        file.rename(target)
    shutil.rmtree(state / "store")
    with closing(sqlite3.connect(desk.root / desk.ledger)) as ledger:
        ledger.execute("DROP TABLE versions")
        ledger.execute("ALTER TABLE renderings DROP COLUMN pieces")
        ledger.execute("UPDATE ledger SET value = '4' WHERE key = 'version'")
        ledger.commit()


def test_half_a_newsletter_is_finished_with_the_old_bytes(tmp_path: Path, sink: Sink) -> None:
    desk = mail_desk(tmp_path / "newsroom", sink.port, "most = 2\n")
    desk.subscribe(6)
    desk.publish()
    assert len(sink.mails) == 2
    as_before(desk)
    desk.write("ferry.md", EDITED, age=0)
    for _ in range(3):
        assert desk.publish().exit is Exit.DONE
    assert len(sink.recipients) == len(set(sink.recipients)) == 6
    assert not [one for one in sink.contents if b"returns late" in one]
    state = desk.root / ".syndicate"
    assert list((state / "outbox").iterdir()), "so that one can go back by one release"
    assert not (state / "cache" / "articles").exists()


def test_the_articles_of_numbered_editions_are_kept(tmp_path: Path, sink: Sink) -> None:
    desk = mail_desk(tmp_path / "newsroom", sink.port)
    desk.subscribe(1)
    desk.publish()
    as_before(desk)
    desk.write("ferry.md", EDITED, age=0)
    desk.publish()
    with closing(sqlite3.connect(desk.root / desk.ledger)) as ledger:
        kept = dict(ledger.execute("SELECT digest, sent FROM versions").fetchall())
    assert sorted(kept.values()) == [0, 1], "the one that was sent, and the one of today"
    store = load_newsroom(desk.root, {}).store
    assert all(store.read(digest).startswith(b'{"id"') for digest in kept)


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    for name in (
        "outbox/README",
        f"approved/{digest_of_bytes(b'yes')}",
        "cache/articles/ab/x.json",
    ):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(b"yes")
    for _ in range(2):
        take_over(tmp_path, store)
    assert store.read(digest_of_bytes(b"yes")) == b"yes"
    assert (tmp_path / "outbox" / "README").exists()
