"""Word files that are refused, and parts of Word files that are never opened."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from syndicate.article.text import passages
from tests.readers.docx.making import (
    W,
    changed,
    document,
    packed,
    para,
    picture,
    said,
    with_body,
)
from tests.readers.reading import read_one, refused


def test_the_error_for_a_file_that_is_not_from_word_says_so() -> None:
    assert "not a valid Word file" in refused(b"PK but no", "a.docx")[0].message
    assert "not a valid Word file" in refused(b"", "a.docx")[0].message
    old = refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.docx")[0]
    assert "save it as .docx" in str(old.hint)


def test_zip_bombs_are_refused_without_unpacking(monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert "the picture 'Evil': it is linked, not in the file" in said(reading)
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
