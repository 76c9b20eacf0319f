"""The history of entries and feeds under `publish`: archives, tombstones, divided feeds."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree

from syndicate.adapters.feeds.division import FeedDivision
from syndicate.engine.planning.plan import Step
from syndicate.engine.publish import Order, publish
from syndicate.engine.rendering import render
from syndicate.ledger.ledger import ledger_of
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from tests.adapters.feeds.w3c import events

A = "{http://www.w3.org/2005/Atom}"
AT = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
FH = "{http://purl.org/syndication/history/1.0}archive"


class Desk:
    """A newsroom with one story a month and the channels that a test asks for."""

    def __init__(self, root: Path, **channels: str) -> None:
        self.root = root
        (root / "content").mkdir(parents=True)
        (root / "channels").mkdir()
        base = '[publication]\ntitle = "Gazette"\nbase_url = "https://gazette.example.org/"\n'
        (root / "syndicate.toml").write_text(base)
        for name, text in channels.items():
            (root / "channels" / f"{name}.toml").write_text(text)

    def write(self, slug: str, date: str, *more: str, text: str = "Hello.") -> Path:
        path = self.root / "content" / f"{slug}.md"
        head = "\n".join(("---", f"title: About {slug}", f"date: {date}", *more, "---"))
        path.write_text(f"{head}\n\n{text}\n")
        os.utime(path, (1_790_000_000,) * 2)
        return path

    def publish(self) -> int:
        newsroom = load_newsroom(self.root, {})
        outcome = publish(newsroom, Order(jobs=1), lambda _: None, lambda _: None)
        assert not outcome.errors
        return outcome.rendered

    def pieces(self) -> list[Path]:
        newsroom = load_newsroom(self.root, {})
        with ledger_of(newsroom) as ledger:
            return [newsroom.store.path(digest) for digest in ledger.renderings()[1].values()]

    def read(self, name: str) -> bytes:
        return (self.root / "out" / name).read_bytes()

    def file(self, url: str) -> bytes:
        return self.read(urlsplit(url).path.lstrip("/"))

    def names(self) -> set[str]:
        out = self.root / "out"
        return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}


Make = Callable[..., Desk]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Make]:
    yield lambda **channels: Desk(tmp_path / "news", **channels)


def monthly(desk: Desk) -> None:
    for month in range(1, 9):
        desk.write(f"story-{month}", f"2026-{month:02}-10T12:00:00Z")


def walk_atom(desk: Desk) -> list[str]:
    """The ids of all entries found by following the archives."""
    url, ids = "https://gazette.example.org/atom/feed.atom", list[str]()
    while url:
        feed = etree.fromstring(desk.file(url))
        ids += [one.findtext(f"{A}id") or "" for one in feed.findall(f"{A}entry")]
        links = {link.get("rel"): link.get("href") or "" for link in feed.findall(f"{A}link")}
        assert links["self"] == url
        url = links.get("prev-archive", "")
    return ids


def test_walking_the_archives_gives_every_entry(desk: Make) -> None:
    channel = 'archive = "month"\n[select]\nlimit = 2\n'
    news = desk(atom=channel, rss=channel, jsonfeed=channel)
    monthly(news)
    news.publish()
    ids = walk_atom(news)
    assert len(set(ids)) == 8
    url, seen = "https://gazette.example.org/jsonfeed/feed.json", set[str]()
    while url:
        feed = json.loads(news.file(url))
        seen |= {item["id"] for item in feed["items"]}
        url = feed.get("next_url")
    assert seen == set(ids)
    names = [f"atom/feed-2026-0{m}.atom" for m in range(1, 8)]
    assert {n for n in news.names() if "atom/feed-" in n} == {*names}
    for name in ("atom/feed.atom", *names):
        assert events(news.read(name), f"https://gazette.example.org/{name}") == []
    for name in ("rss/feed.xml", "rss/feed-2026-03.xml"):
        assert events(news.read(name), f"https://gazette.example.org/{name}") == []


def test_a_closed_archive_does_not_change(desk: Make) -> None:
    news = desk(atom='archive = "month"\n[select]\nlimit = 1\n')
    monthly(news)
    news.publish()
    closed = {n: news.read(n) for n in news.names() if n < "atom/feed-2026-07.atom"}
    assert etree.fromstring(closed["atom/feed-2026-06.atom"]).find(FH) is not None
    news.write("story-9", "2026-09-10T12:00:00Z")
    news.write("story-9b", "2026-09-11T12:00:00Z")
    assert (
        news.publish() == 3
    )  # the current feed, the month that closed, and the link in the month before
    assert {n: news.read(n) for n in closed} == closed
    assert len(set(walk_atom(news))) == 10
    assert len(walk_atom(news)) == 10  # no duplicates, and the open month is complete


class Calls:
    """What was called, in a file: rendering is done in other processes."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def add(self, name: str) -> None:
        with self._file.open("a") as file:
            file.write(f"{name}\n")

    def taken(self) -> list[str]:
        """What was added since it was last asked."""
        names = self._file.read_text().splitlines() if self._file.exists() else []
        self._file.unlink(missing_ok=True)
        return names


