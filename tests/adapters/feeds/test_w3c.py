"""The feeds meet the rules of the W3C validator: no errors and no warnings."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path, PurePosixPath

import feedparser
import pytest
from lxml import etree

from syndicate.adapters.edition import Withdrawn
from syndicate.adapters.feeds.adapter import FeedAdapter
from syndicate.adapters.feeds.atom import Atom
from syndicate.adapters.feeds.feedgen_fixes import ATOM, TOMBSTONES
from syndicate.adapters.feeds.jsonfeed import JSONFeed
from syndicate.adapters.feeds.rss import RSS
from syndicate.article import Contributor, Figure
from syndicate.article.publication import Publication
from syndicate.readers import Source, read
from tests.adapters.feeds.feeds import arabic, edition, files, hostiles, kit, picture
from tests.adapters.feeds.w3c import events
from tests.articles import NOON, PUBLICATION, article, every_block, para, words
from tests.missing import SAMPLE, needs_sample

FIXTURES = {
    "every block": (every_block(), article(), arabic()),
    "hostile": hostiles(),
    "empty": (),
}


@pytest.mark.parametrize("kind", [RSS, Atom])
@pytest.mark.parametrize("content", ["full", "summary"])
@pytest.mark.parametrize("name", FIXTURES)
def test_no_errors_and_no_warnings(kind: type[FeedAdapter], content: str, name: str) -> None:
    options = {"content": content, "hub": "https://hub.example/", "comments": "{url}#talk"}
    feed = kind.model_validate(options)
    document = files(feed, edition(*FIXTURES[name]))[feed.file].content
    assert events(document, f"https://gazette.example.org/feed/{feed.file}") == []


@pytest.mark.parametrize("kind", [RSS, Atom])
def test_pictures_and_a_publication_with_odd_words(kind: type[FeedAdapter], tmp_path: Path) -> None:
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


@pytest.mark.parametrize("kind", [RSS, Atom])
@pytest.mark.parametrize("content", ["full", "summary"])
def test_odd_names_dates_and_addresses(kind: type[FeedAdapter], content: str) -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    publication = Publication.model_validate(
        {
            "title": "Müller",
            "base_url": "https://MÜNCHEN.example:443/%7eaä/",
            "email": "the desk at the paper",
        }
    )
    people = (
        Contributor(name="Ann <ann@a.example>", email="no address"),
        Contributor(name="Bo </u> &copy; Co", email="bo@a.example", url="mailto:bo@a.example"),
        Contributor(name="Cy <cy@a.example>", role="photographer", email="ü@a.example"),
    )
    lead = Figure(
        src="https://a.example/p.jpg",
        alt="</video> &copy; <b>",
        caption=words("</m> &#65; closed"),
        credit="</td>",
    )
    ids = ("123", "my id", "tag:MÜNCHEN.example,2026-01-01:a", "https://a.example/ä?p=1", "x:y")
    articles = tuple(
        article(
            f"odd-{n}",
            id=own,
            title=("Ã© and Â£", "\U0001fffe and \U0010ffff", "\ufdd0 y", "x", "</details>")[n],
            summary=("Ã©", None)[n % 2],
            section="</canvas>",
            contributors=people,
            lead_image=lead if n % 2 else None,
            credit={"copyright_notice": "</ruby> &copy;", "usage_terms": "</ins>"},
            published=datetime(2026, 5, 1, 9, tzinfo=kathmandu),
            updated=datetime(2026, 5, 1, 9, n, tzinfo=kathmandu),
            body=() if n == 3 else (para("Â£5 \U0001fffe\n\n\ufdd0"),),
        )
        for n, own in enumerate(ids)
    )
    gone = tuple(Withdrawn(one, NOON) for one in ids)
    of = replace(edition(*articles, publication=publication), withdrawn=gone)
    feed = kind.model_validate({"content": content})
    document = files(feed, of)[feed.file].content
    found = events(document, f"https://gazette.example.org/feed/{feed.file}")
    assert {one for one in found if TOMBSTONES not in one} == set()
    if kind is Atom:
        root = etree.fromstring(document)
        stones = [one.get("ref") for one in root.iter(f"{{{TOMBSTONES}}}deleted-entry")]
        assert stones == [one.findtext(f"{{{ATOM}}}id") for one in root.iter(f"{{{ATOM}}}entry")]


@needs_sample
@pytest.mark.parametrize("kind", [RSS, Atom])
def test_the_real_sample(kind: type[FeedAdapter]) -> None:
    source = Source(PurePosixPath(SAMPLE.name), SAMPLE.read_bytes(), NOON, PUBLICATION)
    feed = kind.model_validate({})
    document = files(feed, edition(*(one.article for one in read(source))))[feed.file].content
    assert events(document, f"https://gazette.example.org/feed/{feed.file}") == []


@pytest.mark.parametrize("kind", [RSS, Atom, JSONFeed])
def test_a_body_of_five_megabytes(kind: type[FeedAdapter]) -> None:
    text = "Tides & <currents>. " * 250
    feed = kind.model_validate({})
    of = edition(article(body=tuple(para(text) for _ in range(1000))))
    document = files(feed, of)[feed.file].content
    assert len(document) > 5_000_000
    if kind is JSONFeed:
        assert json.loads(document)["items"]
    else:
        assert etree.fromstring(document, etree.XMLParser(huge_tree=True)) is not None


def test_the_rules_detect_errors() -> None:
    document = b"""<?xml version="1.0"?>
<rss version="2.0"><channel><title>A</title><link>https://a.example/</link>
<description>x</description>
<item><title>&lt;b&gt;x&lt;/b&gt;</title><description>&lt;a href="x"&gt;&lt;script&gt;</description>
<pubDate>Tue, 05 Oct 2026 12:00:00 GMT</pubDate></item></channel></rss>"""
    found = {event.split()[0] for event in events(document, "https://a.example/f")}
    assert found >= {"MissingSelf", "MissingGuid", "ContainsHTML", "NotHtml", "InvalidRFC2822Date"}


def test_entries_of_the_same_second_get_distinct_times() -> None:
    of = edition(article("a", updated=NOON), article("b", updated=NOON))
    entries = feedparser.parse(files(Atom(), of)["feed.atom"].content).entries
    assert entries[0].updated != entries[1].updated
    assert all(entry.updated.startswith("2026-10-05T12:00:00.") for entry in entries)
