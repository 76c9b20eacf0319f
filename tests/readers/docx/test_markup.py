"""Features that only Word files have: merged cells, fields, drawings, hidden text, numbering (by
Word or typed by hand), dates that come from a template."""

from __future__ import annotations

from datetime import datetime

import pytest

from syndicate.article import Link, List, Paragraph, Strong, Table
from syndicate.article.text import passages, plain
from syndicate.readers import Reading
from tests.readers.docx.making import (
    W,
    blocks,
    changed,
    document,
    packed,
    para,
    picture,
    read,
    said,
    with_body,
)
from tests.readers.reading import read_one, refused

SPACES = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def of(body: str) -> Reading:
    """The article from a body in WordprocessingML, below a title."""
    text = (
        f"<w:document {W} {SPACES}><w:body>{para('Harbour', 'Title')}{body}</w:body></w:document>"
    )
    data = changed(packed(document()), word__document_dot_xml=text.encode())
    return read_one(data, "harbour.docx")


def texts(reading: Reading) -> list[str]:
    """The passages of the body."""
    return list(passages(reading.article.body))


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{para(text)}</w:tc>"


def rows_of(table: Table) -> list[list[str]]:
    return [[plain(one) for one in row] for row in table.rows]


def test_cells_below_a_merged_cell_stay_in_their_columns() -> None:
    reading = of(
        "<w:tbl><w:tr>" + cell("Quay", '<w:vMerge w:val="restart"/>') + cell("Ruth") + cell("12")
        + "</w:tr><w:tr>" + cell("forgotten", "<w:vMerge/>") + cell("Tomas") + cell("9")
        + "</w:tr><w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>" + cell("Ines") + cell("7")
        + "</w:tr></w:tbl>"
    )  # fmt: skip
    assert rows_of(blocks(reading.article, Table)[0]) == [
        ["Quay", "Ruth", "12"],
        ["", "Tomas", "9"],
        ["", "Ines", "7"],
    ]


@pytest.mark.parametrize(
    ("look", "first", "headed"),
    [
        ('w:firstRow="1"', ("Year", "Boats"), True),
        ('w:val="04A0"', ("", "2025"), True),
        ('w:firstRow="0"', ("Year", "Boats"), False),
        ('w:val="0480"', ("Year", "Boats"), False),
        ('w:firstRow="1"', ("Adults", "€9.50"), False),
    ],
)
def test_the_header_row_is_known_from_the_table_style(
    look: str, first: tuple[str, str], headed: bool
) -> None:
    reading = of(
        f"<w:tbl><w:tblPr><w:tblLook {look}/></w:tblPr><w:tr>{cell(first[0])}{cell(first[1])}"
        f"</w:tr><w:tr>{cell('Children')}{cell('4')}</w:tr></w:tbl>"
    )
    table = blocks(reading.article, Table)[0]
    assert bool(table.header) is headed
    assert ("is its header" in said(reading)) is headed


def test_hidden_text_is_never_published_however_it_is_hidden() -> None:
    styles = (
        f'<w:styles {W}><w:style w:type="character" w:styleId="Secret"><w:rPr><w:vanish/></w:rPr>'
        '</w:style><w:style w:type="character" w:styleId="Own"><w:basedOn w:val="Secret"/>'
        '</w:style><w:style w:type="paragraph" w:styleId="Memo"><w:rPr><w:vanish/></w:rPr>'
        "</w:style></w:styles>"
    )
    hidden = (
        para("Harbour", "Title")
        + f"<w:p>{run('The boat sails.')}{run('ALPHA', '<w:vanish/>')}"
        + f"{run(' On time.', '<w:vanish w:val=&quot;0&quot;/>'.replace('&quot;', chr(34)))}"
        + f"{run('BRAVO', '<w:rStyle w:val=&quot;Own&quot;/>'.replace('&quot;', chr(34)))}</w:p>"
        + para("CHARLIE", "Memo")
        + f"<w:tbl><w:tr>{cell('Seen')}{cell('too')}</w:tr>"
        + f"<w:tr><w:trPr><w:hidden/></w:trPr>{cell('DELTA')}{cell('ECHO')}</w:tr></w:tbl>"
    )
    data = changed(with_body(hidden), word__styles_dot_xml=styles.encode())
    reading = read_one(data, "a.docx")
    assert texts(reading) == ["The boat sails. On time.", "Seen\ttoo"]
    for word in ("ALPHA", "BRAVO", "CHARLIE", "DELTA"):
        assert word in said(reading)
        assert word not in reading.article.model_dump_json()


def field(instruction: str, text: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        f"{mark.format('begin')}<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        f"{mark.format('separate')}{run(text)}{mark.format('end')}"
    )


