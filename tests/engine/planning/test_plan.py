"""A plan names each unit with work, and why; it renders and sends nothing."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from syndicate.engine.planning.plan import Plan, make_plan
from syndicate.engine.planning.planner import Planner
from syndicate.engine.review.verdicts import approve_draft
from syndicate.ledger.dispatch import State
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk
from tests.ledger.taking import become


def steps(plan: Plan) -> set[tuple[str, str, str, str]]:
    """Channel, label, work and reason of each step."""
    return {(one.channel, one.label, one.work, one.reason) for one in plan.steps}


def planned(desk: Desk, *channels: str, resting: frozenset[str] = frozenset()) -> Plan:
    """What `make_plan` says now."""
    newsroom = load_newsroom(desk.root, {})
    with Planner.open(newsroom) as planner:
        return make_plan(planner.plan_inputs(), newsroom.chosen(channels), resting=resting)


def cut_off(desk: Desk, name: str) -> None:
    """As if a run had been killed before it delivered the artifact called `name`."""
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        (row,) = (r for d, r in ledger.dispatches.find([State.DELIVERED]) if d.artifact == name)
        become(ledger, replace(row, state=State.PENDING))


def test_everything_is_new_at_first(desk: Desk) -> None:
    assert steps(desk.plan()) == {
        ("single", "ferry", "render", "new"),
        ("single", "tides", "render", "new"),
        ("social", "ferry", "render", "new"),
        ("social", "tides", "render", "new"),
        ("rolling", "rolling", "render", "new"),
        ("numbered", "no. 1", "render", "new"),
    }


def test_only_what_changed_has_work(desk: Desk) -> None:
    desk.publish()
    assert not desk.plan("single", "rolling", "numbered").steps
    desk.write("ferry.md", "# The night ferry is late\n\nIt sails on Friday at ten.\n", age=0)
    plan = desk.plan("single", "rolling", "numbered")
    assert steps(plan) == {
        ("single", "ferry", "render", "changed"),
        ("rolling", "rolling", "render", "changed"),
    }
    assert plan.unchanged == 2, "the other article, and the numbered edition, which is frozen"


def test_a_file_that_is_gone_is_delivered_again_as_it_was(desk: Desk) -> None:
    desk.publish("single")
    (desk.root / "out" / "single" / "ferry.txt").unlink()
    assert steps(desk.plan("single")) == {("single", "ferry", "deliver", "missing")}
    shutil.rmtree(desk.root / ".syndicate" / "store")
    assert steps(desk.plan("single")) == {("single", "ferry", "render", "missing")}


def test_what_was_begun_is_delivered_as_it_was_rendered(desk: Desk) -> None:
    desk.publish("single")
    cut_off(desk, "ferry.txt")
    assert steps(desk.plan("single")) == {("single", "ferry", "deliver", "resume")}
    shutil.rmtree(desk.root / ".syndicate" / "store")
    assert steps(desk.plan("single")) == {("single", "ferry", "render", "resume")}


def test_an_approved_draft_is_delivered_and_the_others_wait(desk: Desk) -> None:
    desk.publish("social")
    assert desk.plan("social").waiting == (("social", "ferry"), ("social", "tides"))
    approve_draft(load_newsroom(desk.root, {}), "ferry.txt", "Ines")
    plan = desk.plan("social")
    assert steps(plan) == {("social", "ferry", "deliver", "approved")}
    assert plan.waiting == (("social", "tides"),)
    (desk.root / "drafts" / "tides.txt").unlink()
    assert ("social", "tides", "render", "missing") in steps(desk.plan("social"))


def test_a_channel_at_rest_begins_nothing_and_finishes_what_it_began(desk: Desk) -> None:
    desk.publish("single")
    cut_off(desk, "tides.txt")
    desk.write("ferry.md", "# The night ferry is late\n\nIt sails on Friday at ten.\n", age=0)
    at_rest = planned(desk, "single", resting=frozenset({"single"}))
    assert steps(at_rest) == {("single", "tides", "deliver", "resume")}
    assert not planned(desk, "numbered", resting=frozenset({"numbered"})).editions


def test_articles_that_were_asked_for(desk: Desk) -> None:
    assert steps(desk.plan("single", "rolling", articles=("ferry",))) == {
        ("single", "ferry", "render", "new"),
        ("rolling", "rolling", "render", "new"),
    }
    (edition,) = desk.plan("numbered", articles=("ferry",)).editions
    assert len(edition.members) == 1


def test_the_last_edition_is_issued_again_only_if_that_is_asked(desk: Desk) -> None:
    desk.publish("numbered")
    desk.write("ferry.md", "# The night ferry is late\n\nIt sails on Friday at ten.\n", age=0)
    assert not desk.plan("numbered").steps
    plan = desk.plan("numbered", reissue=True)
    assert steps(plan) == {("numbered", "no. 1", "render", "reissue")}
    assert [one.number for one in plan.editions] == [1]


def test_a_catalogue_comes_after_what_it_lists(desk: Desk) -> None:
    desk.channel("weekly", 'adapter = "epub"\nfonts = false\n')
    desk.channel("all-books", 'adapter = "opds"\ncatalogue_of = "weekly"\n')
    assert [one.channel for one in desk.plan("all-books", "weekly").steps] == [
        "weekly",
        "all-books",
    ]


def test_when_the_clock_alone_will_change_it(desk: Desk) -> None:
    desk.write("later.md", "---\ntitle: Later\npublished: 2999-01-01T09:00:00Z\n---\n\nWords.\n")
    assert desk.plan("single").changes_at == datetime(2999, 1, 1, 9, tzinfo=UTC)
    assert len(desk.plan("single").steps) == 2


def test_a_plan_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.plan()
    assert not desk.files()
