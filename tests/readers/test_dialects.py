"""The dialects of Hugo, Jekyll and Obsidian and admonitions become the blocks they mean."""

from __future__ import annotations

import pytest

from syndicate.article import (
    FAQ,
    Block,
    Callout,
    CodeBlock,
    Embed,
    Figure,
    Link,
    Paragraph,
    Quote,
    Strong,
    Table,
)
from syndicate.article.text import passages, plain
from tests.readers.reading import article_of, read_one


def body(text: str) -> tuple[Block, ...]:
    """The blocks of `text` under a headline."""
    return article_of(f"# Boat\n\n{text}").body


def test_a_hugo_figure_keeps_its_caption_and_credit() -> None:
    (figure,) = body(
        '{{< figure src="a.jpg" alt="Low *tide*" caption="A pier" attr="Ruth Abara" >}}'
    )
    assert isinstance(figure, Figure)
    assert (figure.src, figure.alt, plain(figure.caption), figure.credit) == (
        "a.jpg",
        "Low *tide*",
        "A pier",
        "Ruth Abara",
    )


@pytest.mark.parametrize(
    "text", ["{{< youtube abc123 >}}", "{% include youtube.html id='abc123' %}"]
)
def test_a_video_becomes_an_embed(text: str) -> None:
    (embed,) = body(text)
    assert isinstance(embed, Embed)
    assert embed.url == "https://www.youtube.com/watch?v=abc123"


@pytest.mark.parametrize(
    "text",
    [
        '{{% notice tip "Look" %}}\nHold **on**.\n{{% /notice %}}',
        '!!! tip "Look"\n    Hold **on**.',
        ":::tip[Look]\nHold **on**.\n:::",
        '::: {.callout-tip title="Look"}\nHold **on**.\n:::',
        "> [!tip]- Look\n> Hold **on**.",
    ],
)
def test_boxes_in_every_dialect_become_callouts(text: str) -> None:
    (callout,) = body(text)
    assert isinstance(callout, Callout)
    assert (callout.kind, callout.label, list(passages(callout.blocks))) == (
        "tip",
        "Look",
        ["Hold on."],
    )


def test_exclamation_marks_in_text_do_not_make_an_admonition() -> None:
    (paragraph,) = body("!!! Wow, that was loud")
    assert list(passages((paragraph,))) == ["!!! Wow, that was loud"]


@pytest.mark.parametrize("mark", ["{% highlight python %}", "{{< highlight python >}}"])
def test_highlighted_code_is_kept_character_for_character(mark: str) -> None:
    end = "{% endhighlight %}" if "%" in mark else "{{< /highlight >}}"
    code, after = body(f"{mark}\nx = '{{{{ site.url }}}} [[a]]'\n{end}\n\nText.")
    assert isinstance(code, CodeBlock)
    assert (code.text, code.language) == ("x = '{{ site.url }} [[a]]'", "python")
    assert isinstance(after, Paragraph)


def test_jekyll_addresses_are_filled_in() -> None:
    (paragraph,) = body(
        '[a]({{ site.url }}/x) [b]({{ "/y" | relative_url }}) [c]({{site.baseurl}}/z)'
    )
    assert isinstance(paragraph, Paragraph)
    urls = [inline.url for inline in paragraph.content if isinstance(inline, Link)]
    assert urls == ["https://gazette.example.org/x", "/y", "/z"]


@pytest.mark.parametrize(
    "text",
    [
        "[[Night Ferry|it]]",
        '[it]({{< ref "night-ferry.md" >}})',
        "[it]({% post_url 2026-10-05-night-ferry %})",
    ],
)
def test_links_to_source_pages_become_links_to_their_articles(text: str) -> None:
    (paragraph,) = body(text)
    assert isinstance(paragraph, Paragraph)
    (link,) = paragraph.content
    assert isinstance(link, Link)
    assert (link.url, plain(link.content)) == ("https://gazette.example.org/night-ferry/", "it")