@pytest.mark.parametrize(
    ("instruction", "url"),
    [
        (' HYPERLINK "https://tides.example.org/a" \\o "a tip" ', "https://tides.example.org/a"),
        (' HYPERLINK "https://tides.example.org/a" \\l "b" ', "https://tides.example.org/a#b"),
        (' HYPERLINK \\t "_blank" "https://tides.example.org/a" ', "https://tides.example.org/a"),
        (" HYPERLINK https://tides.example.org/a ", "https://tides.example.org/a"),
    ],
)
def test_hyperlink_fields_become_links(instruction: str, url: str) -> None:
    simple = (
        f'<w:fldSimple w:instr="{instruction.replace(chr(34), "&quot;")}">{run("table")}'
        "</w:fldSimple>"
    )
    for link in (field(instruction, "table"), simple):
        (paragraph,) = of(f"<w:p>{run('See the ')}{link}{run('.')}</w:p>").article.body
        assert isinstance(paragraph, Paragraph)
        assert plain(paragraph.content) == "See the table."
        assert [one.url for one in paragraph.content if isinstance(one, Link)] == [url]


def test_the_result_of_a_field_is_text() -> None:
    simple = f'<w:fldSimple w:instr=" DATE ">{run("5 October")}</w:fldSimple>'
    turned = f'<w:bdo w:val="rtl">{run(" at noon")}</w:bdo>'
    assert texts(of(f"<w:p>{run('Due ')}{simple}{turned}</w:p>")) == ["Due 5 October at noon"]


@pytest.mark.parametrize("between", ['<w:br w:type="page"/>', "<w:cr/>", "<w:ptab/>"])
def test_words_before_and_after_a_break_stay_separate(between: str) -> None:
    body = f"<w:p>{run('The boat')}<w:r>{between}</w:r>{run('sails.')}</w:p>"
    assert texts(of(body)) == ["The boat sails."]


def test_a_drop_cap_is_joined_with_its_word() -> None:
    drop = f'<w:p><w:pPr><w:framePr w:dropCap="drop"/></w:pPr>{run("T", "<w:b/>")}</w:p>'
    assert texts(of(drop + para("he boat sails."))) == ["The boat sails."]


def drawn(inside: str, name: str = "") -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{name}"/><a:graphic>{inside}'
        "</a:graphic></wp:inline></w:drawing></w:r>"
    )


def test_a_chart_is_reported_by_its_name() -> None:
    data = '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"/>'
    reading = of(f"<w:p>{run('Look.')}{drawn(data, 'Boats a year')}</w:p>")
    assert "left out: the chart 'Boats a year'" in said(reading)
    assert "mammoth" not in said(reading)
    assert "unrecognised" not in said(reading)


def test_a_chart_with_a_picture_in_the_file_becomes_that_picture() -> None:
    made = document()
    made.add_paragraph("Harbour", "Title")
    made.add_picture(picture())
    drawing = made.paragraphs[-1]._p.xpath(".//w:drawing")[0]
    alternative = drawing.makeelement(
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
    )
    drawing.getparent().replace(drawing, alternative)
    for name in ("Choice", "Fallback"):
        way = alternative.makeelement(alternative.tag.replace("AlternateContent", name))
        alternative.append(way)
    alternative[1].append(drawing)
    reading = read(made)
    assert len(reading.pictures) == 1


def test_the_text_of_a_text_box_follows_its_paragraph() -> None:
    box = (
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"<wps:wsp><wps:txbx><w:txbxContent>{para('Forty boats a year.')}</w:txbxContent>"
        "</wps:txbx></wps:wsp></a:graphicData>"
    )
    fallback = (
        '<mc:AlternateContent><mc:Choice Requires="wps">{}</mc:Choice><mc:Fallback>'
        f"<w:pict><w:txbxContent>{para('Forty boats a year.')}</w:txbxContent></w:pict>"
        "</mc:Fallback></mc:AlternateContent>"
    )
    inner = drawn(box).removeprefix("<w:r>").removesuffix("</w:r>")
    for one in (drawn(box), f"<w:r>{fallback.format(inner)}</w:r>"):
        reading = of(f"<w:p>{run('Before.')}{one}</w:p>" + para("After."))
        assert texts(reading) == ["Before.", "Forty boats a year.", "After."]
        assert "the text box 'Forty boats a year.'" in said(reading)


def test_the_text_of_smartart_becomes_a_list_in_its_order() -> None:
    data = (
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/diagram">'
        '<dgm:relIds r:dm="rId77"/></a:graphicData>'
    )
    text = (
        f"<w:document {W} {SPACES}><w:body>{para('Harbour', 'Title')}<w:p>{drawn(data, 'Steps')}"
        f"</w:p>{para('After.')}</w:body></w:document>"
    )
    model = f"<dgm:dataModel {SPACES}><dgm:ptLst>" + "".join(
        f'<dgm:pt modelId="{number}"><dgm:t><a:p><a:r><a:t>{word}</a:t></a:r></a:p></dgm:t>'
        "</dgm:pt>"
        for number, word in ((2, "Cast off"), (1, "Row"))
    )
    model += (
        '</dgm:ptLst><dgm:cxnLst><dgm:cxn srcId="0" destId="1" srcOrd="0"/>'
        '<dgm:cxn srcId="1" destId="2" srcOrd="0"/></dgm:cxnLst></dgm:dataModel>'
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId77" Type="x/diagramData" Target="diagrams/data1.xml"/>'
        "</Relationships>"
    )
    whole = changed(
        packed(document()),
        word__document_dot_xml=text.encode(),
        word__diagrams__data1_dot_xml=model.encode(),
        word___rels__document_dot_xml_dot_rels=rels.encode(),
    )
    reading = read_one(whole, "a.docx")
    assert texts(reading) == ["Row", "Cast off", "After."]
    assert isinstance(reading.article.body[0], List)


