"""Plain text that was pasted becomes the blocks that an editor sees in it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain

import pytest

from syndicate.article import (
    FAQ,
    Block,
    Callout,
    CallToAction,
    Contributor,
    Heading,
    Link,
    List,
    Paragraph,
    Quote,
)
from syndicate.article.text import passages, plain
from tests.missing import SAMPLE, needs_sample
from tests.readers.reading import article_of, read_one, refused

LONG = "The harbour council met on Monday and voted to keep the night ferry until 2030."


def copy(*paragraphs: str) -> tuple[Block, ...]:
    """The body of a text with these paragraphs below a headline and a byline."""
    return article_of("\n\n".join(("A headline", "By Ines Okafor", *paragraphs)), "note.txt").body


@needs_sample
def test_the_sample_article_is_read_correctly() -> None:
    reading = read_one(SAMPLE.read_bytes(), SAMPLE.name)
    article, written = reading.article, SAMPLE.read_text("utf-8")
    assert article.title == written.splitlines()[0]
    assert article.contributors == (Contributor(name="Chief Editor"),)
    assert article.subtitle is None
    headings = [plain(block.content) for block in article.body if isinstance(block, Heading)]
    assert len(headings) == 6
    assert headings[-1] == "FAQ"
    callouts = [block for block in article.body if isinstance(block, Callout)]
    assert [(one.kind, one.label) for one in callouts] == [
        ("fact", "Did you know?"),
        ("tip", "Pro Tip"),
    ]
    (faq,) = (block for block in article.body if isinstance(block, FAQ))
    assert len(faq.pairs) == 4
    assert all(plain(pair.question).endswith("?") and pair.answer for pair in faq.pairs)
    assert isinstance(article.body[-1], CallToAction)
    words = " ".join(passages(article.body))
    assert "You may also like" not in words
    assert "Leave a Comment" not in words
    assert [note.line for note in reading.notes if note.kind == "left out"] == [51, 53]
    kept = "".join(chain([article.title], passages(article.body)))
    for line in written.splitlines()[4:49]:
        body = line.removeprefix("Q: ").removeprefix("A: ").removeprefix("Did you know? ")
        assert body.removesuffix(":") in kept


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("by Chief Editor", ["Chief Editor"]),
        ("By INES OKAFOR", ["INES OKAFOR"]),
        (
            "By Ines Okafor, Tomas Lindqvist and Ruth Abara",
            ["Ines Okafor", "Tomas Lindqvist", "Ruth Abara"],
        ),
        ("Por Ana García y Luis de la Peña", ["Ana García", "Luis de la Peña"]),
        ("Von Jan van der Berg", ["Jan van der Berg"]),
        ("Par Zoé Petit et Ali Ben", ["Zoé Petit", "Ali Ben"]),
        ("بقلم: سلمى حداد", ["سلمى حداد"]),
        ("By Coast Agency staff", ["Coast Agency staff"]),
        ("Por nuestra redacción", ["nuestra redacción"]),
        ("Von unserer Redaktion", ["unserer Redaktion"]),
    ],
)
def test_bylines_are_recognised(line: str, names: list[str]) -> None:
    article = article_of(f"A headline\n\n{line}\n\n{LONG}", "note.txt")
    assert [one.name for one in article.contributors] == names


def test_a_byline_may_contain_the_agency_and_the_date() -> None:
    article = article_of(
        f"A headline\nBy Jo Day, Coast Agency | Oct. 5, 2026\n\n{LONG}", "note.txt"
    )
    assert article.contributors == (Contributor(name="Jo Day", organisation="Coast Agency"),)
    assert article.published == datetime(2026, 10, 5, tzinfo=UTC)


def test_a_sentence_that_begins_with_by_is_not_a_byline() -> None:
    article = article_of(f"A headline\n\nBy noon the boat had left the quay.\n\n{LONG}", "note.txt")
    assert article.contributors == ()
    assert len(article.body) == 2


def test_the_line_between_headline_and_byline_is_the_subtitle() -> None:
    article = article_of(f"A headline\n\nWhat it means.\n\nBy Jo Day\n\n{LONG}", "note.txt")
    assert article.subtitle == "What it means."


@pytest.mark.parametrize(
    ("line", "dateline", "agency"),
    [
        ("PORT ELLERY (Agency) — ", "PORT ELLERY", "Agency"),
        ("PORT ELLERY, Oct. 5 – ", "PORT ELLERY, Oct. 5", None),
        ("Port Ellery (dpa) - ", "Port Ellery", "dpa"),
        ("NASA — the agency — said: ", None, None),
        ("The boat – old as it is – sails. ", None, None),
    ],
)
def test_datelines_are_recognised(line: str, dateline: str | None, agency: str | None) -> None:
    article = article_of(f"A headline\n\n{line}{LONG}", "note.txt")
    assert (article.dateline, article.credit.source) == (dateline, agency)
    assert next(passages(article.body)) == (LONG if dateline else line + LONG)


def test_wrapped_lines_are_joined_and_long_lines_are_not() -> None:
    wrapped = (
        "The council met on Monday night in the old\nmarket hall to hear well-\nknown residents."
    )
    (block,) = copy(wrapped)
    assert list(passages((block,))) == [
        "The council met on Monday night in the old market hall to hear well-known residents."
    ]
    assert [block.type for block in copy(f"{LONG} {LONG}\n{LONG} {LONG}")] == ["paragraph"] * 2


def test_a_line_break_where_the_next_word_would_fit_is_kept() -> None:
    chunk = (
        "The night ferry\nHarbour pilots had spent the whole of the afternoon at the gauge.\nNo fog"
    )
    assert len(copy(LONG, chunk, LONG)) > 3


def test_a_title_among_short_lines_is_a_heading() -> None:
    lines = (
        "Up to nine crossings a night",
        "For What It Is Worth",
        "Tea is served on deck",
        "No dogs",
    )
    found = [plain(b.content) for b in copy(LONG, *lines, LONG) if isinstance(b, Heading)]
    assert "For What It Is Worth" in found
    first = copy(
        LONG, "Crossings by the Night Ferry", "More than nine for every moon", "Fog:", LONG
    )
    assert isinstance(first[1], Heading)


def test_a_short_line_is_a_heading_only_if_text_follows() -> None:
    types = [block.type for block in copy("Why fares go up", LONG, "It costs.", "And so it ends")]
    assert types == ["heading", "paragraph", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    ("paragraphs", "kind", "label", "words"),
    [
        (["Did you know? It floats."], "fact", "Did you know?", ["It floats."]),
        (["Pro Tip:", "Hold the rail."], "tip", "Pro Tip", ["Hold the rail."]),
        (["Note: It rains."], "note", "Note", ["It rains."]),
        (["Key takeaways:", "- One\n- Two"], "note", "Key takeaways", ["One", "Two"]),
        (["Editor’s note: We erred."], "note", "Editor’s note", ["We erred."]),
        (["Warning: Ice."], "warning", "Warning", ["Ice."]),
        (["¿Sabías que…? Flota."], "fact", "¿Sabías que…?", ["Flota."]),
        (["Le saviez-vous ? Il flotte."], "fact", "Le saviez-vous ?", ["Il flotte."]),
    ],
)
def test_callouts_are_recognised_by_their_labels(
    paragraphs: list[str], kind: str, label: str, words: list[str]
) -> None:
    first, after = copy(*paragraphs, LONG)
    assert isinstance(first, Callout)
    assert (first.kind, first.label, list(passages(first.blocks))) == (kind, label, words)
    assert isinstance(after, Paragraph)


@pytest.mark.parametrize("text", ["Note that it rains today.", "Did you know that boats float?"])
def test_a_label_without_a_colon_or_question_mark_is_text(text: str) -> None:
    assert not any(isinstance(block, Callout) for block in copy(LONG, text, LONG))


@pytest.mark.parametrize(
    "pairs",
    [
        ["Q: Why?\nA: Because.", "Q: How?\nA: So."],
        ["Q: Why?", "A: Because.", "Q: How?", "A: So."],
        ["FAQ", "Why?", "Because.", "How?", "So."],
        ["Question: Why?\nAnswer: Because.", "Q2: How?\nA2: So."],
    ],
)
def test_questions_and_answers_become_an_faq(pairs: list[str]) -> None:
    (faq,) = (block for block in copy(*pairs, "Notes", LONG) if isinstance(block, FAQ))
    found = [(plain(pair.question), list(passages(pair.answer))) for pair in faq.pairs]
    assert found == [("Why?", ["Because."]), ("How?", ["So."])]


def test_an_answer_may_have_a_second_paragraph() -> None:
    faq, last = copy("Q: Why?\nA: Because.", "And more.", "Q: How?\nA: So.", LONG)
    assert isinstance(faq, FAQ)
    assert list(passages(faq.pairs[0].answer)) == ["Because.", "And more."]
    assert isinstance(last, Paragraph)


def test_lists_are_recognised() -> None:
    dots, numbers, after = copy("• One\n• Two", "3. Three\n4) Four", LONG)
    assert isinstance(dots, List)
    assert isinstance(numbers, List)
    assert (dots.ordered, numbers.ordered, numbers.start) == (False, True, 3)
    assert list(passages((numbers,))) == ["Three", "Four"]
    assert isinstance(after, Paragraph)


@pytest.mark.parametrize("quote", ["“It sails.” — Marit Vane", "“It sails.”\n— Marit Vane"])
def test_a_signed_quotation_is_a_quote(quote: str) -> None:
    block, _ = copy(quote, LONG)
    assert isinstance(block, Quote)
    assert (list(passages(block.blocks)), plain(block.cite)) == (["It sails."], "Marit Vane")


@pytest.mark.parametrize(
    "text",
    [
        "Want to know more? Read our archive.",
        "Subscribe to our newsletter for weekly news.",
        "For more, visit https://gazette.example.org/more.",
        "¿Quieres saber más? Suscríbete.",
    ],
)
def test_a_request_at_the_end_is_a_call_to_action(text: str) -> None:
    *_, last = copy(LONG, text)
    assert isinstance(last, CallToAction)
    assert plain(last.content) == text
    assert last.url == ("https://gazette.example.org/more" if "https" in text else None)


@pytest.mark.parametrize("text", ["Read the label, he says.", "Will it last? Nobody knows."])
def test_other_sentences_at_the_end_are_paragraphs(text: str) -> None:
    assert isinstance(copy(LONG, text)[-1], Paragraph)


def test_urls_in_the_text_become_links() -> None:
    (block,) = copy(f"{LONG} (See https://example.org/a_(b), www and https://.)")
    assert isinstance(block, Paragraph)
    links = [inline for inline in block.content if isinstance(inline, Link)]
    assert [link.url for link in links] == ["https://example.org/a_(b)"]


@pytest.mark.parametrize(
    "boilerplate",
    [
        "Advertisement",
        "Share",
        "5 min read",
        "We use cookies to improve your experience.",
        "READ MORE: The locks that no one opens",
        "Enter your email address",
        "Skip to content",
    ],
)
def test_page_furniture_is_left_out_and_reported(boilerplate: str) -> None:
    reading = read_one(f"A headline\n\n{LONG}\n\n{boilerplate}\n\n{LONG}", "note.txt")
    assert list(passages(reading.article.body)) == [LONG, LONG]
    assert [note.line for note in reading.notes if note.kind == "left out"] == [5]


def test_teasers_are_left_out_but_the_section_after_them_stays() -> None:
    body = copy(LONG, "Related articles", "The locks", "A bridge", "Why fares go up", LONG)
    assert [block.type for block in body] == ["paragraph", "heading", "paragraph"]


def test_front_matter_takes_precedence_over_the_text() -> None:
    text = f"---\ntitle: Another\nauthor: Bo\n---\nBy Ines Okafor\n\n{LONG}"
    article = article_of(text, "note.txt")
    assert (article.title, article.byline) == ("Another", "Bo")
    assert list(passages(article.body)) == [LONG]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("عبّارة الليل", "ar"),
        ("מעבורת הלילה", "he"),
        ("夜のフェリー", "ja"),
        ("夜间渡轮", "zh"),
        ("Boat", "en"),
    ],
)
def test_the_language_is_guessed_from_the_script(words: str, language: str) -> None:
    assert article_of(f"{words}\n\n{words * 5}.", "note.txt").language == language


def test_a_paragraph_is_refused_as_a_headline() -> None:
    (error,) = refused(f"{LONG} {LONG} {LONG}\n\n{LONG}", "note.txt")
    assert str(error).startswith("content/note.txt:1:1: the first line is too long")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("A. The Quay", LONG, "B. The Slipway", LONG), {"A. The Quay", "B. The Slipway"}),
        (
            ("Lesson 1: read the gauge.", LONG, "Lesson 2: never trust it.", LONG),
            {"Lesson 1: read the gauge.", "Lesson 2: never trust it."},
        ),
        (("#1 Tide gauge", LONG, "#2 Pilot cutter", LONG), {"#1 Tide gauge", "#2 Pilot cutter"}),
        (
            (LONG, "Best Overall", "The Brass Gauge", "What We Like", "- It floats", "- It rings"),
            {"Best Overall", "The Brass Gauge", "What We Like"},
        ),
        (
            ("- Rope", "- Lamps", "What else to bring", "In winter", LONG),
            {"What else to bring", "In winter"},
        ),
        (("Q. Who pays?", "A. The harbour does.", "Q. Who sails?", "A. The pilots do."), set()),
    ],
)
def test_numbered_headings_and_headings_on_consecutive_lines_are_recognised(
    lines: tuple[str, ...], expected: set[str]
) -> None:
    body = copy(LONG, *lines)
    assert {plain(block.content) for block in body if isinstance(block, Heading)} == expected
