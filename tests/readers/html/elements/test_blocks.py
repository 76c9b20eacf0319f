"""Fragments of HTML become blocks: no text is lost, and nothing unsafe is let through."""

from __future__ import annotations

import pytest

from syndicate.article import (
    FAQ,
    Callout,
    CodeBlock,
    Divider,
    Embed,
    Figure,
    Footnote,
    Gallery,
    Heading,
    List,
    Paragraph,
    PullQuote,
    Quote,
    Table,
)
from syndicate.article.blocks import Block
from syndicate.article.text import passages, plain
from syndicate.readers.html import blocks_of_fragment, content_of_fragment

HOME = "https://gazette.example.org/tides/"


def only(fragment: str) -> Block:
    """The only block of `fragment`."""
    blocks, _ = blocks_of_fragment(fragment, base=HOME)
    (block,) = blocks
    return block


def kinds(fragment: str) -> list[str]:
    """The types of the blocks of `fragment`, in order."""
    return [block.type for block in blocks_of_fragment(fragment, base=HOME)[0]]


def said(block: Block) -> list[str]:
    """The passages of `block`."""
    return list(passages((block,)))


@pytest.mark.parametrize("signs", ["***", "* * *", "——————", "⁂", "~ ~ ~ ~"])
def test_a_line_of_symbols_is_a_divider(signs: str) -> None:
    assert kinds(f"<p>Ebb.</p><p>{signs}</p><p>Flood.</p>") == ["paragraph", "divider", "paragraph"]


def test_white_space_is_collapsed_as_in_a_browser() -> None:
    block = only("<p>The  <b>ferry </b>\n sails <i> again</i>.</p>")
    assert said(block) == ["The ferry sails again."]


def test_two_line_breaks_separate_paragraphs_and_one_does_not() -> None:
    assert kinds("High tide<br>at noon.<br><br>Low tide at six.") == ["paragraph", "paragraph"]


def test_links_become_absolute_and_unsafe_links_become_text() -> None:
    blocks, notes = blocks_of_fragment(
        '<p><a href="gauge/">the gauge</a> <a href="javascript:x()">read me</a></p>', base=HOME
    )
    assert '"https://gazette.example.org/tides/gauge/"' in blocks[0].model_dump_json()
    assert "javascript" not in blocks[0].model_dump_json()
    assert said(blocks[0]) == ["the gauge read me"]
    assert [note.kind for note in notes] == ["left out"]


def test_without_a_base_url_links_stay_relative() -> None:
    (figure,), _ = blocks_of_fragment('<img src="media/quay.jpg" alt="The quay">')
    assert isinstance(figure, Figure)
    assert figure.src == "media/quay.jpg"


def test_nested_lists_keep_their_numbers_and_depth() -> None:
    block = only("<ol start=4><li>Cast off<ul><li>bow<li>stern</ul><li>Sail</ol>")
    assert isinstance(block, List)
    assert (block.ordered, block.start, len(block.items)) == (True, 4, 2)
    inner = block.items[0].blocks[1]
    assert isinstance(inner, List)
    assert said(inner) == ["bow", "stern"]


def test_text_between_list_items_is_kept() -> None:
    assert kinds("<ul><b>Ferries</b> – the 9.05 and the 21.04</ul>") == ["paragraph"]
    block = only("<ul>Cast off:<li>bow</li>, then <li>stern</li></ul>")
    assert said(block) == ["Cast off:", "bow", ", then", "stern"]


def test_words_that_only_the_style_separates_stay_separate() -> None:
    block = only("<h2><a href='/x'>The Pilots</a><em>Low Water</em><span>Quay</span></h2>")
    assert said(block) == ["The Pilots Low Water Quay"]
    assert said(only("<p><b>W</b><i>ind</i> and <b>tide</b><i>s</i></p>")) == ["Wind and tides"]


def test_a_figure_has_separate_caption_and_credit() -> None:
    block = only(
        '<figure><img src=a.jpg alt="A pilot"><figcaption>Pilots at noon.'
        ' <span class="credit">Photo: Ruth Abara</span></figcaption></figure>'
    )
    assert isinstance(block, Figure)
    assert plain(block.caption) == "Pilots at noon."
    assert block.credit == "Ruth Abara"


