"""Footnotes, tracked changes and comments of Word files."""

from __future__ import annotations

from syndicate.article import (
    Footnote,
    FootnoteReference,
    Paragraph,
)
from syndicate.article.text import passages
from tests.readers.docx.making import (
    W,
    changed,
    document,
    para,
    read,
    said,
    with_body,
)
from tests.readers.reading import read_one

FOOTNOTES = f"""<?xml version="1.0"?><w:footnotes {W}>
<w:footnote w:id="2"><w:p><w:r><w:t>Harbour office, 2026.</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="3"><w:p><w:r><w:t>Ask the pilot.</w:t></w:r></w:p></w:footnote></w:footnotes>"""


def test_footnotes_come_last_in_the_order_of_their_references() -> None:
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


def test_tracked_changes_are_accepted_and_reported() -> None:
    body = para("Tides", "Title") + (
        "<w:p><w:r><w:t>The boat </w:t></w:r>"
        '<w:del w:id="1" w:author="x"><w:r><w:delText>sank</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="x"><w:r><w:t>sails</w:t></w:r></w:ins></w:p>'
    )
    reading = read_one(with_body(body), "a.docx")
    assert list(passages(reading.article.body)) == ["The boat sails"]
    assert "1 added, 1 deleted" in said(reading)


def test_comments_are_left_out_and_reported() -> None:
    made = document()
    made.add_paragraph("Tides", "Title")
    line = made.add_paragraph("The boat sails.")
    made.add_comment(line.runs, text="Are we sure?", author="Ruth")
    reading = read(made)
    assert list(passages(reading.article.body)) == ["The boat sails."]
    assert "the comment by Ruth: 'Are we sure?'" in said(reading)
