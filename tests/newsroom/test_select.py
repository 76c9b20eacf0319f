"""Selection: which articles a channel publishes, and when time alone changes that."""

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
def test_an_article_must_match_every_key(keys: dict[str, object], takes: bool) -> None:
    assert chosen(One(), keys=keys) is takes


@pytest.mark.parametrize("status", ["draft", "withheld", "withdrawn"])
def test_only_usable_articles_are_published(status: Status) -> None:
    assert not chosen(One(status=status))


def test_embargo_and_expiry_are_exact_to_the_second() -> None:
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
def test_the_selection_does_not_change_before_the_predicted_time(
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
def test_an_invalid_window_is_refused(since: str) -> None:
    with pytest.raises(ValueError, match="neither a date nor a length of time"):
        Select.model_validate({"since": since})


def gone(article: One, keys: object = None) -> bool:
    return bool(Select.model_validate(keys or {}).gone([article], NOW, ZONE))


def test_articles_that_are_no_longer_public_are_gone() -> None:
    assert gone(One(status="withdrawn"))
    assert gone(One(expires=NOW))
    assert not gone(One(expires=NOW + timedelta(seconds=1)))
    assert not gone(One())
    assert not gone(One(status="withheld"))
    assert not gone(One(status="withdrawn", published=NOW + timedelta(seconds=1)))
    assert not gone(One(status="withdrawn", embargoed=NOW + timedelta(seconds=1)))
    assert not gone(One(status="withdrawn"), {"section": "Sport"})


def test_an_embargo_ends_and_an_article_expires_to_the_second() -> None:
    second = timedelta(seconds=1)
    assert chosen(One(embargoed=NOW))
    assert not chosen(One(embargoed=NOW + second))
    assert chosen(One(expires=NOW + second))
    assert not chosen(One(expires=NOW))
    assert Select().changes_at(One(embargoed=NOW + second), NOW) == NOW + second
    assert Select().changes_at(One(expires=NOW + second), NOW) == NOW + second


def test_history_ignores_the_limit_and_the_moving_window() -> None:
    select = Select.model_validate({"limit": 1, "since": "1 day"})
    days = [One(slug=str(n), published=NOW - timedelta(days=n)) for n in range(1, 4)]
    history = select.history(days, NOW, ZONE)
    assert [one.slug for one in history] == ["1", "2", "3"]
    assert [one.slug for one in select.latest(history, NOW)] == ["1"]
    since = Select.model_validate({"since": "2026-10-04"})  # a date does not move
    assert [one.slug for one in since.history(days, NOW, ZONE)] == ["1"]
