"""The publication: where its articles are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from syndicate.article.publication import Publication

NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


def _publication(permalink: str, timezone: str = "UTC") -> Publication:
    base_url = "https://gazette.example.org/news"
    return Publication(title="G", base_url=base_url, permalink=permalink, timezone=timezone)


@pytest.mark.parametrize(
    ("permalink", "url"),
    [
        ("/{slug}/", "https://gazette.example.org/news/night-ferry/"),
        ("/{year}/{slug}/", "https://gazette.example.org/news/2026/night-ferry/"),
        ("/{year}/{month}/{day}/{slug}", "https://gazette.example.org/news/2026/12/31/night-ferry"),
        ("/p/{slug}.html", "https://gazette.example.org/news/p/night-ferry.html"),
    ],
)
def test_an_address_is_made_as_the_permalink_says(permalink: str, url: str) -> None:
    publication = _publication(permalink)
    assert publication.article_url("night-ferry", NEW_YEAR) == url
    assert publication.article_urls().fullmatch(url.rstrip("/"))


def test_the_day_is_the_newsrooms() -> None:
    publication = _publication("/{year}/{month}/{day}/{slug}/", "Europe/Berlin")
    assert publication.article_url("a", NEW_YEAR).endswith("/2027/01/01/a/")


@pytest.mark.parametrize(
    "permalink",
    [
        *("/{slgu}/", "/{year}/", "{slug}/", "/{slug}/?p=1", "/{slug", "/{slug}}/", "/{}/{slug}/"),
        *("/{slug.__class__}/{slug}/", "/{month:02}/{slug}/", "/{year!r}/{slug}/", "/{0}/{slug}/"),
        *("/{section}/{slug}/", "/{Slug}/", "/{ slug }/", "/{{slug}}/"),
    ],
)
def test_a_permalink_that_makes_no_address_is_refused(permalink: str) -> None:
    with pytest.raises(ValidationError) as refused:
        _publication(permalink)
    assert "permalink" in str(refused.value)
