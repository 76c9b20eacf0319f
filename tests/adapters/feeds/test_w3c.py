"""The feeds before the rules of the W3C validator: no error and no warning."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

import feedparser
import pytest
from lxml import etree

from syndicate.adapters.atom import Atom
from syndicate.adapters.feeds.feed import Feed
from syndicate.adapters.jsonfeed import JSONFeed
from syndicate.adapters.rss import RSS
from syndicate.article import Figure
from syndicate.article.publication import Publication
from syndicate.readers import Source, read
from tests.adapters.feeds.feeds import arabic, edition, files, hostiles, kit, picture
from tests.adapters.feeds.w3c import events
from tests.articles import NOON, PUBLICATION, article, every_block, para
from tests.shared import SAMPLE, needs_shared

FIXTURES = {
    "every block": (every_block(), article(), arabic()),
    "hostile": hostiles(),
    "empty": (),
}


@pytest.mark.parametrize("kind", [RSS, Atom])
@pytest.mark.parametrize("content", ["full", "summary"])
@pytest.mark.parametrize("name", FIXTURES)
def test_no_errors_and_no_warnings(kind: type[Feed], content: str, name: str) -> None:
    options = {"content": content, "hub": "https://hub.example/", "comments": "{url}#talk"}
    feed = kind.model_validate(options)
    document = files(feed, edition(*FIXTURES[name]))[feed.file].content
    assert events(document, f"https://gazette.example.org/feed/{feed.file}") == []


@pytest.mark.parametrize("kind", [RSS, Atom])
def test_pictures_and_a_publication_of_odd_words(kind: type[Feed], tmp_path: Path) -> None:
    publication = Publication.model_validate(
        {
            **PUBLICATION.model_dump(),
            "title": "<b>News</b> & more &copy;",
            "description": "About <i>it</i>",
            "copyright": "&copy; <b>us</b>",
            "publisher": "(We) <us> & co",
            "logo": picture(tmp_path, "logo.png", (300, 1500)),
        }
    )
    lead = Figure(src=picture(tmp_path, "pier.webp", (900, 300)), alt="A <pier>", credit="R & <A>")
    feed = kind.model_validate({})
    of = edition(article(lead_image=lead), publication=publication)
    document = files(feed, of, kit(tmp_path))[feed.file].content
    assert events(document, f"https://gazette.example.org/feed/{feed.file}") == []


@needs_shared
@pytest.mark.parametrize("kind", [RSS, Atom])
def test_the_real_sample(kind: type[Feed]) -> None:
    source = Source(PurePosixPath(SAMPLE.name), SAMPLE.read_bytes(), NOON, PUBLICATION)
    feed = kind.model_validate({})
    document = files(feed, edition(*(one.article for one in read(source))))[feed.file].content
    assert events(document, f"https://gazette.example.org/feed/{feed.file}") == []


@pytest.mark.parametrize("kind", [RSS, Atom, JSONFeed])
def test_a_body_of_five_megabytes(kind: type[Feed]) -> None:
    text = "Tides & <currents>. " * 250
    feed = kind.model_validate({})
    of = edition(article(body=tuple(para(text) for _ in range(1000))))
    document = files(feed, of)[feed.file].content
    assert len(document) > 5_000_000
    if kind is JSONFeed:
        assert json.loads(document)["items"]
    else:
        assert etree.fromstring(document, etree.XMLParser(huge_tree=True)) is not None


def test_the_rules_see_what_is_wrong() -> None:
    document = b"""<?xml version="1.0"?>
<rss version="2.0"><channel><title>A</title><link>https://a.example/</link>
<description>x</description>
<item><title>&lt;b&gt;x&lt;/b&gt;</title><description>&lt;a href="x"&gt;&lt;script&gt;</description>
<pubDate>Tue, 05 Oct 2026 12:00:00 GMT</pubDate></item></channel></rss>"""
    found = {event.split()[0] for event in events(document, "https://a.example/f")}
    assert found >= {"MissingSelf", "MissingGuid", "ContainsHTML", "NotHtml", "InvalidRFC2822Date"}


def test_entries_of_one_second_are_told_apart() -> None:
    of = edition(article("a", updated=NOON), article("b", updated=NOON))
    entries = feedparser.parse(files(Atom(), of)["feed.atom"].content).entries
    assert entries[0].updated != entries[1].updated
    assert all(entry.updated.startswith("2026-10-05T12:00:00.") for entry in entries)