def test_a_caption_is_recognised_by_its_class() -> None:
    block = only(
        '<div class="wp-caption"><img src=a.jpg><p class="wp-caption-text">Noon.</p></div>'
    )
    assert isinstance(block, Figure)
    assert plain(block.caption) == "Noon."


def test_the_real_address_of_a_lazy_picture_is_found() -> None:
    block = only('<img src="data:image/gif;base64,R0" data-src="/real.jpg">')
    assert isinstance(block, Figure)
    assert block.src == "https://gazette.example.org/real.jpg"


def test_several_pictures_in_one_figure_are_a_gallery() -> None:
    block = only(
        "<figure><figure><img src=1.jpg></figure><figure><img src=2.jpg></figure>"
        "<figcaption>Both quays.</figcaption></figure>"
    )
    assert isinstance(block, Gallery)
    assert plain(block.caption) == "Both quays."


def test_a_table_keeps_header_caption_and_merged_cells() -> None:
    block = only(
        "<table><caption>Tides</caption><tr><th>Port<th>High<tr><td rowspan=2>Eastquay<td>4.1"
        "<tr><td>4.3</table>"
    )
    assert isinstance(block, Table)
    assert [plain(cell) for cell in block.header] == ["Port", "High"]
    assert [[plain(cell) for cell in row] for row in block.rows] == [
        ["Eastquay", "4.1"],
        ["", "4.3"],
    ]
    assert plain(block.caption) == "Tides"


def test_a_layout_table_becomes_paragraphs() -> None:
    table = "<table><tr><td><h2>Left</h2><p>One.</p></td><td><p>Two.</p></td></tr></table>"
    assert kinds(table) == ["heading", "paragraph", "paragraph"]


def test_quotes_keep_their_source() -> None:
    block = only("<blockquote><p>It was calm.</p><footer>— Ines Okafor</footer></blockquote>")
    assert isinstance(block, Quote)
    assert plain(block.cite) == "Ines Okafor"
    assert isinstance(only('<blockquote class="pullquote"><p>Calm.</p></blockquote>'), PullQuote)


@pytest.mark.parametrize(
    ("fragment", "kind", "label"),
    [
        ("<p>Did you know?<br>The bell is cast.</p>", "fact", "Did you know?"),
        ("<p><strong>Pro tip:</strong> The bell is cast.</p>", "tip", "Pro tip"),
        ("<p><b>¿Sabías que?</b></p><p>The bell is cast.</p>", "fact", "¿Sabías que?"),
    ],
)
def test_a_quote_with_a_callout_label_is_a_callout(fragment: str, kind: str, label: str) -> None:
    block = only(f"<blockquote>{fragment}</blockquote>")
    assert isinstance(block, Callout)
    assert (block.kind, block.label) == (kind, label)
    assert list(passages(block.blocks)) == ["The bell is cast."]
    assert isinstance(only("<blockquote><p>Did you know him? I did.</p></blockquote>"), Quote)


def test_code_is_kept_character_for_character() -> None:
    block = only('<pre><code class="language-python">if calm:\n    sail()</code></pre>')
    assert isinstance(block, CodeBlock)
    assert (block.text, block.language) == ("if calm:\n    sail()", "python")


def test_players_become_embeds() -> None:
    block = only('<iframe src="//www.youtube.com/embed/abcdefghijk" title="The ferry"></iframe>')
    assert isinstance(block, Embed)
    assert block.url == "https://www.youtube.com/watch?v=abcdefghijk"
    assert (block.provider, block.text) == ("YouTube", "The ferry")


def test_footnotes_are_joined_to_their_references() -> None:
    blocks, _ = blocks_of_fragment(
        '<p>Calm.<sup><a href="#n1" id="r1">1</a></sup></p>'
        '<ol><li id="n1">By the gauge. <a href="#r1">↩</a></li></ol>'
    )
    assert isinstance(blocks[-1], Footnote)
    assert '"footnote_reference"' in blocks[0].model_dump_json()
    assert said(blocks[-1]) == ["By the gauge."]


