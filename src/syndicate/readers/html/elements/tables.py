"""Tables of data; a table that is only used for layout is unwrapped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from syndicate.article import Block, Table
from syndicate.article.blocks import Align
from syndicate.article.inlines import Content
from syndicate.readers.html.elements.context import ElementReader
from syndicate.readers.html.tree import element_text
from syndicate.readers.prose import Placed, is_blank_prose

MOST_COLUMNS = 100
_ALIGN: dict[str, Align] = {
    "left": "start",
    "start": "start",
    "center": "center",
    "right": "end",
    "end": "end",
}
_STYLED = re.compile(r"text-align\s*:\s*(left|start|center|right|end)", re.IGNORECASE)
_STRUCTURE = ("h1", "h2", "h3", "h4", "h5", "h6", "table", "figure", "iframe", "blockquote", "hr")


def table(reader: ElementReader, element: HtmlElement, caption: Content = ()) -> Iterable[Placed]:
    """The table in `element`, with empty cells for spans; or the blocks in a layout table."""
    rows = list(_rows(element))
    if _lays_out(element, rows):
        found: list[Placed] = []
        for row in rows:
            for cell in row:
                found.extend(reader.inside(cell))
        return found
    header, cells, heads = _grid(reader, rows)
    width = max((len(row) for row in (*header, *cells)), default=0)
    for row in (*header, *cells):
        row.extend(() for _ in range(width - len(row)))
    filled = [tuple(row) for row in cells if not all(is_blank_prose(cell) for cell in row)]
    top = tuple(header[0]) if header else ()
    if not filled and not any(not is_blank_prose(cell) for cell in top):
        return []
    for title in element.iter("caption"):
        caption = reader.content(title) or caption
    align = tuple(_align(cell) for cell in heads[:width])
    made: Block = Table(
        header=top,
        rows=tuple(filled) or (),
        align=align if any(align) and len(align) == width else (),
        caption=caption,
    )
    return [(made, element.sourceline)]


def _rows(element: HtmlElement) -> Iterator[list[HtmlElement]]:
    """The cells of each row of `element` itself, without tables inside it."""
    for part in element:
        if part.tag == "tr":
            yield [cell for cell in part if cell.tag in ("td", "th")]
        elif part.tag in ("thead", "tbody", "tfoot"):
            for row in part:
                if row.tag == "tr":
                    yield [cell for cell in row if cell.tag in ("td", "th")]


def _lays_out(element: HtmlElement, rows: list[list[HtmlElement]]) -> bool:
    if element.get("role") in ("presentation", "none"):
        return True
    structure = [inner.tag for inner in element.iter(*_STRUCTURE) if inner is not element]
    if structure:
        nested = "table" in structure
        heads = any(cell.tag == "th" for row in rows for cell in row)
        return nested or not heads
    widest = max((len(row) for row in rows), default=0)
    if widest < 2:
        return not any(cell.tag == "th" for row in rows for cell in row)
    if len(rows) == 1:
        return any(True for _ in element.iter("p", "ul", "ol", "img")) or any(
            len(element_text(cell)) > 200 for cell in rows[0]
        )
    return False


def _grid(
    reader: ElementReader, rows: list[list[HtmlElement]]
) -> tuple[list[list[Content]], list[list[Content]], list[HtmlElement]]:
    """The header rows (at most one), the other rows, and the cells that show the alignment of each
    column."""
    grid: list[list[Content]] = []
    down: dict[int, int] = {}
    for cells in rows:
        row: list[Content] = []
        for cell in cells:
            while down.get(len(row), 0):
                down[len(row)] -= 1
                row.append(())
            content = reader.content(cell)
            below = _span(cell, "rowspan", 1000) - 1
            for number in range(min(_span(cell, "colspan", MOST_COLUMNS), MOST_COLUMNS - len(row))):
                down[len(row)] = below
                row.append(() if number else content)
        while down.get(len(row), 0) and len(row) < MOST_COLUMNS:
            down[len(row)] -= 1
            row.append(())
        grid.append(row)
    first = rows[0] if rows else []
    headed = bool(first) and len(rows) > 1 and _is_header(first)
    heads = rows[1] if headed else first
    return (grid[:1], grid[1:], heads) if headed else ([], grid, heads)


def _is_header(cells: list[HtmlElement]) -> bool:
    row = cells[0].getparent()
    group = row.getparent() if row is not None else None
    if group is not None and group.tag == "thead":
        return True
    named = [cell for cell in cells if element_text(cell)]
    return len(named) > 1 and (
        all(cell.tag == "th" for cell in named) or all(_is_bold(cell) for cell in named)
    )


def _is_bold(cell: HtmlElement) -> bool:
    words = element_text(cell)
    return any(element_text(inner) == words for inner in cell.iter("strong", "b"))


def _span(cell: HtmlElement, name: str, most: int) -> int:
    value = cell.get(name) or "1"
    return min(int(value), most) if re.fullmatch(r"[1-9]\d{0,5}", value) else 1


def _align(cell: HtmlElement) -> Align | None:
    styled = _STYLED.search(cell.get("style") or "")
    return _ALIGN.get((styled[1] if styled else cell.get("align") or "").lower())
