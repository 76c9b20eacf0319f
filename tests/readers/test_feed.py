"""RSS, Atom and JSON Feed, intact and broken."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from syndicate.adapters.contract import Adapter
from syndicate.adapters.edition import Edition
from syndicate.adapters.feeds.atom import Atom
from syndicate.adapters.feeds.jsonfeed import JSONFeed
from syndicate.adapters.feeds.rss import RSS
from syndicate.article import Embed, Figure, Paragraph
from syndicate.article.text import passages, plain
from syndicate.kit import Kit
from syndicate.newsroom.starter import starter
from syndicate.readers import read
from tests.articles import NOON, PUBLICATION, article
from tests.readers.reading import read_one, refused, source

CHANNEL = "<title>Coast Wire</title><link>https://wire.example.org/</link><language>de</language>"


def rss(*items: str) -> str:
    """An RSS feed of `items`, one per line."""
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        + CHANNEL
        + "".join(f"\n<item>{item}</item>" for item in items)
        + "\n</channel></rss>"
    )


FULL = """<title>Boats &amp;amp; tides</title><link>/2026/night-ferry.html</link>
<guid isPermaLink="false">wire-17</guid><dc:creator>Ines Okafor and Ruth Abara</dc:creator>
<category domain="https://wire.example.org/topics">Harbour</category>
<pubDate>Mon, 05 Oct 2026 12:00:00 +0200</pubDate><description>In short.</description>
<content:encoded><![CDATA[<p>The <b>boat</b> sails.</p><p><img src="https://i.example.org/a-300x200.jpg"
alt="A quay"></p><p><a href="x">More</a></p><script>alert(1)</script>]]></content:encoded>
<media:content url="https://i.example.org/a.jpg" type="image/jpeg" width="900" height="600">
<media:credit>Ruth Abara</media:credit></media:content>
<enclosure url="https://i.example.org/talk.mp3" type="audio/mpeg" length="5"/>"""


def test_an_rss_item_is_read_completely() -> None:
    reading = read_one(rss(FULL), "wire.xml")
    one = reading.article
    assert one.title == "Boats & tides"
    assert one.url == "https://wire.example.org/2026/night-ferry.html"
    assert (one.slug, one.language, one.summary) == ("night-ferry", "de", "In short.")
    assert one.alt_ids == ("wire-17",)
    assert one.id == "tag:gazette.example.org,2026-10-05:night-ferry"
    assert one.published == datetime(2026, 10, 5, 10, tzinfo=UTC)
    assert [person.name for person in one.contributors] == ["Ines Okafor", "Ruth Abara"]
    assert [(tag.name, tag.scheme) for tag in one.tags] == [
        ("Harbour", "https://wire.example.org/topics")
    ]
    assert one.credit.source == "Coast Wire"
    assert one.lead_image is not None
    assert one.lead_image.src == "https://i.example.org/a.jpg"
    assert (one.lead_image.alt, one.lead_image.credit, one.lead_image.width) == (
        "A quay",
        "Ruth Abara",
        900,
    )
    assert not any(isinstance(block, Figure) for block in one.body)
    assert "alert" not in one.model_dump_json()
    assert any(isinstance(block, Embed) for block in one.body)
    assert "https://wire.example.org/2026/x" in one.model_dump_json()
    assert reading.fragment == "wire-17"


def test_a_bad_item_does_not_stop_the_others() -> None:
    first, second = read(
        source(rss("<title>A</title><description>One.</description>", "<title>Empty</title>",
                   "<title>B</title><description>Two.</description>"), "wire.rss")
    )  # fmt: skip
    assert [first.article.title, second.article.title] == ["A", "B"]
    (note,) = (note for note in first.notes if note.kind == "left out")
    assert (note.what, note.line) == ("the item 'Empty': has no text", 3)


@pytest.mark.parametrize(
    ("guid", "is_id"),
    [
        ("tag:wire.example.org,2026:17", True),
        ("urn:uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427", True),
        ("https://wire.example.org/17", True),
        ("17", False),
        ("javascript:alert(1)", False),
    ],
)
def test_a_guid_becomes_the_id_only_if_it_is_globally_unique(guid: str, is_id: bool) -> None:
    item = f"<title>A</title><guid isPermaLink='false'>{guid}</guid><description>B.</description>"
    reading = read_one(rss(item), "wire.xml")
    assert (reading.article.id == guid) is is_id
    assert ("id" in reading.given) is is_id
    assert (guid in reading.article.alt_ids) is not is_id


def test_fragments_and_slugs_do_not_depend_on_the_order() -> None:
    old = "<title>Daily</title><guid isPermaLink='false'>a1</guid><description>One.</description>"
    new = "<title>Daily</title><guid isPermaLink='false'>b2</guid><description>Two.</description>"
    readings = read(source(rss(new, old), "wire.xml"))
    assert [reading.fragment for reading in readings] == ["b2", "a1"]
    assert len({reading.article.slug for reading in readings}) == 2
    assert read_one(rss(old), "wire.xml").fragment == "a1"


def test_a_repeated_item_becomes_one_article() -> None:
    item = "<title>A</title><guid>https://wire.example.org/1</guid><description>B.</description>"
    (reading,) = read(source(rss(item, item), "wire.xml"))
    assert "the same id" in str(reading.notes)


def test_an_item_without_a_title_gets_its_first_words_as_title() -> None:
    reading = read_one(rss("<description>The boat sails at ten.</description>"), "wire.xml")
    assert reading.article.title == "The boat sails at ten."
    assert "the title" in str(reading.notes)


ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<title>Coast Wire</title><id>tag:wire.example.org,2026:feed</id>
<updated>2026-10-05T12:00:00Z</updated>
<author><name>Harbour Desk</name></author>
<entry><title type="html">Boats &amp;amp; &lt;b>tides&lt;/b></title>
<id>tag:wire.example.org,2026:1</id>
<link href="https://wire.example.org/1"/><published>2026-10-05T10:00:00Z</published>
<updated>2026-10-06T10:00:00Z</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
<h2>Timetable</h2><p>At ten.</p></div></content></entry></feed>"""


