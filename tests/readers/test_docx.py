"""Word files, made by python-docx and by hand."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from PIL import Image

from syndicate.article import (
    Article,
    Block,
    CodeBlock,
    Figure,
    Footnote,
    FootnoteReference,
    Gallery,
    Heading,
    Link,
    List,
    Paragraph,
    Quote,
    Table,
)
from syndicate.article.text import passages, plain
from syndicate.readers import Reading
from tests.readers.reading import read_one, refused

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BEGUN = datetime(2026, 10, 1, 9, 0)


def document(**properties: Any) -> Any:
    """A document that says when it was begun, with other core properties."""
    made = Document()
    made.core_properties.created = BEGUN
    for name, value in properties.items():
        setattr(made.core_properties, name, value)
    return made


def packed(made: Any) -> bytes:
    """The bytes of a document."""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read(made: Any) -> Reading:
    """The article in a document."""
    return read_one(packed(made), "harbour/notes.docx")


def changed(data: bytes, **parts: bytes | None) -> bytes:
    """A package with parts (`/` written as `__`, `.` as `_dot_`) replaced or added."""
    names = {name.replace("__", "/").replace("_dot_", "."): new for name, new in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            if entry.filename not in names:
                new.writestr(entry, old.read(entry))
        for name, content in names.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def with_body(xml: str) -> bytes:
    """A document whose body is `xml`."""
    made = packed(document())
    text = f'<?xml version="1.0"?><w:document {W}><w:body>{xml}</w:body></w:document>'
    return changed(made, word__document_dot_xml=text.encode())


def para(text: str, style: str = "") -> str:
    """A paragraph in WordprocessingML."""
    style = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{style}<w:r><w:t>{text}</w:t></w:r></w:p>"


def said(reading: Reading) -> str:
    """All notes as one text."""
    return "\n".join(f"{note.kind}: {note.what}" for note in reading.notes)


def blocks(article: Article, kind: type[Block]) -> list[Any]:
    """The blocks of one kind."""
    return [block for block in article.body if isinstance(block, kind)]


def test_styles_say_what_is_what() -> None:
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
    assert "from when the document was begun" in said(reading)


@pytest.mark.parametrize(
    ("name", "level"),
    [("berschrift1", 2), ("Titre2", 3), ("Ttulo1", 2), ("Kop 1", 2), ("標題 2", 3)],
)
def test_heading_styles_are_known_in_other_languages(name: str, level: int) -> None:
    body = para("Hafen", "Titel") + para("Eins", "berschrift1") + para("Zwei", name) + para("Text.")
    article = read_one(with_body(body), "a.docx").article
    assert article.title == "Hafen"
    assert blocks(article, Heading)[1].level == level


def test_without_styles_bold_lines_are_headings_and_the_first_is_the_title() -> None:
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


def test_the_property_is_the_title_where_no_style_is() -> None:
    made = document(title="Night ferry returns")
    made.add_paragraph("The boat sails at ten, and nobody in the harbour is surprised at all.")
    article = read(made).article
    assert article.title == "Night ferry returns"
    assert len(article.body) == 1


def test_runs_become_as_few_inlines_as_can_be() -> None:
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


def test_lists_nest() -> None:
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


def test_a_table_of_one_cell_is_a_box_around_text() -> None:
    made = document()
    made.add_paragraph("Fares", "Title")
    made.add_table(1, 1).cell(0, 0).text = "Bring coins."
    assert list(passages(read(made).article.body)) == ["Bring coins."]


def picture(size: tuple[int, int] = (40, 30), colour: str = "#a33") -> io.BytesIO:
    """A PNG."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    out.seek(0)
    return out


def test_pictures_come_out_with_alt_text_and_caption() -> None:
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


def test_pictures_in_a_row_are_a_gallery() -> None:
    made = document()
    made.add_paragraph("Quay", "Title")
    line = made.add_paragraph()
    line.add_run().add_picture(picture())
    line.add_run().add_picture(picture(colour="#3a3"))
    (block,) = read(made).article.body
    assert isinstance(block, Gallery)
    assert len(block.figures) == 2


FOOTNOTES = f"""<?xml version="1.0"?><w:footnotes {W}>
<w:footnote w:id="2"><w:p><w:r><w:t>Harbour office, 2026.</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="3"><w:p><w:r><w:t>Ask the pilot.</w:t></w:r></w:p></w:footnote></w:footnotes>"""


def test_footnotes_stand_at_the_end_in_the_order_of_their_marks() -> None:
    mark = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    body = para("Tides", "Title") + (
        f"<w:p><w:r><w:t>High</w:t></w:r>{mark.format(3)}<w:r><w:t> and low</w:t></w:r>"
        f"{mark.format(2)}</w:p>"
    )
    data = changed(with_body(body), word__footnotes_dot_xml=FOOTNOTES.encode())
    paragraph, *notes = read_one(data, "a.docx").article.body
    assert isinstance(paragraph, Paragraph)
    marks = [one.label for one in paragraph.content if isinstance(one, FootnoteReference)]
    assert marks == ["1", "2"]
    assert [
        (note.label, list(passages(note.blocks))) for note in notes if isinstance(note, Footnote)
    ] == [
        ("1", ["Ask the pilot."]),
        ("2", ["Harbour office, 2026."]),
    ]


def test_tracked_changes_are_accepted_and_told() -> None:
    body = para("Tides", "Title") + (
        "<w:p><w:r><w:t>The boat </w:t></w:r>"
        '<w:del w:id="1" w:author="x"><w:r><w:delText>sank</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="x"><w:r><w:t>sails</w:t></w:r></w:ins></w:p>'
    )
    reading = read_one(with_body(body), "a.docx")
    assert list(passages(reading.article.body)) == ["The boat sails"]
    assert "1 additions kept, 1 deletions gone" in said(reading)


