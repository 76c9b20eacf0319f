"""HTML that is not a page of a website: fragments, Google Docs, front matter; and headings."""

from __future__ import annotations

import pytest

from syndicate.article import Figure, Heading, Link, List, Paragraph, Table
from syndicate.article.text import passages, plain
from syndicate.readers import Reading
from tests.readers.reading import read_one

LEDE = "The pilots of the harbour will keep the night watch until spring, the board said on Monday."
MORE = "Two boats a night need a pilot, and in winter there are more of them than in summer."


def heads(reading: Reading) -> list[tuple[int, str]]:
    return [
        (block.level, plain(block.content))
        for block in reading.article.body
        if isinstance(block, Heading)
    ]


@pytest.mark.parametrize("wrap", ["{}", "<html><head></head><body><main>{}</main></body></html>"])
def test_a_heading_after_text_is_not_the_headline(wrap: str) -> None:
    inside = f"<p>{LEDE}</p>\n<h2>What it costs</h2>\n<p>{MORE}</p>\n<h2>Who pays</h2><p>{MORE}</p>"
    reading = read_one(wrap.format(inside), "night-watch.html")
    assert reading.article.title == "Night watch"
    assert heads(reading) == [(2, "What it costs"), (2, "Who pays")]
    assert next(iter(passages(reading.article.body))) == LEDE


def test_a_heading_at_the_top_of_a_fragment_is_its_headline() -> None:
    reading = read_one(f"<h2>Pilots stay</h2><p>{LEDE}</p><h3>Costs</h3><p>{MORE}</p>", "a.html")
    assert reading.article.title == "Pilots stay"
    assert heads(reading) == [(3, "Costs")]


@pytest.mark.parametrize("holder", ["article", "main", "div"])
def test_headings_under_the_headline_keep_their_levels(holder: str) -> None:
    page = (
        f"<html><head><title>Pilots stay</title></head><body><{holder}><h1>Pilots stay</h1>"
        f"<p>{LEDE}</p><h2>Costs</h2><p>{MORE}</p><h3>Fuel</h3><p>{MORE}</p></{holder}></body></html>"
    )
    assert heads(read_one(page, "a.html")) == [(2, "Costs"), (3, "Fuel")]


def test_front_matter_above_html_is_read() -> None:
    front = "---\ntitle: Pilots stay\ndate: 2026-09-01\nauthor: Ruth Abara\n---\n"
    reading = read_one(f"{front}<p>{LEDE}</p>\n<h2>Costs</h2>\n<p>{MORE}</p>", "a.html")
    article = reading.article
    assert (article.title, article.published.date().isoformat()) == ("Pilots stay", "2026-09-01")
    assert [person.name for person in article.contributors] == ["Ruth Abara"]
    assert list(passages(article.body)) == [LEDE, "Costs", MORE]
    assert reading.lines == (6, 7, 8)


STYLE = (
    '<style type="text/css">.lst-kix_z9-0>li:before{content:"x"}.c1{font-weight:700}'
    ".c2{font-style:italic}.c3{text-decoration:line-through}.c4{color:#000;font-weight:400}"
    ".c5{font-weight:700;font-style:italic}</style>"
)


def google(body: str) -> Reading:
    page = f'<html><head>{STYLE}</head><body class="c9 doc-content">{body}</body></html>'
    return read_one(page, "export.html")


def test_a_google_document_keeps_its_title_and_styles() -> None:
    reading = google(
        '<p class="c4 title"><span class="c4">Pilots stay</span></p>'
        '<p class="c4 subtitle"><span class="c4">Until spring</span></p>'
        '<p class="c4"><span>By Ruth Abara</span></p>'
        '<p class="c4"><span class="c4">Bring </span><span class="c1">coins</span><span class="c3">'
        ' now</span><span class="c5"> soon</span> to <a href="https://www.google.com/url?q='
        'https://tides.example.org/a?b%3D1%26c%3D2&amp;sa=D&amp;ust=1">the quay</a>.</p>'
    )
    article = reading.article
    assert (article.title, article.subtitle) == ("Pilots stay", "Until spring")
    assert [person.name for person in article.contributors] == ["Ruth Abara"]
    (paragraph,) = article.body
    assert isinstance(paragraph, Paragraph)
    assert [one.type for one in paragraph.content][:4] == ["text", "strong", "strike", "emphasis"]
    (link,) = [one for one in paragraph.content if isinstance(one, Link)]
    assert link.url == "https://tides.example.org/a?b=1&c=2"


def test_the_comments_of_a_google_document_are_never_published() -> None:
    reading = google(
        '<p class="title">Pilots stay</p><p><span>They stay.</span><sup><a href="#cmnt1" '
        'id="cmnt_ref1">[a]</a></sup><sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup></p>'
        '<hr><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span> Minutes of the board.</span></p>'
        '</div><div class="c7"><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>Is this so?</span>'
        "</p><p><span>3 total reactions</span></p></div>"
    )
    said = reading.article.model_dump_json()
    assert "Is this so?" not in said
    assert "reactions" not in said
    assert "Minutes of the board." in said
    assert any("the comment 'Is this so?" in note.what for note in reading.notes)


def test_nested_lists_of_a_google_document_are_kept() -> None:
    def items(level: int, *words: str) -> str:
        inside = "".join(f"<li><span>{word}</span></li>" for word in words)
        return f'<ul class="c1 lst-kix_z9-{level}">{inside}</ul>'

    reading = google(
        '<p class="title">Pilots</p><p>They cost:</p>'
        + items(0, "Crew") + items(1, "Night", "Sunday") + items(2, "Early") + items(0, "Fuel")
        + "<p>And so on.</p>"
    )  # fmt: skip
    (whole,) = [block for block in reading.article.body if isinstance(block, List)]
    assert [list(passages(item.blocks)) for item in whole.items] == [
        ["Crew", "Night", "Sunday", "Early"],
        ["Fuel"],
    ]


def test_tables_and_captions_of_a_google_document_are_kept() -> None:
    cell = '<td><p><span class="{}">{}</span></p></td>'
    reading = google(
        '<p class="title">Pilots</p><p>Text.</p><p><span><img alt="A quay" src="images/a.png">'
        '</span></p><p><span class="c2">The quay. | Photo: Ruth Abara</span></p><table><tr>'
        + cell.format("c1", "Year") + cell.format("c1", "Boats") + "</tr><tr>"
        + cell.format("c4", "2025") + cell.format("c4", "40") + "</tr></table>"
    )  # fmt: skip
    _, figure, table = reading.article.body
    assert isinstance(figure, Figure)
    assert (plain(figure.caption), figure.credit) == ("The quay.", "Ruth Abara")
    assert isinstance(table, Table)
    assert [plain(one) for one in table.header] == ["Year", "Boats"]
