"""A real feed reader (newsboat, without its screen) shows what was published."""

from __future__ import annotations

import os
import sqlite3
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest

from syndicate.adapters.edition import Artifact
from syndicate.adapters.feeds.adapter import FeedAdapter
from syndicate.adapters.feeds.atom import Atom
from syndicate.adapters.feeds.rss import RSS
from syndicate.article import Article, Figure
from tests import waiting
from tests.adapters.feeds.feeds import edition, files, kit, picture
from tests.adapters.feeds.test_feeds import EDITIONS, made
from tests.articles import NOON, article, para
from tests.missing import needs_program

pytestmark = needs_program("newsboat", "newsboat")


def read_in_newsboat(folder: Path) -> list[tuple[str, ...]]:
    """The items that newsboat shows after loading `feed.xml`; its cache is in `folder`."""
    (folder / "urls").write_text(f"{(folder / 'feed.xml').as_uri()}\n")
    (folder / "config").touch()
    options = ["-u", "urls", "-C", "config", "-c", "cache.db", "-x", "reload"]
    env = {**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    waiting.run(["newsboat", *options], cwd=folder, env=env, check=True)
    with sqlite3.connect(folder / "cache.db") as cache:
        wanted = "guid, title, url, author, enclosure_url, content"
        return cache.execute(f"select {wanted} from rss_item where deleted = 0").fetchall()


@pytest.mark.parametrize("kind", [RSS, Atom])
def test_newsboat_shows_each_article_once(kind: type[FeedAdapter], tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(made(kind, "every-block"))
    for _ in range(2):
        rows = read_in_newsboat(tmp_path)
    assert sorted(row[2] for row in rows) == sorted(one.url for one in EDITIONS["every-block"])
    assert {row[1] for row in rows} == {one.title for one in EDITIONS["every-block"]}
    assert all(row[3] for row in rows)  # it keeps only one of several authors


@pytest.mark.parametrize("kind", [RSS, Atom])
def test_newsboat_keeps_up_with_edits(kind: type[FeedAdapter], tmp_path: Path) -> None:
    feed = kind.model_validate({})
    lead = Figure(src=picture(tmp_path, "pier.jpg", (800, 400)), alt="Pier")
    other = article("other", title="Another")

    def read(one: Article) -> dict[str, tuple[str, ...]]:
        found = files(feed, edition(one, other), kit(tmp_path))
        (tmp_path / "feed.xml").write_bytes(found[feed.file].content)
        rows = read_in_newsboat(tmp_path)
        assert len(rows) == 2
        return {row[0]: row for row in rows}

    first = article(title="Before", lead_image=lead)
    before = read(first)[first.id]
    later = first.model_copy(
        update={
            "title": "After",
            "slug": "renamed",
            "url": "https://gazette.example.org/renamed/",
            "updated": NOON + timedelta(hours=1),
            "body": (para("Other words."),),
        }
    )
    after = read(later)[first.id]
    assert (before[1], before[2]) == ("Before", first.url)
    assert (after[1], after[2]) == ("After", later.url)
    assert "Other words." in after[5]
    assert after[4] == ""  # newsboat supports audio and video enclosures, but no pictures
    entry = feedparser.parse((tmp_path / "feed.xml").read_bytes()).entries[0]
    (enclosure,) = entry.enclosures
    assert enclosure.href.startswith("https://gazette.example.org/feed/media/pier-")
    assert enclosure.type == "image/jpeg"


def size(artifact: Artifact) -> int:
    return len(artifact.content)


@pytest.mark.parametrize("kind", [RSS, Atom])
def test_newsboat_finds_enclosures(kind: type[FeedAdapter], tmp_path: Path) -> None:
    lead = Figure(src=picture(tmp_path, "pier.jpg", (800, 400)), alt="Pier")
    feed = kind.model_validate({})
    found = files(feed, edition(article(lead_image=lead)), kit(tmp_path))
    as_sound = found[feed.file].content.replace(b"image/jpeg", b"audio/mpeg")
    (tmp_path / "feed.xml").write_bytes(as_sound)
    ((*_, enclosed, _),) = read_in_newsboat(tmp_path)
    whole = max((name for name in found if name.startswith("media/")), key=lambda n: size(found[n]))
    assert enclosed == f"https://gazette.example.org/feed/{whole}"
