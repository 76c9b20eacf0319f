"""OPDS: every delivered book once, in both formats, with working links."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import feedparser
from lxml import etree

from syndicate.adapters.edition import Artifact, Edition, Issued
from syndicate.adapters.epub.opds import OPDS
from tests import waiting
from tests.adapters.epub.books import book, kit, page
from tests.articles import NOON, PUBLICATION, article
from tests.missing import STANDARDS, needs_program

ATOM = "{http://www.w3.org/2005/Atom}"
OPEN = "http://opds-spec.org/acquisition/open-access"


def issued(number: int, *, cover: bool = True) -> list[Issued]:
    """The files of one issue of the channel "weekly"."""
    kinds = [("epub", "application/epub+zip"), *([("jpg", "image/jpeg")] if cover else [])]
    return [
        Issued(
            channel="weekly",
            rendering=str(number),
            number=number,
            date=NOON + timedelta(weeks=number),
            language="en",
            titles=("Ferry <b>returns</b> & sails", "Second"),
            url=PUBLICATION.absolute(f"weekly/weekly-{number:04}.{suffix}"),
            media_type=media_type,
            size=1000 + number,
            digest="0" * 64,
        )
        for suffix, media_type in kinds
    ]


def catalogue(*files: Issued, **options: object) -> dict[str, Artifact]:
    url = PUBLICATION.absolute("opds/")
    edition = Edition(PUBLICATION, "opds", url, (), NOON, issues=files)
    adapter = OPDS.model_validate({"catalogue_of": "weekly", **options})
    return {made.name: made for made in adapter.render(edition, kit())}


def test_a_book_is_listed_with_its_cover_and_size() -> None:
    made = catalogue(*issued(12))
    parsed = feedparser.parse(made["opds.xml"].content)
    assert not parsed.bozo
    (entry,) = parsed.entries
    assert entry.title == "The Harbour Gazette, No. 12 · December 28, 2026"
    assert entry.summary == "Ferry <b>returns</b> & sails · Second"
    links = {link.rel: link for link in entry.links}
    assert links[OPEN].href == "https://gazette.example.org/weekly/weekly-0012.epub"
    assert (links[OPEN].type, links[OPEN].length) == ("application/epub+zip", "1012")
    assert links["http://opds-spec.org/image"].type == "image/jpeg"

    (publication,) = json.loads(made["opds.json"].content)["publications"]
    assert publication["metadata"]["belongsTo"]["series"]["position"] == 12
    assert publication["links"][0]["rel"] == ["self", OPEN]
    assert publication["images"][0]["href"].endswith("weekly-0012.jpg")


def test_an_entry_and_its_book_have_the_same_identifier() -> None:
    root = etree.fromstring(catalogue(*issued(12))["opds.xml"].content)
    package = page(book(article(), number=12), "content.opf")
    named = package.find(".//{http://purl.org/dc/elements/1.1/}identifier")
    assert named is not None
    assert root.findtext(f"{ATOM}entry/{ATOM}id") == named.text


def test_a_long_catalogue_has_several_pages() -> None:
    files = [file for number in range(25, 0, -1) for file in issued(number)]
    made = catalogue(*files, page_size=10)
    assert [name for name in made if name.endswith("xml")] == [
        "opds.xml",
        "opds-2.xml",
        "opds-3.xml",
    ]
    seen, name = [], "opds.xml"
    while name:
        parsed = feedparser.parse(made[name].content)
        seen += [entry.id for entry in parsed.entries]
        following = [link.href for link in parsed.feed.links if link.rel == "next"]
        name = following[0].rpartition("/")[2] if following else ""
    assert len(set(seen)) == len(seen) == 25
    assert json.loads(made["opds-2.json"].content)["metadata"]["currentPage"] == 2


def test_a_book_without_a_cover_is_only_in_opds_1() -> None:
    made = catalogue(*issued(1, cover=False))
    assert len(feedparser.parse(made["opds.xml"].content).entries) == 1
    assert json.loads(made["opds.json"].content)["publications"] == []


def test_an_empty_catalogue_can_be_subscribed_to() -> None:
    made = catalogue()
    assert feedparser.parse(made["opds.xml"].content).feed.title == "The Harbour Gazette"
    assert json.loads(made["opds.json"].content)["publications"] == []


@needs_program("jing", "jing")
def test_it_is_valid_atom(tmp_path: Path) -> None:
    (tmp_path / "opds.xml").write_bytes(catalogue(*issued(2), *issued(1))["opds.xml"].content)
    schema = STANDARDS / "atom" / "atom.rnc"
    command = ["jing", "-c", str(schema), str(tmp_path / "opds.xml")]
    done = waiting.run(command)
    assert done.returncode == 0, done.stdout
