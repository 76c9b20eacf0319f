"""RSS, Atom and JSON Feed as validators and feed readers see them."""

from __future__ import annotations

import html
import json
import os
import re
import sys
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any

import feedparser
import jsonschema
import pytest
from lxml import etree
from pydantic import ValidationError
from referencing import Registry, Resource

from syndicate.adapters.contract import Scope
from syndicate.adapters.feeds.adapter import FeedAdapter
from syndicate.adapters.feeds.atom import Atom
from syndicate.adapters.feeds.jsonfeed import JSONFeed
from syndicate.adapters.feeds.rss import RSS
from syndicate.article import Figure, Tag
from tests import waiting
from tests.adapters.feeds.feeds import (
    arabic,
    document,
    edition,
    files,
    hostiles,
    kit,
    picture,
)
from tests.articles import PUBLICATION, article, every_block
from tests.missing import STANDARDS, needs_program

GOLDEN = Path(__file__).parents[2] / "golden" / "feeds"
HUB = "https://hub.example.org/"
A = "{http://www.w3.org/2005/Atom}"
M = "{http://search.yahoo.com/mrss/}"
E = "{http://purl.org/rss/1.0/modules/content/}encoded"

EDITIONS = {
    "every-block": (every_block(), article(), arabic()),
    "summaries": (every_block(), article(), arabic()),
    "hostile": hostiles(),
    "empty": (),
}


@cache
def made(kind: type[FeedAdapter], name: str) -> bytes:
    """The feed of the edition called `name`."""
    content = "summary" if name == "summaries" else "full"
    return document(kind.model_validate({"hub": HUB, "content": content}), *EDITIONS[name])


@pytest.mark.parametrize("kind", [RSS, Atom, JSONFeed])
def test_golden(kind: type[FeedAdapter], update_golden: bool) -> None:
    written = made(kind, "every-block")
    golden = GOLDEN / f"every-block.{kind.__name__.lower()}"
    if update_golden:
        golden.write_bytes(written)
    assert written == golden.read_bytes()


@needs_program("jing", "jing")
@pytest.mark.parametrize("name", EDITIONS)
def test_atom_is_valid(name: str, tmp_path: Path) -> None:
    path = tmp_path / "feed.atom"
    path.write_bytes(made(Atom, name))
    schema = STANDARDS / "atom" / "atom.rnc"
    run = waiting.run(["jing", "-c", schema, path])
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("name", EDITIONS)
def test_json_feed_is_valid(name: str) -> None:
    folder = STANDARDS / "jsonfeed"
    schema, first = (json.loads((folder / f).read_text()) for f in ("feed.json", "feed-1.json"))
    registry: Registry[Any] = Registry().with_resources(
        [(uri, Resource.from_contents(first)) for uri in (first["id"], "feed-1")]
    )
    jsonschema.Draft4Validator(schema, registry=registry).validate(json.loads(made(JSONFeed, name)))


@pytest.mark.parametrize("kind", [RSS, Atom])
@pytest.mark.parametrize("name", EDITIONS)
def test_feedparser_finds_nothing_wrong(kind: type[FeedAdapter], name: str) -> None:
    parsed = feedparser.parse(made(kind, name))
    assert not parsed.bozo
    assert [entry.id for entry in parsed.entries] == [one.id for one in EDITIONS[name]]
    assert parsed.feed.updated_parsed[:3] == (2026, 10, 5)


