"""What is special about Mastodon: the server's limits, and idempotency keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.couriers.social.mastodon import MastodonCourier
from syndicate.ledger.dispatch import State
from tests.couriers.social.thread import POSTS, draft, room
from tests.platforms import mastodon
from tests.platforms.platform import Answer, Asked


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits while the server processes pictures."""
    monkeypatch.setattr("time.sleep", lambda _: None)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[mastodon.Mastodon]:
    monkeypatch.setenv(*next(iter(mastodon.SECRETS.items())))
    with mastodon.Mastodon() as server:
        yield server


def courier(server: mastodon.Mastodon, root: Path, **options: object) -> MastodonCourier:
    return MastodonCourier.model_validate({"server": server.url, **options}, context={"root": root})


def test_no_post_is_sent_if_one_is_too_long_for_the_server(
    server: mastodon.Mastodon, tmp_path: Path
) -> None:
    server.limit = 60
    with room(tmp_path / "newsroom", draft()) as desk:
        states = desk.run(courier(server, desk.root), draft())
        assert set(states.values()) == {State.PENDING}
        (error,) = desk.errors
    assert not server.posts
    assert "post 01 is too long: 71 characters" in str(error)
    assert error.hint and "limit = 60" in error.hint


def test_every_post_has_its_language_and_visibility(
    server: mastodon.Mastodon, tmp_path: Path
) -> None:
    with room(tmp_path / "newsroom", draft()) as desk:
        desk.run(courier(server, desk.root, visibility="unlisted"), draft())
    said = [one.body.decode() for one in server.asked if one.path == "/api/v1/statuses"]
    assert len(said) == 7
    assert all("visibility=unlisted" in one and "language=en" in one for one in said)


def test_no_two_posts_share_a_key(server: mastodon.Mastodon, tmp_path: Path) -> None:
    """Not even the same text in two threads: a text posted twice on purpose appears twice."""
    for name in ("one", "two"):
        content = draft(article=name)
        with room(tmp_path / name, content) as desk:
            desk.run(courier(server, desk.root), content)
    assert len(server.keys) == 2 * len(POSTS)


@pytest.mark.parametrize("reset", ["soon", "9" * 5000, "2026-13-45T99:00:00Z", ""])
def test_a_post_stands_even_if_the_end_of_the_limit_cannot_be_read(
    server: mastodon.Mastodon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reset: str
) -> None:
    """Mastodon.py reads it in every answer, and fails if it cannot, after a post as well."""
    answer = server.answer

    def answering(asked: Asked) -> Answer:
        made = answer(asked)
        made.headers["X-RateLimit-Reset"] = reset
        return made

    monkeypatch.setattr(server, "answer", answering)
    with room(tmp_path / "newsroom", draft()) as desk:
        states = desk.run(courier(server, desk.root), draft())
        assert set(states.values()) == {State.DELIVERED}, desk.errors
    assert server.thread() == list(POSTS)
    assert len(server.keys) == len([a for a in server.asked if a.path == "/api/v1/statuses"])
