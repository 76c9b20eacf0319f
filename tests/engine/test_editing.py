"""A correction on Mastodon edits the posts that stand, once somebody approves it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from syndicate.engine.audit import AuditOrder, audit
from syndicate.engine.correction import CorrectionOrder, correct, plan_correction
from syndicate.engine.review.drafts import find_draft
from syndicate.engine.review.verdicts import approve_draft
from syndicate.engine.trace import trace
from syndicate.errors import DraftError, Problems
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from tests.engine.conftest import Desk
from tests.engine.test_posting import ARTICLE, make_desk
from tests.platforms.mastodon import SECRETS, Mastodon
from tests.platforms.platform import Fault

NOTE = "Fares rise by 14%, not by 15%."


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mastodon]:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    with Mastodon() as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path, server: Mastodon) -> Desk:
    """A newsroom whose thread with a wrong number is public, and whose article is corrected."""
    desk = make_desk(tmp_path / "newsroom", "mastodon", server)
    approve_draft(load_newsroom(desk.root, {}), "ferry.mastodon", "Ines")
    assert not desk.publish().errors
    desk.write("ferry.md", ARTICLE.replace("15%", "14%"), age=0)
    newsroom = load_newsroom(desk.root, {})
    order = CorrectionOrder("ferry", NOTE, "Ines", False, date(2030, 10, 6))
    planned = plan_correction(newsroom, order)
    assert [(one.channel, one.what) for one in planned.effects] == [("mastodon", "edited")]
    correct(newsroom, planned, lambda _: None, Stop())
    return desk


def fixed(desk: Desk) -> None:
    """Put the words of the edit right, and approve it."""
    file = desk.root / "drafts" / "ferry.mastodon.edit-1.md"
    head, line, posts = file.read_text().partition("\n---\n")
    words, note = posts.replace("15%", "14%"), NOTE.replace("15%", "14%")
    file.write_text(head + line + words.replace(note, NOTE))
    approve_draft(load_newsroom(desk.root, {}), "ferry.mastodon.edit-1", "Ines")


def test_it_waits_and_names_what_is_wrong_in_the_posts(desk: Desk, server: Mastodon) -> None:
    before = list(server.posts)
    desk.publish()
    assert server.posts == before
    draft = find_draft(load_newsroom(desk.root, {}), "ferry.mastodon.edit-1")
    assert draft.thread and draft.thread.edits == tuple(one.id for one in before)
    texts = [one.text for one in before]
    assert draft.thread.posts[0].startswith(texts[0]) and NOTE in draft.thread.posts[0]
    assert list(draft.thread.posts[1:]) == texts[1:]


def test_only_what_has_changed_is_edited_and_pictures_stay(desk: Desk, server: Mastodon) -> None:
    before, number = list(server.posts), len(server.posts)
    fixed(desk)
    outcome = desk.publish()
    assert not outcome.errors
    assert len(server.posts) == number
    wrong = [one.id for one in before if "15%" in one.text]
    assert set(server.edits) == {before[0].id, *wrong} and len(server.edits) == len(
        set(server.edits)
    )
    assert [one.alts for one in server.posts] == [one.alts for one in before]
    assert not [one for one in server.posts if "15%" in one.text.replace(NOTE, "")]
    edited = list(server.edits)
    desk.publish()
    assert server.edits == edited
    newsroom = load_newsroom(desk.root, {})
    assert find_draft(newsroom, "ferry.mastodon.edit-1").is_posted
    seen = audit(newsroom, AuditOrder(), lambda _: None, lambda _: None, Stop())
    assert (seen.same, seen.findings) == (number, [])
    (was,) = trace(newsroom, "Fares rise by 15% against", lambda *_: None).sightings
    assert (was.standing, was.until is not None) == (False, True)
    (now,) = trace(newsroom, "Fares rise by 14% against", lambda *_: None).sightings
    assert (now.standing, now.until) == (True, None)


DEEP = [pytest.param(fault, marks=pytest.mark.slow) for fault in ("503 after", "drop")]


@pytest.mark.parametrize("fault", ["drop after", *DEEP])
def test_an_answer_that_is_lost_is_asked_for(desk: Desk, server: Mastodon, fault: Fault) -> None:
    fixed(desk)
    put = len(server.asked) + 4  # after the limits, the status and its text
    server.faults = {put: fault}
    for _ in range(3):
        desk.publish()
    assert server.asked[put - 1].method == "PUT"
    assert not [one for one in server.posts if "15%" in one.text.replace(NOTE, "")]
    assert len(server.edits) == len(set(server.edits))
    assert find_draft(load_newsroom(desk.root, {}), "ferry.mastodon.edit-1").is_posted


def test_no_post_can_be_added_by_an_edit(desk: Desk) -> None:
    file = desk.root / "drafts" / "ferry.mastodon.edit-1.md"
    file.write_text(file.read_text() + "\n---\n\nThe ferry sails again from Friday.\n")
    newsroom = load_newsroom(desk.root, {})
    faults = find_draft(newsroom, "ferry.mastodon.edit-1").faults
    assert any("posts that are public" in str(one) for one in faults)
    with pytest.raises((DraftError, Problems)):
        approve_draft(newsroom, "ferry.mastodon.edit-1", "Ines")
