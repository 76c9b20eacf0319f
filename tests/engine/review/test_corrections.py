"""A correction goes below the thread that it corrects, where a courier posts threads."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.couriers import PostsThreads, Rehearses
from syndicate.engine.review.drafts import find_draft
from syndicate.engine.review.verdicts import approve_draft
from syndicate.errors import UsageError
from syndicate.newsroom.newsroom import load_newsroom
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