def test_an_atom_entry_is_read_completely() -> None:
    one = read_one(ATOM, "wire.atom").article
    assert (one.title, one.id) == ("Boats & tides", "tag:wire.example.org,2026:1")
    assert one.updated.day == 6
    assert [person.name for person in one.contributors] == ["Harbour Desk"]
    assert list(passages(one.body)) == ["Timetable", "At ten."]


JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Coast Wire",
    "home_page_url": "https://wire.example.org/",
    "items": [
        {
            "id": "https://wire.example.org/1",
            "url": "https://wire.example.org/1",
            "title": "Night ferry",
            "content_html": "<p>It <em>sails</em>.</p>",
            "image": "a.jpg",
            "date_published": "2026-10-05T10:00:00Z",
            "authors": [{"name": "Ines Okafor"}],
            "tags": ["harbour", 7],
            "attachments": [{"url": "b.mp3", "mime_type": "audio/mpeg"}],
        },
        "nonsense",
        {"id": 2, "content_text": "Only\n\ntext."},
    ],
}


def test_a_json_feed_is_recognised_by_its_version() -> None:
    first, second = read(source(json.dumps(JSON), "wire.json"))
    one = first.article
    assert (one.title, one.id) == ("Night ferry", "https://wire.example.org/1")
    assert one.lead_image is not None
    assert one.lead_image.src == "https://wire.example.org/a.jpg"
    assert [type(block) for block in one.body] == [Paragraph, Embed]
    assert list(passages(second.article.body)) == ["Only", "text."]
    assert "not a JSON object" in str(first.notes)


@pytest.mark.parametrize("adapter", [RSS(), Atom(), JSONFeed()], ids=["rss", "atom", "jsonfeed"])
def test_our_own_feeds_can_be_imported(adapter: Adapter) -> None:
    templates = starter() / "templates"
    kit = Kit((templates / "feed", templates), starter() / "content")
    written = article("harbour-notes")
    edition = Edition(PUBLICATION, "feed", "https://gazette.example.org/feed/", (written,), NOON)
    *_, artifact = adapter.render(edition, kit)
    again = read_one(artifact.content, f"feed.{artifact.name.rpartition('.')[2]}").article
    assert (again.id, again.title, again.url) == (written.id, written.title, written.url)
    assert again.published == written.published
    assert [person.name for person in again.authors] == [p.name for p in written.authors]
    assert next(passages(written.body)) in " ".join(passages(again.body))


def test_the_readable_part_of_a_broken_feed_is_imported() -> None:
    whole = rss("<title>A</title><description>One &nbsp; two.</description>", "<title>B</title>")
    reading = read_one(whole[: whole.index("<title>B")], "wire.xml")
    assert reading.article.title == "A"
    assert "a broken feed" in str(reading.notes)


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252", "koi8-r"])
def test_the_declared_encoding_is_used(encoding: str) -> None:
    word = "Гавань" if encoding == "koi8-r" else "Möwe"
    text = rss(f"<title>{word}</title><description>{word}.</description>")
    data = text.replace('"1.0"', f'"1.0" encoding="{encoding}"', 1).encode(encoding)
    assert read_one(data, "wire.xml").article.title == word


def test_the_error_for_a_file_that_is_not_a_feed_says_so() -> None:
    assert "not an RSS or Atom feed" in refused("<a/>", "wire.xml")[0].message
    assert "no article" in refused(rss(), "wire.xml")[0].message
    assert (
        "declares XML entities"
        in refused('<!DOCTYPE rss [<!ENTITY a "b">]>' + rss("<title>&a;</title>"), "wire.xml")[
            0
        ].message
    )


def test_angle_brackets_in_a_title_are_text() -> None:
    one = read_one(rss("<title>1 &lt; 2</title><description>B.</description>"), "a.xml").article
    assert one.title == "1 < 2"
    assert plain(one.body[0].content) == "B."  # type: ignore[union-attr]
