"""Selection: who gets into a channel, and when the clock changes the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.article import Status
from syndicate.newsroom.select import Select

NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class One:
    slug: str = "one"
    section: str | None = "Science"
    tags: tuple[str, ...] = ("Tides",)
    language: str = "pt-BR"
    published: datetime = NOW - timedelta(days=3)
    embargoed: datetime | None = None
    expires: datetime | None = None
    status: Status = "usable"


def chosen(article: One, now: datetime = NOW, keys: object = None) -> bool:
    return bool(Select.model_validate(keys or {}).choose([article], now, ZONE))


@pytest.mark.parametrize(
    ("keys", "takes"),
    [
        ({}, True),
        ({"tags": "tides"}, True),
        ({"tags": ["x", "TIDES"]}, True),
        ({"tags": ["x"]}, False),
        ({"section": "science"}, True),
        ({"section": "Sport"}, False),
        ({"language": "pt"}, True),
        ({"language": "pt-PT"}, False),
        ({"since": "2 days"}, False),
        ({"since": "1 week"}, True),
        ({"since": "2026-10-02"}, True),
        ({"since": "2026-10-03"}, False),
        ({"tags": "tides", "section": "Sport"}, False),
    ],
)
def test_every_key_must_fit(keys: dict[str, object], takes: bool) -> None:
    assert chosen(One(), keys=keys) is takes


@pytest.mark.parametrize("status", ["draft", "withheld", "withdrawn"])
def test_only_usable_articles_leave(status: Status) -> None:
    assert not chosen(One(status=status))


def test_embargo_and_expiry_hold_to_the_second() -> None:
    second = timedelta(seconds=1)
    embargoed = One(embargoed=NOW)
    assert chosen(embargoed) and not chosen(embargoed, NOW - second)
    expiring = One(expires=NOW)
    assert chosen(expiring, NOW - second) and not chosen(expiring)
    future = One(published=NOW)
    assert chosen(future) and not chosen(future, NOW - second)


def test_newest_first_and_no_more_than_the_limit() -> None:
    many = [One(slug=f"s{n}", published=NOW - timedelta(days=n % 3)) for n in range(6)]
    taken = Select(limit=3).choose(many, NOW, ZONE)
    assert [one.slug for one in taken] == ["s0", "s3", "s1"]


moments = st.datetimes(datetime(2026, 9, 1), datetime(2026, 11, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC, microsecond=0)
)


@given(
    moments, st.none() | moments, st.none() | moments, moments, st.sampled_from([None, "3 days"])
)
def test_between_two_changes_the_choice_stands(
    published: datetime,
    embargoed: datetime | None,
    expires: datetime | None,
    now: datetime,
    since: str | None,
) -> None:
    article = One(published=published, embargoed=embargoed, expires=expires)
    select = Select.model_validate({"since": since})
    until = select.changes_at(article, now) or now + timedelta(days=400)
    before = bool(select.choose([article], now, ZONE))
    assert bool(select.choose([article], until - timedelta(seconds=1), ZONE)) is before


@pytest.mark.parametrize("since", ["soon", "3 fortnights", "2026-13-01"])
def test_a_window_that_is_none_is_refused(since: str) -> None:
    with pytest.raises(ValueError, match="neither a date nor a window"):
        Select.model_validate({"since": since})
