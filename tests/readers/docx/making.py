"""Makes Word files for tests, with python-docx and by hand."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from functools import cache
from typing import Any

from docx import Document
from PIL import Image

from syndicate.article import (
    Article,
    Block,
)
from syndicate.readers import Reading
from tests.readers.reading import read_one

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BEGUN = datetime(2026, 10, 1, 9, 0)


@cache
def _template() -> bytes:
    """python-docx's template without how its hundred styles of tables look, which takes half a
    second to read."""
    made = Document()
    for look in made.styles.element.xpath("w:style/w:tblStylePr"):
        look.getparent().remove(look)
    return packed(made)


def document(**properties: Any) -> Any:
    """A document with a creation date and the given core properties."""
    made = Document(io.BytesIO(_template()))
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
    """A package with parts replaced or added; in names, `__` is `/` and `_dot_` is `.`."""
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


def picture(size: tuple[int, int] = (40, 30), colour: str = "#a33") -> io.BytesIO:
    """A PNG."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    out.seek(0)
    return out
