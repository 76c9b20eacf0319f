"""Page furniture around an article is left out; text that only looks like it stays."""

from __future__ import annotations

import pytest

from syndicate.article.text import passages
from syndicate.readers import Reading
from tests.readers.html.copy import SENTENCES
from tests.readers.reading import read_one

FIRST = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:3])


def page(body: str, head: str = "") -> Reading:
    """The reading of a page whose article is `body` below a headline."""
    return read_one(
        f"<html lang=en><head><title>Night ferry returns</title>{head}"
        '<meta name="author" content="Ines Okafor"></head><body><article>'
        f"<h1>Night ferry returns</h1>{body}</article></body></html>",
        "page.html",
    )


def said(reading: Reading) -> list[str]:
    """The passages of the article."""
    return list(passages(reading.article.body))


@pytest.mark.parametrize(
    "boilerplate",
    [
        "<p>We use cookies on our website to remember which tide table you read.</p>",
        "<p>[tidetable form=1630175]</p>",
        "<p>Become a paid subscriber to the Gazette to unlock this tide table.</p>",
        '<p><a href="/shop/">Shop the tide tables that our pilots carry in both pockets.</a></p>',
        '<div class="post-cta"><h4>Want more fish?</h4><p>Our tables tell you.</p></div>',
        '<div class="toc"><p>On the ferry</p><p>On the quay</p></div>',
        '<p>Read our full <a href="/p/">Night Pilot 3000 tide table</a> review</p>',
        '<ul><li>See also: <a href="/fog/">Fog on the pier</a></li></ul>',
        '<blockquote>You may also like: <a href="/fog/">Fog on the pier</a></blockquote>',
        '<p class="small affiliate-disclaimer-small">The gauge pays us for each reading.</p>',
        '<div class="embedded-post"><h4>Fog</h4><p>It came up at six and stayed.</p></div>',
        "<p>Was this newsletter forwarded to you? Ask for your own.</p>",
        "<p>If you enjoy this story, consider supporting our award-winning journalism.</p>",
        '<p><a href="/t/">Click here to learn how our pilots read the gauge.</a></p>',
        '<p>👉 See more on <a href="/t/">tide tables</a> from the harbour office.</p>',
        '<p>No pilot leaves the quay without one!<br><a href="/shop/">Shop tide tables</a></p>',
        "<p>Add the Gazette as a preferred source on Google</p>",
        "<p>Do not sell my personal information.</p>",
        "<p>PDF 346.87 KB</p>",
    ],
)
def test_page_furniture_is_left_out_and_reported(boilerplate: str) -> None:
    reading = page(f"{FIRST}{boilerplate}<p>{SENTENCES[3]}</p>")
    assert said(reading) == list(SENTENCES)
    assert any(note.kind == "left out" for note in reading.notes)


@pytest.mark.parametrize(
    "end",
    [
        "<h3>Ines Okafor</h3><p>Ines has sailed since she was nine and keeps a log of it.</p>",
        "<p>Copyright © 2026 The Gazette. All rights reserved. Ask before you print.</p>"
        "<p>The accuracy of tide tables varies with the moon and with the printer.</p>",
        "<p>This article was edited by the night desk.</p>",
        "<p>Some images courtesy of the harbour office.</p><img src='/quay.jpg'>",
        "<h2>🔥 Recommended posts</h2><p>Fog on the pier, and who walked into it.</p>",
        "<h2>Related articles that may interest you</h2><p>Fog on the pier.</p>",
        '<h4>More from the quay:</h4><ul><li><a href="/a">Fog</a></li></ul>',
        '<ul><li><a href="/a">Tides</a></li><li><a href="/b">Night ferries</a></li></ul>',
        '<p>Find more tides in:</p><ul><li><a href="/a">Hull</a><li><a href="/b">Ghent</a></ul>',
        "<h3>Ines Okafor<br>Chief pilot</h3><p>Her log has been printed twice.</p>",
        "<p>About the author: Ines has sailed since she was nine.</p>",
        "<p>About the author: Ines keeps a log.</p><p>Which nights have you sailed through?</p>",
        "<h2>Still have questions?</h2><p>The harbour office answers them until six.</p>",
        "".join(
            f'<h3><a href="/{n}/">What fog does to a pilot, part {n}</a></h3><p>It rises.</p><hr>'
            for n in range(3)
        ),
        "<p>About Tidewell Tidewell is the harbour's oldest printer of tables.</p>",
        "<p>Authors: Ines Okafor and Tomas Lindqvist, harbour pilots</p>",
        f"<h4>Discussion about this post</h4>{'<p>I saw it too, and I disagree.</p>' * 40}",
    ],
)
def test_the_article_ends_where_page_furniture_begins(end: str) -> None:
    assert said(page(f"{FIRST}<p>{SENTENCES[3]}</p>{end}")) == list(SENTENCES)


