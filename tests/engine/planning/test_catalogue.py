"""A catalogue lists what has left, in the run in which it left, and nothing else."""

from __future__ import annotations

import json

import pytest

from syndicate.errors import Problems
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk

BOOK = 'adapter = "epub"\nfonts = false\n'
LIST = 'adapter = "opds"\ncatalogue_of = "weekly"\n'


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """A desk with a book and a catalogue whose name comes first."""
    desk.channel("weekly", BOOK)
    desk.channel("all-books", LIST)
    return desk


def listed(desk: Desk) -> list[str]:
    """What the catalogue names, newest first."""
    found = json.loads(desk.files()["out/all-books/opds.json"])
    return [one["links"][0]["href"].rpartition("/")[2] for one in found["publications"]]


def test_a_new_issue_is_listed_in_the_run_that_delivers_it(shop: Desk) -> None:
    shop.publish("weekly", "all-books")
    assert listed(shop) == ["weekly-0001.epub"]
    assert shop.plan("weekly", "all-books").steps == ()
    shop.write("gulls.md", "# The gulls are back\n\nThey never left.\n")
    assert {step.channel for step in shop.plan("weekly", "all-books").steps} == {
        "weekly",
        "all-books",
    }
    shop.publish("weekly", "all-books")
    assert listed(shop) == ["weekly-0002.epub", "weekly-0001.epub"]


def test_what_waits_for_approval_is_not_listed(shop: Desk) -> None:
    shop.channel("weekly", BOOK + "review = true\n")
    shop.publish("weekly", "all-books")
    assert listed(shop) == []


def test_a_book_of_each_article_is_listed_while_it_is_selected(shop: Desk) -> None:
    shop.channel("weekly", BOOK + 'scope = "article"\n')
    shop.publish("weekly", "all-books")
    assert len(listed(shop)) == 2
    (shop.root / "content" / "tides.md").unlink()
    shop.publish("weekly", "all-books")
    assert len(listed(shop)) == 2, "an article is kept without its file"
    shop.write("tides.md", "---\nexpires: 2026-01-01\n---\n# Reading the tide\n\nText.\n")
    shop.publish("weekly", "all-books")
    assert len(listed(shop)) == 1


def test_a_channel_that_is_not_there_is_named_with_its_line(shop: Desk) -> None:
    shop.channel("all-books", LIST.replace("weekly", "monthly"))
    with pytest.raises(Problems) as caught:
        load_newsroom(shop.root, {})
    (error,) = caught.value.errors
    assert str(error).startswith("channels/all-books.toml:2")
    assert "monthly" in str(error)
