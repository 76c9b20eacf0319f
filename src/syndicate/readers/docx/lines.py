"""The paragraphs and tables of a Word file, each with its kind by its style."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from mammoth import documents

from syndicate.article import Figure, LineBreak, Table, Text
from syndicate.article.inlines import Content, Inline
from syndicate.readers.docx.markup.names import NUMBER
from syndicate.readers.docx.pictures import DocxPictures
from syndicate.readers.docx.runs import (
    docx_content,
    docx_without_bold,
    is_bold_in_docx,
    verbatim_docx_text,
)
from syndicate.readers.docx.styles import Part, heading_level_of_word_style, part_of_word_style
from syndicate.readers.reader_state import ReaderState

MOST_CELLS = 100_000


@dataclass(frozen=True)
class DocxLine:
    """A paragraph. `heading` is the level of a heading, from 1; `depth` the level of a list item,
    from 0; `number` an item's number in an ordered list; `indent` is in twentieths of a point."""

    content: Content
    part: Part | None = None
    heading: int | None = None
    depth: int | None = None
    ordered: bool = False
    number: int = 1
    indent: int = 0
    size: float | None = None
    figures: tuple[Figure, ...] = ()


class DocxLines:
    """The paragraphs and tables of a Word file, from top to bottom."""

    def __init__(self, state: ReaderState, pictures: DocxPictures) -> None:
        self._state = state
        self._pictures = pictures
        self.labels: dict[Any, str] = {}
        """The labels of the footnotes that the text refers to, by mammoth's key, in order."""

    def of(self, elements: Iterable[Any]) -> Iterator[DocxLine | Table]:
        """The lines of mammoth's `elements`; a table with a single cell is a box around lines."""
        for element in elements:
            if isinstance(element, documents.Paragraph):
                yield self._line(element)
            elif isinstance(element, documents.Image):
                yield DocxLine((), figures=tuple(self._pictures.figures([element])))
            elif isinstance(element, documents.Table):
                rows = [row for row in element.children if isinstance(row, documents.TableRow)]
                cells = [cell for row in rows for cell in row.children]
                if len(cells) == 1:
                    yield from self.of(cells[0].children)
                elif cells:
                    yield from self._table(rows)
            else:
                yield from self.of(getattr(element, "children", ()))

    def _line(self, paragraph: Any) -> DocxLine:
        level = paragraph.numbering
        heading = heading_level_of_word_style(paragraph.style_name, paragraph.style_id)
        figures = tuple(self._pictures.figures(_images(paragraph)))
        sizes = [r.font_size for r in paragraph.children if isinstance(r, documents.Run)]
        part = None if heading else part_of_word_style(paragraph.style_name, paragraph.style_id)
        inlines = docx_content(paragraph.children, self._state, self.labels)
        return DocxLine(
            content=(Text(text=verbatim_docx_text(paragraph.children)),)
            if part == "code"
            else inlines,
            part=part,
            heading=heading,
            depth=_depth(level, paragraph.style_name) if level and not heading else None,
            ordered=bool(level and level.is_ordered),
            number=_number(paragraph),
            indent=_indent(paragraph),
            size=max((size for size in sizes if size), default=None),
            figures=figures,
        )

    def _table(self, rows: list[Any]) -> Iterator[DocxLine | Table]:
        """A table; its pictures follow it."""
        grid = [self._row(row) for row in rows]
        width = max(len(row) for row in grid)
        if width * len(grid) > MOST_CELLS:
            self._state.left_out(f"a table with {width * len(grid):,} cells: too large")
            return
        full = [(*row, *((),) * (width - len(row))) for row in grid]
        marked = bool(rows[0].is_header)
        bold = len(full) > 1 and all(is_bold_in_docx(cell) or not cell for cell in full[0])
        if bold and not marked and any(full[0]):
            self._state.guessed("a table's header, from its bold first row")
        headed = len(full) > 1 and (marked or (bold and any(full[0])))
        header = tuple(docx_without_bold(cell) for cell in full[0]) if headed else ()
        if any(cell for row in full for cell in row):
            yield Table(header=header, rows=tuple(full[1:] if headed else full))
        figures = tuple(self._pictures.figures(image for row in rows for image in _images(row)))
        if figures:
            yield DocxLine((), figures=figures)

    def _row(self, row: Any) -> tuple[Content, ...]:
        cells: list[Content] = []
        for cell in row.children:
            across = min(max(1, int(cell.colspan)), MOST_CELLS)
            cells += [self._cell(cell.children), *((),) * (across - 1)]
        return tuple(cells)

    def _cell(self, elements: Iterable[Any]) -> Content:
        """The paragraphs of a cell, with line breaks between them."""
        parts: list[Inline] = []
        for paragraph in _paragraphs(elements):
            own = docx_content(paragraph.children, self._state, self.labels)
            if own:
                parts += [*([LineBreak()] if parts else []), *own]
        return tuple(parts)


def _number(paragraph: Any) -> int:
    """The item's number, as counted in the file's lists."""
    names = (one.name for one in paragraph.children if isinstance(one, documents.Bookmark))
    numbers = (name.removeprefix(NUMBER) for name in names if name and name.startswith(NUMBER))
    return next((int(number) for number in numbers), 1)


def _indent(paragraph: Any) -> int:
    stated = getattr(paragraph.indent, "start", None)
    return int(stated) if stated and re.fullmatch(r"\d{1,5}", stated) else 0


def _depth(level: Any, style_name: str | None) -> int:
    """The level of a list item, by its numbering or by the number in its style's name: in Word the
    items of "List Bullet 2" are a separate list, but they belong below those of "List Bullet"."""
    depth = min(int(level.level_index), 9)
    styled = re.fullmatch(r"\D+ ([2-5])", style_name or "")
    return int(styled[1]) - 1 if styled and not depth else depth


def _paragraphs(elements: Iterable[Any]) -> Iterator[Any]:
    for element in elements:
        if isinstance(element, documents.Paragraph):
            yield element
        else:
            yield from _paragraphs(getattr(element, "children", ()))


def _images(element: Any) -> Iterator[Any]:
    for child in element.children:
        if isinstance(child, documents.Image):
            yield child
        elif hasattr(child, "children"):
            yield from _images(child)
