"""What a plan is made from: articles, pictures, and the moments at which they change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from PIL import Image

from syndicate.engine.planning.plan_inputs import PlanInputs
from syndicate.engine.planning.planner import Planner
from syndicate.ledger.records import Review
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk

LATER = datetime(2999, 1, 1, 9, tzinfo=UTC)


@contextmanager
def plan_inputs(desk: Desk) -> Iterator[PlanInputs]:
    """The newsroom's now."""
    with Planner.open(load_newsroom(desk.root, {})) as planner:
        yield planner.plan_inputs()


def pictures(desk: Desk) -> dict[str, str]:
    with plan_inputs(desk) as now:
        return dict(now.pictures)


def test_a_channel_shows_what_it_selects_and_remembers_what_it_showed(desk: Desk) -> None:
    desk.channel("single", 'adapter = "./own.py"\n[select]\nlimit = 1\n')
    with plan_inputs(desk) as now:
        channel = now.newsroom.channels["single"]
        ids = [one.id for one in now.summaries]
        assert len(now.chosen(channel)) == 1
        assert len(now.history(channel, ids)) == 2


def test_a_pictures_bytes_are_an_input_like_words(desk: Desk) -> None:
    desk.write("ferry.md", "# The night ferry\n\n![The ferry](ferry.png)\n")
    picture = desk.root / "content" / "ferry.png"
    without = pictures(desk)
    assert len(without) == 1, "the other article names none"
    seen = [without]
    for colour in ("navy", "teal"):
        Image.new("RGB", (30, 20), colour).save(picture)
        seen.append(pictures(desk))
    assert len({tuple(one.values()) for one in seen}) == 3
    assert pictures(desk) == seen[-1]


def test_moments_are_those_of_articles_and_of_what_is_scheduled(desk: Desk) -> None:
    desk.write("later.md", f"---\ntitle: Later\npublished: {LATER.isoformat()}\n---\n\nWords.\n")
    after = LATER + timedelta(days=1)
    with Planner.open(load_newsroom(desk.root, {})) as planner:
        review = Review("social", "u", "n", "d", "Ines", "approved", after=after.isoformat())
        planner.ledger.review(review)
        now = planner.plan_inputs()
        channels = now.newsroom.channels
        assert set(now.moments(channels["single"])) == {LATER}
        assert set(now.moments(channels["social"])) == {LATER, after}
