"""Prepares a Word file's markup for mammoth: what mammoth ignores is simplified or noted, and what
must not be published is removed."""

from __future__ import annotations

from typing import Any

from syndicate.readers.docx.markup.drawings import settle_alternatives, settle_drawings
from syndicate.readers.docx.markup.fields import settle_fields
from syndicate.readers.docx.markup.hidden import DocxStyles, take_out_hidden
from syndicate.readers.docx.markup.numbering import DocxNumbering, count_items
from syndicate.readers.docx.markup.tables import settle_tables
from syndicate.readers.docx.markup.text import settle_text
from syndicate.readers.docx.package import DocxPackage
from syndicate.readers.reader_state import ReaderState

NOTES = ("footnotes.xml", "endnotes.xml")


def settled_docx(package: DocxPackage, state: ReaderState) -> dict[str, Any]:
    """The root elements of the parts with text, by the parts' names, ready for mammoth."""
    styles = DocxStyles(package.xml("word/styles.xml"))
    numbering = DocxNumbering(package.xml("word/numbering.xml"), styles)
    parts: dict[str, Any] = {}
    for name in (package.main, *(name for name in package.names() if name.endswith(NOTES))):
        root = package.xml(name)
        if root is None or name in parts:
            continue
        settle_alternatives(root)
        take_out_hidden(root, styles, state)
        settle_drawings(root, package, name, state)
        settle_fields(root)
        settle_text(root, styles, state)
        settle_tables(root, state)
        if name == package.main:
            count_items(root, numbering)
        parts[name] = root
    return parts
