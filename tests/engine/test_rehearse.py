"""A mailing is shown before it begins, and nothing of that is recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.engine.rehearse import rehearse, send_test_mail
from syndicate.errors import UsageError
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.mailing import MailDesk, mail_desk
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