def test_a_heading_that_the_description_repeats_is_the_subtitle() -> None:
    head = '<meta name="description" content="After two winters ashore the boat sails again">'
    reading = page(f"<h3>After two winters ashore the boat sails again</h3>{FIRST}", head)
    assert reading.article.subtitle == "After two winters ashore the boat sails again"
    assert said(reading) == list(SENTENCES[:3])


@pytest.mark.parametrize(
    "kept",
    [
        "<p>Become a pilot, they said, and you will sleep in the afternoon and see the dawn.</p>",
        "<h3>Copyright on tide tables</h3>",
        '<p><a href="/fog/">Read more about fog on the pier.</a></p>',
        "<h2>Ready to sail by night?</h2>",
        "<p>Read the gauge twice.<br>Then read it again.</p>",
        "<p>Ask how the pilots may be compensated for the nights that nobody else will sail.</p>",
    ],
)
def test_text_that_only_looks_like_page_furniture_stays(kept: str) -> None:
    reading = page(f"{FIRST}{kept}<p>{SENTENCES[3]}</p>")
    assert len(said(reading)) == 5


def test_a_call_to_action_that_appears_twice_is_page_furniture() -> None:
    call = "<p>Get the tide tables that you need for a winter on the water</p>"
    once = page(f"{FIRST}{call}<p>{SENTENCES[3]}</p>")
    twice = page(f"{call}{FIRST}{call}<p>{SENTENCES[3]}</p>")
    assert (len(said(once)), said(twice)) == (5, list(SENTENCES))


def test_a_list_of_products_with_linked_headings_stays() -> None:
    things = "".join(
        f'<h2><a href="https://tides.example/{n}">Gauge {n}</a></h2><p>{SENTENCES[n]}</p>'
        for n in range(4)
    )
    assert len(said(page(f"<p>We read four gauges.</p>{things}"))) == 9


def test_an_embedded_post_without_text_becomes_an_embed() -> None:
    reading = page(
        f"{FIRST}<blockquote class=instagram-media"
        ' data-instgrm-permalink="https://www.instagram.com/p/Cxyz123/">'
        '<p><a href="https://www.instagram.com/p/Cxyz123/">View this post on Instagram</a></p>'
        f"</blockquote><p>{SENTENCES[3]}</p>"
    )
    assert "View this post" not in " ".join(said(reading))
    assert any(block.type == "embed" for block in reading.article.body)


def test_a_sentence_that_begins_with_by_is_not_a_byline() -> None:
    assert page(f"{FIRST}<p>{SENTENCES[3]}</p>").article.byline == "Ines Okafor"


@pytest.mark.parametrize("kept", ["Sources", "References", "Quellen"])
def test_a_list_of_sources_stays(kept: str) -> None:
    links = '<ul><li><a href="https://tides.example/">The tide tables of 1881</a></li></ul>'
    assert said(page(f"{FIRST}<h2>{kept}</h2>{links}"))[-2:] == [kept, "The tide tables of 1881"]


def test_a_grid_of_links_after_a_line_that_announces_it_stays() -> None:
    grid = "".join(f'<div><a href="/log/{n}">The log of night {n}</a></div>' for n in range(3))
    end = f"<div>{grid}</div><p>{SENTENCES[3]}</p>"
    links = [f"The log of night {n}" for n in range(3)]
    assert said(page(f"{FIRST}<p>What the pilots wrote down:</p>{end}"))[4:7] == links
    assert said(page(f"{FIRST}<p>They wrote it down.</p>{end}"))[4:] == [SENTENCES[3]]


def test_a_drop_cap_in_its_own_block_is_joined_with_its_word() -> None:
    first = SENTENCES[0]
    split = f"<div class=first>{first[0]}</div><div><p>{first[1:]}</p></div>"
    assert said(page(f"{split}<p>{SENTENCES[1]}</p>")) == list(SENTENCES[:2])


def test_a_heading_is_left_out_with_its_whole_section() -> None:
    offer = '<p><a href="/shop/">Shop now</a></p>'
    made = page(f"{FIRST}<h2>Tables</h2>{offer}<h2>Fog</h2>{offer}<h3>Bank</h3><p>It lifts.</p>")
    assert said(made)[3:] == ["Fog", "Bank", "It lifts."]


