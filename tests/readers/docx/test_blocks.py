"""Styles, runs, lists, tables, pictures and links of Word files become blocks."""

from __future__ import annotations

import re
from datetime import UTC

import pytest
from docx.oxml import parse_xml

from syndicate.article import (
    CodeBlock,
    Figure,
    Gallery,
    Heading,
    Link,
    List,
    Paragraph,
    Quote,
    Table,
)
from syndicate.article.text import passages, plain
from tests.readers.docx.making import (
    BEGUN,
    W,
    blocks,
    document,
    para,
    picture,
    read,
    said,
    with_body,
)
from tests.readers.reading import read_one


def test_word_styles_become_titles_headings_and_quotes() -> None:
    made = document(author="Ines Okafor", keywords="ferry, harbour; tides")
    made.add_paragraph("Night ferry returns", "Title")
    made.add_paragraph("After two winters", "Subtitle")
    made.add_paragraph("The boat sails at ten.")
    made.add_heading("Timetable", 1)
    made.add_heading("Fares", 2)
    made.add_paragraph("It was late.", "Quote")
    reading = read(made)
    article = reading.article
    assert (article.title, article.subtitle) == ("Night ferry returns", "After two winters")
    assert [person.name for person in article.contributors] == ["Ines Okafor"]
    assert [tag.name for tag in article.tags] == ["ferry", "harbour", "tides"]
    assert article.published == BEGUN.replace(tzinfo=UTC)
    assert [(h.level, plain(h.content)) for h in blocks(article, Heading)] == [
        (2, "Timetable"),
        (3, "Fares"),
    ]
    assert list(passages(blocks(article, Quote)[0].blocks)) == ["It was late."]
    assert "when the document was created" in said(reading)


@pytest.mark.parametrize(
    ("name", "level"),
    [("berschrift1", 2), ("Titre2", 3), ("Ttulo1", 2), ("Kop 1", 2), ("標題 2", 3)],
)
def test_heading_styles_are_recognised_in_other_languages(name: str, level: int) -> None:
    body = para("Hafen", "Titel") + para("Eins", "berschrift1") + para("Zwei", name) + para("Text.")
    article = read_one(with_body(body), "a.docx").article
    assert article.title == "Hafen"
    assert blocks(article, Heading)[1].level == level


def test_without_styles_the_first_bold_line_is_the_title_and_the_others_headings() -> None:
    made = document()
    made.add_paragraph("The quay is shut")
    made.add_paragraph("By Ruth Abara and Tomas Lindqvist")
    made.add_paragraph("5 October 2026")
    made.add_paragraph("Workmen found a crack.")
    made.add_paragraph().add_run("Who pays").bold = True
    made.add_paragraph("Nobody knows.")
    made.add_paragraph().add_run("Bold, but a sentence.").bold = True
    reading = read(made)
    article = reading.article
    assert article.title == "The quay is shut"
    assert [person.name for person in article.contributors] == ["Ruth Abara", "Tomas Lindqvist"]
    assert article.published.date().isoformat() == "2026-10-05"
    assert [plain(h.content) for h in blocks(article, Heading)] == ["Who pays"]
    assert "the heading 'Who pays', from its bold letters" in said(reading)


def test_without_a_title_style_the_title_property_is_the_title() -> None:
    made = document(title="Night ferry returns")
    made.add_paragraph("The boat sails at ten, and nobody in the harbour is surprised at all.")
    article = read(made).article
    assert article.title == "Night ferry returns"
    assert len(article.body) == 1


def test_runs_are_joined_into_as_few_inlines_as_possible() -> None:
    made = document()
    made.add_paragraph("Boats", "Title")
    line = made.add_paragraph("The ")
    for word, bold, italic in (("ni", True, False), ("ght", True, False), (" ", False, False)):
        run = line.add_run(word)
        run.bold, run.italic = bold, italic
    last = line.add_run("ferry")
    last.bold = last.italic = True
    low = line.add_run("2")
    low.font.subscript = True
    (paragraph,) = read(made).article.body
    assert isinstance(paragraph, Paragraph)
    assert [one.type for one in paragraph.content] == ["text", "strong", "sub"]
    assert plain(paragraph.content) == "The night ferry₂"


def test_nested_lists_are_kept() -> None:
    made = document()
    made.add_paragraph("Boats", "Title")
    for text, style in (
        ("one", "List Bullet"),
        ("deeper", "List Bullet 2"),
        ("two", "List Bullet"),
        ("first", "List Number"),
    ):
        made.add_paragraph(text, style)
    bullets, numbers = read(made).article.body
    assert isinstance(bullets, List)
    assert isinstance(numbers, List)
    assert [list(passages(item.blocks)) for item in bullets.items] == [["one", "deeper"], ["two"]]
    assert numbers.ordered


