"""Sources that hold many articles, and pictures that come inside a source."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from docx import Document
from PIL import Image

from syndicate.article import Figure
from syndicate.engine.content.cache import ContentCache
from syndicate.engine.content.intake import Intake, take_in
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.newsroom.starter import create_newsroom
from tests.engine.content.known import ledger_with


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    """A newsroom without articles."""
    create_newsroom(tmp_path, samples=False)
    return load_newsroom(tmp_path)


def feed(newsroom: Newsroom, *titles: str) -> None:
    """Put a feed of items with ids of their own into the newsroom."""
    items = "".join(
        f"<item><title>{title}</title><guid isPermaLink='false'>wire-{title}</guid>"
        f"<description>About {title}, at length.</description></item>"
        for title in titles
    )
    text = f"<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>"
    (newsroom.content / "wire.xml").write_text(text)


def taken_in(newsroom: Newsroom, before: Intake | None = None) -> Intake:
    """What stands in the newsroom after `before`."""
    cache = ContentCache.open(newsroom)
    intake = take_in(newsroom, ledger_with(before.known if before else ()), cache)
    cache.save()
    return intake


def test_items_keep_who_they_are_when_others_come_before_them(newsroom: Newsroom) -> None:
    feed(newsroom, "one", "two")
    first = taken_in(newsroom)
    ids = {one.title: (one.id, one.slug) for one in first.summaries}
    assert [one.source for one in first.summaries] == ["wire.xml#wire-one", "wire.xml#wire-two"]
    feed(newsroom, "zero", "one", "two")
    second = taken_in(newsroom, first)
    assert not second.errors
    assert {one.title: (one.id, one.slug) for one in second.summaries if one.title in ids} == ids


def test_an_item_alone_is_called_what_it_will_be_called_among_others(newsroom: Newsroom) -> None:
    feed(newsroom, "one")
    first = taken_in(newsroom)
    (before,) = first.summaries
    feed(newsroom, "two", "one")
    second = taken_in(newsroom, first)
    (after,) = (one for one in second.summaries if one.title == "one")
    assert (before.id, before.source) == (after.id, after.source)


@pytest.mark.parametrize("age", [0, 10_000_000])
def test_of_two_that_claim_one_slug_the_one_that_had_it_keeps_it(
    newsroom: Newsroom, age: int
) -> None:
    """Of the same day they would have the same id too."""
    (newsroom.content / "sub").mkdir()
    (newsroom.content / "sub" / "ferry.md").write_text("# The ferry\n\nIt sails.\n")
    os.utime(newsroom.content / "sub" / "ferry.md", (1_790_000_000 - age,) * 2)
    first = taken_in(newsroom)
    (newsroom.content / "ferry.md").write_text("# Another ferry\n\nIt does not.\n")
    os.utime(newsroom.content / "ferry.md", (1_790_000_000,) * 2)
    second = taken_in(newsroom, first)
    assert [one.source for one in second.summaries] == ["sub/ferry.md"]
    (error,) = second.errors
    assert "has the same slug 'ferry' as content/sub/ferry.md" in str(error)


def test_one_source_that_cannot_be_read_stops_no_other(newsroom: Newsroom) -> None:
    (newsroom.content / "bad.md").write_bytes(b"---\ntitle: [\n---\n")
    (newsroom.content / "good.md").write_text("# Good\n\nWords.\n")
    intake = taken_in(newsroom)
    assert [one.source for one in intake.summaries] == ["good.md"]
    assert [str(one.where).partition(":")[0] for one in intake.errors] == ["content/bad.md"]


def test_pictures_inside_a_source_are_there_for_every_channel(newsroom: Newsroom) -> None:
    made, picture = Document(), io.BytesIO()
    Image.new("RGB", (40, 30), "#a33").save(picture, "PNG")
    picture.seek(0)
    made.add_paragraph("The quay", "Title")
    made.add_paragraph("It is shut.")
    made.add_picture(picture)
    (newsroom.content / "harbour").mkdir()
    made.save(str(newsroom.content / "harbour" / "quay.docx"))
    (one,) = taken_in(newsroom).summaries
    (src,) = one.pictures
    assert not (newsroom.content / src).exists()
    channel = next(iter(newsroom.channels.values()))
    shown = newsroom.kit(channel).picture(src)
    assert (shown.width, shown.height) == (40, 30)
    article = ContentCache.open(newsroom).article(one.digest)
    assert article is not None
    assert any(isinstance(block, Figure) and block.src == src for block in article.body)


def test_a_cache_of_another_version_is_read_anew(newsroom: Newsroom) -> None:
    feed(newsroom, "one", "two")
    before = list(taken_in(newsroom).summaries)
    cache = ContentCache.open(newsroom)
    cache.note(stamp="another")
    cache.save()
    assert not ContentCache.open(newsroom).files()
    assert list(taken_in(newsroom).summaries) == before


def test_what_was_read_comes_back_from_the_cache(newsroom: Newsroom) -> None:
    feed(newsroom, "one", "two")
    (newsroom.content / "ferry.txt").write_text("The ferry\n\nBy Ines Okafor\n\nIt sails.\n")
    first = taken_in(newsroom)
    again = taken_in(newsroom, first)
    assert list(again.summaries) == list(first.summaries)
    assert dict(again.reports) == dict(first.reports)
    assert not list(again.learnt)
    assert again.cache.files() == {"ferry.txt", "wire.xml"}
    assert any(account.notes for account in again.reports.values())