@pytest.fixture
def calls(tmp_path: Path) -> Calls:
    return Calls(tmp_path / "calls")


def test_the_articles_of_closed_archives_are_not_even_read(
    desk: Make, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = render._from_pieces

    def counted(newsroom: Newsroom, step: Step, *more: Any) -> Any:
        calls.add(step.key)
        return looked(newsroom, step, *more)

    monkeypatch.setattr(render, "_from_pieces", counted)
    news = desk(rss='archive = "month"\n[select]\nlimit = 2\n')
    monthly(news)
    news.publish()
    assert sorted(calls.taken()) == ["", *(f"2026-0{month}" for month in range(1, 8))]
    news.write("story-8", "2026-08-10T12:00:00Z", text="Changed.")
    news.publish()
    assert calls.taken() == [""]
    news.write("story-3", "2026-03-10T12:00:00Z", text="Changed.")
    news.publish()
    assert calls.taken() == ["2026-03"]
    assert len(news.pieces()) == 8  # for the next time


def test_a_withdrawn_article_leaves_a_tombstone(desk: Make) -> None:
    channel = 'archive = "month"\n'
    news = desk(atom=channel, rss=channel, jsonfeed=channel)
    monthly(news)
    news.publish()
    before = etree.fromstring(news.read("atom/feed.atom")).findtext(f"{A}updated") or ""
    gone = [i for i in walk_atom(news) if i.endswith(("story-8", "story-3"))]
    news.write("story-8", "2026-08-10T12:00:00Z", "status: withdrawn")
    news.write("story-3", "2026-03-10T12:00:00Z", "status: withdrawn")
    news.publish()
    assert not set(gone) & set(walk_atom(news))
    feed = etree.fromstring(news.read("atom/feed-2026-03.atom"))
    assert [stone.get("ref") for stone in feed.findall(AT)] == [gone[1]]
    feed = etree.fromstring(news.read("atom/feed.atom"))
    assert gone[0] in [stone.get("ref") for stone in feed.iter(AT)]
    assert (feed.findtext(f"{A}updated") or "") > before
    for name in ("rss/feed.xml", "rss/feed-2026-03.xml", "jsonfeed/feed.json"):
        assert b"story-8" not in news.read(name)
        assert b"story-3" not in news.read(name)


def test_an_article_that_was_never_published_leaves_no_tombstone(desk: Make) -> None:
    news = desk(atom="")
    news.write("a", "2026-01-10T12:00:00Z")
    news.write("never", "2999-01-10T12:00:00Z", "status: withdrawn")
    news.publish()
    assert b"deleted-entry" not in news.read("atom/feed.atom")
    assert b"tombstones" not in news.read("atom/feed.atom")


def test_expired_articles_leave_tombstones_too(desk: Make) -> None:
    news = desk(atom="")
    news.write("a", "2026-01-10T12:00:00Z")
    news.write("b", "2026-02-10T12:00:00Z")
    news.publish()
    news.write("b", "2026-02-10T12:00:00Z", "expires: 2026-09-01T00:00:00Z")
    news.publish()
    feed = etree.fromstring(news.read("atom/feed.atom"))
    assert [stone.get("when") for stone in feed.iter(AT)] == ["2026-09-01T00:00:00+00:00"]
    assert (feed.findtext(f"{A}updated") or "") >= "2026-09-01T00:00:00+00:00"


def test_edits_keep_the_id_and_only_edits_change_the_date(desk: Make) -> None:
    news = desk(rss="", atom="")
    path = news.write("a", "2026-01-10T12:00:00Z")
    news.publish()
    feed = news.read("rss/feed.xml")
    os.utime(path, (1_795_000_000,) * 2)
    (news.root / "content" / "note.md").write_text("---\ntitle: N\nstatus: draft\n---\n\nX\n")
    assert news.publish() == 0
    assert news.read("rss/feed.xml") == feed
    path.write_text(path.read_text().replace("About a", "All about a").replace("Hello", "Bye"))
    os.utime(path, (1_795_000_000,) * 2)
    news.publish()
    assert news.read("rss/feed.xml").count(b"<item>") == 1
    first, second = (
        etree.fromstring(text).find("channel") for text in (feed, news.read("rss/feed.xml"))
    )
    assert first is not None
    assert second is not None
    assert first.findtext("item/guid") == second.findtext("item/guid")
    assert first.findtext("item/title") != second.findtext("item/title")
    assert first.findtext("item/pubDate") == second.findtext("item/pubDate")
    assert (first.findtext(f"item/{A}updated") or "") < (second.findtext(f"item/{A}updated") or "")
    assert first.findtext("lastBuildDate") != second.findtext("lastBuildDate")


def test_one_channel_makes_a_feed_for_each_tag(desk: Make) -> None:
    news = desk(tags='adapter = "rss"\n[split]\nby = "tag"\n', opml="")
    news.write("a", "2026-01-10T12:00:00Z", "tags: [Tides, C++]")
    news.write("b", "2026-02-10T12:00:00Z", "tags: [tides, C]")
    news.publish()
    feeds = sorted(name for name in news.names() if name.endswith(".xml"))
    assert len(feeds) == 3
    channel = etree.fromstring(news.read("tags/tides/feed.xml")).find("channel")
    assert channel is not None
    assert channel.findtext("title") == "Gazette: tides"
    assert len(channel.findall("item")) == 2
    assert b'href="../feed.css"' in news.read("tags/tides/feed.xml")
    outlines = etree.fromstring(news.read("opml/feeds.opml")).iter("outline")
    urls = [outline.get("xmlUrl") or "" for outline in outlines]
    assert sorted(urls) == [f"https://gazette.example.org/{name}" for name in feeds]
    assert all(url in news.read("opml/autodiscovery.html").decode() for url in urls)
    assert events(news.read("tags/tides/feed.xml"), urls[-1]) == []


@pytest.mark.parametrize("by", ["section", "author"])
def test_one_channel_makes_a_feed_for_each_section_or_author(desk: Make, by: str) -> None:
    news = desk(feeds=f'adapter = "atom"\n[split]\nby = "{by}"\n')
    news.write("a", "2026-01-10T12:00:00Z", "section: Sea", "authors: [Ada]")
    news.write("b", "2026-01-11T12:00:00Z", "section: Land", "authors: [Bo, Ada]")
    news.publish()
    folders = {name.split("/")[1] for name in news.names() if name.endswith(".atom")}
    assert folders == ({"sea", "land"} if by == "section" else {"ada", "bo"})


def test_an_undivided_channel_is_one_part() -> None:
    parts = list(FeedDivision(None, None).divided((), (), len, None))  # type: ignore[arg-type]
    assert [part.key for part, _, _ in parts] == [""]


def test_unchanged_entries_are_not_rendered_again(
    desk: Make, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    from syndicate.adapters.feeds.rss import RSS

    piece = RSS.piece

    def counted(self: RSS, article: object, *rest: object) -> object:
        calls.add(article.slug)  # type: ignore[attr-defined]
        return piece(self, article, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(RSS, "piece", counted)
    news = desk(rss="")
    monthly(news)
    news.publish()
    assert len(calls.taken()) == 8
    news.write("story-4", "2026-04-10T12:00:00Z", text="Changed.")
    news.publish()
    assert calls.taken() == ["story-4"]
    assert b"Changed." in news.read("rss/feed.xml")
    (memory,) = news.pieces()
    memory.write_bytes(memory.read_bytes()[:-3] + b"xyz")
    news.write("story-5", "2026-05-10T12:00:00Z", text="Changed.")
    feed = news.read("rss/feed.xml")
    news.publish()
    assert len(calls.taken()) == 8  # a damaged cache is ignored
    assert b"xyz" not in news.read("rss/feed.xml")
    assert feed != news.read("rss/feed.xml")


def test_cached_pictures_are_delivered_again(desk: Make) -> None:
    from PIL import Image

    news = desk(rss="")
    Image.linear_gradient("L").resize((900, 400)).save(news.root / "content" / "pier.png")
    news.write("a", "2026-01-10T12:00:00Z", "image: pier.png")
    news.publish()
    pictures = {name for name in news.names() if "/media/" in name}
    assert pictures
    for name in pictures:
        (news.root / "out" / name).unlink()
    news.publish()
    assert {name for name in news.names() if "/media/" in name} == pictures
