"""The studio says what is the case with threads that were cut off, and with what failed."""

from __future__ import annotations

import html

import httpx
import pytest

from syndicate.engine.review.drafts import find_draft
from syndicate.engine.review.verdicts import approve_draft
from syndicate.engine.withdrawal import WithdrawalOrder, withdraw
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from syndicate.thread import read_draft, write_draft
from tests.engine.conftest import Desk
from tests.platforms import x
from tests.studio.conftest import Open, field

POSTS = ("The ferry is back.", "It sails by night.", "The islands are glad.", "More soon.")


@pytest.fixture
def cut_off(desk: Desk, platform: x.X) -> Desk:
    """A newsroom with a thread of which two posts are public, and the others edited since."""
    file = desk.root / "drafts" / "ferry.x.md"
    thread = read_draft(file.read_bytes(), "ferry.x.md").model_copy(update={"images": ()})
    file.write_bytes(write_draft(thread.model_copy(update={"posts": POSTS})))
    approve_draft(load_newsroom(desk.root, {}), "ferry.x", "Ines")
    platform.faults = {len(platform.asked) + 4: "revoked"}
    desk.publish()
    platform.restore()
    assert len(platform.posts) == 2
    text = file.read_text().replace(POSTS[2], "The islands are very glad.")
    file.write_text(text.replace("status: approved", "status: draft"))
    return desk


def shown(client: httpx.Client, path: str) -> str:
    return html.unescape(client.get(path).text)


def test_what_is_public_cannot_be_changed_and_the_rest_can(
    opened: Open, cut_off: Desk, platform: x.X
) -> None:
    with opened.client() as client:
        page = shown(client, "/drafts/ferry.x")
        assert "2 of 4 posts are public" in page
        assert page.count("public, cannot be changed") == 2
        assert page.count("readonly") == 2
        data = {"csrf": field(page, "csrf"), "digest": field(page, "digest")}
        client.post("/drafts/ferry.x/approve", data=data)
    cut_off.publish()
    assert platform.thread() == [*POSTS[:2], "The islands are very glad.", POSTS[3]]


def test_the_desk_names_it_with_the_command_until_it_is_closed(
    opened: Open, cut_off: Desk, platform: x.X
) -> None:
    with opened.client() as client:
        desk = shown(client, "/")
        assert "cut off: 2 posts are not public and not approved" in desk
        assert "syndicate drafts close ferry.x.md" in desk
        page = client.get("/drafts/ferry.x").text
        data = {"csrf": field(page, "csrf"), "digest": field(page, "digest")}
        client.post("/drafts/ferry.x/close", data=data)
        assert "cut off" not in shown(client, "/")
        assert "The thread was closed" in shown(client, "/drafts/ferry.x")
    assert find_draft(load_newsroom(cut_off.root, {}), "ferry.x").is_posted
    cut_off.publish()
    assert platform.thread() == list(POSTS[:2])


def test_the_desk_and_the_article_say_what_is_withdrawn_and_what_is_kept(
    opened: Open, desk: Desk
) -> None:
    for name in ("gone", "broken", "back"):
        desk.write(f"{name}.md", f"# The {name} boat\n\nIt sails to the islands {name}.\n")
    desk.publish("rss")
    newsroom = load_newsroom(desk.root, {})
    withdraw(newsroom, WithdrawalOrder("back", "wrong", "Ines"), lambda _: None, Stop())
    (desk.root / "content" / "gone.md").unlink()
    desk.write("broken.md", "---\ntitle: [\n---\n\nText.\n", age=0)
    desk.publish("rss")
    with opened.client() as client:
        page = shown(client, "/")
        assert page.count("word-withdrawn") == 1
        assert page.count("word-last-good-version") == 2
        for name, state, command in (
            ("back", "withdrawn", "syndicate restore back"),
            ("gone", "last good version", "syndicate keep gone"),
            ("broken", "last good version", "syndicate withdraw broken"),
        ):
            one = shown(client, f"/articles/{name}")
            assert state in one
            assert command in one
        assert "word-withdrawn" not in shown(client, "/articles/ferry")
