"""Each test shows a defect in feedgen itself. When one fails, our fix can be deleted."""

from __future__ import annotations

import locale
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from feedgen.feed import FeedGenerator
from lxml import etree

from syndicate.adapters.edition import EditionPart, Withdrawn
from syndicate.adapters.feeds.atom import Atom
from syndicate.adapters.feeds.feedgen_fixes import MEDIA, Unwritten
from syndicate.adapters.feeds.rss import RSS
from tests.adapters.feeds.feeds import document, edition, kit
from tests.articles import NOON, article, every_block

A = "{http://www.w3.org/2005/Atom}"
M = "{http://search.yahoo.com/mrss/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture
def bare() -> Any:
    """feedgen without our fixes, with one entry, `bare.first`."""
    feed = FeedGenerator()
    feed.id("https://a.example/feed")
    feed.title("Feed")
    feed.description("About")
    feed.link(href="https://a.example/")
    feed.first = feed.add_entry(order="append")
    feed.first.id("https://a.example/1")
    feed.first.title("One")
    feed.first.link(href="https://a.example/1")
    return feed


def rss(feed: Any) -> Any:
    return etree.fromstring(feed.rss_str())


def atom(feed: Any) -> Any:
    return etree.fromstring(feed.atom_str())


def test_entry_links(bare: Any) -> None:
    bare.first.enclosure("https://a.example/p.jpg", 9, "image/jpeg")
    assert atom(bare).findall(f"{A}entry/{A}link")[1].get("rel") is None

    links = etree.fromstring(document(Atom(), every_block())).findall(f"{A}entry/{A}link")
    assert [link.get("rel") for link in links] == ["alternate"]
    assert links[0].get("href") == "https://gazette.example.org/every-block/"


def test_entry_media(bare: Any) -> None:
    bare.load_extension("media")
    bare.first.media.content(url="https://a.example/p.jpg", type="image/jpeg")
    assert rss(bare).find(f"channel/item/{M}group/{M}content") is not None
    assert not hasattr(bare.first.media, "credit")

    content = etree.fromstring(document(RSS(), every_block())).find(f"channel/item/{M}content")
    assert content is not None
    assert content.get("medium") == "image"
    assert content.findtext(f"{M}credit") == "Ruth Abara"
    assert content.findtext(f"{M}description") == "The old pier at low tide."


def test_entry_language(bare: Any) -> None:
    bare.language("en")
    assert not hasattr(bare.first, "language")

    entry = etree.fromstring(document(Atom(), article(language="pt-BR"))).find(f"{A}entry")
    assert entry is not None
    assert entry.get(LANG) == "pt-BR"


def test_entry_authors(bare: Any) -> None:
    bare.first.author([{"name": "Ann"}, {"name": "Bo", "email": "bo@a.example"}])
    authors = rss(bare).findall("channel/item/author")
    assert [author.text for author in authors] == ["bo@a.example (Bo)"]

    item = etree.fromstring(document(RSS(), every_block())).find("channel/item")
    assert item is not None
    creators = item.findall("{http://purl.org/dc/elements/1.1/}creator")
    assert [creator.text for creator in creators] == ["Ines Okafor", "Tomas Lindqvist"]
    assert item.find("author") is None


def test_entry_source(bare: Any) -> None:
    bare.first.source(url="https://b.example/", title="Agency")
    assert atom(bare).find(f"{A}entry/{A}source/{A}id") is None  # RFC 4287 requires it

    credit = {"source": "Agency", "source_url": "https://b.example/"}
    feed = etree.fromstring(document(Atom(), article(credit=credit)))
    assert feed.find(f"{A}entry/{A}source") is None
    assert feed.findall(f"{A}entry/{A}link")[1].items() == [
        ("href", "https://b.example/"),
        ("rel", "via"),
        ("title", "Agency"),
    ]
    source = etree.fromstring(document(RSS(), article(credit=credit))).find("channel/item/source")
    assert source is not None
    assert (source.text, source.get("url")) == ("Agency", "https://b.example/")


def test_entry_dates(bare: Any) -> None:
    bare.first.updated(NOON)
    assert rss(bare).find(f"channel/item/{A}updated") is None

    later = datetime(2026, 10, 6, 8, tzinfo=UTC)
    item = etree.fromstring(document(RSS(), article(updated=later))).find("channel/item")
    assert item is not None
    assert item.findtext("pubDate") == "Mon, 05 Oct 2026 12:00:00 +0000"
    assert item.findtext(f"{A}updated") == "2026-10-06T08:00:00+00:00"


