"""The headline of a page."""

from __future__ import annotations

import pytest

from syndicate.article import Heading
from tests.readers.html.copy import BODY
from tests.readers.reading import read_one


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("<h1>The Harbour Gazette</h1><h2>Night ferry returns</h2>", "Night ferry returns"),
        ("<h1>5 October 2026 Night ferry returns</h1>", "Night ferry returns"),
        ("<h1>Night ferry returns – The Harbour Gazette</h1>", "Night ferry returns"),
        ("<h1>Night ferry returns (tides.example)</h1>", "Night ferry returns"),
        ("<h1>Night ferry returns &amp;#x26; stays</h1>", "Night ferry returns & stays"),
        ("<h1>Night ferry returns – for good</h1>", "Night ferry returns – for good"),
    ],
)
def test_date_and_site_name_are_removed_from_the_headline(heading: str, title: str) -> None:
    head = (
        '<meta property="og:title" content="Night ferry returns">'
        '<meta name="twitter:title" content="Night ferry returns — The Harbour Gazette">'
        '<meta property="og:site_name" content="The Harbour Gazette">'
    )
    page = f"<head>{head}</head><body><article>{heading}{BODY}</article>"
    article = read_one(page, "note.html").article
    assert article.title == title
    assert not any(isinstance(block, Heading) for block in article.body)