def test_numbers_that_link_to_a_list_of_sources_are_footnotes() -> None:
    blocks, _ = blocks_of_fragment(
        '<p>Calm<sup><a href="#sources">2</a></sup>, then fog'
        '<sup><a href="#sources">1</a></sup>.</p>'
        '<h2 id="sources">Sources</h2><p>All were read.</p>'
        "<ol><li>The log.</li><li>The gauge.</li></ol>"
    )
    notes = [block for block in blocks if isinstance(block, Footnote)]
    assert said(blocks[0]) == ["Calm, then fog."]
    assert {note.label: said(note) for note in notes} == {"1": ["The log."], "2": ["The gauge."]}


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("Above: the eastern sluice.", "Above: the eastern sluice.", None),
        ("Left (in oilskins): Ines Okafor", "Left (in oilskins): Ines Okafor", None),
        ("Fig. 2: the eastern sluice", "Fig. 2: the eastern sluice", None),
        ("Photo: Ruth Abara", "", "Ruth Abara"),
        ("A pilot boat at dawn. (Photo: Ruth Abara)", "A pilot boat at dawn.", "Ruth Abara"),
    ],
)
def test_a_line_below_a_picture_that_refers_to_it_is_its_caption(
    line: str, caption: str, credit: str | None
) -> None:
    (figure,) = blocks_of_fragment(f'<p><img src="/sluice.jpg"></p><p>{line}</p>', base=HOME)[0]
    assert isinstance(figure, Figure)
    assert (plain(figure.caption), figure.credit) == (caption, credit)


def test_an_ordinary_sentence_below_a_picture_is_a_paragraph() -> None:
    assert kinds('<img src="/sluice.jpg"><p>Above the sluice, nobody slept.</p>') == [
        "figure",
        "paragraph",
    ]


def test_questions_callouts_definitions_and_dividers_are_recognised() -> None:
    assert isinstance(only("<details><summary>Why?</summary><p>Fog.</p></details>"), FAQ)
    block = only('<div class="callout"><h4>Tip</h4><p>Bring a coat.</p></div>')
    assert isinstance(block, Callout)
    assert (block.kind, block.label) == ("tip", "Tip")
    assert isinstance(only("<dl><dt>Ebb<dd>Falling tide.</dl>"), List)
    assert isinstance(only("<hr>"), Divider)


def test_text_in_another_language_is_marked() -> None:
    assert '"language":"ar"' in only('<p>They said <i lang="ar">نعم</i>.</p>').model_dump_json()


def test_all_headings_move_down_a_level_if_there_is_an_h1() -> None:
    blocks, _ = blocks_of_fragment("<h1>Tides</h1><h2>Springs</h2><p>Text.</p>")
    assert [block.level for block in blocks if isinstance(block, Heading)] == [2, 3]


def test_scripts_and_forms_are_left_out_and_reported() -> None:
    blocks, notes = blocks_of_fragment("<p>Calm.</p><script>alert(1)</script><form><input></form>")
    assert [said(block) for block in blocks] == [["Calm."]]
    assert {note.what for note in notes} == {"a script", "a form"}


def test_a_line_of_html_becomes_inlines() -> None:
    assert plain(content_of_fragment("The <em>night</em> ferry &amp; the tide")) == (
        "The night ferry & the tide"
    )


@pytest.mark.parametrize(
    "fragment",
    [
        "<div>" * 10_000 + "calm",
        "<b>" * 1_500 + "calm",
        "<ul><li>" * 900 + "calm",
        "<table><tr><td>" * 500 + "calm",
        "<blockquote>" * 300 + "calm",
        "<p><a href=x>" * 5_000,
        "<p>\x00\ud800calm&#0;&#xd800;</p>",
        "calm" * 250_000,
        "&lol;" * 10_000,
        "",
    ],
    ids=lambda fragment: repr(fragment[:16]),
)
def test_any_fragment_gives_valid_blocks(fragment: str) -> None:
    blocks, _ = blocks_of_fragment(fragment)
    for block in blocks:
        assert type(block).model_validate_json(block.model_dump_json()) == block


def test_words_stay_in_order_at_any_depth() -> None:
    blocks, _ = blocks_of_fragment(
        "<div>" * 400 + "<p>one</p><p>two</p>" + "</div>" * 400 + "<p>three</p>"
    )
    assert [text for block in blocks for text in said(block)] == ["one", "two", "three"]
    assert all(isinstance(block, Paragraph) for block in blocks)