def test_tables_keep_their_header_and_merged_cells() -> None:
    made = document()
    made.add_paragraph("Fares", "Title")
    table = made.add_table(3, 2)
    for number, word in enumerate(["Who", "Fare", "Adults", "9", "Everybody", ""]):
        cell = table.cell(number // 2, number % 2)
        cell.text = ""
        cell.paragraphs[0].add_run(word).bold = number < 2
    table.cell(2, 0).merge(table.cell(2, 1))
    made.add_paragraph("Fares from May", "Caption")
    (block,) = read(made).article.body
    assert isinstance(block, Table)
    assert [plain(cell) for cell in block.header] == ["Who", "Fare"]
    assert [[plain(cell) for cell in row] for row in block.rows] == [
        ["Adults", "9"],
        ["Everybody", ""],
    ]
    assert plain(block.caption) == "Fares from May"


def test_a_table_of_one_cell_becomes_a_box() -> None:
    made = document()
    made.add_paragraph("Fares", "Title")
    made.add_table(1, 1).cell(0, 0).text = "Bring coins."
    assert list(passages(read(made).article.body)) == ["Bring coins."]


def test_pictures_are_extracted_with_alt_text_and_caption() -> None:
    made = document()
    made.add_paragraph("Quay", "Title")
    made.add_picture(picture())
    drawing = made.paragraphs[-1]._p.xpath(".//wp:docPr")[0]
    drawing.set("descr", "A quay at dawn")
    made.add_paragraph("The quay. | Photo: Ruth Abara", "Caption")
    made.add_picture(picture(colour="#3a3"))
    reading = read(made)
    first, second = reading.article.body
    assert isinstance(first, Figure)
    assert isinstance(second, Figure)
    assert re.fullmatch(r"harbour/notes-[0-9a-f]{12}\.png", first.src)
    assert (first.alt, first.credit, plain(first.caption)) == (
        "A quay at dawn",
        "Ruth Abara",
        "The quay.",
    )
    assert (first.width, first.height) == (40, 30)
    assert set(reading.pictures) == {first.src, second.src}
    assert reading.pictures[first.src] == picture().getvalue()


def test_consecutive_pictures_are_a_gallery() -> None:
    made = document()
    made.add_paragraph("Quay", "Title")
    line = made.add_paragraph()
    line.add_run().add_picture(picture())
    line.add_run().add_picture(picture(colour="#3a3"))
    (block,) = read(made).article.body
    assert isinstance(block, Gallery)
    assert len(block.figures) == 2


def test_links_are_kept_unless_they_are_unsafe() -> None:
    made = document()
    made.add_paragraph("Tides", "Title")
    line = made.add_paragraph("See ")
    for url, word in (("https://tides.example.org/", "tables"), ("javascript:alert(1)", "this")):
        number = line.part.relate_to(
            url,
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
            is_external=True,
        )
        line._p.append(
            parse_xml(
                f'<w:hyperlink {W} r:id="{number}" xmlns:r="http://schemas.openxmlformats.org/'
                f'officeDocument/2006/relationships"><w:r><w:t>{word} </w:t></w:r></w:hyperlink>'
            )
        )
    reading = read(made)
    (paragraph,) = reading.article.body
    assert isinstance(paragraph, Paragraph)
    links = [one for one in paragraph.content if isinstance(one, Link)]
    assert [link.url for link in links] == ["https://tides.example.org/"]
    assert plain(paragraph.content) == "See tables this"
    assert "unsafe link" in said(reading)


def test_code_is_kept_line_by_line() -> None:
    made = document()
    made.add_paragraph("Code", "Title")
    made.styles.add_style("Source Code", 1)
    made.add_paragraph("if tide:", "Source Code")
    made.add_paragraph("    wait()", "Source Code")
    (block,) = read(made).article.body
    assert block == CodeBlock(text="if tide:\n    wait()")


def test_the_language_is_the_one_that_most_of_the_text_is_marked_with() -> None:
    run = '<w:r><w:rPr><w:lang w:val="{}"/></w:rPr><w:t>{}</w:t></w:r>'
    body = (
        para("Hafen", "Title")
        + f"<w:p>{run.format('en-US', 'a')}{run.format('de-AT', 'Das Boot')}</w:p>"
    )
    assert read_one(with_body(body), "a.docx").article.language == "de"
