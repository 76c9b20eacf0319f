"""The authors of a page."""

from __future__ import annotations

import pytest

from tests.readers.html.copy import BODY
from tests.readers.reading import read_one


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("<p>By Ines Okafor October 5, 2026</p>", "Ines Okafor"),
        ("<p>By Ines August</p>", "Ines August"),
        ("<p>Written by Ines Okafor Last Updated today</p>", "Ines Okafor"),
        ('<p class="author">The Author</p><p>By Ines Okafor</p>', "Ines Okafor"),
        (
            '<nav><ul><li>By Company Size</li></ul></nav><p class="by">By Ines Okafor</p>',
            "Ines Okafor",
        ),
        (
            '<h6><a rel="author" href="/">Harbour Gazette</a></h6><p>By Ines Okafor</p>',
            "Ines Okafor",
        ),
        (
            '<script type="application/ld+json">{"@type": "Article", "headline": "Tides",'
            ' "author": {"@type": "Person", "name": "By Ines Okafor"}}</script>',
            "Ines Okafor",
        ),
    ],
)
def test_a_byline_contains_only_the_name(line: str, name: str) -> None:
    page = f"<body>{line}<article><h1>Tides</h1>{BODY}</article>"
    assert read_one(page, "note.html").article.byline == name
