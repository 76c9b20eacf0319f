"""Posts are looked at through the platform's own interface."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.engine.auditing.findings import AuditFinding
from syndicate.engine.review.verdicts import approve_draft
from syndicate.engine.trace import trace
from syndicate.engine.withdrawal import WithdrawalOrder, withdraw
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from tests.couriers.social.conftest import one_context
from tests.engine.auditing.desk import audited, repaired
from tests.engine.auditing.posts import delete, reword
from tests.engine.conftest import Desk
from tests.engine.test_posting import make_desk
from tests.platforms import PLATFORMS
from tests.platforms.bluesky import Bluesky
from tests.platforms.platform import Answer, Asked, Platform
from tests.platforms.x import X

__all__ = ["one_context"]


@pytest.fixture(params=sorted(PLATFORMS))
def posted(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[tuple[Desk, Platform]]:
    """A newsroom that has posted a thread, and the platform."""
    via: str = request.param
    for name, value in PLATFORMS[via].secrets.items():
        monkeypatch.setenv(name, value)
    with PLATFORMS[via].server() as server:
        desk = make_desk(tmp_path / "newsroom", via, server)
        newsroom = load_newsroom(desk.root, {})
        (draft,) = (desk.root / "drafts").rglob("*.md")
        approve_draft(newsroom, draft.relative_to(desk.root / "drafts").as_posix(), "Ines")
        assert desk.publish().errors == []
        assert len(server.posts) > 2
        yield desk, server


def test_posts_as_they_were_sent_are_as_recorded(posted: tuple[Desk, Platform]) -> None:
    desk, server = posted
    seen = audited(desk)
    assert (seen.findings, seen.unseen) == ([], [])
    assert seen.same == len(server.posts)


def test_deleted_and_edited_posts_are_found_and_never_posted_again(
    posted: tuple[Desk, Platform],
) -> None:
    desk, server = posted
    number = len(server.posts)
    reword(server, 0, "The night ferry never returns.")
    delete(server, 1)
    seen = audited(desk)
    assert sorted(one.what for one in seen.findings) == ["changed", "missing"]
    assert seen.same == number - 2
    (changed,) = (one for one in seen.findings if one.what == "changed")
    assert "never returns" in changed.told
    assert all(one.address.startswith("http") for one in seen.findings)
    done = repaired(desk)
    assert len(done.left) == 2
    desk.publish()
    assert len(server.posts) == number - 1


def test_a_rate_limit_is_respected_and_what_was_not_looked_at_is_told(
    posted: tuple[Desk, Platform],
) -> None:
    desk, server = posted
    asked = len(server.asked)
    server.reset = "9999999999"
    number = len(server.posts)
    server.faults = {asked + at: "429" for at in range(1, 20)}
    seen = audited(desk)
    assert seen.findings == []
    assert sum(one.number for one in seen.unseen) == number
    assert all(one.error for one in seen.unseen)
    assert len(server.asked) <= asked + 2


def test_revoked_credentials_are_told_and_nothing_counts_as_missing(
    posted: tuple[Desk, Platform],
) -> None:
    desk, server = posted
    server.revoked = True
    seen = audited(desk)
    assert seen.findings == []
    assert sum(one.number for one in seen.unseen) == len(server.posts)


def test_nobody_logs_in_where_nothing_was_posted(posted: tuple[Desk, Platform]) -> None:
    desk, server = posted
    (file,) = (desk.root / "channels").iterdir()
    desk.channel("other", f'adapter = "{file.stem}"\n{file.read_text()}')
    file.unlink()
    asked = len(server.asked)
    assert audited(desk, "other").unseen == []
    assert len(server.asked) == asked


def test_a_post_that_was_deleted_and_is_there_again_is_found(
    posted: tuple[Desk, Platform],
) -> None:
    desk, server = posted
    before = list(server.posts)
    records = dict(server.records) if isinstance(server, Bluesky) else {}
    newsroom = load_newsroom(desk.root, {})
    order = WithdrawalOrder("ferry", "the figures were wrong", "Marit", delete_posts=True)
    withdraw(newsroom, order, lambda _: None, Stop())
    assert server.posts == []
    assert audited(desk).findings == []
    words = before[0].text.partition("\n")[0]
    (was,) = trace(newsroom, words, lambda *_: None).sightings
    assert (was.kind, was.until is not None, was.standing) == ("post", True, False)
    server.posts.append(before[0])
    if isinstance(server, Bluesky):
        server.records.update(records)
    seen = audited(desk)
    assert {one.what for one in seen.findings} == {"still there"}
    assert all(one.address.startswith("http") for one in seen.findings)
    assert repaired(desk).left == tuple(seen.findings)


def test_a_post_that_x_does_not_show_is_not_missing(
    posted: tuple[Desk, Platform], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, server = posted
    if not isinstance(server, X):
        return
    hidden = server.posts[0].id
    answer = X.answer

    def hiding(platform: X, asked: Asked) -> Answer:
        given = answer(platform, asked)
        if asked.path == "/2/tweets" and asked.method == "GET":
            given.body["data"] = [one for one in given.body["data"] if one["id"] != hidden]
            error = {"title": "Authorization Error", "detail": "Not authorized to view."}
            given.body["errors"] = [{"resource_id": hidden, **error}]
        return given

    monkeypatch.setattr(X, "answer", hiding)
    seen = audited(desk)
    assert seen.findings == []
    assert ["Not authorized" in one.why for one in seen.unseen] == [True]


def test_a_post_whose_words_are_no_longer_kept_is_not_called_the_same(
    posted: tuple[Desk, Platform],
) -> None:
    desk, server = posted
    (row,) = {one.row.copy.digest for one in _changed(desk, server) if one.row}
    assert row
    load_newsroom(desk.root, {}).store.remove(row, float("inf"))
    seen = audited(desk)
    assert (seen.same, seen.findings) == (0, [])
    assert sum(one.number for one in seen.unseen) == len(server.posts)


def _changed(desk: Desk, server: Platform) -> list[AuditFinding]:
    reword(server, 0, "Other words.")
    return audited(desk).findings
