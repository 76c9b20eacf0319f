"""Tables (ECMA-376 part 1, 17.4): each cell in its own column, the header by the table's look."""

from __future__ import annotations

import re

from syndicate.readers.docx.markup.names import DocxElement, W, number, under, words
from syndicate.readers.reader_state import ReaderState

MOST_COLUMNS = 1_000
_FIRST_ROW = 0x0020
"""The bit in `w:tblLook w:val` that means the same as `w:firstRow`."""
_AMOUNT = re.compile(r"[^\w\s]*\s*[+−-]?\d[\d.,  ’']*\s*(?:%|[^\w\s]|\w{1,4})?")
_YEAR = re.compile(r"(?:19|20)\d\d(?:[/–-]\d\d(?:\d\d)?)?")


def settle_tables(root: DocxElement, state: ReaderState) -> None:
    """Empty the continuations of merged cells, add the cells that a row skips at either end, and
    mark the first row as the header if the table's look says so."""
    for table in under(root, f"{W}tbl"):
        rows = table.findall(f"{W}tr")
        for row in rows:
            _settle_row(row)
        if len(rows) > 1 and _is_headed(table, rows[0]):
            properties = rows[0].find(f"{W}trPr")
            if properties is None:
                properties = _made(rows[0], "trPr")
            if properties.find(f"{W}tblHeader") is None:
                _made(properties, "tblHeader")
                state.guessed("the first row of a table is its header, as its style in Word says")


def _settle_row(row: DocxElement) -> None:
    for cell in under(row, f"{W}tc"):
        for merged in cell.findall(f"{W}tcPr/{W}vMerge") + cell.findall(f"{W}tcPr/{W}hMerge"):
            if merged.get(f"{W}val") in (None, "continue"):
                for child in list(cell):
                    if child.tag != f"{W}tcPr":
                        cell.remove(child)
            merged.getparent().remove(merged)
    for name, at in (("gridBefore", 0), ("gridAfter", len(row))):
        count = min(number(row.find(f"{W}trPr/{W}{name}")), MOST_COLUMNS)
        for _ in range(count):
            row.insert(at, row.makeelement(f"{W}tc"))


def _is_headed(table: DocxElement, first: DocxElement) -> bool:
    """Whether the table's look highlights its first row, and the row looks like column names. Word
    highlights the first row of every table by default."""
    look = table.find(f"{W}tblPr/{W}tblLook")
    if look is None:
        return False
    stated = look.get(f"{W}firstRow")
    if stated is None:
        try:
            stated = "1" if int(look.get(f"{W}val", "0"), 16) & _FIRST_ROW else "0"
        except ValueError:
            return False
    if stated not in ("1", "true", "on"):
        return False
    cells = [words(cell) for cell in first.iter(f"{W}tc")]
    return any(cells) and not any(_AMOUNT.fullmatch(t) and not _YEAR.fullmatch(t) for t in cells)


def _made(parent: DocxElement, name: str) -> DocxElement:
    child = parent.makeelement(f"{W}{name}")
    parent.insert(0, child)
    return child
