"""Turns OpenDocument's elements into plain HTML (ISO/IEC 26300 part 1, chapters 4 to 7 and 9)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from syndicate.readers.docx.styles import part_of_word_style
from syndicate.readers.odt.styles import DRAW, OFFICE, TABLE, TEXT, XLINK, OdtStyles
from syndicate.readers.reader_state import ReaderState, shortened_for_note

MOST_CELLS = 100_000
MOST_SPACES = 100
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"


class OdtMarkup:
    """One document. `title`, `subtitle` and `pictures` (the names of the pictures that it shows)
    are set by `fragment`."""

    def __init__(self, content: Any, common: Any, state: ReaderState) -> None:
        self._body = content.find(f"{OFFICE}body/{OFFICE}text")
        self._styles = OdtStyles(content, common)
        self._state = state
        self._notes: list[str] = []
        self._after: list[str] = []
        self._cells = 0
        self.title: str | None = None
        self.subtitle: str | None = None
        self.pictures: list[str] = []

    def fragment(self) -> str:
        """The document as HTML, with its footnotes at the end."""
        if self._body is None:
            return ""
        levels = [int(one.get(f"{TEXT}outline-level") or 1) for one in self._body.iter(f"{TEXT}h")]
        self._down = 1 if 1 in levels else 0
        blocks = "\n".join(self._blocks(self._body))
        notes = "\n".join(
            f'<div id="fn{n}" class="footnote"><p>{note} <a href="#ref{n}">↩</a></p></div>'
            for n, note in enumerate(self._notes, 1)
        )
        return f"{blocks}\n{notes}"

    def _blocks(self, parent: Any) -> Iterator[str]:
        for element in parent:
            tag = element.tag
            if tag in (f"{TEXT}p", f"{TEXT}h"):
                yield from self._paragraph(element)
            elif tag == f"{TEXT}list":
                yield self._list(element, self._styles.list_of(element), 1)
            elif tag == f"{TABLE}table":
                yield from self._table(element)
            elif tag in (f"{TEXT}table-of-content", f"{TEXT}alphabetical-index"):
                self._state.left_out("the table of contents")
            elif tag == f"{TEXT}section":
                if element.get(f"{TEXT}display") in ("none", "condition"):
                    self._hidden(element)
                else:
                    yield from self._blocks(element)
            elif tag in (f"{TEXT}soft-page-break", f"{TEXT}sequence-decls", f"{OFFICE}forms"):
                continue
            elif tag == f"{TEXT}tracked-changes":
                self._state.guessed("all tracked changes are accepted")
            elif isinstance(tag, str) and tag.startswith((TEXT, DRAW)):
                yield from self._blocks(element)
            yield from self._drain()

    def _drain(self) -> Iterator[str]:
        """The blocks that are anchored to the paragraph before; they are returned only once."""
        after, self._after = self._after, []
        yield from after

    def _paragraph(self, element: Any) -> Iterator[str]:
        style = element.get(f"{TEXT}style-name")
        names = self._styles.names(style)
        if self._styles.is_hidden(style):
            self._hidden(element)
            return
        inside = self._inline(element).strip()
        part = next((found for name in names if (found := part_of_word_style(name, None))), None)
        if not _has_words(inside):
            yield inside
            return
        if part == "subtitle" and self.subtitle is None:
            self.subtitle = " ".join("".join(element.itertext()).split())
        elif part == "title" and self.title is None:
            self.title = " ".join("".join(element.itertext()).split())
        elif element.tag == f"{TEXT}h":
            level = min(max(2, int(element.get(f"{TEXT}outline-level") or 1) + self._down), 6)
            yield f"<h{level}>{inside}</h{level}>"
        elif part == "quote":
            yield f"<blockquote><p>{inside}</p></blockquote>"
        elif part == "code":
            yield f"<pre>{escape(''.join(element.itertext()))}</pre>"
        else:
            yield f"<p>{inside}</p>"

    def _inline(self, element: Any) -> str:
        parts = [escape(element.text or "")]
        for child in element:
            if isinstance(child.tag, str):
                parts.append(self._run(child))
            parts.append(escape(child.tail or ""))
        return "".join(parts)

    def _run(self, child: Any) -> str:
        tag = child.tag
        if tag == f"{TEXT}span":
            return self._span(child)
        if tag == f"{TEXT}a":
            href = escape(child.get(f"{XLINK}href") or "")
            return f'<a href="{href}">{self._inline(child)}</a>'
        if tag == f"{TEXT}s":
            count = child.get(f"{TEXT}c") or "1"
            return " " * (min(int(count), MOST_SPACES) if count.isdigit() else 1)
        if tag == f"{TEXT}line-break":
            return "<br>"
        if tag in (f"{TEXT}tab", f"{TEXT}soft-page-break"):
            return " "
        if tag == f"{TEXT}note":
            return self._note(child)
        if tag in (f"{OFFICE}annotation", f"{OFFICE}annotation-end"):
            words = " ".join("".join(one.itertext()) for one in child.iter(f"{TEXT}p"))
            if words:
                self._state.left_out(f"the comment {shortened_for_note(words)!r}")
            return ""
        if tag in (f"{TEXT}hidden-text", f"{TEXT}hidden-paragraph"):
            return self._hidden(child)
        if tag.startswith(DRAW):
            return self._drawing(child)
        if tag.startswith(f"{TEXT}ruby") and not tag.endswith(("ruby", "ruby-base")):
            return ""
        return self._inline(child)

    def _span(self, child: Any) -> str:
        style = child.get(f"{TEXT}style-name")
        if self._styles.is_hidden(style):
            return self._hidden(child)
        inside = self._inline(child)
        for tag in self._styles.effects(style):
            inside = f"<{tag}>{inside}</{tag}>"
        return inside

    def _hidden(self, element: Any) -> str:
        words = " ".join("".join(element.itertext()).split())
        words = words or element.get(f"{TEXT}string-value") or ""
        if words:
            self._state.left_out(f"hidden text: {shortened_for_note(words)!r}")
        return ""

    def _note(self, child: Any) -> str:
        body = child.find(f"{TEXT}note-body")
        paragraphs = () if body is None else body.iter(f"{TEXT}p")
        self._notes.append("<br>".join(self._inline(one) for one in paragraphs))
        number = len(self._notes)
        return f'<sup><a id="ref{number}" href="#fn{number}">{number}</a></sup>'

    def _drawing(self, child: Any) -> str:
        """A picture in place; the words of a text box after the paragraph."""
        for box in child.iter(f"{DRAW}text-box"):
            words = " ".join("".join(box.itertext()).split())
            if words:
                self._state.guessed(
                    f"the text box {shortened_for_note(words)!r} belongs after its paragraph"
                )
            held, self._after = self._after, []
            inside = list(self._blocks(box))
            self._after = [*held, *inside, *self._after]
            return ""
        alt = " ".join("".join(one.itertext()) for one in child.iter(f"{_SVG}desc")) or " ".join(
            "".join(one.itertext()) for one in child.iter(f"{_SVG}title")
        )
        drawn = ""
        for image in child.iter(f"{DRAW}image"):
            src = (image.get(f"{XLINK}href") or "").removeprefix("./")
            if src and not drawn:
                self.pictures.append(src)
                drawn = f'<img src="{escape(src)}" alt="{escape(" ".join(alt.split()))}">'
        if not drawn and next(child.iter(f"{DRAW}object"), None) is not None:
            self._state.left_out(
                f"the chart or object {alt!r}: paste it into the file as a picture"
            )
        return drawn

    def _list(self, element: Any, style: str | None, level: int) -> str:
        ordered = self._styles.is_ordered(style, level)
        first = next((one.get(f"{TEXT}start-value") for one in element), None)
        start = f' start="{first}"' if ordered and first and first.isdigit() else ""
        items = []
        for item in element:
            inside = []
            for child in item:
                if child.tag == f"{TEXT}list":
                    inside.append(
                        self._list(child, self._styles.list_of(child) or style, level + 1)
                    )
                elif child.tag in (f"{TEXT}p", f"{TEXT}h"):
                    inside.append(f"<p>{self._inline(child)}</p>")
            items.append(f"<li>{''.join(inside)}</li>")
        tag = "ol" if ordered else "ul"
        return f"<{tag}{start}>{''.join(items)}</{tag}>"

    def _table(self, element: Any) -> Iterator[str]:
        rows: list[str] = []
        for row, headed in _rows(element):
            cells = "".join(self._cells_of(row, "th" if headed else "td"))
            if self._cells > MOST_CELLS:
                self._state.left_out(f"a table with more than {MOST_CELLS:,} cells: too large")
                return
            rows.append(f"<tr>{cells}</tr>")
        yield f"<table>{''.join(rows)}</table>"

    def _cells_of(self, row: Any, tag: str) -> Iterator[str]:
        for cell in row:
            if cell.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
                continue
            count = cell.get(f"{TABLE}number-columns-repeated") or "1"
            times = min(int(count), 1_000) if count.isdigit() else 1
            inside = ""
            if cell.tag == f"{TABLE}table-cell":
                inside = "<br>".join(self._inline(one) for one in cell.iter(f"{TEXT}p"))
            for _ in range(times):
                self._cells += 1
                yield f"<{tag}>{inside}</{tag}>"


def _rows(table: Any) -> Iterable[tuple[Any, bool]]:
    """The rows of `table`, each with whether it is a header row."""
    for child in table:
        if child.tag == f"{TABLE}table-row":
            yield child, False
        elif child.tag == f"{TABLE}table-header-rows":
            yield from ((row, True) for row in child.iter(f"{TABLE}table-row"))
        elif child.tag in (f"{TABLE}table-rows", f"{TABLE}table-row-group"):
            yield from _rows(child)


def _has_words(markup: str) -> bool:
    return bool(re.sub(r"<[^>]*>|&nbsp;", "", markup).strip())