def test_comments_are_left_out_and_told() -> None:
    made = document()
    made.add_paragraph("Tides", "Title")
    line = made.add_paragraph("The boat sails.")
    made.add_comment(line.runs, text="Are we sure?", author="Ruth")
    reading = read(made)
    assert list(passages(reading.article.body)) == ["The boat sails."]
    assert "the comment by Ruth: 'Are we sure?'" in said(reading)


def test_links_are_kept_and_unsafe_ones_are_not() -> None:
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


def test_code_is_kept_to_the_line() -> None:
    made = document()
    made.add_paragraph("Code", "Title")
    made.styles.add_style("Source Code", 1)
    made.add_paragraph("if tide:", "Source Code")
    made.add_paragraph("    wait()", "Source Code")
    (block,) = read(made).article.body
    assert block == CodeBlock(text="if tide:\n    wait()")


def test_the_language_is_what_most_of_the_text_is_marked_as() -> None:
    run = '<w:r><w:rPr><w:lang w:val="{}"/></w:rPr><w:t>{}</w:t></w:r>'
    body = (
        para("Hafen", "Title")
        + f"<w:p>{run.format('en-US', 'a')}{run.format('de-AT', 'Das Boot')}</w:p>"
    )
    assert read_one(with_body(body), "a.docx").article.language == "de"


# What is refused


def test_what_is_no_word_file_is_called_so() -> None:
    assert "no Word file" in refused(b"PK but no", "a.docx")[0].message
    assert "no Word file" in refused(b"", "a.docx")[0].message
    old = refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.docx")[0]
    assert "save it as .docx" in str(old.hint)


def test_zip_bombs_are_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syndicate.readers.docx.package.MOST_UNPACKED", 2_000_000)
    monkeypatch.setattr("syndicate.readers.docx.package.MOST_XML", 1_000_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", b"<a>" + b" " * 1_500_000 + b"</a>")
    assert "1,500,007 bytes" in refused(out.getvalue(), "a.docx")[0].message
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        for number in range(15):
            bomb.writestr(f"word/media/{number}.png", bytes(150_000))
    assert "unpacks to more" in refused(out.getvalue(), "a.docx")[0].message
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as many:
        for number in range(6000):
            many.writestr(f"{number}", b"")
    assert "6,000 parts" in refused(out.getvalue(), "a.docx")[0].message


LAUGHS = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">%s]>
<w:document %s><w:body><w:p><w:r><w:t>&z;</w:t></w:r></w:p></w:body></w:document>"""


@pytest.mark.parametrize(
    "declared",
    [
        "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(25)),
        '<!ENTITY z SYSTEM "file:///etc/passwd">',
        '<!ENTITY z SYSTEM "http://127.0.0.1:9/">',
    ],
)
@pytest.mark.parametrize(
    "part", ["word__document_dot_xml", "word__styles_dot_xml", "_rels___dot_rels"]
)
def test_entities_are_refused(declared: str, part: str) -> None:
    data = changed(packed(document()), **{part: (LAUGHS % (declared, W)).encode()})
    assert "declares a document type" in refused(data, "a.docx")[0].message


def test_deep_nesting_is_refused() -> None:
    data = with_body(para("T", "Title") + "<w:tbl><w:tr><w:tc>" * 10_000)
    assert refused(data, "a.docx")
    boxes = (
        para("T", "Title")
        + f"{'<w:tbl><w:tr><w:tc>' * 60}{para('x')}{'</w:tc></w:tr></w:tbl>' * 60}"
    )
    assert list(passages(read_one(with_body(boxes), "a.docx").article.body)) == ["x"]


def test_linked_pictures_and_templates_are_never_opened() -> None:
    made = packed(document())
    rels = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        'relationships"><Relationship Id="rId1" Type="t/attachedTemplate" TargetMode="External"'
        ' Target="http://127.0.0.1:9/evil.dotm"/></Relationships>'
    )
    document_rels = rels.replace("evil.dotm", "evil.png").replace("attachedTemplate", "image")
    drawing = (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing"><wp:docPr id="1" name="x" descr="Evil"/><a:graphic xmlns:a='
        '"http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic xmlns:pic='
        '"http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip xmlns:r='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:link="rId1"/>'
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    body = f"{para('T', 'Title')}{para('Text.')}{drawing}"
    text = f'<?xml version="1.0"?><w:document {W}><w:body>{body}</w:body></w:document>'
    data = changed(
        made,
        word___rels__settings_dot_xml_dot_rels=rels.encode(),
        word___rels__document_dot_xml_dot_rels=document_rels.encode(),
        word__document_dot_xml=text.encode(),
    )
    reading = read_one(data, "a.docx")
    assert not reading.pictures
    assert "the picture 'Evil', which is not in the file but linked" in said(reading)
    assert "the template 'http://127.0.0.1:9/evil.dotm'" in said(reading)


def test_an_enormous_picture_is_left_out() -> None:
    made = document()
    made.add_paragraph("Quay", "Title")
    made.add_paragraph("Text.")
    made.add_picture(picture())
    huge = io.BytesIO()
    Image.new("1", (20_000, 6_000)).save(huge, "PNG")
    data = changed(packed(made), word__media__image1_dot_png=huge.getvalue())
    reading = read_one(data, "a.docx")
    assert not reading.pictures
    assert "20,000 by 6,000 pixels" in said(reading)