def test_a_list_of_links_after_a_sentence_that_introduces_it_stays() -> None:
    links = '<ul><li><a href="/log">The log of the night</a></li></ul>'
    intro = "<p>What the pilots wrote down that night can be read here, hour by hour:</p>"
    assert said(page(f"{FIRST}{intro}{links}"))[-1] == "The log of the night"


def test_questions_on_buttons_that_open_their_answers_stay_in_the_text() -> None:
    faq = "".join(
        f'<div><button class="faq-list__label">{question}</button><p>{answer}</p></div>'
        for question, answer in zip(("Who saw it?", "Who steered?"), SENTENCES[2:], strict=True)
    )
    text = " ".join(said(page(f"{FIRST}{faq}<button>Ready to sail?</button>")))
    assert "Who saw it? By midnight" in text
    assert "Ready to sail?" not in text


def test_only_the_heading_of_a_header_inside_the_article_stays() -> None:
    part = f"<header><h2>At the quay</h2><ul><li>Open till ten</li></ul></header>{FIRST}"
    assert said(page(f"{FIRST}<div>{part}</div>"))[3] == "At the quay"
    assert "Open till ten" not in said(page(f"{FIRST}<div>{part}</div>"))


def test_a_class_that_only_describes_the_layout_is_not_a_sidebar() -> None:
    part = f'<div class="main sidebar-enabled--false">{FIRST}</div>'
    assert said(page(f"<p>{SENTENCES[3]}</p>{part}")) == [SENTENCES[3], *SENTENCES[:3]]


def test_a_last_passage_about_the_organisation_that_wrote_the_article_stays() -> None:
    head = '<meta name="author" content="Tidewell">'
    last = "<p>Tidewell is printing its tables for the ninetieth year.</p>"
    reading = read_one(
        f"<html lang=en><head>{head}</head><body><article><h1>Tables</h1>{FIRST}{last}</article>"
        "</body></html>",
        "page.html",
    )
    assert said(reading)[-1].startswith("Tidewell is printing")


def test_a_class_used_for_most_of_the_text_is_not_navigation() -> None:
    long = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES * 3)
    parts = (
        f"<div class=content-nav-section>{FIRST}</div><div class=content-nav-section>{long}</div>"
    )
    assert said(page(parts)) == [*SENTENCES[:3], *SENTENCES * 3]
    assert said(page(f"<div class=site-nav-section>{FIRST}</div><div class=text>{long}</div>")) == [
        *SENTENCES * 3
    ]


def test_a_collapsed_answer_is_read_and_other_hidden_text_is_not() -> None:
    hidden = f'<div class="faq-collapse" style="display:none"><p>{SENTENCES[3]}</p></div>'
    assert said(page(FIRST + hidden))[-1] == SENTENCES[3]
    hidden = f'<div class="survey" style="display:none"><p>{SENTENCES[3]}</p></div>'
    assert said(page(FIRST + hidden))[-1] == SENTENCES[2]


def test_an_aside_with_text_is_read_and_an_aside_with_links_is_not() -> None:
    remark = f"<aside><p>{SENTENCES[3]} Ask any of them.</p></aside>"
    assert said(page(f"<p>{SENTENCES[0]}</p>{remark}{FIRST}"))[1].startswith(SENTENCES[3])
    links = f'<aside><p><a href="/a">{SENTENCES[3]}</a> Ask any of them.</p></aside>'
    assert said(page(f"<p>{SENTENCES[0]}</p>{links}{FIRST}"))[1] == SENTENCES[0]


def test_a_grid_of_other_articles_is_left_out_even_if_it_is_long() -> None:
    cards = "".join(
        f'<div class=card><h3><a href="/a/{n}">Fog on pier {n}</a></h3><p>{SENTENCES[n]}</p></div>'
        for n in range(3)
    )
    text = FIRST + FIRST
    assert said(page(f"{text}<div>{cards}</div>")) == [*SENTENCES[:3], *SENTENCES[:3]]


def test_a_grid_of_sponsored_products_stays() -> None:
    cards = "".join(
        f'<div class=card><h3><a rel="sponsored" href="https://shop.example/{n}">Boat {n}</a></h3>'
        f"<p>{SENTENCES[n]}</p></div>"
        for n in range(3)
    )
    assert "Boat 1" in said(page(f"{FIRST}{FIRST}<div>{cards}</div>"))


def test_a_paragraph_of_invisible_characters_is_left_out() -> None:
    assert said(page(f"<p>{SENTENCES[0]}</p><p>\u200d</p><p>\u200b \ufeff</p>{FIRST}")) == [
        SENTENCES[0],
        *SENTENCES[:3],
    ]
