"""Whether 5/10 is in May or in October depends on the region, the other dates and the country."""

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
def test_region_takes_precedence_over_country_and_country_over_language(
    language: str, zone: str, month: int
) -> None:
    reading = of("05/10/2026 12:00", language, zone)
    assert reading.article.published.month == month
    reported = [note.what for note in reading.notes if "first as" in note.what]
    assert len(reported) == 1
    assert reading.in_doubt


def test_other_dates_take_precedence_over_the_country_but_not_over_the_region() -> None:
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
def test_an_unambiguous_date_is_read_whatever_the_region(date: str, month: int, zone: str) -> None:
    reading = of(date, "en", zone)
    assert reading.article.published.month == month
    assert not reading.in_doubt


def test_all_dates_in_a_file_are_read_in_the_same_order() -> None:
    text = source("---\ntitle: B\ndate: 05/10/2026 12:00\nupdated: 25/10/2026\n---\n\nIt sails.\n")
    (reading,) = read(text)
    assert reading.article.published.month == 10
