"""Fonts: they must be embedded outlines, readable as text, with every glyph that is shown."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from syndicate.adapters.pdf.preflight.fault import Fault
from syndicate.adapters.pdf.preflight.scan import ScannedPage

_READ = re.compile(rb"<([0-9a-fA-F]+)>\s*<[0-9a-fA-F]+>")
_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def check_fonts(seen: ScannedPage, number: int) -> Iterator[Fault]:
    """Faults in the fonts of one page."""
    for name, font in seen.fonts.items():
        shown = str(font.get("/BaseFont", name))[1:]
        if font.get("/Subtype") == "/Type3":
            yield Fault("pdf/type-3-font", f"font {shown} is made of drawings (Type 3)", number)
            continue
        descriptor = _descendant(font).get("/FontDescriptor", {})
        embedded = next((descriptor[key] for key in _FILES if key in descriptor), None)
        if embedded is None:
            yield Fault("pdf/font-not-embedded", f"font {shown} is not embedded", number)
            continue
        if "/ToUnicode" not in font:
            yield Fault("pdf/font-without-text", f"font {shown} cannot be read as text", number)
        shown_glyphs = seen.glyphs.get(name, set())
        unread = _unread(font, shown_glyphs)
        if unread:
            have = "1 glyph" if len(unread) == 1 else f"{len(unread)} glyphs"
            message = f"font {shown} has {have} without text"
            yield Fault("pdf/font-without-text", message, number)
        absent = _absent(font, embedded, shown_glyphs)
        if absent:
            message = f"font {shown} lacks {len(absent)} of the glyphs that are shown"
            yield Fault("pdf/missing-glyph", message, number)


def _descendant(font: Any) -> Any:
    return font.get("/DescendantFonts", [font])[0]


def _unread(font: Any, codes: set[int]) -> set[int]:
    """The codes without text (ISO 19005-2, 6.2.11.7.2; ISO 14289-1, 7.21.7)."""
    text = font.ToUnicode.read_bytes() if "/ToUnicode" in font else b""
    if not text or b"beginbfrange" in text:
        return set()
    return codes - {int(code, 16) for code in _READ.findall(text)}


def _absent(font: Any, embedded: Any, codes: set[int]) -> set[int]:
    """The codes of a CID font with Identity-H that have no glyph (ISO 19005-2, 6.2.11.8)."""
    from fontTools.ttLib import TTFont, TTLibError

    if font.get("/Encoding") != "/Identity-H":
        return set()
    try:
        with TTFont(io.BytesIO(embedded.read_bytes()), lazy=True) as file:
            count = file["maxp"].numGlyphs
    except (TTLibError, KeyError):
        return set()  # plain CFF data, which identifies glyphs by CID
    return {code for code in codes if code == 0 or code >= count}