def test_list_numbering_continues_as_in_word() -> None:
    made = document()
    made.add_paragraph("Refunds", "Title")
    for text, style in (
        ("Write.", "List Number"),
        ("Wait.", "List Number"),
        ("The line answers in a month.", "Normal"),
        ("Complain.", "List Number"),
    ):
        made.add_paragraph(text, style)
    first, _, second = read(made).article.body
    assert isinstance(first, List)
    assert isinstance(second, List)
    assert (first.start, second.start) == (1, 3)


def test_lists_typed_by_hand_become_lists() -> None:
    body = "".join(map(para, ("It costs:", "• Crew", "– Fuel", "1) Row", "2) Sail", "Then eat.")))
    intro, bullets, numbers, after = of(body).article.body
    assert isinstance(bullets, List)
    assert isinstance(numbers, List)
    assert [texts_of(item.blocks) for item in bullets.items] == [["Crew"], ["Fuel"]]
    assert numbers.ordered
    assert [texts_of(item.blocks) for item in numbers.items] == [["Row"], ["Sail"]]
    assert (texts_of((intro,)), texts_of((after,))) == (["It costs:"], ["Then eat."])


def texts_of(body: object) -> list[str]:
    return list(passages(body))  # type: ignore[arg-type]


def test_typed_items_between_line_breaks_become_a_list() -> None:
    lines = "<w:br/>".join(f"<w:t>{text}</w:t>" for text in ("It costs:", "- crew", "- fuel"))
    intro, items = of(f"<w:p><w:r>{lines}</w:r></w:p>").article.body
    assert texts_of((intro,)) == ["It costs:"]
    assert isinstance(items, List)
    assert len(items.items) == 2


@pytest.mark.parametrize(
    "lines",
    [
        ("- Who is there? asked the pilot.", "Nobody answered."),
        ("3. October is a holiday.", "Nobody works."),
        ("1. October is a holiday.", "4. November is none."),
    ],
)
def test_a_single_dash_or_number_does_not_make_a_list(lines: tuple[str, str]) -> None:
    reading = of("".join(map(para, lines)))
    assert texts(reading) == list(lines)


def test_a_character_style_can_make_text_bold() -> None:
    made = document()
    made.add_paragraph("Harbour", "Title")
    line = made.add_paragraph("The ")
    line.add_run("night", "Strong")
    (paragraph,) = read(made).article.body
    assert isinstance(paragraph, Paragraph)
    assert [type(one) for one in paragraph.content[1:]] == [Strong]


def test_an_equation_keeps_its_characters() -> None:
    reading = of(f"<w:p>{run('So ')}<m:oMath><m:r><m:t>a=b+c</m:t></m:r></m:oMath></w:p>")
    assert texts(reading) == ["So a=b+c"]


@pytest.mark.parametrize(
    ("created", "modified", "day"),
    [
        (datetime(2013, 12, 23, 23, 15), None, "2026-10-07"),
        (datetime(1980, 1, 1), None, "2026-10-07"),
        (datetime(2019, 3, 1), datetime(2026, 9, 30, 8), "2026-09-30"),
        (datetime(2019, 3, 1), datetime(2019, 3, 4, 8), "2019-03-01"),
    ],
)
def test_a_date_from_a_template_is_not_used(
    created: datetime, modified: datetime | None, day: str
) -> None:
    made = document(created=created, modified=modified or created)
    made.add_paragraph("Harbour", "Title")
    made.add_paragraph("Text.")
    assert read(made).article.published.date().isoformat() == day


def test_the_error_for_a_damaged_file_is_our_own() -> None:
    data = changed(packed(document()), word__document_dot_xml=None)
    (error,) = refused(data, "a.docx")
    assert "the part that holds its text is missing" in error.message
    assert error.hint


def test_strict_open_xml_is_read_the_same() -> None:
    body = para("Harbour", "Title") + f"<w:p>{run('Seen.')}{run('SECRET', '<w:vanish/>')}</w:p>"
    strict = W.replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    text = f"<w:document {strict}><w:body>{body}</w:body></w:document>"
    data = changed(packed(document()), word__document_dot_xml=text.encode())
    assert texts(read_one(data, "a.docx")) == ["Seen."]
