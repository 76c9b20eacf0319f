"""When a channel is due: changes of clocks, leap days, and the behaviour of crontab(5)."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from syndicate.newsroom.schedule import Cron, Schedule, Span

BERLIN = ZoneInfo("Europe/Berlin")  # 2026: forward on 29 March at 2, back on 25 October at 3
EXPRESSIONS = [
    "0 7 * * *",
    "30 2 * * *",
    "0 3 * * *",
    "15 1,2,3 * * 0",
    "*/20 * * * *",
    "0 9 29 2 *",
    "0 0 1 * *",
    "5 6 * * 1-5",
]
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]


def local(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=BERLIN, fold=fold)  # type: ignore[misc,arg-type]


def moments(expression: str, start: datetime, end: datetime) -> list[str]:
    schedule, found = Schedule(expression, BERLIN), []
    moment = start
    while (moment := schedule.next(moment)) < end:
        found.append(moment.astimezone(BERLIN).strftime("%d %H:%M%z"))
    return found


def test_a_time_in_the_skipped_hour_comes_right_after_it() -> None:
    found = moments("30 2 * * *", local(2026, 3, 28), local(2026, 3, 31))
    assert found == ["28 02:30+0100", "29 03:00+0200", "30 02:30+0200"]


def test_a_time_in_the_repeated_hour_comes_once() -> None:
    found = moments("30 2 * * *", local(2026, 10, 24), local(2026, 10, 27))
    assert [one.partition(" ")[0] for one in found] == ["24", "25", "26"]


def test_seven_oclock_is_local_time_all_year() -> None:
    found = moments("0 7 * * *", local(2026, 3, 28), local(2026, 3, 31))
    assert found == ["28 07:00+0100", "29 07:00+0200", "30 07:00+0200"]


def test_a_leap_day_comes_every_four_years() -> None:
    schedule = Schedule("0 9 29 2 *", BERLIN)
    assert schedule.next(local(2026, 1, 1)) == local(2028, 2, 29, 9)
    assert schedule.latest(local(2027, 12, 31)) == local(2024, 2, 29, 9)


@settings(max_examples=150)
@given(
    st.sampled_from(EXPRESSIONS),
    st.sampled_from(ZONES),
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31)),
)
def test_latest_is_the_time_before_next(expression: str, zone: str, naive: datetime) -> None:
    schedule = Schedule(expression, ZoneInfo(zone))
    now = naive.replace(tzinfo=UTC, microsecond=0)
    latest, after = schedule.latest(now), schedule.next(now)
    assert latest is not None
    assert latest <= now < after
    assert schedule.next(latest) == after
    assert schedule.latest(latest) == latest
    assert schedule.latest(after) == after


@settings(max_examples=60)
@given(
    st.sampled_from(EXPRESSIONS[:4]),
    st.sampled_from(ZONES),
    st.integers(0, 360),
    st.lists(st.integers(1, 170), min_size=5, max_size=60),
)
def test_no_scheduled_time_is_skipped(
    expression: str, zone: str, day: int, steps: list[int]
) -> None:
    """Checking every few minutes finds every scheduled time, in order."""
    schedule = Schedule(expression, ZoneInfo(zone))
    now = start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
    seen: list[datetime] = []
    for minutes in steps:
        now += timedelta(minutes=minutes)
        latest = schedule.latest(now)
        if latest and latest > start and latest not in seen:
            seen.append(latest)
    walked, moment = [], schedule.next(start)
    while moment <= now:
        walked.append(moment)
        moment = schedule.next(moment)
    assert set(seen) <= set(walked)
    gaps = [later - earlier for earlier, later in itertools.pairwise(walked)]
    if all(gap > timedelta(minutes=170) for gap in gaps):
        assert seen == walked


@pytest.mark.parametrize(
    "wrong", ["", "7 * *", "61 * * * *", "0 0 31 2 *", "a b c d e", "* * * * * *"]
)
def test_an_invalid_cron_expression_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError, match="not a cron expression"):
        TypeAdapter(Cron).validate_python(wrong)


def test_a_missed_time_can_be_made_up_for_within_not_after() -> None:
    span = TypeAdapter(Span).validate_python("2 hours")
    schedule = Schedule("0 7 * * *", BERLIN, span)
    seven = local(2026, 5, 4, 7)
    assert not schedule.is_missed(seven, seven + timedelta(hours=2))
    assert schedule.is_missed(seven, seven + timedelta(hours=2, seconds=1))
    with pytest.raises(ValidationError, match="not a length of time such as"):
        TypeAdapter(Span).validate_python("soon")
