"""The feeds that are one member's own."""

from __future__ import annotations

import pytest

from syndicate.engine.member_feeds import private_feeds
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk


def test_each_member_has_an_address_of_their_own(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNDICATE_FEED_SECRET", "0123456789abcdef")
    desk.channel("inside", 'adapter = "rss"\n[deliver]\nvia = "members"\n')
    desk.channel("rss", "")
    newsroom = load_newsroom(desk.root, {})
    (one,) = private_feeds(newsroom, "inside", "ines@example.net")
    (other,) = private_feeds(newsroom, "inside", "bo@example.net")
    assert one.url.startswith("https://gazette.example.org/inside/")
    assert one.url != other.url
    for channel in ("rss", "single", "none"):
        assert not list(private_feeds(newsroom, channel, "ines@example.net"))
