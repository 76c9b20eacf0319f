"""`publish --due` on a clock that the test sets: each scheduled edition exactly once."""

from __future__ import annotations

import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.engine.planning.due import DueSlots
from syndicate.errors import Exit
from syndicate.ledger.ledger import Ledger, open_ledger
from syndicate.ledger.records import FrozenEdition, RecordedRendering
from syndicate.newsroom.schedule import Schedule
from tests.engine.conftest import Clock, Desk
from tests.ledger.taking import record

NEW_YORK = ZoneInfo("America/New_York")
DAILY = 'adapter = "./own.py"\nscope = "edition"\nschedule = "0 7 * * *"\n'


def due(desk: Desk, clock: Clock, day: int, hour: int, minute: int = 0) -> list[str]:
    """What a run at this time of October 2026 delivers."""
    clock.at = datetime(2026, 10, day, hour, minute, tzinfo=UTC)
    assert desk.publish("numbered", due=True).exit is Exit.DONE
    return desk.told("delivered")


def test_an_edition_at_its_hour_and_not_before(desk: Desk, clock: Clock) -> None:
    desk.channel("numbered", DAILY)
    assert due(desk, clock, 5, 6) == []
    assert due(desk, clock, 5, 6, 59) == []
    assert due(desk, clock, 5, 7, 4) == ["out/numbered/1.txt"]
    desk.write("late.md", "# A late report\n\nIt came at eight.\n")
    assert due(desk, clock, 5, 8) == []
    assert due(desk, clock, 6, 7) == ["out/numbered/2.txt"]


def test_a_channel_begins_with_its_next_hour(desk: Desk, clock: Clock) -> None:
    desk.channel("numbered", DAILY)
    assert due(desk, clock, 5, 9) == []
    assert due(desk, clock, 6, 7) == ["out/numbered/1.txt"]


def test_nothing_new_is_no_edition_and_takes_the_hour(desk: Desk, clock: Clock) -> None:
    desk.channel("numbered", DAILY)
    due(desk, clock, 5, 6)
    due(desk, clock, 5, 7)
    assert due(desk, clock, 6, 7) == []
    desk.write("late.md", "# A late report\n\nIt came at eight.\n")
    assert due(desk, clock, 6, 8) == []
    assert due(desk, clock, 7, 7) == ["out/numbered/2.txt"]


def test_a_clock_that_goes_back_repeats_nothing(desk: Desk, clock: Clock) -> None:
    desk.channel("numbered", DAILY)
    due(desk, clock, 5, 6)
    assert due(desk, clock, 6, 7) == ["out/numbered/1.txt"]
    desk.write("late.md", "# A late report\n\nIt came at eight.\n")
    assert due(desk, clock, 5, 7, 30) == []
    assert due(desk, clock, 6, 7) == []
    assert due(desk, clock, 7, 7) == ["out/numbered/2.txt"]


@pytest.mark.parametrize(("hour", "delivered"), [(9, ["out/numbered/1.txt"]), (10, [])])
def test_a_missed_hour_is_made_up_for_in_time(
    desk: Desk, clock: Clock, hour: int, delivered: list[str]
) -> None:
    desk.channel("numbered", DAILY + 'not_after = "2 hours"\n')
    due(desk, clock, 5, 6)
    assert due(desk, clock, 5, hour) == delivered
    assert due(desk, clock, 5, 11) == []


def test_what_was_begun_is_brought_to_its_end_at_any_hour(desk: Desk, clock: Clock) -> None:
    desk.channel("numbered", DAILY)
    due(desk, clock, 5, 6)
    (desk.root / "out").write_text("in the way")
    clock.at = datetime(2026, 10, 5, 7, tzinfo=UTC)
    assert desk.publish("numbered", due=True).exit is Exit.PARTLY
    (desk.root / "out").unlink()
    desk.write("late.md", "# A late report\n\nIt came at eight.\n")
    assert due(desk, clock, 5, 13) == ["out/numbered/1.txt"]
    assert due(desk, clock, 6, 7) == ["out/numbered/2.txt"]


def test_what_cannot_be_rendered_keeps_its_hour(desk: Desk, clock: Clock) -> None:
    desk.channel("numbered", DAILY + 'fail = "ferry"\n')
    due(desk, clock, 5, 6)
    clock.at = datetime(2026, 10, 5, 7, tzinfo=UTC)
    assert desk.publish("numbered", due=True).exit is Exit.PARTLY
    desk.channel("numbered", DAILY)
    assert due(desk, clock, 5, 8) == ["out/numbered/1.txt"]


def test_without_a_schedule_or_without_due_it_is_always_time(desk: Desk, clock: Clock) -> None:
    desk.channel("numbered", DAILY)
    clock.at = datetime(2026, 10, 5, 9, tzinfo=UTC)
    desk.publish(due=True)
    assert "out/single/ferry.txt" in desk.files()
    assert "out/numbered/1.txt" not in desk.files()
    desk.publish()
    assert "out/numbered/1.txt" in desk.files()


class Newsroom:
    """A ledger and one scheduled channel; there is always something new."""

    def __init__(self, ledger: Ledger, expression: str) -> None:
        self.ledger = ledger
        self.channel: Any = SimpleNamespace(name="c", schedule=Schedule(expression, NEW_YORK))
        self.made: list[str] = []

    def run(self, now: datetime, crash: str | None) -> None:
        """One `publish --due`, cut off before or after its edition is frozen, or not."""
        slots = DueSlots.of(self.ledger, [self.channel], now)
        if slot := slots.due.get("c"):
            if crash == "before":
                return
            edition = FrozenEdition("c", len(self.made) + 1, slot, ())
            record(
                self.ledger,
                RecordedRendering(
                    "c", str(edition.number), "inputs", (), (), edition=edition, slot=slot
                ),
            )
            self.made.append(slot)
            if crash == "after":
                return
        slots.take(self.ledger, ())


@settings(max_examples=60)
@given(
    st.sampled_from(["0 7 * * *", "30 2 * * *", "15 1 * * *", "0 12 29 2 *", "0 */6 * * *"]),
    st.sampled_from([(2026, 3, 6), (2026, 10, 30), (2028, 2, 27), (2027, 12, 30)]),
    st.lists(
        st.tuples(st.integers(-400, 700), st.sampled_from([None, None, None, "before", "after"])),
        min_size=4,
        max_size=40,
    ),
)
def test_each_scheduled_edition_exactly_once(
    expression: str, day: tuple[int, int, int], steps: list[tuple[int, str | None]]
) -> None:
    """Runs at any distance, a clock that jumps both ways, crashes, across changes of clocks and a
    leap day: no moment makes two editions, and each that was the latest in an undisturbed run has
    made its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_ledger("ledger.sqlite", Path(folder))) as ledger,
    ):
        newsroom = Newsroom(ledger, expression)
        now = start = datetime(*day, tzinfo=UTC)
        newsroom.run(now, None)
        expected: set[str] = set()
        furthest = newsroom.channel.schedule.latest(start)
        for minutes, crash in steps:
            now = max(start, now + timedelta(minutes=minutes))
            newsroom.run(now, crash)
            latest = newsroom.channel.schedule.latest(now)
            if crash != "before" and latest > furthest:
                expected.add(latest.isoformat())
                furthest = latest
        assert newsroom.made == sorted(set(newsroom.made))
        assert set(newsroom.made) == expected
