"""Sitemaps: the limits, the index, the news."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import etree

from syndicate.adapters import sitemap
from syndicate.adapters.sitemap import Sitemap
from syndicate.article import Figure
from tests.adapters.feeds.feeds import edition, kit
from tests.articles import NOON, article

S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
N = "{http://www.google.com/schemas/sitemap-news/0.9}"


def made(adapter: Sitemap, *articles: object) -> dict[str, bytes]:
    of = edition(*articles)  # type: ignore[arg-type]
    return {one.name: one.content for one in adapter.render(of, kit())}


def test_every_article_is_in_the_sitemap() -> None:
    lead = Figure(src="https://gazette.example.org/a.jpg?x=1&y=2")
    found = made(Sitemap(), article("b", lead_image=lead), article("a", url="/ä?b=c&d=e"))
    urls = etree.fromstring(found["sitemap.xml"])
    assert [one.text for one in urls.iter(f"{S}loc")] == [
        "https://gazette.example.org/%C3%A4?b=c&d=e",
        "https://gazette.example.org/b/",
    ]
    assert urls.findtext(f"{S}url/{S}lastmod") == "2026-10-05T12:00:00+00:00"
    assert b"<image:loc>https://gazette.example.org/a.jpg?x=1&amp;y=2<" in found["sitemap.xml"]


def test_too_many_urls_are_split_into_an_index_and_sitemaps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sitemap.MOST_URLS, "pages", 2)
    articles = [article(f"a{n}", published=NOON - timedelta(hours=n)) for n in range(5)]
    found = made(Sitemap(), *articles)
    index = etree.fromstring(found.pop("sitemap.xml"))
    names = [loc.text.rpartition("/")[2] for loc in index.iter(f"{S}loc") if loc.text]
    assert names == sorted(found) == ["sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml"]
    more = made(Sitemap(), article("new", published=NOON + timedelta(hours=1)), *articles)
    assert more["sitemap-1.xml"] == found["sitemap-1.xml"]  # a full one stays as it is
    assert more["sitemap-2.xml"] == found["sitemap-2.xml"]


def test_no_sitemap_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MOST_BYTES", 1000)
    found = made(Sitemap(), *(article(f"a{n}") for n in range(20)))
    assert len(found) > 3
    assert all(len(content) <= 1000 for name, content in found.items() if "-" in name)


def test_a_news_sitemap_covers_two_days_and_a_thousand_articles() -> None:
    hours = (0, 1, 47, 49, 500)
    articles = [article(f"a{h}", published=NOON - timedelta(hours=h)) for h in hours]
    root = etree.fromstring(made(Sitemap(kind="news"), *articles)["sitemap.xml"])
    urls = root.findall(f"{S}url")
    assert len(urls) == 3
    news = urls[0].find(f"{N}news")
    assert news is not None
    assert news.findtext(f"{N}publication/{N}name") == "The Harbour Gazette"
    assert news.findtext(f"{N}publication/{N}language") == "en"
    assert news.findtext(f"{N}title") == articles[0].title
    assert sitemap.MOST_URLS["news"] == 1000


@pytest.mark.parametrize(("language", "said"), [("pt-BR", "pt"), ("zh-TW", "zh-tw")])
def test_languages_are_written_as_google_news_expects(language: str, said: str) -> None:
    found = made(Sitemap(kind="news"), article(language=language))["sitemap.xml"]
    assert f"<news:language>{said}<".encode() in found


def test_an_empty_sitemap() -> None:
    assert etree.fromstring(made(Sitemap())["sitemap.xml"]).tag == f"{S}urlset"
