"""Whether 5/10 is in May or in October: by region, by other dates, by the time zone's country."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syndicate.article.publication import Publication
from syndicate.readers import Reading, read
from syndicate.readers.contract import Habits
from tests.articles import PUBLICATION
from tests.readers.reading import source


def of(date: str, language: str, zone: str, *, day_first: bool | None = None) -> Reading:
    house = {**PUBLICATION.model_dump(), "language": language, "timezone": zone}
    text = source(
        f"---\ntitle: Boat\ndate: {date}\n---\n\nIt sails.\n",
        publication=Publication.model_validate(house),
    )
    (reading,) = read(replace(text, habits=Habits(day_first=day_first)))
    return reading


@pytest.mark.parametrize(
    ("language", "zone", "month"),
    [
        ("en", "Europe/Dublin", 10),
        ("en", "Asia/Kolkata", 10),
        ("en", "America/New_York", 5),
        ("en-GB", "America/New_York", 10),
        ("en-US", "Europe/Dublin", 5),
        ("en", "UTC", 5),
        ("de", "America/New_York", 10),
    ],
)
def test_region_goes_before_country_and_country_before_language(
    language: str, zone: str, month: int
) -> None:
    reading = of("05/10/2026 12:00", language, zone)
    assert reading.article.published.month == month
    told = [note.what for note in reading.notes if "first as" in note.what]
    assert len(told) == 1
    assert reading.in_doubt


def test_other_dates_go_before_the_country_but_not_before_the_region() -> None:
    assert (
        of("05/10/2026 12:00", "en", "America/New_York", day_first=True).article.published.month
        == 10
    )
    assert (
        of("05/10/2026 12:00", "en", "Europe/Dublin", day_first=False).article.published.month == 5
    )
    assert of("05/10/2026 12:00", "en-US", "UTC", day_first=True).article.published.month == 5


@pytest.mark.parametrize(("date", "month"), [("25/10/2026 12:00", 10), ("10/25/2026 12:00", 10)])
@pytest.mark.parametrize("zone", ["Europe/Dublin", "America/New_York", "UTC"])
def test_what_can_be_read_in_one_way_only_is(date: str, month: int, zone: str) -> None:
    reading = of(date, "en", zone)
    assert reading.article.published.month == month
    assert not reading.in_doubt


def test_the_dates_of_one_file_are_read_alike() -> None:
    text = source("---\ntitle: B\ndate: 05/10/2026 12:00\nupdated: 25/10/2026\n---\n\nIt sails.\n")
    (reading,) = read(text)
    assert reading.article.published.month == 10
