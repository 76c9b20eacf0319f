"""Articles from documents, mails and exports survive a round trip through Markdown and JSON."""

from __future__ import annotations

import pytest

from syndicate.article import Article
from syndicate.readers import read
from syndicate.writers.markdown import as_markdown, changed_blocks
from tests.readers.docx.making import para, with_body
from tests.readers.odt.test_odt import p, packed
from tests.readers.reading import source
from tests.readers.rtf.test_rtf import HEAD
from tests.readers.test_eml import PLAIN, mail
from tests.readers.test_ghost import POST, export
from tests.readers.test_wire import G2, NITF, XHTML

SAMPLES = {
    "a.docx": with_body(
        para("Pilots stay", "Title") + para("Text.") + para("• one") + para("• two")
    ),
    "a.odt": packed(
        p("Pilots stay", "Title")
        + p('A <text:span text:style-name="T1">night</text:span> boat.')
        + '<text:list text:style-name="L1"><text:list-item><text:p>one</text:p></text:list-item>'
        "</text:list><text:h text:outline-level='1'>Costs</text:h>" + p("It was late.", "P1")
    ),
    "a.rtf": (
        HEAD
        + r"\pard\s2 Pilots stay\par\pard The {\b night} boat.{\footnote\pard Minutes.\par}\par"
        r"\trowd\pard\intbl Year\cell Boats\cell\row\trowd\pard\intbl 2025\cell 40\cell\row}"
    ).encode(),
    "a.eml": mail(PLAIN).as_bytes(),
    "a.xml": NITF.format(status="usable").encode(),
    "b.xml": G2.format(version=1, status="usable", content=XHTML).encode(),
    "a.json": export(POST).encode(),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_an_article_written_as_markdown_or_json_is_read_back_unchanged(name: str) -> None:
    (reading,) = read(source(SAMPLES[name], name))
    article = reading.article
    assert Article.model_validate_json(article.model_dump_json()) == article
    text = as_markdown(article, {"id", "url", "slug"}, frozenset())
    (back,) = read(source(text, "back.md"))
    assert not changed_blocks(article.body, back.article.body)
    assert back.article == article
