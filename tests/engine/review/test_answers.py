"""A correction and a withdrawal go below the thread that they are about, where a courier posts
threads."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.couriers import PostsThreads, Rehearses
from syndicate.engine.notices import drop_notices
from syndicate.engine.review.drafts import find_draft
from syndicate.engine.review.verdicts import approve_draft
from syndicate.engine.withdrawal import WithdrawalOrder, withdraw
from syndicate.errors import UsageError
from syndicate.ledger.ledger import ledger_of
from syndicate.ledger.notices import NoticeRow
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from tests.engine.conftest import SETTINGS, Desk

ARTICLE = """\
# The night ferry returns

Fares rise by 15% from Friday, after eleven years in which no ship sailed by night.
"""
CORRECTION = """
:::: correction 2030-01-02
The fares rise by 14%, not by 15%.
::::
"""
POSTS_THREADS = """
    def last_post(self, receipts):
        return receipts[-1].remote_id
"""
COURIER = '''
from syndicate.couriers import Courier, Receipt


class Board(Courier):
    """Takes each thread as two posts, and can say beforehand what it would do."""

    def addresses(self, artifact, subscribers):
        return ("01", "02") if artifact.media_type.startswith("text/") else ()

    def requests(self, delivery):
        return iter(())

    def cost(self, text):
        return 0.0

    def deliver(self, delivery, commit):
        commit()
        return Receipt(f"post-{delivery.unit}")
'''


def published(root: Path, courier: str) -> Desk:
    """A newsroom whose thread is out, and whose article has been corrected since."""
    (root / "channels").mkdir(parents=True)
    (root / "syndicate.toml").write_text(SETTINGS)
    (root / "board.py").write_text(courier)
    desk = Desk(root)
    desk.channel("x", '[deliver]\nvia = "./board.py"\n')
    desk.write("ferry.md", ARTICLE)
    desk.publish()
    approve_draft(load_newsroom(root, {}), "ferry.x", "Ines")
    assert not desk.publish().errors
    desk.write("ferry.md", ARTICLE.replace("15%", "14%") + CORRECTION, age=10)
    desk.publish()
    return desk


def test_it_goes_below_the_last_post(tmp_path: Path) -> None:
    desk = published(tmp_path, COURIER + POSTS_THREADS)
    thread = find_draft(load_newsroom(desk.root, {}), "ferry.x.correction-1").thread
    assert thread
    assert thread.reply_to == "post-02"


def test_a_courier_that_only_tells_what_it_would_do_posts_no_threads(tmp_path: Path) -> None:
    desk = published(tmp_path, COURIER)
    newsroom = load_newsroom(desk.root, {})
    (courier,) = newsroom.channels["x"].couriers.values()
    assert isinstance(courier, Rehearses)
    assert not isinstance(courier, PostsThreads)
    with pytest.raises(UsageError, match="no draft"):
        find_draft(newsroom, "ferry.x.correction-1")


def withdrawn(desk: Desk) -> tuple[NoticeRow, ...]:
    """The article is withdrawn. Returns the notices for those who saw its thread."""
    newsroom = load_newsroom(desk.root, {})
    order = WithdrawalOrder("ferry", "the figures were wrong", "Ines")
    withdraw(newsroom, order, lambda _: None, Stop())
    with ledger_of(newsroom) as ledger:
        return ledger.notices.all()


@pytest.mark.parametrize("file", ["stays", "is deleted"])
def test_a_withdrawal_is_answered_once_somebody_approves_it(tmp_path: Path, file: str) -> None:
    desk = published(tmp_path, COURIER + POSTS_THREADS)
    if file == "is deleted":
        (desk.root / "content" / "ferry.md").unlink()
    assert [one.channel for one in withdrawn(desk)] == ["x"]
    desk.publish()
    newsroom = load_newsroom(desk.root, {})
    draft = find_draft(newsroom, "ferry.x.withdrawal-1")
    assert draft.thread and draft.thread.reply_to == "post-02"
    assert draft.thread.posts[0].startswith("Withdrawn: ")
    assert draft.status == "draft" and not draft.faults
    approve_draft(newsroom, "ferry.x.withdrawal-1", "Ines")
    outcome = desk.publish()
    assert (outcome.delivered, outcome.errors) == (2, [])
    assert find_draft(newsroom, "ferry.x.withdrawal-1").is_posted
    assert not desk.publish().delivered


def test_nothing_is_answered_where_nothing_stands(tmp_path: Path) -> None:
    desk = published(tmp_path, COURIER + POSTS_THREADS)
    desk.channel("bluesky", '[deliver]\nvia = "./board.py"\n')
    desk.publish()
    assert [one.channel for one in withdrawn(desk)] == ["x"]


def test_an_answer_that_is_dropped_leaves_no_draft(tmp_path: Path) -> None:
    desk = published(tmp_path, COURIER + POSTS_THREADS)
    withdrawn(desk)
    desk.publish()
    newsroom = load_newsroom(desk.root, {})
    article = find_draft(newsroom, "ferry.x.withdrawal-1").about
    with ledger_of(newsroom) as ledger:
        assert len(drop_notices(newsroom, ledger, article)) == 1
    desk.publish()
    with pytest.raises(UsageError, match="no draft"):
        find_draft(newsroom, "ferry.x.withdrawal-1")
    assert not (desk.root / "drafts" / "ferry.x.withdrawal-1.md").exists()
