"""A thread goes out to X by the real command: seen beforehand, posted once, corrected below."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syndicate.engine.review.drafts import deliveries_of_draft, find_draft
from syndicate.engine.review.verdicts import approve_draft
from syndicate.errors import Exit
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from tests.engine.conftest import SETTINGS, Clock, Desk
from tests.platforms import PLATFORMS
from tests.platforms.platform import Fault, Platform

ARTICLE = """\
# The night ferry returns

The night ferry sails again from Friday, after eleven years in which there was none.

Fares rise by 15% against those of 2015. “We waited too long,” said harbour master Marit Vane.

The ferry carried 70,000 people in its last year, more than in any before it.

The town pays 4 million euros for a new pier, which is to be ready in the spring of next year.

A berth costs 40 euros, a seat on deck 12, and children below six sail free of charge.

The crew numbers 22, most of them from the islands that the ship calls at in the small hours.
"""


def make_desk(root: Path, via: str, server: Platform) -> Desk:
    (root / "channels").mkdir(parents=True)
    (root / "syndicate.toml").write_text(SETTINGS)
    known = PLATFORMS[via]
    options = {known.place: server.url, **known.options}
    keys = "".join(f"{name} = {json.dumps(value)}\n" for name, value in options.items())
    desk = Desk(root)
    desk.channel(via, f'review = true\n[deliver]\nvia = "{via}"\n{keys}')
    desk.write("ferry.md", ARTICLE)
    desk.publish()
    return desk


@pytest.fixture(params=["x"])
def via(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    via: str = request.param
    for name, value in PLATFORMS[via].secrets.items():
        monkeypatch.setenv(name, value)
    return via


@pytest.fixture
def server(via: str) -> Iterator[Platform]:
    with PLATFORMS[via].server() as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path, via: str, server: Platform) -> Desk:
    return make_desk(tmp_path / "newsroom", via, server)


def newsroom(desk: Desk) -> Newsroom:
    return load_newsroom(desk.root, {})


def posts(desk: Desk, name: str = "ferry.x") -> list[str]:
    thread = find_draft(newsroom(desk), name).thread
    assert thread
    return list(thread.posts)


def test_seen_approved_posted(desk: Desk, server: Platform) -> None:
    assert not server.asked
    told = desk.command("drafts", "post", "ferry.x", "--dry-run")
    assert told.returncode == 0, told.stderr
    assert not server.asked
    wanted = posts(desk)
    assert told.stdout.count("POST ") == len(wanted) + 2  # and the card with its alt text
    assert f"{len(wanted) + 2} requests, $" in told.stdout
    for post in wanted:
        assert json.dumps(post, ensure_ascii=False) in told.stdout

    assert desk.command("drafts", "post", "ferry.x").returncode == 2, "nobody approved it"
    assert desk.command("drafts", "approve", "ferry.x", "--by", "Ines").returncode == 0
    done = desk.command("drafts", "post", "ferry.x")
    assert done.returncode == 0, done.stderr
    assert server.thread() == wanted
    assert server.posts[0].alts == ("The night ferry returns",)
    status = desk.command("drafts", "status", "ferry.x")
    assert status.stdout.count("https://x.com/gazette/status/") == len(wanted)
    for words in (("publish",), ("publish", "--due"), ("drafts", "post", "ferry.x")):
        desk.command(*words)
    assert len(server.posts) == len(wanted)


def test_what_it_costs(desk: Desk) -> None:
    """Each post without a URL, and the last, with one, at over ten times as much."""
    draft = find_draft(newsroom(desk), "ferry.x")
    assert list(draft.costs) == [0.015] * (len(draft.costs) - 1) + [0.2]
    shown = desk.command("drafts", "show", "ferry.x").stdout
    assert "  $0.200" in shown
    assert f"total: ${draft.cost:.3f}" in shown
    assert json.loads(desk.command("drafts", "show", "ferry.x", "--json").stdout)[
        "cost"
    ] == pytest.approx(draft.cost)


def test_refused_credentials_end_with_their_own_code(desk: Desk, server: Platform) -> None:
    approve_draft(newsroom(desk), "ferry.x", "Ines")
    server.revoked = True
    failed = desk.command("publish")
    assert failed.returncode == 4, failed.stderr
    assert "X_CONSUMER_KEY" in failed.stderr
    assert "create new credentials" in failed.stderr
    server.restore()
    assert desk.command("publish").returncode == 0
    assert server.thread() == posts(desk)


def test_scheduled(desk: Desk, server: Platform, clock: Clock) -> None:
    """Not before its moment, and then with the `publish --due` of cron."""
    file = desk.root / "drafts" / "ferry.x.md"
    file.write_text(
        file.read_text().replace("status: draft", "status: draft\nschedule: 2100-01-01T09:00:00Z")
    )
    approve_draft(newsroom(desk), "ferry.x", "Ines")
    assert desk.command("publish", "--due").returncode == 0
    clock.at = datetime(2100, 1, 1, 8, 59, 59, tzinfo=UTC)
    assert desk.publish(due=True).exit is Exit.DONE
    assert not server.posts
    clock.at = datetime(2100, 1, 1, 9, tzinfo=UTC)
    assert desk.publish(due=True).exit is Exit.DONE
    assert server.thread() == posts(desk)


CORRECTION = """
::: correction 2030-01-02
The fares rise by 14%, not by 15%.
:::
"""


def test_a_correction_is_drafted_as_an_answer_once_the_thread_is_out(
    desk: Desk, server: Platform
) -> None:
    corrected = ARTICLE.replace("15%", "14%") + CORRECTION
    desk.write("ferry.md", corrected, age=1000)
    desk.publish()
    assert not list((desk.root / "drafts").glob("*correction*")), "nobody has seen the error"
    desk.write("ferry.md", ARTICLE, age=900)
    desk.publish()

    approve_draft(newsroom(desk), "ferry.x", "Ines")
    desk.publish()
    thread = server.thread()
    assert any("15%" in post for post in thread)
    desk.write("ferry.md", corrected, age=800)
    desk.publish()
    draft = find_draft(newsroom(desk), "ferry.x.correction-1")
    assert draft.thread
    assert draft.thread.reply_to == server.posts[-1].id
    assert draft.status == "draft"
    assert len(server.posts) == len(thread), "it waits for somebody, as the thread did"
    approve_draft(newsroom(desk), draft.name, "Ines")
    desk.publish()
    assert server.thread()[:-1] == thread
    assert server.thread()[-1].startswith("Correction: The fares rise by 14%, not by 15%.")
    desk.write("ferry.md", corrected + "\nThe bar is open all night.\n", age=700)
    desk.publish()
    assert len(server.posts) == len(thread) + 1


def test_a_correction_from_before_the_thread_is_no_news(desk: Desk, server: Platform) -> None:
    approve_draft(newsroom(desk), "ferry.x", "Ines")
    desk.publish()
    desk.write("ferry.md", ARTICLE + CORRECTION.replace("2030", "2020"), age=800)
    desk.publish()
    assert not list((desk.root / "drafts").glob("*correction*"))


def kill_and_rerun(root: Path, via: str, server: Platform, fault: Fault, at: int) -> None:
    """The real command dies at its request `at`; the same command again finishes its work."""
    desk = make_desk(root, via, server)
    approve_draft(newsroom(desk), f"ferry.{via}", "Ines")
    wanted = posts(desk, f"ferry.{via}")
    server.faults = {len(server.asked) + at: fault}
    for _ in range(3):
        with desk.start() as running:
            server.client = running.pid
            done = running.ended()
        if done.returncode == 0:
            break
        assert done.returncode == -9, done.stderr
    assert done.returncode == 0
    assert not server.faults, f"there was no request {at}"
    assert server.thread() == wanted
    rows = deliveries_of_draft(newsroom(desk), find_draft(newsroom(desk), f"ferry.{via}"))
    assert [row.state for row in rows] == ["delivered"] * len(wanted)
    ids = [re.sub(r".*/", "", row.remote_id or "") for row in rows]
    assert ids == [re.sub(r".*/", "", post.id) for post in server.posts]


@pytest.mark.parametrize(("fault", "at"), [("kill", 6), ("kill after", 6), ("kill after", 1)])
def test_killed(tmp_path: Path, via: str, server: Platform, fault: Fault, at: int) -> None:
    kill_and_rerun(tmp_path / "newsroom", via, server, fault, at)


@pytest.mark.slow
@pytest.mark.parametrize("via", sorted(PLATFORMS), indirect=True)
@pytest.mark.parametrize("fault", ["kill", "kill after"])
def test_killed_at_every_request(tmp_path: Path, via: str, server: Platform, fault: Fault) -> None:
    with PLATFORMS[via].server() as whole:
        kill_and_rerun(tmp_path / "whole", via, whole, fault, 1)
        requests = len(whole.asked) - 1
    for at in range(2, requests + 1):
        with PLATFORMS[via].server() as fresh:
            kill_and_rerun(tmp_path / str(at), via, fresh, fault, at)
