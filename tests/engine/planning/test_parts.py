"""The parts of a rolling channel: what people subscribe to never disappears."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from syndicate.adapters import WHOLE
from syndicate.engine.planning.parts import rolling_renderings, subscriptions_to_render
from syndicate.engine.planning.planner import Planner
from syndicate.engine.planning.renderings import EPOCH, PlannedRendering, rendering_of_edition
from syndicate.ledger.records import FrozenEdition
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk

NOW = datetime(2027, 1, 1, tzinfo=UTC)
GONE = "---\ntitle: Gone\nstatus: withdrawn\npublished: 2026-09-01\n---\n\nWords.\n"
TAGGED = "---\ntitle: Piers\ntags: [Ferries]\npublished: 2026-09-02\n---\n\nWords.\n"


def units(desk: Desk, channel: str) -> list[PlannedRendering]:
    newsroom = load_newsroom(desk.root, {})
    with Planner.open(newsroom) as planner:
        inputs = replace(planner.plan_inputs(), now=NOW)
        return list(rolling_renderings(inputs, newsroom.channels[channel]))


def test_a_rolling_channel_is_one_unit_with_all_that_it_shows(desk: Desk) -> None:
    desk.write("gone.md", GONE)
    (unit,) = units(desk, "rolling")
    assert (unit.part, unit.number) == (WHOLE, None)
    assert len(unit.articles) == len(unit.members) == 2
    assert len(unit.withdrawn) == 1


def test_no_more_is_withdrawn_than_a_channel_ever_showed(desk: Desk) -> None:
    desk.channel("rolling", 'adapter = "./own.py"\nscope = "rolling"\n[select]\nlimit = 1\n')
    for number in range(3):
        desk.write(f"gone-{number}.md", GONE.replace("Gone", f"Gone {number}"))
    (unit,) = units(desk, "rolling")
    assert (len(unit.articles), len(unit.withdrawn)) == (1, 1)


def test_an_empty_channel_has_the_same_date_everywhere(desk: Desk) -> None:
    for file in (desk.root / "content").iterdir():
        file.unlink()
    (unit,) = units(desk, "rolling")
    assert (unit.articles, unit.date) == ((), EPOCH)


def test_a_split_feed_is_a_unit_for_each_part(desk: Desk) -> None:
    desk.channel("rss", '[split]\nby = "tag"\n')
    desk.write("piers.md", TAGGED)
    assert [(one.key, len(one.articles)) for one in units(desk, "rss")] == [("ferries/", 1)]


def test_a_numbered_edition_is_known_by_its_number() -> None:
    frozen = FrozenEdition(
        *("weekly", 7, "2026-10-06T12:00:00+00:00", (("id", "digest"),)),
        since="2026-09-29T12:00:00+00:00",
        revised=(("old", "revised"),),
    )
    unit = rendering_of_edition(frozen)
    assert (unit.key, unit.label, unit.number) == ("7", "no. 7", 7)
    assert (unit.members, unit.articles, unit.revised) == (("id",), ("digest",), ("revised",))
    assert unit.since == datetime(2026, 9, 29, 12, tzinfo=UTC)


def test_members_feeds_are_in_no_list_of_feeds(desk: Desk) -> None:
    desk.channel("rss", "")
    desk.channel("inside", 'adapter = "rss"\n[deliver]\nvia = "members"\n')
    newsroom = load_newsroom(desk.root, {})
    with Planner.open(newsroom) as planner:
        listed = list(subscriptions_to_render(replace(planner.plan_inputs(), now=NOW)))
    assert [one.url for one in listed] == ["https://gazette.example.org/rss/feed.xml"]
