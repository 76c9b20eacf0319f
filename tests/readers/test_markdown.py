"""Markdown: what the golden files do not cover."""

from __future__ import annotations

import sys

import pytest

from syndicate.article import (
    FAQ,
    Block,
    Callout,
    Figure,
    Footnote,
    Gallery,
    Heading,
    Paragraph,
    Paywall,
    Quote,
)
from syndicate.article.text import passages, plain
from syndicate.readers import read
from tests import waiting
from tests.cost import seconds
from tests.readers.reading import article_of, read_one, refused, source


def body(text: str) -> tuple[Block, ...]:
    """The blocks of `text` under a headline."""
    return article_of(f"# Boat\n\n{text}").body


def test_the_first_heading_is_the_title_or_repeats_it() -> None:
    assert article_of("# The *boat*\n\nIt sails.").title == "The boat"
    repeated = article_of("---\ntitle: Boat\n---\n# Boat\n\nIt sails.")
    assert [block.type for block in repeated.body] == ["paragraph"]


def test_a_level_one_heading_in_the_body_moves_all_headings_down_a_level() -> None:
    text = "---\ntitle: Boat\n---\n# One\n\n## Two\n\n###### Six\n\nText."
    levels = [block.level for block in article_of(text).body if isinstance(block, Heading)]
    assert levels == [2, 3, 6]
    assert [b.level for b in body("## Two\n\n### Three\n\nx") if isinstance(b, Heading)] == [2, 3]


@pytest.mark.parametrize(
    ("text", "kind", "label"),
    [
        ("> [!tip] Look\n> x", "tip", "Look"),
        ("> [!NOTE]\n> x", "note", "Note"),
        ("> [!did-you-know]\n>\n> x", "fact", "Did you know?"),
        ("> [!question]- Why\n> x", "note", "Why"),
        ("::: warning Ice\nx\n:::", "warning", "Ice"),
        ("::: callout fact Did you know?\nx\n:::", "fact", "Did you know?"),
    ],
)
def test_callouts_are_read_in_all_spellings(text: str, kind: str, label: str) -> None:
    (block,) = body(text)
    assert isinstance(block, Callout)
    assert (block.kind, block.label, list(passages(block.blocks))) == (kind, label, ["x"])


def test_default_labels_are_in_the_articles_language() -> None:
    (block,) = article_of("---\ntitle: Boot\nlang: de\n---\n> [!tip]\n> x").body
    assert isinstance(block, Callout)
    assert block.label == "Tipp"


def test_dashes_in_a_quote_do_not_make_a_source() -> None:
    (block,) = body("> The sea – old as it is –\n> does not care.")
    assert isinstance(block, Quote)
    assert block.cite == ()


def test_one_picture_is_a_figure_and_several_are_a_gallery() -> None:
    one, many, box = body(
        "![a](a.png)\n\n![a](a.png) ![b](b.png)\n\n"
        "::: gallery\n![a](a.png)\n\n![](b.png)\n\nTwo.\n:::"
    )
    assert isinstance(one, Figure)
    assert isinstance(many, Gallery)
    assert isinstance(box, Gallery)
    assert (plain(box.caption), box.figures[1].alt) == ("Two.", None)


@pytest.mark.parametrize("mark", ["<!-- paywall -->", "<!--more-->", "::: paywall\n:::"])
def test_a_paywall_mark_splits_the_article(mark: str) -> None:
    assert [block.type for block in body(f"a\n\n{mark}\n\nb")] == [
        "paragraph",
        "paywall",
        "paragraph",
    ]


def test_an_unclosed_paywall_loses_no_text() -> None:
    assert [type(block) for block in body("::: paywall\n\nb")] == [Paywall, Paragraph]


def test_a_definition_list_in_an_faq_box_becomes_one_faq() -> None:
    (block,) = body("::: faq\nWhy?\n: Because.\n\nHow?\n: So.\n:::")
    assert isinstance(block, FAQ)
    assert [plain(pair.question) for pair in block.pairs] == ["Why?", "How?"]


def test_footnotes_come_last_in_the_order_of_their_references() -> None:
    found = body("a[^b] c^[inside] d[^a]\n\n[^a]: A\n\n[^b]: B")
    notes = [block for block in found if isinstance(block, Footnote)]
    assert [(note.label, *passages(note.blocks)) for note in notes] == [
        ("b", "B"),
        ("2", "inside"),
        ("a", "A"),
    ]


@pytest.mark.parametrize(
    "link",
    ["[x](javascript:alert)", "[x](JAVASCRIPT:a)", "[x](data:text/html,a)", "<file:///etc/x>"],
)
def test_unsafe_links_become_text_and_are_reported(link: str) -> None:
    reading = read_one(f"# Boat\n\nIt {link} sails.")
    (block,) = reading.article.body
    assert isinstance(block, Paragraph)
    assert {inline.type for inline in block.content} == {"text"}
    assert [(note.kind, note.line) for note in reading.notes if "link" in note.what] == [
        ("left out", 3)
    ]


def test_html_is_never_passed_through() -> None:
    reading = read_one(
        "# B\n\n<div onclick=a>Hi <script>x()</script></div>\n\na <font>b</font> <Ruth>"
    )
    assert list(passages(reading.article.body)) == ["Hi", "a b <Ruth>"]
    assert [note.line for note in reading.notes if note.kind == "left out"] == [3, 5, 5]


def test_a_correction_needs_its_date() -> None:
    (error,) = refused("# B\n\nText.\n\n::: correction yesterday\nx\n:::")
    assert str(error).startswith("content/note.md:5:1: a correction needs a date")


def test_line_numbers_include_the_front_matter() -> None:
    reading = read_one("---\ntitle: Boat\ndate: 2026-10-05\n---\n\nText.\n\n::: odd\nx\n:::\n")
    assert [note.line for note in reading.notes] == [8]


def test_reading_takes_less_than_five_times_as_long_as_parsing() -> None:
    from syndicate.readers.markdown.syntax import parse_markdown

    sentence = "The *boat* sails [today](https://example.org/), and nobody knows why it does. "
    text = "# Boat\n\n" + "\n\n".join([sentence * 8] * 10)
    here = source(text)
    whole = min(seconds(lambda: read(here)) for _ in range(7))
    parsed = min(seconds(lambda: parse_markdown(text, here, 1)) for _ in range(7))
    assert whole < 5 * parsed


def test_importing_a_reader_does_not_import_its_parser() -> None:
    code = (
        "import sys, syndicate.readers.markdown, syndicate.readers.newscopy\n"
        "print([m for m in ('markdown_it', 'yaml', 'slugify', 'babel') if m in sys.modules])"
    )
    done = waiting.run([sys.executable, "-c", code], check=True)
    assert done.stdout.strip() == "[]"