def test_build_date(bare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert str(datetime.now(UTC).year) in (rss(bare).findtext("channel/lastBuildDate") or "")
    assert not Unwritten.fromisoformat(NOON.isoformat())

    calls = []
    monkeypatch.setattr(locale, "setlocale", lambda *_: calls.append(1))
    bare.rss_str()
    assert calls
    calls.clear()
    channel = etree.fromstring(document(RSS(), article())).find("channel")
    assert channel is not None
    dates = [date.text for date in channel.findall("lastBuildDate")]
    assert dates == ["Mon, 05 Oct 2026 12:00:00 +0000"]
    assert not calls


def test_hub(bare: Any) -> None:
    bare.link(href="https://hub.example/", rel="hub")
    assert rss(bare).find(f"channel/{A}link") is None
    assert rss(bare).findtext("channel/link") == "https://hub.example/"  # the last one added

    feed = etree.fromstring(document(RSS(hub="https://hub.example/"), article()))
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"channel/{A}link")}
    assert links["hub"] == "https://hub.example/"
    assert feed.findtext("channel/link") == "https://gazette.example.org/"


def test_style_sheet(bare: Any) -> None:
    assert rss(bare).getprevious() is None

    for feed in (RSS(), Atom()):
        instruction = etree.fromstring(document(feed, article())).getprevious()
        assert instruction is not None
        assert instruction.text == 'type="text/css" href="feed.css"'


def test_entries_are_prepended(bare: Any) -> None:
    bare.add_entry().title("Two")
    assert [title.text for title in rss(bare).findall("channel/item/title")] == ["Two", "One"]

    feed = etree.fromstring(document(RSS(), article("a", title="A"), article("b", title="B")))
    assert [title.text for title in feed.findall("channel/item/title")] == ["A", "B"]


def test_relations(bare: Any) -> None:
    bare.link(href="https://a.example/2026.xml", rel="prev-archive")
    assert rss(bare).find(f"channel/{A}link") is None

    of = edition(article())
    part = EditionPart(period="2026-10", previous="2026-09", next="2026-11")
    found = {one.name: one.content for one in RSS().render(replace(of, part=part), kit())}
    links = etree.fromstring(found["feed-2026-10.xml"]).findall(f"channel/{A}link")
    assert {link.get("rel"): (link.get("href") or "").rpartition("/")[2] for link in links} == {
        "self": "feed-2026-10.xml",
        "current": "feed.xml",
        "prev-archive": "feed-2026-09.xml",
        "next-archive": "feed-2026-11.xml",
    }


def test_history(bare: Any) -> None:
    assert not {"archive", "complete", "tombstone", "deleted_entry"} & {*dir(bare)}

    of = replace(edition(article()), withdrawn=(Withdrawn("tag:a.example,2026:1", NOON),))
    found = {one.name: one.content for one in Atom().render(of, kit())}
    stone = etree.fromstring(found["feed.atom"]).find(
        "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
    )
    assert stone is not None
    assert stone.items() == [
        ("ref", "tag:a.example,2026:1"),
        ("when", "2026-10-05T12:00:00+00:00"),
    ]


def test_license(bare: Any) -> None:
    bare.first.rights("https://creativecommons.org/licenses/by/4.0/")
    assert b"creativecommons" not in bare.rss_str()
    assert b'rel="license"' not in bare.atom_str()

    one = article(credit={"usage_terms": "https://creativecommons.org/licenses/by/4.0/"})
    item = etree.fromstring(document(RSS(), one)).find("channel/item")
    assert item is not None
    name = "{http://backend.userland.com/creativeCommonsRssModule}license"
    assert item.findtext(name) == one.credit.usage_terms
    links = etree.fromstring(document(Atom(), one)).findall(f"{A}entry/{A}link")
    assert (links[-1].get("rel"), links[-1].get("href")) == ("license", one.credit.usage_terms)


def test_text(bare: Any) -> None:
    bare.first.title("Why <b> is bold</b>")
    title = atom(bare).find(f"{A}entry/{A}title")
    assert title.get("type") is None  # validators take it for undeclared HTML

    title = etree.fromstring(document(Atom(), article(title="Why <b> is bold</b>"))).find(
        f"{A}entry/{A}title"
    )
    assert title is not None
    assert (title.get("type"), title.text) == ("html", "Why &lt;b&gt; is bold&lt;/b&gt;")


def test_namespaces(bare: Any) -> None:
    item = bare.first.rss_entry()
    etree.SubElement(item, f"{{{MEDIA}}}content")
    assert b"xmlns:ns0" in etree.tostring(item)

    assert b"xmlns:ns0" not in document(RSS(), every_block())
    assert document(RSS(), every_block()).count(b"xmlns:media") == 1
