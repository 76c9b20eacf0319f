from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

from hypothesis import given
from hypothesis.strategies import datetimes, integers

from syndicate.adapters.web.dates import rfc822, rfc3339


def test_dates_have_numeric_zones_of_whole_minutes() -> None:
    summer = datetime(2026, 7, 1, 9, 5, tzinfo=timezone(timedelta(hours=2)))
    assert rfc822(summer) == "Wed, 01 Jul 2026 09:05:00 +0200"
    assert rfc3339(summer) == "2026-07-01T09:05:00+02:00"
    kathmandu = datetime(2026, 7, 1, 9, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    assert rfc822(kathmandu) == "Wed, 01 Jul 2026 03:15:00 +0000"
    assert rfc3339(kathmandu) == "2026-07-01T09:00:00+05:45"
    dublin = datetime(1880, 1, 1, tzinfo=timezone(-timedelta(minutes=25, seconds=21)))
    assert rfc3339(dublin) == "1880-01-01T00:25:21+00:00"
    assert rfc822(datetime(2026, 1, 1, tzinfo=UTC)).endswith("+0000")


@given(datetimes(datetime(1900, 1, 2), datetime(9999, 12, 30)), integers(-24, 28))
def test_dates_are_the_same_as_from_the_standard_library(naive: datetime, half_hours: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=30 * half_hours)))
    assert rfc822(moment) == format_datetime(moment)
