"""Hugo, Jekyll, Obsidian and admonition habits become what they stand for."""

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


def test_a_hugo_figure_has_its_caption_and_credit() -> None:
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
def test_a_video_is_an_embed(text: str) -> None:
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
def test_boxes_of_every_dialect_are_callouts(text: str) -> None:
    (callout,) = body(text)
    assert isinstance(callout, Callout)
    assert (callout.kind, callout.label, list(passages(callout.blocks))) == (
        "tip",
        "Look",
        ["Hold on."],
    )


def test_an_exclamation_is_no_admonition() -> None:
    (paragraph,) = body("!!! Wow, that was loud")
    assert list(passages((paragraph,))) == ["!!! Wow, that was loud"]


@pytest.mark.parametrize("mark", ["{% highlight python %}", "{{< highlight python >}}"])
def test_highlighted_code_is_kept_to_the_character(mark: str) -> None:
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
def test_links_to_pages_lead_to_the_articles_they_become(text: str) -> None:
    (paragraph,) = body(text)
    assert isinstance(paragraph, Paragraph)
    (link,) = paragraph.content
    assert isinstance(link, Link)
    assert (link.url, plain(link.content)) == ("https://gazette.example.org/night-ferry/", "it")


def test_obsidian_pictures_marks_comments_and_tags() -> None:
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


def test_dialects_are_left_alone_in_code() -> None:
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
def test_an_escaped_mark_marks_nothing(text: str, words: str) -> None:
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
def test_captions_of_tables(text: str) -> None:
    (table,) = body(text)
    assert isinstance(table, Table)
    assert (plain(table.caption), len(table.rows)) == ("Fares", 1)


def test_a_numbered_caption_may_stand_before_its_table() -> None:
    (table,) = body("Table 2. Fares\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    assert isinstance(table, Table)
    assert plain(table.caption) == "Table 2. Fares"


def test_a_name_right_after_a_quote_is_who_said_it() -> None:
    (quote,) = body("> It sails.\n\n— Marit Vane")
    assert isinstance(quote, Quote)
    assert plain(quote.cite) == "Marit Vane"


def test_in_an_faq_box_what_looks_otherwise_than_the_first_question_is_answer() -> None:
    (faq,) = body(
        "::: faq\nQ: Why?\n\nA: So.\n\n### Not asked\n\n**Nor this**\n\nQ: How?\n\n- list\n:::"
    )
    assert isinstance(faq, FAQ)
    assert [len(pair.answer) for pair in faq.pairs] == [3, 1]


def test_a_figure_box_has_a_caption_with_inlines() -> None:
    (figure,) = body("::: figure\n![a](a.png)\n\nThe *old* pier.\n\nCredit: Ruth Abara\n:::")
    assert isinstance(figure, Figure)
    assert (len(figure.caption), figure.credit) == (3, "Ruth Abara")


def test_tags_of_html_nest_without_rules_of_flanking() -> None:
    (paragraph,) = body('a<em>“b <strong>c</strong> ”</em>d<span lang="ar">مد</span><sub>2 x</sub>')
    assert isinstance(paragraph, Paragraph)
    assert [inline.type for inline in paragraph.content] == [
        "text",
        "emphasis",
        "text",
        "span",
        "sub",
    ]


def test_a_picture_whose_name_has_spaces_is_shown_and_told() -> None:
    reading = read_one('# Boat\n\n![A quay](my photo.jpg "Dawn")\n\n`![A](b c.jpg)`\n')
    figure, code = reading.article.body
    assert isinstance(figure, Figure)
    assert (figure.src, figure.alt, plain(figure.caption)) == ("my%20photo.jpg", "A quay", "Dawn")
    assert isinstance(code, Paragraph)
    (told,) = [note for note in reading.notes if note.doubtful]
    assert (told.line, "<my photo.jpg>" in told.what) == (3, True)
