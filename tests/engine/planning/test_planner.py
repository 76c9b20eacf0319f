"""Every plan begins with the same reading of `content/`, under the newsroom's lock."""

from __future__ import annotations

import pytest

from syndicate.engine.planning.planner import Planner
from syndicate.errors import LockedError, UsageError
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk


def test_it_reads_the_articles_and_asks_the_ledger(desk: Desk) -> None:
    desk.publish("single")
    with Planner.open(load_newsroom(desk.root, {})) as planner:
        assert {one.slug for one in planner.intake.summaries} == {"ferry", "tides"}
        assert not planner.intake.learnt, "the ledger knows them"
        assert len(planner.plan_inputs().snapshot.renderings) == 2
        nothing = LedgerSnapshot({}, {}, {}, {}, {})
        assert planner.plan_inputs(nothing).snapshot.renderings == {}


def test_articles_are_asked_for_by_slug_or_file(desk: Desk) -> None:
    with Planner.open(load_newsroom(desk.root, {})) as planner:
        ids = {one.slug: one.id for one in planner.intake.summaries}
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
