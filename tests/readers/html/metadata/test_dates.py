"""The dates on a page: how they are written, and which of them is the article's."""

from __future__ import annotations

import pytest

from tests.readers.html.copy import BODY
from tests.readers.reading import read_one


@pytest.mark.parametrize(
    ("language", "shown", "day"),
    [
        ("pt", "<p class=date>5 de outubro de 2026</p>", "2026-10-05"),
        ("pt", "<p class=date>05/10/2026</p>", "2026-10-05"),
        ("en-US", "<p class=date>10/05/2026</p>", "2026-10-05"),
        ("en-US", "<p class=date>13/10/2026</p>", "2026-10-13"),
        ("en-GB", "<p class=date>05/10/2026</p>", "2026-10-05"),
        ("it", "<p class=date>5 ottobre 2026</p>", "2026-10-05"),
        ("nl", "<p class=date>05-10-2026</p>", "2026-10-05"),
        ("fr", "<p class=date>Le 1er octobre 2026</p>", "2026-10-01"),
        ("es", "<p class=date>5 de octubre del 2026</p>", "2026-10-05"),
        ("ar", "<p class=date>٥ أكتوبر ٢٠٢٦</p>", "2026-10-05"),
        ("ja", "<p class=date>2026年10月5日</p>", "2026-10-05"),
        ("en", "<p class=date><b>5</b> <i>Oct</i> <i>2026</i></p>", "2026-10-05"),
        ("en", '<meta name="date" content="05-Oct-2026">', "2026-10-05"),
        ("en", '<meta name="date" content="2026-10-5">', "2026-10-05"),
        ("en", "<p class=date>Oct.5 ,2026</p>", "2026-10-05"),
        ("en", "<p class=date>10/5/26</p>", "2026-10-05"),
        ("en", "<p class=date>Pier 9, 2026: 5 October 2026</p>", "2026-10-05"),
        ("en", "<p class=date>5 octobre 2026</p>", "2026-10-05"),
        ("pl", "<p class=date>5 października 2026</p>", "2026-10-05"),
        ("ru", "<p class=date>5 октября 2026</p>", "2026-10-05"),
        ("sv", "<p class=date>5 oktober 2026</p>", "2026-10-05"),
    ],
)
def test_dates_are_read_in_the_language_of_the_page(language: str, shown: str, day: str) -> None:
    page = f"<html lang={language}><body><article><h1>Tides</h1>{shown}{BODY}</article></html>"
    assert read_one(page, "note.html").article.published.date().isoformat() == day


DAYS = ("2026-10-05", "2026-10-06")
LONG = "a newsroom by the water that prints tide tables, " * 5


@pytest.mark.parametrize(
    ("head", "above", "below"),
    [
        # The page shows another date than its metadata, in an element for the release date.
        (
            '<meta property="article:published_time" content="2013-03-11">',
            "<p class=release-date>October 5, 2026</p>",
            "",
        ),
        (
            "",
            "<p class=date>October 9, 2026</p>",
            "<p class=date-note>This article was first published on 5 Oct 2026 and is kept up.</p>",
        ),
        # A date in a link is the date of the linked page.
        (
            "",
            '<a href="/fog/"><h3>Published</h3><time datetime="2019-01-17">17 Jan</time></a>',
            "<time datetime='2026-10-05'>5 October 2026</time>",
        ),
        # The page shows no date; it is only in the data for its scripts.
        (
            "",
            f'<div data-page=\'{{"about": "{LONG}", "datePublished": "2026-10-05T09:00"}}\'></div>',
            "",
        ),
    ],
)
def test_the_publication_date_is_distinguished_from_other_dates(
    head: str, above: str, below: str
) -> None:
    page = (
        f"<html lang=en><head>{head}</head><body><article><h1>Tides</h1>{above}{BODY}{below}"
        "</article></html>"
    )
    assert read_one(page, "note.html").article.published.date().isoformat() == "2026-10-05"


@pytest.mark.parametrize(
    ("metas", "published", "updated"),
    [
        ({"article:post_date": "2026-10-05"}, "2026-10-05", None),
        ({"dcterms.issued": "2026-10-05", "dcterms.modified": "2026-10-06"}, *DAYS),
        ({"published-time": "2026-10-06", "published-date": "2026-10-05"}, "2026-10-05", None),
        ({"DC.date": "2026-10-05", "og:modified_time": "2026-10-06"}, *DAYS),
        ({"date_created": "2026-10-05", "last-updated": "2026-10-06"}, *DAYS),
        ({"created": "2026-10-01", "date_published": "2026-10-05"}, "2026-10-05", None),
        ({"event-date": "2026-12-24", "publish_time": "2026-10-05"}, "2026-10-05", None),
        ({"expiry-date": "2026-12-24", "unpublish-date": "2026-12-24"}, None, None),
    ],
)
def test_dates_are_found_under_many_names(
    metas: dict[str, str], published: str | None, updated: str | None
) -> None:
    head = "".join(f'<meta name="{name}" content="{day}">' for name, day in metas.items())
    reading = read_one(f"<head>{head}</head><h1>Tides</h1>{BODY}", "note.html")

    def reported(name: str) -> str | None:
        return str(getattr(reading.article, name))[:10] if name in reading.given else None

    assert (reported("published"), reported("updated")) == (published, updated)
