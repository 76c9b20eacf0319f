"""Articles from news agencies: NewsML-G2 and NITF, with versions, embargoes and kills."""

from __future__ import annotations

import pytest

from syndicate.article import Article, Figure, Heading
from syndicate.article.text import passages
from syndicate.readers import Reading
from tests.readers.reading import read_one, refused

LEDE = "The pilots of the harbour will keep the night watch."
NITF = (
    '<nitf><head><title>T</title><docdata management-status="{status}"><doc-id '
    'id-string="urn:x-nitf:quay:7"/><date.issue norm="20261006T101200+0200"/>'
    '<date.release norm="20261007T000000Z"/><key-list><keyword key="harbour"/></key-list>'
    '<doc.copyright holder="Quay Agency"/></docdata></head><body><body.head><hedline>'
    "<hl1>Pilots stay</hl1><hl2>Until spring</hl2></hedline><byline>By <person>Ruth Abara</person>"
    "</byline><dateline><location>PORT ELLERY</location></dateline></body.head><body.content>"
    f"<p>{LEDE}</p><hl2>Costs</hl2><p>It <em class='bold'>costs</em>.</p>"
    '<media media-type="image"><media-reference source="https://p.example.org/a.jpg"/>'
    "<media-caption>The quay.</media-caption></media></body.content></body></nitf>"
)
G2 = (
    '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet><newsItem '
    'guid="urn:newsml:quay.example.org:20261006:7" version="{version}"><rightsInfo>'
    '<usageTerms>Ask.</usageTerms></rightsInfo><itemMeta><provider literal="Quay"/>'
    "<versionCreated>2026-10-06T11:00:00+02:00</versionCreated>"
    "<embargoed>2026-10-07T00:00:00Z</embargoed>"
    '<pubStatus qcode="stat:{status}"/><edNote>Adds costs</edNote></itemMeta><contentMeta>'
    "<contentCreated>2026-10-06T10:12:00+02:00</contentCreated><by>Von Ruth Abara</by>"
    '<headline>Pilots stay</headline><headline role="hld:subHeadline">Until spring</headline>'
    '<dateline>PORT ELLERY</dateline><language tag="en"/><subject qcode="x:1"><name>harbour'
    "</name></subject></contentMeta><contentSet>{content}</contentSet></newsItem></itemSet>"
    "</newsMessage>"
)
XHTML = (
    '<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">'
    f"<head><title>x</title></head><body><p>{LEDE}</p><h2>Costs</h2><p>It costs.</p></body></html>"
    "</inlineXML>"
)
INSIDE = {
    "xhtml": XHTML,
    "nitf": f'<inlineXML contenttype="x/nitf">{NITF.format(status="usable")}</inlineXML>',
    "text": f'<inlineData contenttype="text/plain">{LEDE}</inlineData>',
    "html": f'<inlineData contenttype="text/html">&lt;p&gt;{LEDE}&lt;/p&gt;</inlineData>',
}


def g2(version: int = 1, status: str = "usable", content: str = XHTML) -> Reading:
    return read_one(G2.format(version=version, status=status, content=content), "wire.xml")


def check_head(article: Article) -> None:
    assert (article.title, article.subtitle) == ("Pilots stay", "Until spring")
    assert [person.name for person in article.contributors] == ["Ruth Abara"]
    assert article.published.isoformat() == "2026-10-06T08:12:00+00:00"
    assert article.embargoed is not None
    assert article.embargoed.isoformat() == "2026-10-07T00:00:00+00:00"
    assert article.dateline == "PORT ELLERY"
    assert [tag.name for tag in article.tags] == ["harbour"]


def test_nitf_keeps_its_metadata_and_structure() -> None:
    article = read_one(NITF.format(status="usable"), "wire.xml").article
    check_head(article)
    assert article.id == "urn:x-nitf:quay:7"
    assert article.credit.copyright_holder == "Quay Agency"
    assert [type(block).__name__ for block in article.body] == [
        *("Paragraph", "Heading", "Paragraph", "Figure"),
    ]
    assert isinstance(article.body[3], Figure)
    assert article.body[3].src == "https://p.example.org/a.jpg"


@pytest.mark.parametrize("kind", INSIDE)
def test_newsml_keeps_its_metadata_whatever_the_format_of_its_text(kind: str) -> None:
    reading = g2(content=INSIDE[kind])
    check_head(reading.article)
    assert next(iter(passages(reading.article.body))) == LEDE
    assert reading.article.credit.usage_terms == "Ask."
    assert any("Adds costs" in note.what for note in reading.notes)


def test_xhtml_inside_newsml_keeps_its_structure() -> None:
    assert isinstance(g2().article.body[1], Heading)


def test_a_correction_is_a_higher_version_of_the_same_article() -> None:
    first, second = g2(1).article, g2(2).article
    assert first.id == second.id == "urn:newsml:quay.example.org:20261006:7"
    assert (first.version, second.version) == (1, 2)


@pytest.mark.parametrize("content", [XHTML, ""])
def test_a_kill_withdraws_the_article_with_or_without_text(content: str) -> None:
    reading = g2(3, "canceled", content)
    assert reading.article.status == "withdrawn"
    assert {"id", "status"} <= reading.given
    assert read_one(NITF.format(status="canceled"), "wire.xml").article.status == "withdrawn"


@pytest.mark.parametrize("data", ["<newsItem>", "<nitf></nitf>", "<newsMessage ></newsMessage>"])
def test_a_file_without_an_article_is_refused(data: str) -> None:
    assert refused(data, "wire.xml")


def test_entities_are_not_expanded() -> None:
    laughs = '<!DOCTYPE nitf [<!ENTITY a "HAHA">]>' + NITF.format(status="usable").replace(
        "<hl2>Costs", "<hl2>&a;Costs"
    )
    assert "HAHA" not in read_one(laughs, "wire.xml").article.model_dump_json()
