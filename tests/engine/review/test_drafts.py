"""A thread leaves when somebody has approved these very words, and only then, and once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syndicate.engine.review.drafts import deliveries_of_draft, find_draft, tracked_drafts
from syndicate.engine.review.verdicts import Waiver, approve_draft, reject_draft
from syndicate.errors import DraftError, Problems, UsageError
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from tests.engine.conftest import SETTINGS, Desk

ARTICLE = """\
# The night ferry returns

Fares rise by 15% from Friday. “We waited too long,” said harbour master Marit Vane.

The ferry carried 70,000 people in 2025.
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A newsroom whose only channel is X, with one article that was drafted."""
    (tmp_path / "channels").mkdir()
    (tmp_path / "syndicate.toml").write_text(SETTINGS)
    desk = Desk(tmp_path)
    desk.channel("x", "")
    desk.write("ferry.md", ARTICLE)
    desk.publish()
    return desk


def newsroom(desk: Desk) -> Newsroom:
    return load_newsroom(desk.root, {})


def file(desk: Desk) -> Path:
    return desk.root / "drafts" / "ferry.x.md"


def edit(desk: Desk, old: str, new: str) -> None:
    """Somebody edits the draft by hand."""
    text = file(desk).read_text()
    assert old in text
    file(desk).write_text(text.replace(old, new))


def posted(desk: Desk) -> bytes | None:
    """What has left."""
    out = desk.root / "out" / "x" / "ferry.x.md"
    return out.read_bytes() if out.exists() else None


def test_an_approved_draft_leaves_once(desk: Desk) -> None:
    assert posted(desk) is None
    assert approve_draft(newsroom(desk), "ferry.x", "Ines Okafor").status == "approved"
    assert [one.reason for one in desk.plan().steps] == ["approved"]
    desk.publish()
    assert posted(desk) == file(desk).read_bytes()
    draft = find_draft(newsroom(desk), "drafts/ferry.x.md")
    assert draft.status == "delivered", "a file is not posted"
    assert not desk.plan().steps
    assert not desk.plan().waiting
    assert [row.state for row in deliveries_of_draft(newsroom(desk), draft)] == ["delivered"]


def test_a_hand_edited_draft_leaves_as_it_was_edited(desk: Desk) -> None:
    edit(desk, "70,000 people", "70,000 people, no fewer,")
    approve_draft(newsroom(desk), "ferry.x", "Ines Okafor")
    desk.publish()
    assert b"no fewer" in (posted(desk) or b"")


def test_any_edit_undoes_an_approval(desk: Desk) -> None:
    approve_draft(newsroom(desk), "ferry.x", "Ines Okafor")
    edit(desk, "70,000 people", "70,000 people, no fewer,")
    draft = find_draft(newsroom(desk), "ferry.x")
    assert (draft.status, draft.reviews) == ("draft", ())
    assert [one.by for one in draft.earlier] == ["Ines Okafor"]
    desk.publish()
    assert posted(desk) is None
    assert len(desk.plan().waiting) == 1


def test_the_status_in_the_file_lets_nothing_leave(desk: Desk) -> None:
    edit(desk, "status: draft", "status: approved")
    desk.publish()
    assert posted(desk) is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("70,000", "80,000", "the article does not have the number '80,000'"),
        ("waited too long", "waited too short", "the article does not have the quotation"),
        ("70,000 people", "70,000 people " + "and " * 70, "is too long: "),
        ("70,000 people", "70,000 people $ABC $DEF", "it has more than one cashtag"),
        ("alt: The night ferry returns", "alt:", "has no alt text"),
    ],
)
def test_what_is_wrong_with_it_keeps_it(desk: Desk, old: str, new: str, said: str) -> None:
    edit(desk, old, new)
    with pytest.raises(DraftError, match=said):
        approve_draft(newsroom(desk), "ferry.x", "Ines Okafor")
    assert not find_draft(newsroom(desk), "ferry.x").reviews


def test_a_broken_draft_says_where(desk: Desk) -> None:
    edit(desk, "status: draft", "status: perhaps\nmood: fine")
    with pytest.raises(Problems) as found:
        approve_draft(newsroom(desk), "ferry.x", "Ines Okafor")
    assert {str(one.where) for one in found.value.errors} == {
        "drafts/ferry.x.md:4",
        "drafts/ferry.x.md:5",
    }
    assert find_draft(newsroom(desk), "ferry.x").status == "broken"


def test_somebody_answers_for_a_number(desk: Desk) -> None:
    edit(desk, "70,000", "80,000")
    approve_draft(newsroom(desk), "ferry.x", "Ines Okafor", waiver=Waiver(confirmed=("80,000",)))
    assert 'confirmed: ["80,000"]' in file(desk).read_text()
    desk.publish()
    assert b"80,000" in (posted(desk) or b"")


def test_where_each_sentence_comes_from(desk: Desk) -> None:
    edit(desk, "The ferry carried", "Nobody knew it. The ferry carried")
    found = find_draft(newsroom(desk), "ferry.x").pieces()
    pieces = next(post for post in found if post[0].place is None)
    assert [(piece.text, piece.place and str(piece.place)) for piece in pieces] == [
        ("Nobody knew it.", None),
        ("The ferry carried 70,000 people in 2025.", "block 2"),
    ]


def test_a_changed_article_makes_an_edited_draft_stale(desk: Desk) -> None:
    edit(desk, "70,000 people", "70,000 people, no fewer,")
    approve_draft(newsroom(desk), "ferry.x", "Ines Okafor")
    desk.write("ferry.md", ARTICLE.replace("70,000", "71,000"), age=0)
    desk.publish()
    assert posted(desk) is None
    draft = find_draft(newsroom(desk), "ferry.x")
    assert (draft.status, draft.is_stale) == ("stale", True)
    with pytest.raises(UsageError, match="has changed since"):
        approve_draft(newsroom(desk), "ferry.x", "Ines Okafor")
    with pytest.raises(DraftError, match="not have the number '70,000'"):
        approve_draft(newsroom(desk), "ferry.x", "Ines Okafor", waiver=Waiver(stale=True))
    edit(desk, "70,000", "71,000")
    approve_draft(newsroom(desk), "ferry.x", "Ines Okafor", waiver=Waiver(stale=True))
    desk.publish()
    assert b"71,000 people, no fewer," in (posted(desk) or b"")


def test_a_rejected_draft_waits_for_an_edit(desk: Desk) -> None:
    reject_draft(newsroom(desk), "ferry.x", "Bo", note="too dry")
    assert find_draft(newsroom(desk), "ferry.x").status == "rejected"
    desk.publish()
    assert posted(desk) is None
    edit(desk, "70,000 people", "70,000 people, no fewer,")
    assert find_draft(newsroom(desk), "ferry.x").status == "draft"


def test_two_must_agree_where_the_channel_says_so(desk: Desk) -> None:
    desk.channel("x", "approvers = 2\n")
    desk.publish()
    for _ in range(2):
        approve_draft(newsroom(desk), "ferry.x", "Ines Okafor")
    desk.publish()
    assert posted(desk) is None
    approve_draft(newsroom(desk), "ferry.x", "Bo")
    desk.publish()
    assert posted(desk)


def test_a_scheduled_draft_waits_for_its_hour(desk: Desk) -> None:
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    edit(desk, "status: draft", f"status: draft\nschedule: {later.isoformat()}")
    assert approve_draft(newsroom(desk), "ferry.x", "Ines Okafor").status == "scheduled"
    plan = desk.plan()
    assert (plan.steps, len(plan.waiting), plan.changes_at) == ((), 1, later)
    edit(desk, later.isoformat(), (later - timedelta(hours=2)).isoformat())
    assert approve_draft(newsroom(desk), "ferry.x", "Ines Okafor").status == "approved"
    desk.publish()
    assert posted(desk)


def test_what_has_left_takes_no_verdict(desk: Desk) -> None:
    approve_draft(newsroom(desk), "ferry.x", "Ines Okafor")
    desk.publish()
    with pytest.raises(UsageError, match="has left"):
        reject_draft(newsroom(desk), "ferry.x", "Bo")


def test_other_artifacts_under_review_take_a_verdict_too(desk: Desk) -> None:
    desk.channel("rss", "review = true\n")
    desk.publish("rss")
    (feed,) = (one for one in tracked_drafts(newsroom(desk), ("rss",)) if one.name == "feed.xml")
    assert (feed.status, feed.thread) == ("draft", None)
    approve_draft(newsroom(desk), "rss/feed.xml", "Ines Okafor")
    desk.publish("rss")
    assert (desk.root / "out" / "rss" / "feed.xml").is_file()


def test_a_name_that_stands_for_none_or_several(desk: Desk) -> None:
    with pytest.raises(UsageError, match="no draft 'fery'"):
        find_draft(newsroom(desk), "fery")
    for name in ("rss", "news"):
        desk.channel(name, 'adapter = "rss"\nreview = true\n')
    desk.publish("rss", "news")
    with pytest.raises(UsageError, match="several"):
        find_draft(newsroom(desk), "feed.xml")


@pytest.mark.parametrize(
    ("change", "said"),
    [("article", "the article has changed"), ("settings", "the settings have changed")],
)
def test_an_approval_that_no_longer_counts_is_named(desk: Desk, change: str, said: str) -> None:
    approve_draft(newsroom(desk), "ferry.x", "Ines Okafor")
    if change == "article":
        desk.write("ferry.md", ARTICLE.replace("70,000", "80,000"), age=0)
    else:
        desk.channel("x", "number = true\n")
    desk.publish()
    (told,) = desk.told("stale")
    assert f"{said}, so the approval by Ines Okafor no longer counts; read it and" in told
    assert find_draft(newsroom(desk), "ferry.x").decision.state == "waiting"


def test_an_approval_goes_on_counting_if_the_draft_would_be_the_same(desk: Desk) -> None:
    approve_draft(newsroom(desk), "ferry.x", "Ines Okafor")
    desk.channel("x", "posts = 9\n")
    desk.publish()
    assert not desk.told("stale")
    assert posted(desk) == file(desk).read_bytes()