def test_obsidian_syntax_for_pictures_highlights_comments_and_tags_is_read() -> None:
    reading = read_one(
        "# B\n\n![[a b.png|The quay|300]]\n\nA ==mark== %%secret%% here.\n\n#ferry #tide"
    )
    figure, paragraph = reading.article.body
    assert isinstance(figure, Figure)
    assert (figure.src, figure.alt, figure.width) == ("a%20b.png", "The quay", 300)
    assert isinstance(paragraph, Paragraph)
    assert any(isinstance(inline, Strong) for inline in paragraph.content)
    assert plain(paragraph.content) == "A mark here."
    assert [tag.name for tag in reading.article.tags] == ["ferry", "tide"]


def test_dialect_syntax_inside_code_stays_as_it_is() -> None:
    (paragraph,) = body("`[[a]] {{< b >}} ==c== %%d%%`")
    assert list(passages((paragraph,))) == ["[[a]] {{< b >}} ==c== %%d%%"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("&#81;: no question", "Q: no question"),
        (r"\[[page]] \==x\==", "[[page]] ==x=="),
        (r"https\://example.org", "https://example.org"),
        ("&#84;able: none", "Table: none"),
    ],
)
def test_an_escaped_character_is_text(text: str, words: str) -> None:
    (paragraph,) = body(text)
    assert isinstance(paragraph, Paragraph)
    assert {inline.type for inline in paragraph.content} == {"text"}
    assert plain(paragraph.content) == words


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|---|---|\n| 1 | 2 |\n\nTable: Fares",
        "| a | b |\n|---|---|\n| 1 | 2 |\nTable: Fares",
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n: Fares",
        "| a | b |\n|---|---|\n| 1 | 2 |\n\nTabelle: Fares",
    ],
)
def test_a_table_keeps_its_caption(text: str) -> None:
    (table,) = body(text)
    assert isinstance(table, Table)
    assert (plain(table.caption), len(table.rows)) == ("Fares", 1)


def test_a_numbered_caption_may_come_before_its_table() -> None:
    (table,) = body("Table 2. Fares\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    assert isinstance(table, Table)
    assert plain(table.caption) == "Table 2. Fares"


def test_a_name_right_after_a_quote_is_its_source() -> None:
    (quote,) = body("> It sails.\n\n— Marit Vane")
    assert isinstance(quote, Quote)
    assert plain(quote.cite) == "Marit Vane"


def test_blocks_that_look_unlike_the_first_question_of_an_faq_belong_to_the_answer() -> None:
    (faq,) = body(
        "::: faq\nQ: Why?\n\nA: So.\n\n### Not asked\n\n**Nor this**\n\nQ: How?\n\n- list\n:::"
    )
    assert isinstance(faq, FAQ)
    assert [len(pair.answer) for pair in faq.pairs] == [3, 1]


def test_the_caption_of_a_figure_box_keeps_its_emphasis() -> None:
    (figure,) = body("::: figure\n![a](a.png)\n\nThe *old* pier.\n\nCredit: Ruth Abara\n:::")
    assert isinstance(figure, Figure)
    assert (len(figure.caption), figure.credit) == (3, "Ruth Abara")


def test_inline_html_nests_where_markdown_emphasis_could_not() -> None:
    (paragraph,) = body('a<em>“b <strong>c</strong> ”</em>d<span lang="ar">مد</span><sub>2 x</sub>')
    assert isinstance(paragraph, Paragraph)
    assert [inline.type for inline in paragraph.content] == [
        "text",
        "emphasis",
        "text",
        "span",
        "sub",
    ]


def test_a_picture_with_spaces_in_its_name_is_shown_and_reported() -> None:
    reading = read_one('# Boat\n\n![A quay](my photo.jpg "Dawn")\n\n`![A](b c.jpg)`\n')
    figure, code = reading.article.body
    assert isinstance(figure, Figure)
    assert (figure.src, figure.alt, plain(figure.caption)) == ("my%20photo.jpg", "A quay", "Dawn")
    assert isinstance(code, Paragraph)
    (reported,) = [note for note in reading.notes if note.doubtful]
    assert (reported.line, "<my photo.jpg>" in reported.what) == (3, True)
