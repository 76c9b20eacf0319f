"""Every plan begins with the same reading of `content/`, under the newsroom's lock."""

from __future__ import annotations

import pytest

from syndicate.engine.planner import Planner
from syndicate.engine.remembered import Remembered
from syndicate.errors import LockedError, UsageError
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk


def test_it_reads_the_articles_and_asks_the_ledger(desk: Desk) -> None:
    desk.publish("single")
    with Planner.open(load_newsroom(desk.root, {})) as planner:
        assert {one.slug for one in planner.intake.filed} == {"ferry", "tides"}
        assert not planner.intake.learnt, "the ledger knows them"
        assert len(planner.situation().remembered.renderings) == 2
        nothing = Remembered({}, {}, {}, {}, {})
        assert planner.situation(nothing).remembered.renderings == {}


def test_articles_are_asked_for_by_slug_or_file(desk: Desk) -> None:
    with Planner.open(load_newsroom(desk.root, {})) as planner:
        ids = {one.slug: one.id for one in planner.intake.filed}
        assert planner.asked_for(()) == frozenset()
        assert planner.asked_for(("ferry", "tides.md")) == frozenset(ids.values())
        with pytest.raises(UsageError, match="fery"):
            planner.asked_for(("fery",))


def test_no_other_run_is_at_work_meanwhile(desk: Desk) -> None:
    newsroom = load_newsroom(desk.root, {})
    with Planner.open(newsroom), pytest.raises(LockedError), Planner.open(newsroom):
        pass
    with Planner.open(newsroom):
        pass