@pytest.mark.parametrize("name", EDITIONS)
def test_rss_meets_the_rules_of_the_w3c_validator(name: str) -> None:
    channel = etree.fromstring(made(RSS, name)).find("channel")
    assert channel is not None
    links = {link.get("rel"): link.get("href") for link in channel.findall(f"{A}link")}
    assert links == {"self": "https://gazette.example.org/feed/feed.xml", "hub": HUB}
    assert channel.findtext("managingEditor") == (
        "desk@gazette.example.org (Harbour Gazette Cooperative)"
    )
    items = channel.findall("item")
    guids = [item.find("guid") for item in items]
    assert len({guid.text for guid in guids if guid is not None}) == len(items)
    for item in items:
        assert parsedate_to_datetime(item.findtext("pubDate") or "").tzinfo
        assert all(guid.get("isPermaLink") == "false" for guid in item.findall("guid"))
        assert (item.findtext("link") or "").isascii()
        assert len(item.findall("link")) == 1
        assert item.find(f"{M}group") is None
        assert item.find("author") is None
        addresses = re.findall(r'(?:href|src|cite)="([^"]*)"', item.findtext(E) or "")
        assert all(re.match(r"(https?|mailto|tel):", address) for address in addresses)
    tags = [element.tag for element in channel.iter() if isinstance(element.tag, str)]
    assert not [tag for tag in tags if tag.endswith("}encoded")] or name != "summaries"


def test_atom_links_open_the_article() -> None:
    for entry in etree.fromstring(made(Atom, "every-block")).findall(f"{A}entry"):
        links = entry.findall(f"{A}link")
        assert [link.get("rel") for link in links].count("alternate") == 1
        assert links[0].get("rel") == "alternate"


def test_a_local_lead_picture_is_enclosed(tmp_path: Path) -> None:
    lead = Figure(src=picture(tmp_path, "pier.jpg", (800, 400)), alt="Pier", credit="Ruth")
    of = edition(article(lead_image=lead))
    found = files(RSS(), of, kit(tmp_path))
    item = etree.fromstring(found["feed.xml"].content).find("channel/item")
    assert item is not None
    enclosure = item.find("enclosure")
    assert enclosure is not None
    name = enclosure.get("url", "").removeprefix(of.url)
    assert enclosure.get("length") == str(len(found[name].content))
    assert enclosure.get("type") == found[name].media_type == "image/jpeg"

    links = etree.fromstring(files(Atom(), of, kit(tmp_path))["feed.atom"].content).findall(
        f"{A}entry/{A}link"
    )
    assert [link.get("rel") for link in links] == ["alternate", "enclosure"]
    assert links[1].get("length") == enclosure.get("length")

    item_json = json.loads(files(JSONFeed(), of, kit(tmp_path))["feed.json"].content)["items"][0]
    assert item_json["attachments"] == [
        {
            "url": enclosure.get("url"),
            "mime_type": "image/jpeg",
            "size_in_bytes": int(enclosure.get("length", "0")),
        }
    ]
    assert item_json["image"] == enclosure.get("url")


def test_the_logo_is_in_all_three_formats(tmp_path: Path) -> None:
    logo = picture(tmp_path, "logo.png", (600, 200))
    publication = PUBLICATION.model_copy(update={"logo": logo})
    of = edition(article(), publication=publication)
    image = etree.fromstring(files(RSS(), of, kit(tmp_path))["feed.xml"].content).find(
        "channel/image"
    )
    assert image is not None
    assert image.findtext("title") == "The Harbour Gazette"
    assert image.findtext("link") == "https://gazette.example.org/"
    assert image.findtext("width") == "144"
    found = files(Atom(), of, kit(tmp_path))
    logo_url = etree.fromstring(found["feed.atom"].content).findtext(f"{A}logo") or ""
    assert logo_url.removeprefix(of.url) in found
    assert json.loads(files(JSONFeed(), of, kit(tmp_path))["feed.json"].content)["icon"] == logo_url

    broken = edition(publication=PUBLICATION.model_copy(update={"logo": "none.png"}))
    with_kit = kit(tmp_path)
    assert "feed.xml" in files(RSS(), broken, with_kit)
    assert [loss.block for loss in with_kit.losses] == ["logo"]


def test_html_in_a_title_is_text() -> None:
    title = "Why <b> & <script> are not bold"
    one = article(title=title, summary="R&D <b>")
    assert etree.fromstring(document(RSS(), one)).findtext("channel/item/title") == title
    entry = feedparser.parse(document(Atom(), one)).entries[0]
    assert entry.title == html.escape(title, quote=False)  # HTML that shows the title as it is
    assert feedparser.parse(document(RSS(), one)).entries[0].summary == "R&amp;D &lt;b&gt;"
    assert json.loads(document(JSONFeed(), one))["items"][0]["summary"] == "R&D <b>"


