from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from syndicate.adapters.feeds.adapter import FeedAdapter
from syndicate.adapters.feeds.atom import Atom
from syndicate.adapters.feeds.entry import FeedEntry, entry_of
from syndicate.adapters.feeds.rss import RSS
from syndicate.adapters.web.pictures import WebPictures
from syndicate.article import Article, Contributor, Correction, Figure, Link, Paragraph, Paywall
from syndicate.kit import Kit
from tests.adapters.feeds.feeds import arabic, document, edition, files, hostile, kit, picture
from tests.articles import article, every_block, para, words


def entry(one: Article, content: Path | None = None, *, full: bool = True) -> FeedEntry:
    of, with_kit = edition(one), kit(content)
    return entry_of(one, of, with_kit, WebPictures(of, with_kit), full=full)


def test_all_addresses_in_content_are_absolute() -> None:
    addresses = re.findall(r'(?:href|src|cite)="([^"]*)"', entry(every_block()).content)
    assert len(addresses) > 10
    assert all(address.startswith("https://") for address in addresses)


def test_footnotes_lead_to_the_articles_page() -> None:
    content = entry(every_block()).content
    page = "https://gazette.example.org/every-block/"
    assert f'href="{page}#fn-every-block-1"' in content
    assert f'href="{page}#fnref-every-block-1"' in content


def test_content_survives_a_strict_sanitiser() -> None:
    content = entry(every_block()).content
    kept = feedparser.parse(document(RSS(), every_block())).entries[0].content[0].value
    assert re.findall(r"<(\w+)", kept) == re.findall(r"<(\w+)", content)


def test_the_dateline_runs_into_the_first_paragraph() -> None:
    content = entry(every_block()).content
    assert '<p><span class="dateline">PORT ELLERY</span> — Every pilot' in content
    assert content.count("PORT ELLERY") == 1
    assert "PORT ELLERY" in entry(article(dateline="PORT ELLERY", body=())).content


def test_the_lead_picture_comes_first_and_only_once() -> None:
    lead = Figure(src="https://gazette.example.org/pier.jpg", alt="A pier")
    assert entry(article(lead_image=lead)).content.count("<img") == 1
    assert entry(article(lead_image=lead, body=(lead, para("x")))).content.count("<img") == 1


@pytest.mark.parametrize("access", ["members", "paid"])
def test_only_the_text_before_the_paywall_is_open(access: str) -> None:
    body = (
        para("Open."),
        Paywall(),
        para("Closed."),
        Correction(date=date(2026, 10, 6), content=words("It was Tuesday.")),
    )
    made = entry(article(access=access, body=body))
    assert "Open." in made.content
    assert "Closed." not in made.content
    assert "It was Tuesday." in made.content
    assert '<a href="https://gazette.example.org/ferry/">The rest of this article' in made.content
    assert "Closed." in entry(article(body=body)).content


def test_without_a_paywall_marker_nothing_for_members_is_open() -> None:
    made = entry(article(access="paid", body=(para("Closed."),)))
    assert "Closed." not in made.content + made.summary


def test_the_members_line_is_in_the_articles_language() -> None:
    made = entry(arabic().model_copy(update={"access": "members"}))
    assert "بقية هذا المقال للأعضاء." in made.content
    assert '<div dir="rtl" lang="ar">' in made.content


def test_local_pictures_are_published_with_the_feed(tmp_path: Path) -> None:
    src = picture(tmp_path, "pictures/pier.png", (2000, 1000))
    of, with_kit = edition(), kit(tmp_path)
    pictures = WebPictures(of, with_kit)
    one = article(lead_image=Figure(src=src, alt="Pier"), body=(Figure(src=src, alt="Pier"),))
    made = entry_of(one, of, with_kit, pictures, full=True)
    assert made.lead is not None
    assert made.thumbnail is not None
    full, small = (
        pictures.artifacts[media.url.removeprefix(of.url)] for media in (made.lead, made.thumbnail)
    )
    assert made.lead.length == len(full.content)
    assert (made.lead.width, made.thumbnail.width) == (1200, 480)
    assert len(pictures.artifacts) == 2
    assert f'<img src="{made.lead.url}" alt="Pier" width="1200" height="600">' in made.content
    assert small.media_type == "image/png"


def test_a_missing_picture_is_reported_and_its_text_stays() -> None:
    one = article(lead_image=Figure(src="pictures/none.jpg", alt="A pier", caption=words("Low.")))
    of, with_kit = edition(one), kit()
    made = entry_of(one, of, with_kit, WebPictures(of, with_kit), full=True)
    assert made.lead is None
    assert "[A pier]" in made.content
    assert "Low." in made.content
    assert [loss.block for loss in with_kit.losses] == ["figure"]


def test_rights_and_people() -> None:
    one = article(
        credit={"copyright_holder": "Agency", "usage_terms": "No archives."},
        contributors=(Contributor(name="A"), Contributor(name="B", role="photographer")),
    )
    made = entry(one)
    assert made.rights == "© Agency No archives."
    assert [other.name for other in made.others] == ["B"]


def test_hostile_articles_stay_text() -> None:
    for one in hostile():
        made = entry(one)
        assert "<script" not in made.content
        assert "onload=&#34;" in made.content or "onload" not in made.content
        assert "etc/passwd&#39;" in made.content or "include" not in made.content
        assert "49" not in re.sub(r"hostile-49|\b49 ", "", made.content)


def test_a_link_that_is_not_a_url_cannot_leave_its_attribute() -> None:
    link = Link(url='https://a.example/"><script>', content=words("x"))
    made = entry(article(body=(Paragraph(content=(link,)),)))
    assert 'href="https://a.example/%22%3E%3Cscript%3E"' in made.content


@pytest.mark.parametrize("feed", [RSS(), Atom()])
def test_the_output_of_a_newsrooms_own_template_is_cleaned(
    feed: FeedAdapter, tmp_path: Path
) -> None:
    text = '<p><a href="/tides/">x</a>\x0b\x85\ufffe]]> &content; &lt;</p>'
    (tmp_path / "entry.html.j2").write_text(text)
    of, own = edition(article()), Kit((tmp_path, *kit().folders), tmp_path)
    written = etree.fromstring(files(feed, of, own)[feed.file].content)
    cleaned = '<p><a href="https://gazette.example.org/tides/">x</a>]]> &content; &lt;</p>'
    assert cleaned in [element.text for element in written.iter()]
