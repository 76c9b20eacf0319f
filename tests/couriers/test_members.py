"""Feeds for members: full articles, at addresses that no one else can guess."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from syndicate.couriers import Delivery
from syndicate.couriers.members import MembersCourier
from syndicate.errors import CredentialsError, Problems
from syndicate.letter import Subscriber
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.tokens import PLACEHOLDER, member_token
from tests import waiting
from tests.adapters.feeds.test_history import Desk

SECRET = "a secret of the test"
PEOPLE = [Subscriber("ada@example.org"), Subscriber("bo@example.org")]


@pytest.fixture
def courier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MembersCourier:
    monkeypatch.setenv("SYNDICATE_FEED_SECRET", SECRET)
    context = {"root": tmp_path, "channel": "inside"}
    return MembersCourier.model_validate({}, context=context)


def feed(tmp_path: Path, unit: str = "") -> Delivery:
    path = tmp_path / "bytes"
    path.write_text(f"<link>https://gazette.example.org/inside/{PLACEHOLDER}/feed.xml</link>")
    name = f"{PLACEHOLDER}/feed.xml"
    return Delivery("inside", unit or name, "application/rss+xml", "", path, artifact=name)


def test_each_member_has_a_copy_and_the_ledger_has_no_token(
    courier: MembersCourier, tmp_path: Path
) -> None:
    assert list(courier.addresses(feed(tmp_path), PEOPLE)) == [one.address for one in PEOPLE]
    for one in PEOPLE:
        delivery = feed(tmp_path, one.address)
        receipt = courier.deliver(delivery, lambda: None)
        own = member_token(SECRET, "inside", one.address)
        assert own not in repr(receipt)
        assert f"/inside/{own}/feed.xml<" in (courier.path / own / "feed.xml").read_text()
        assert courier.find(delivery) == receipt
    assert courier.exists(f"{PLACEHOLDER}/feed.xml", 1)


def test_the_copy_of_a_former_member_is_deleted(courier: MembersCourier, tmp_path: Path) -> None:
    for one in PEOPLE:
        courier.deliver(feed(tmp_path, one.address), lambda: None)
    other = courier.path / "media" / "a.jpg"
    other.parent.mkdir()
    other.touch()
    list(courier.addresses(feed(tmp_path), PEOPLE[:1]))
    kept, left = (courier.path / member_token(SECRET, "inside", one.address) for one in PEOPLE)
    assert kept.is_dir()
    assert not left.exists()
    assert other.exists()


def test_tokens_reveal_nothing_and_depend_on_all_inputs() -> None:
    own = member_token(SECRET, "inside", "Ada@Example.org")
    assert own == member_token(SECRET, "inside", "ada@example.org")
    assert len(own) == 32
    others = (("x" * 20, "inside", "ada@example.org"), (SECRET, "other", "ada@example.org"))
    assert own not in {member_token(*other) for other in others}


@pytest.mark.parametrize("secret", ["", "short"])
def test_nothing_is_written_without_a_secret(
    courier: MembersCourier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("SYNDICATE_FEED_SECRET", secret)
    with pytest.raises(CredentialsError, match="secret"):
        courier.deliver(feed(tmp_path, "ada@example.org"), lambda: None)


MEMBERS = 'adapter = "rss"\n[deliver]\nvia = "members"\n'
STORY = "Open words.\n\n<!-- paywall -->\n\nClosed words."


def test_only_members_can_read_past_the_paywall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import closing

    from syndicate.ledger.ledger import open_ledger
    from syndicate.subscribers import Entry, Subscribers

    monkeypatch.setenv("SYNDICATE_FEED_SECRET", SECRET)
    news = Desk(tmp_path / "news", rss="", inside=MEMBERS, opml="")
    news.write("a", "2026-01-10T12:00:00Z", "access: members", text=STORY)
    news.publish()
    assert b"Open words" in news.read("rss/feed.xml")
    assert not [name for name in news.names() if "Closed" in news.read(name).decode("latin-1")]
    assert b"inside" not in news.read("opml/feeds.opml")

    newsroom = load_newsroom(news.root, {})
    with closing(open_ledger(newsroom.ledger, news.root)) as ledger:
        subscribers = Subscribers(ledger.database, newsroom.state)
        subscribers.put([Entry("inside", "ada@example.org")], "test")
        subscribers.activate("inside", "ada@example.org", "test")
    news.write("b", "2026-02-10T12:00:00Z")
    news.publish()
    own = member_token(SECRET, "inside", "ada@example.org")
    text = news.read(f"inside/{own}/feed.xml").decode()
    assert "Closed words" in text
    assert "for members" not in text
    assert own.encode() not in (news.root / ".syndicate" / "ledger.sqlite").read_bytes()

    done = waiting.run(
        [sys.executable, "-m", "syndicate", "subscribers", "show", "ada@EXAMPLE.org"],
        cwd=news.root,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("inside: active since ")
    (told,) = (one for one in done.stdout.split() if one.startswith("https:"))
    assert news.file(told) == text.encode()


def test_a_members_channel_cannot_have_another_courier(tmp_path: Path) -> None:
    both = 'adapter = "rss"\n[[deliver]]\n[[deliver]]\nvia = "members"\n'
    news = Desk(tmp_path / "news", inside=both)
    with pytest.raises(Problems, match="members"):
        load_newsroom(news.root, {})
