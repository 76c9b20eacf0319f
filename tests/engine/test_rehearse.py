"""A mailing is shown before it begins, and nothing of that is recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.engine.rehearse import rehearse, send_test_mail
from syndicate.errors import UsageError
from syndicate.ledger.ledger import ledger_of
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.subscribers import Subscribers
from tests.engine.mailing import MailDesk, address, mail_desk
from tests.sink import Sink


@pytest.fixture
def desk(tmp_path: Path) -> MailDesk:
    """Twelve people get the mail, from a server that nobody answers at."""
    desk = mail_desk(tmp_path / "newsroom", port=9)
    desk.subscribe(12)
    return desk


def test_it_says_how_many_get_it_and_shows_the_first_message(desk: MailDesk) -> None:
    (shown,) = rehearse(load_newsroom(desk.root, {}), (), ())
    assert (shown.channel, shown.label, shown.recipients) == ("email", "no. 1", 12)
    assert len(shown.first) == 10
    assert b"To: " in shown.message
    assert shown.first[0].encode() in shown.message
    (again,) = rehearse(load_newsroom(desk.root, {}), ("email",), ())
    assert again == shown, "the edition is still unsent"


def test_only_channels_that_write_to_people(desk: MailDesk) -> None:
    desk.channel("rss", "")
    assert not list(rehearse(load_newsroom(desk.root, {}), ("rss",), ()))
    with pytest.raises(UsageError, match="sends mail"):
        list(send_test_mail(load_newsroom(desk.root, {}), ("rss",), (), ("me@example.org",)))


def test_a_test_goes_to_the_given_address_and_nobody_else(tmp_path: Path) -> None:
    with Sink() as sink:
        desk = mail_desk(tmp_path / "newsroom", sink.port)
        desk.subscribe(3)
        newsroom = load_newsroom(desk.root, {})
        ((channel, label, address, _),) = send_test_mail(newsroom, (), (), ("me@example.org",))
        assert (channel, label, address) == ("email", "no. 1", "me@example.org")
        assert len(sink.mails) == 1
    assert [one.label for one in desk.plan("email").steps] == ["no. 1"]


def test_of_a_half_sent_edition_it_shows_who_is_left_and_what_they_get(tmp_path: Path) -> None:
    with Sink() as sink:
        desk = mail_desk(tmp_path / "newsroom", sink.port, "most = 3\n")
        desk.subscribe(12)
        desk.publish()
        with ledger_of(load_newsroom(desk.root, {})) as ledger:
            people = Subscribers(ledger.database, desk.root / ".syndicate")
            people.unsubscribe("email", address(11), "one click")
        article = desk.root / "content" / "ferry.md"
        article.write_text(article.read_text().replace("returns", "is late"))
        desk.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
        begun, new = rehearse(load_newsroom(desk.root, {}), (), ())
        assert (begun.label, begun.recipients, begun.delivered) == ("no. 1", 8, 3)
        assert begun.first == tuple(address(number) for number in range(3, 11))
        assert b"Subject: The night ferry returns" in begun.message, "as the others got it"
        assert (new.label, new.recipients, new.delivered) == ("no. 2", 11, 0)
        assert len(sink.mails) == 3
