"""Turns WeasyPrint's PDF into the finished file: metadata, tags, text, boxes, stable bytes."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from syndicate.adapters.pdf.metadata import PDFMetadata, describe_pdf
from syndicate.adapters.pdf.press import PressCondition, prepare_for_press
from syndicate.adapters.pdf.tag_fixes import fix_pdf_tags


@dataclass(frozen=True)
class PressFinish:
    """How a PDF is finished for the press.

    `bleed` is in millimetres, `marks` says whether crop marks are drawn, and `condition` is the
    printing condition.
    """

    bleed: float
    marks: bool
    condition: PressCondition


def finish_pdf(
    content: bytes, metadata: PDFMetadata, press: PressFinish | None, openings: tuple[str, ...]
) -> bytes:
    """`content` with metadata, tags, boxes and output intents; the same bytes for the same input.

    `press` is None for pages that stay in sRGB. `openings` are the first words that begin with a
    drop cap, in reading order.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        fix_pdf_tags(pdf, openings)
        _complete_text(pdf)
        if press:
            prepare_for_press(pdf, press.bleed, press.marks, press.condition)
        describe_pdf(pdf, metadata, for_press=press is not None)
        if "/ID" in pdf.trailer:
            del pdf.trailer.ID
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            min_version="1.6",
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    return out.getvalue()


def _complete_text(pdf: Any) -> None:
    """Give glyphs without text a joiner, since every glyph must have text.

    These are glyphs whose letters belong to the glyph before them, as with Arabic vowel signs
    (ISO 19005-2, 6.2.11.7.2).
    """
    fonts = {font.objgen: font for page in pdf.pages for font in page.Resources.Font.values()}
    for font in fonts.values():
        if "/ToUnicode" in font:
            text = font.ToUnicode.read_bytes()
            if b"> <>" in text:
                font.ToUnicode.write(text.replace(b"> <>", b"> <200D>"))
