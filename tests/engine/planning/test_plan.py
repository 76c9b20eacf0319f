"""A plan names each unit with work, and why; it renders and sends nothing."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from PIL import Image as Drawing

from syndicate.engine.planning.at_rest import at_rest
from syndicate.engine.planning.plan import Plan, make_plan
from syndicate.engine.planning.planner import Planner
from syndicate.engine.review.verdicts import approve_draft
from syndicate.ledger.dispatch import State
from syndicate.ledger.ledger import open_ledger
from syndicate.ledger.tables import RENDERINGS
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk, make_desk
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


def changes(desk: Desk, *channels: str) -> set[tuple[str, str, tuple[str, ...]]]:
    """What has changed of each step that is planned."""
    return {(one.channel, one.label, one.changes) for one in desk.plan(*channels).steps}


def test_a_plan_says_what_has_changed(desk: Desk) -> None:
    desk.publish()
    article = desk.root / "content" / "ferry.md"
    before = article.read_text()
    desk.write("ferry.md", before.replace("nine", "ten"), age=0)
    assert changes(desk, "single") == {("single", "ferry", ("articles",))}
    desk.channel("single", 'adapter = "./own.py"\nmark = "!"\n')
    assert changes(desk, "single") == {
        ("single", "ferry", ("articles", "settings")),
        ("single", "tides", ("settings",)),
    }
    desk.publish()
    (desk.root / "own.py").write_text((desk.root / "own.py").read_text() + "\n# another\n")
    assert changes(desk, "rolling") == {("rolling", "rolling", ("templates",))}
    shown = desk.command("plan", "--channels", "single,rolling").stdout.splitlines()
    assert [line.split(None, 3)[3] for line in shown[1:]] == ["changed: templates"] * 3
    desk.publish()
    settings = desk.root / "syndicate.toml"
    settings.write_text(settings.read_text().replace('title = "Gazette"', 'title = "Herald"'))
    assert {one[2] for one in changes(desk, "single", "rolling")} == {("settings",)}


def test_a_plan_says_that_a_picture_or_a_template_has_changed(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "newsroom")
    desk.channel("rss", "")
    desk.write("ferry.md", "# The night ferry\n\n![A ferry](ferry.png)\n\nIt sails.\n")
    picture = desk.root / "content" / "ferry.png"
    Drawing.new("RGB", (4, 4), "red").save(picture)
    desk.publish("rss")
    Drawing.new("RGB", (4, 4), "blue").save(picture)
    assert changes(desk, "rss") == {("rss", "rss", ("pictures",))}
    desk.publish("rss")
    template = desk.root / "templates" / "feed" / "own.txt"
    template.parent.mkdir(parents=True)
    template.write_text("another")
    (desk.root / "templates" / "words.toml").write_text("")
    assert changes(desk, "rss") == {("rss", "rss", ("templates",))}


def test_a_ledger_that_does_not_know_the_parts_is_at_rest(desk: Desk) -> None:
    desk.publish()
    with (
        closing(open_ledger(desk.ledger, desk.root)) as ledger,
        ledger.database.transaction() as db,
    ):
        for row in db.execute(sa.select(RENDERINGS)).all():
            here = (RENDERINGS.c.channel == row.channel, RENDERINGS.c.rendering == row.rendering)
            inputs = ":".join(row.inputs.split(":")[:4])
            db.execute(RENDERINGS.update().where(*here).values(inputs=inputs))
    assert not desk.plan().steps
    newsroom = load_newsroom(desk.root, {})
    with Planner.open(newsroom) as planner:
        resting = at_rest(planner.plan_inputs(), newsroom.channels["single"])
    assert len(resting) == 2, "and none of them is looked at"
    desk.write("ferry.md", "# The night ferry is late\n\nIt sails on Friday at ten.\n", age=0)
    assert changes(desk, "single") == {("single", "ferry", ())}
