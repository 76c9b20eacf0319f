"""OpenDocument text: structure, notes, hidden text, and files that are refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from syndicate.article import Figure, Footnote, Heading, Link, List, Paragraph, Quote, Table
from syndicate.article.text import passages, plain
from syndicate.readers import Reading
from tests.readers.reading import read_one, refused

NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (
        *(("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing")),
        *(("style", "style"), ("fo", "xsl-fo-compatible"), ("meta", "meta")),
        ("svg", "svg-compatible"),
    )
)
NAMES += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
STYLES = (
    '<style:style style:name="T1" style:family="text">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="T2" style:family="text">'
    '<style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="P1" style:family="paragraph"'
    ' style:parent-style-name="Quotations"/>'
    '<style:style style:name="T3" style:family="text"><style:text-properties'
    ' style:text-line-through-style="solid" fo:font-style="italic"/></style:style>'
    '<text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-format="1"/>'
    '<text:list-level-style-bullet text:level="2"/></text:list-style>'
)
META = (
    f"<office:document-meta {NAMES}><office:meta><meta:initial-creator>Ruth Abara"
    "</meta:initial-creator><meta:creation-date>2026-10-01T09:00:00Z</meta:creation-date>"
    "<meta:keyword>ferry</meta:keyword></office:meta></office:document-meta>"
)


def packed(body: str, **parts: bytes) -> bytes:
    content = (
        f"<office:document-content {NAMES}><office:automatic-styles>{STYLES}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        file.writestr("content.xml", content)
        file.writestr("meta.xml", META)
        for name, data in parts.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def p(text: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def of(body: str, **parts: bytes) -> Reading:
    return read_one(packed(p("Pilots stay", "Title") + body, **parts), "harbour.odt")


def texts(reading: Reading) -> list[str]:
    return list(passages(reading.article.body))


def test_metadata_headings_and_quotes_are_read() -> None:
    reading = of(
        p("Until spring", "Subtitle")
        + p("The board decided.")
        + '<text:h text:outline-level="1">Costs</text:h>'
        + '<text:h text:outline-level="2">Fuel</text:h>'
        + p("It was late.", "P1")
    )
    article = reading.article
    assert (article.title, article.subtitle) == ("Pilots stay", "Until spring")
    assert [person.name for person in article.contributors] == ["Ruth Abara"]
    assert [tag.name for tag in article.tags] == ["ferry"]
    assert article.published.isoformat() == "2026-10-01T09:00:00+00:00"
    heads = [(h.level, plain(h.content)) for h in article.body if isinstance(h, Heading)]
    assert heads == [(2, "Costs"), (3, "Fuel")]
    assert isinstance(article.body[-1], Quote)


def test_without_a_title_style_the_first_heading_is_the_title() -> None:
    body = '<text:h text:outline-level="1">Pilots</text:h>' + p("Text.")
    body += '<text:h text:outline-level="2">Costs</text:h>' + p("More.")
    article = read_one(packed(body), "a.odt").article
    assert article.title == "Pilots"
    assert [h.level for h in article.body if isinstance(h, Heading)] == [2]


def test_text_runs_links_and_line_breaks_are_read() -> None:
    (paragraph,) = of(
        p(
            'A <text:span text:style-name="T1">night</text:span><text:s text:c="2"/>'
            '<text:span text:style-name="T3">boat</text:span><text:tab/><text:a '
            'xlink:href="https://tides.example.org/">tides</text:a>'
        )
    ).article.body
    assert isinstance(paragraph, Paragraph)
    assert [one.type for one in paragraph.content] == [
        *("text", "strong", "text", "strike", "text", "link"),
    ]
    (link,) = [one for one in paragraph.content if isinstance(one, Link)]
    assert link.url == "https://tides.example.org/"


def test_nested_lists_keep_their_numbers() -> None:
    (whole,) = of(
        '<text:list text:style-name="L1"><text:list-item><text:p>one</text:p><text:list>'
        "<text:list-item><text:p>deeper</text:p></text:list-item></text:list></text:list-item>"
        "<text:list-item><text:p>two</text:p></text:list-item></text:list>"
    ).article.body
    assert isinstance(whole, List)
    assert whole.ordered
    inner = whole.items[0].blocks[1]
    assert isinstance(inner, List)
    assert not inner.ordered
    assert [list(passages(item.blocks)) for item in whole.items] == [["one", "deeper"], ["two"]]


def test_table_cells_stay_in_their_columns() -> None:
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    (table,) = of(
        "<table:table><table:table-header-rows><table:table-row>" + cell.format("", "Ward")
        + cell.format("", "Party") + "</table:table-row></table:table-header-rows><table:table-row>"
        + cell.format(' table:number-rows-spanned="2"', "North") + cell.format("", "Green")
        + "</table:table-row><table:table-row><table:covered-table-cell/>"
        + cell.format("", "Labour") + "</table:table-row></table:table>"
    ).article.body  # fmt: skip
    assert isinstance(table, Table)
    assert [plain(one) for one in table.header] == ["Ward", "Party"]
    assert [[plain(one) for one in row] for row in table.rows] == [
        ["North", "Green"],
        ["", "Labour"],
    ]


def test_notes_come_last_and_comments_and_hidden_text_are_left_out() -> None:
    reading = of(
        p(
            'High<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
            "<text:note-body><text:p>The office.</text:p></text:note-body></text:note> water."
            "<office:annotation><dc:creator>Bo</dc:creator><text:p>Is this so?</text:p>"
            '</office:annotation><text:span text:style-name="T2">SECRET</text:span>'
            "<text:hidden-text text:string-value='MORE'/>"
        )
    )
    assert [type(one) for one in reading.article.body] == [Paragraph, Footnote]
    said = reading.article.model_dump_json()
    for word in ("Is this so?", "SECRET", "MORE"):
        assert word not in said
        assert any(word in note.what for note in reading.notes)


def test_pictures_are_extracted() -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "PNG")
    frame = (
        '<draw:frame><draw:image xlink:href="Pictures/a.png"/><svg:desc>A quay</svg:desc>'
        "</draw:frame>"
    )
    reading = of(p("Text.") + p(frame), Pictures__a_dot_png=out.getvalue())
    figure = reading.article.body[-1]
    assert isinstance(figure, Figure)
    assert figure.alt == "A quay"
    assert reading.pictures == {figure.src: out.getvalue()}


def test_the_text_of_a_text_box_follows_its_paragraph() -> None:
    box = "<draw:frame><draw:text-box><text:p>Forty boats.</text:p></draw:text-box></draw:frame>"
    assert texts(of(p(f"Before.{box}") + p("After."))) == ["Before.", "Forty boats.", "After."]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"PK no", id="no archive"),
        pytest.param(packed("")[:100], id="cut off"),
        pytest.param(packed("<text:p>" * 9000), id="too deep"),
    ],
)
def test_the_error_for_a_file_that_is_not_odt_is_one_line(data: bytes) -> None:
    assert refused(data, "a.odt")


def test_a_locked_file_and_entities_are_refused() -> None:
    locked = packed(p("x"), **{"META-INF__manifest_dot_xml": b"<a><encryption-data/></a>"})
    assert "password" in refused(locked, "a.odt")[0].message
    bomb = b'<!DOCTYPE a [<!ENTITY a "ha">]><a>&a;</a>'
    assert "document type" in refused(packed(p("x"), x_dot_xml=bomb), "a.odt")[0].message


def test_the_number_of_repeated_cells_is_limited() -> None:
    cell = '<table:table-cell table:number-columns-repeated="999999999"><text:p>x</text:p>'
    cell += "</table:table-cell>"
    rows = f"<table:table-row>{cell}</table:table-row>" * 120
    reading = of(p("Text.") + f"<table:table>{rows}</table:table>")
    assert texts(reading) == ["Text."]
    assert any("cells" in note.what for note in reading.notes)