@pytest.mark.parametrize("text", ["Fish & chips &", "R&D, &lt; and <b>", "& &amp; &#38;"])
def test_a_summary_is_shown_as_it_was_written(text: str) -> None:
    for feed in (RSS(), Atom()):
        shown = feedparser.parse(document(feed, article(summary=text))).entries[0].summary
        assert html.unescape(shown) == text
    written = etree.fromstring(document(RSS(), article(summary="Fish & chips")))
    assert written.findtext("channel/item/description") == "Fish & chips"  # in a browser too


def test_categories_have_their_scheme() -> None:
    scheme = "https://gazette.example.org/tags/"
    one = article(section="Tides", tags=(Tag(name="Tides"), Tag(name="moon", scheme=scheme)))
    category = etree.fromstring(document(RSS(), one)).findall("channel/item/category")
    assert [(c.text, c.get("domain")) for c in category] == [("Tides", None), ("moon", scheme)]
    assert json.loads(document(JSONFeed(), one))["items"][0]["tags"] == ["Tides", "moon"]


def test_articles_with_the_same_id_give_one_entry() -> None:
    with_kit = kit()
    twice = edition(article("a"), article("b", id=article("a").id))
    parsed = feedparser.parse(files(RSS(), twice, with_kit)["feed.xml"].content)
    assert [entry.link for entry in parsed.entries] == ["https://gazette.example.org/a/"]
    assert [loss.block for loss in with_kit.losses] == ["article"]


def test_options() -> None:
    feed = RSS(title="Tides", description="Only tides.", ttl=90, file="tides.rss")
    assert feed.scope is Scope.ROLLING
    channel = etree.fromstring(document(feed)).find("channel")
    assert channel is not None
    found = [channel.findtext(name) for name in ("title", "description", "ttl", "generator")]
    assert found == ["Tides", "Only tides.", "90", "Syndicate"]
    for wrong in ({"file": "../feed.xml"}, {"hub": "hub"}, {"ttl": 0}, {"scope": "edition"}):
        with pytest.raises(ValidationError):
            RSS.model_validate(wrong)
    with pytest.raises(ValidationError):
        Atom.model_validate({"ttl": 5})


def test_the_style_sheet_uses_the_publications_language_and_colour() -> None:
    publication = PUBLICATION.model_copy(update={"accent": "#004488", "language": "ar"})
    css = files(RSS(), edition(publication=publication))["feed.css"].content.decode()
    assert "--accent: #004488;" in css
    assert "direction: rtl;" in css
    assert "هذه خلاصة ويب" in css


PROGRAM = """
import hashlib, locale
locale.setlocale(locale.LC_ALL, "")
from tests.adapters.feeds.test_feeds import Atom, JSONFeed, RSS, made
for kind in (RSS, Atom, JSONFeed):
    for name in ("every-block", "hostile"):
        print(hashlib.sha256(made(kind, name)).hexdigest())
"""


def test_the_bytes_are_the_same_everywhere() -> None:
    root = Path(__file__).parents[3]
    worlds = (
        {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "Asia/Kathmandu", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"},
    )
    command = [sys.executable, "-c", PROGRAM]
    first, second = (
        waiting.run(command, cwd=root, env={**os.environ, **world}, check=True).stdout
        for world in worlds
    )
    assert first == second
    assert len(first.split()) == 6


def test_adapters_are_cheap_to_import() -> None:
    program = (
        "import sys, syndicate.adapters.feeds.rss, syndicate.adapters.feeds.jsonfeed;"
        "print([m for m in ('feedgen', 'lxml', 'PIL') if m in sys.modules])"
    )
    run = waiting.run([sys.executable, "-c", program])
    assert run.stdout.strip() == "[]"
