"""What has not left can always be stopped, edited and tried again."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syndicate.engine.review.drafts import deliveries_of_draft, find_draft
from syndicate.engine.review.verdicts import approve_draft, close_thread, reject_draft
from syndicate.engine.withdrawal import WithdrawalOrder, lift, withdraw
from syndicate.errors import DraftError, Exit, UsageError
from syndicate.ledger.ledger import ledger_of
from syndicate.ledger.tables import DISPATCHES
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.stop import Stop
from syndicate.thread import read_draft, write_draft
from tests.engine.conftest import SETTINGS, Clock, Desk
from tests.platforms import PLATFORMS
from tests.platforms.bluesky import Bluesky
from tests.platforms.mastodon import Mastodon
from tests.platforms.platform import Platform

ARTICLE = """\
# The night ferry returns

The night ferry sails again from Friday, after eleven years in which there was none.

Fares rise by 15% against those of 2015. “We waited too long,” said harbour master Marit Vane.

The ferry carried 70,000 people in its last year, more than in any before it.

The town pays 4 million euros for a new pier, which is to be ready in the spring of next year.

A berth costs 40 euros, a seat on deck 12, and children below six sail free of charge.
"""


@pytest.fixture(params=sorted(PLATFORMS))
def via(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    via: str = request.param
    for name, value in PLATFORMS[via].secrets.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("time.sleep", lambda _: None)
    return via


@pytest.fixture
def server(via: str) -> Iterator[Platform]:
    with PLATFORMS[via].server() as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path, via: str, server: Platform) -> Desk:
    """A newsroom with a draft thread and a feed."""
    root = tmp_path / "newsroom"
    (root / "channels").mkdir(parents=True)
    (root / "syndicate.toml").write_text(SETTINGS)
    known = PLATFORMS[via]
    options = {known.place: server.url, **known.options}
    keys = "".join(f"{name} = {json.dumps(value)}\n" for name, value in options.items())
    desk = Desk(root)
    limit = "limit = 280\n" if via == "mastodon" else ""
    desk.channel(
        "social",
        f'adapter = "{via}"\ncard = false\nposts = 4\nreview = true\n{limit}'
        f'[deliver]\nvia = "{via}"\n{keys}',
    )
    desk.channel("rss", "")
    desk.write("ferry.md", ARTICLE)
    desk.publish()
    return desk


NAME = "ferry.social"


def newsroom(desk: Desk) -> Newsroom:
    return load_newsroom(desk.root, {})


def posts(desk: Desk) -> list[str]:
    thread = find_draft(newsroom(desk), NAME).thread
    assert thread
    return list(thread.posts)


def status(desk: Desk) -> str:
    return find_draft(newsroom(desk), NAME).status


def approve(desk: Desk) -> None:
    approve_draft(newsroom(desk), NAME, "Ines")


def edit(desk: Desk, old: str, new: str) -> None:
    file = desk.root / "drafts" / f"{NAME}.md"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def requests_of(server: Platform, post: int) -> int:
    """The number of the request that publishes post `post`, counted from now."""
    with_login = {"x": 1, "mastodon": 1, "bluesky": 1}
    return len(server.asked) + with_login[type(server).__name__.lower()] + post


def cut_off(desk: Desk, server: Platform, post: int) -> list[str]:
    """Approve the thread and publish it until the credentials are revoked at post `post`."""
    approve(desk)
    server.faults = {requests_of(server, post): "revoked"}
    outcome = desk.publish()
    assert outcome.exit is Exit.CREDENTIALS, outcome.errors
    assert len(server.posts) == post - 1
    server.restore()
    return posts(desk)


def test_what_has_failed_before_its_first_post_is_a_draft_again(
    desk: Desk, server: Platform
) -> None:
    cut_off(desk, server, 1)
    edit(desk, "4 million", "9 million")
    desk.write("ferry.md", ARTICLE.replace("4 million", "9 million"), age=60)
    assert desk.publish().exit is Exit.DONE
    assert not server.posts, "the old words are approved no more, the new ones not yet"
    assert status(desk) in ("draft", "stale")
    reject_draft(newsroom(desk), NAME, "Bo")
    desk.publish()
    assert (status(desk), server.posts) == ("rejected", [])
    from syndicate.engine.review.verdicts import Waiver

    approve_draft(newsroom(desk), NAME, "Ines", waiver=Waiver(stale=True))
    assert desk.publish().exit is Exit.DONE
    assert server.thread() == posts(desk)
    assert any("9 million" in text for text in server.thread())


def test_a_thread_that_was_cut_off_goes_on_below_its_last_post(
    desk: Desk, server: Platform
) -> None:
    before = cut_off(desk, server, 3)
    assert status(desk) == "posting"
    edit(desk, before[-1], "The last post is a new one.")
    assert status(desk) == "partly posted"
    assert desk.publish().exit is Exit.PARTLY, "it is named until somebody has settled it"
    assert len(server.posts) == 2
    approve(desk)
    assert desk.publish().exit is Exit.DONE
    assert server.thread() == [*before[:-1], "The last post is a new one."]
    rows = deliveries_of_draft(newsroom(desk), find_draft(newsroom(desk), NAME))
    assert [row.state for row in rows] == ["delivered"] * len(before), "one row a post"
    assert [row.remote_id for row in rows] == [post.id for post in server.posts]
    desk.publish()
    assert len(server.posts) == len(before)


def test_what_stands_cannot_be_changed(desk: Desk, server: Platform) -> None:
    before = cut_off(desk, server, 3)
    edit(desk, before[1], "Other words.")
    with pytest.raises(DraftError, match="post 02 has been posted"):
        approve(desk)
    edit(desk, "Other words.", before[1])
    approve(desk)
    desk.publish()
    assert server.thread() == before


def test_a_thread_can_be_closed(desk: Desk, server: Platform) -> None:
    with pytest.raises(UsageError, match="nothing of it is public"):
        close_thread(newsroom(desk), NAME, "Ines")
    before = cut_off(desk, server, 3)
    close_thread(newsroom(desk), NAME, "Ines", "enough")
    assert status(desk) == "posted"
    assert desk.publish().exit is Exit.DONE
    assert server.thread() == before[:2]
    shown = desk.command("drafts", "status", NAME)
    assert f"2 of {len(before)} posts are public" in shown.stderr
    with pytest.raises(UsageError):
        approve(desk)


def test_rejected_in_the_middle_it_stops(desk: Desk, server: Platform) -> None:
    cut_off(desk, server, 3)
    reject_draft(newsroom(desk), NAME, "Bo")
    desk.publish()
    assert len(server.posts) == 2
    approve(desk)
    assert desk.publish().exit is Exit.DONE
    assert server.thread() == posts(desk)


def test_an_edit_or_a_verdict_stops_a_run_at_work(
    desk: Desk, server: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(desk)
    whole = posts(desk)
    answer = server.answer

    def answering(asked: object) -> object:
        made = answer(asked)  # type: ignore[arg-type]
        if len(server.posts) == 2 and status(desk) != "rejected":
            monkeypatch.setattr(server, "answer", answer)
            reject_draft(newsroom(desk), NAME, "Bo")
        return made

    monkeypatch.setattr(server, "answer", answering)
    desk.publish()
    assert server.thread() == whole[:2]


def test_a_limit_of_the_server_is_met_by_shortening(desk: Desk, server: Platform, via: str) -> None:
    if via != "mastodon":
        pytest.skip("the others have one limit for all")
    assert isinstance(server, Mastodon)
    server.limit = 90
    approve(desk)
    assert desk.publish().exit is Exit.PARTLY
    for post in posts(desk):
        if len(post) > 90:
            edit(desk, post, f"{post[:20]}… https://gazette.example.org/ferry/"[:60])
    approve(desk)
    assert desk.publish().exit is Exit.DONE
    assert server.thread() == posts(desk)


def test_a_refused_post_is_fixed_and_the_thread_goes_on(
    desk: Desk, server: Platform, via: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = posts(desk)
    bad, answer = whole[1], server.answer

    def picky(asked: object) -> object:
        body = asked.body.decode()  # type: ignore[attr-defined]
        if asked.method == "POST" and bad[:12] in body.replace("+", " "):  # type: ignore[attr-defined]
            from tests.platforms.platform import Answer

            status = {"x": 403, "mastodon": 422, "bluesky": 400}[via]
            return Answer(status, server.refusal(status, "against the policy"))
        return answer(asked)  # type: ignore[arg-type]

    monkeypatch.setattr(server, "answer", picky)
    approve(desk)
    assert desk.publish().exit is Exit.PARTLY
    assert status(desk) == "failed"
    assert server.thread() == whole[:1]
    again = desk.publish()
    assert again.exit is Exit.PARTLY, "it is named until somebody has settled it"
    (concern,) = again.concerns
    assert "against the policy" in concern.message
    assert f"syndicate drafts edit {NAME}.md" in concern.hint
    edit(desk, bad, "Something harmless.")
    approve(desk)
    assert desk.publish().exit is Exit.DONE
    assert server.thread() == [whole[0], "Something harmless.", *whole[2:]]


def in_two_hours() -> str:
    """The time at which a limit ends, as a header says it."""
    return str(int(time.time()) + 7200)


@pytest.mark.parametrize("reset", ["far", "soon", "9" * 40, "nan", "mute"])
def test_a_limit_postpones_its_channel_alone(
    desk: Desk, server: Platform, clock: Clock, reset: str
) -> None:
    clock.at = datetime.now(UTC)
    approve(desk)
    server.reset = in_two_hours() if reset == "far" else reset
    server.faults = {requests_of(server, 2): "429 mute" if reset == "mute" else "429"}
    desk.write("tides.md", "# Reading the tide\n\nTables are averages.\n")
    outcome = desk.publish()
    assert outcome.exit is Exit.PARTLY
    assert not outcome.errors
    (wait,) = outcome.postponed.values()
    assert (wait.channel, len(server.posts)) == ("social", 1)
    assert "tried again at" in wait.told(UTC)
    assert b"Reading the tide" in (desk.root / "out/rss/feed.xml").read_bytes()
    asked = len(server.asked)
    assert desk.publish().exit is Exit.PARTLY
    assert len(server.asked) == asked, "it is not asked before the time has come"
    clock.at += timedelta(hours=2, minutes=1)
    assert desk.publish("social").exit is Exit.DONE
    assert server.thread() == posts(desk)


def test_a_person_can_have_it_tried_sooner(desk: Desk, server: Platform) -> None:
    approve(desk)
    server.reset = in_two_hours()
    server.faults = {requests_of(server, 2): "429"}
    told = desk.command("publish")
    assert told.returncode == 3, told.stderr
    assert "Traceback" not in told.stderr
    (hint,) = re.findall(r"syndicate (deliveries retry .*)", told.stderr)
    assert desk.command(*hint.split()).returncode == 0
    assert desk.command("publish").returncode == 0
    assert server.thread() == posts(desk)


SHARED = "The town voted on the pier in May."


def two_stories(desk: Desk) -> None:
    """Two approved threads whose second posts say the same."""
    desk.write("pier.md", "# A new pier\n\nIt opens in spring.\n\nThe town voted on it.\n")
    desk.publish("social")
    for slug, letter in (("ferry", "A"), ("pier", "B")):
        file = desk.root / "drafts" / f"{slug}.social.md"
        thread = read_draft(file.read_bytes(), slug)
        said = (f"{letter}, the start.", SHARED, f"{letter}, the end.")
        file.write_bytes(write_draft(thread.model_copy(update={"posts": said})))
        approve_draft(newsroom(desk), file.name, "Ines")


def branches(server: Platform) -> list[list[str]]:
    """The texts of each thread, from its first post."""
    by_id = {post.id: post for post in server.posts}
    found: dict[str, list[str]] = {}
    for post in server.posts:
        root = post
        while root.parent:
            root = by_id[root.parent]
        found.setdefault(root.id, []).append(post.text)
    return list(found.values())


def test_a_post_of_another_thread_is_never_taken_for_ours(
    desk: Desk, server: Platform, via: str
) -> None:
    two_stories(desk)
    if via != "x":  # it is lost: neither has a duplicate of it
        server.faults = {requests_of(server, 3) + 2 + (via != "x"): "drop"}
    first = desk.publish("social")
    assert first.exit is Exit.PARTLY
    whole = ["A, the start.", SHARED, "A, the end."]
    if via == "x":
        assert branches(server) == [whole, ["B, the start."]]
        assert "duplicate" in str(first.errors[0])
        file = desk.root / "drafts" / "pier.social.md"
        file.write_text(file.read_text().replace(SHARED, "In May the town voted on the pier."))
        approve_draft(newsroom(desk), file.name, "Ines")
        assert desk.publish("social").exit is Exit.DONE
        said = "In May the town voted on the pier."
        assert branches(server) == [whole, ["B, the start.", said, "B, the end."]]
    else:
        desk.publish("social")
        assert branches(server) == [whole, ["B, the start.", SHARED, "B, the end."]]


def test_the_first_post_of_another_thread_is_not_ours_either(
    desk: Desk, server: Platform, via: str
) -> None:
    if via != "x":
        pytest.skip("only X refuses duplicates")
    two_stories(desk)
    for slug in ("ferry", "pier"):
        file = desk.root / "drafts" / f"{slug}.social.md"
        text = file.read_text()
        file.write_text(text.replace("A, the start", "Same").replace("B, the start", "Same"))
        approve_draft(newsroom(desk), file.name, "Ines")
    assert desk.publish("social").exit is Exit.PARTLY
    assert branches(server) == [["Same.", SHARED, "A, the end."]]


def test_bluesky_dates_a_post_when_it_is_posted(desk: Desk, server: Platform, via: str) -> None:
    if via != "bluesky":
        pytest.skip("the others date posts themselves")
    assert isinstance(server, Bluesky)
    cut_off(desk, server, 2)
    queued = (datetime.now(UTC) - timedelta(days=3)).isoformat(timespec="seconds")
    with ledger_of(newsroom(desk)) as ledger, ledger.database.transaction() as db:
        db.execute(DISPATCHES.update().values(at=queued))
    began = datetime.now(UTC)
    server.faults = {requests_of(server, 1): "drop after"}
    for _ in range(2):
        desk.publish("social")
    assert server.thread() == posts(desk), "what was lost on its way back is found by its key"
    dates = [datetime.fromisoformat(one["createdAt"]) for one in server.records.values()][1:]
    assert dates == sorted(set(dates))
    assert all(began - timedelta(seconds=1) < one <= datetime.now(UTC) for one in dates)


def test_a_withdrawn_and_restored_story_needs_a_new_approval(
    desk: Desk, server: Platform, via: str
) -> None:
    if via != "x":
        pytest.skip("nothing of it is the platform's")
    cut_off(desk, server, 1)
    withdraw(newsroom(desk), WithdrawalOrder("ferry", "wrong", "Bo"), lambda _: None, Stop())
    desk.publish()
    lift(newsroom(desk), "ferry", "Bo")
    desk.publish()
    assert not server.posts
    assert status(desk) in ("draft", "stale")
    approve(desk)
    assert desk.publish().exit is Exit.DONE
    assert server.thread() == posts(desk)
