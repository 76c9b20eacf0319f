"""Turns the paragraphs of a Rich Text file into plain HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from syndicate.readers.docx.styles import heading_level_of_word_style, part_of_word_style
from syndicate.readers.reader_state import ReaderState
from syndicate.readers.rtf.interpreter import MOST_CELLS, FormattedRun, RtfInterpreter, RtfParagraph

_ORDER = ("strong", "em", "s", "sup", "sub")


class RtfMarkup:
    """One document. `title` and `subtitle` are set by `fragment`."""

    def __init__(self, interpreter: RtfInterpreter, state: ReaderState) -> None:
        self._read = interpreter
        self._state = state
        self.title: str | None = None
        self.subtitle: str | None = None

    def fragment(self) -> str:
        """The document as HTML, with its footnotes at the end."""
        levels = [self._level(one) for one in self._read.paragraphs if _words(one)]
        self._down = 1 if 1 in levels else 0
        blocks = "\n".join(self._blocks(self._read.paragraphs))
        notes = "\n".join(
            f'<div id="fn{number}" class="footnote"><p>{self._note(note)} '
            f'<a href="#ref{number}">↩</a></p></div>'
            for number, note in enumerate(self._read.notes, 1)
        )
        return f"{blocks}\n{notes}"

    def _note(self, note: Iterable[RtfParagraph]) -> str:
        return "<br>".join(_inline(one.runs) for one in note if _words(one))

    def _name(self, paragraph: RtfParagraph) -> str:
        return self._read.styles.get(paragraph.style, "")

    def _level(self, paragraph: RtfParagraph) -> int | None:
        """The level of a heading, from 1; None for other text."""
        if (level := heading_level_of_word_style(self._name(paragraph), None)) is not None:
            return level
        outline = paragraph.outline
        return outline + 1 if outline is not None and 0 <= outline < 9 else None

    def _blocks(self, paragraphs: list[RtfParagraph]) -> Iterator[str]:
        at = 0
        while at < len(paragraphs):
            one = paragraphs[at]
            end = at + 1
            if one.in_table:
                while end < len(paragraphs) and paragraphs[end].in_table:
                    end += 1
                yield from self._table(paragraphs[at:end])
            elif one.list_id is not None and self._level(one) is None and _words(one):
                while end < len(paragraphs) and paragraphs[end].list_id is not None:
                    end += 1
                items = [item for item in paragraphs[at:end] if _words(item)]
                yield self._list(items, min(item.level for item in items))
            else:
                yield from self._paragraph(one)
            at = end

    def _paragraph(self, one: RtfParagraph) -> Iterator[str]:
        inside = _inline(one.runs)
        if not inside.strip():
            return
        part = part_of_word_style(self._name(one), None)
        level = self._level(one)
        words = " ".join(_words(one).split())
        if part == "title" and self.title is None and words:
            self.title = words
        elif part == "subtitle" and self.subtitle is None and words:
            self.subtitle = words
        elif level is not None and words:
            level = min(max(2, level + self._down), 6)
            yield f"<h{level}>{inside}</h{level}>"
        elif part == "quote":
            yield f"<blockquote><p>{inside}</p></blockquote>"
        elif part == "code":
            yield f"<pre>{escape(_words(one))}</pre>"
        else:
            yield f"<p>{inside}</p>" if words else inside

    def _list(self, items: list[RtfParagraph], level: int) -> str:
        first = items[0]
        kinds = self._read.ordered.get(first.list_id or 0, [])
        ordered = kinds[first.level] if first.level < len(kinds) else False
        parts: list[str] = []
        at = 0
        while at < len(items):
            end = at + 1
            while end < len(items) and items[end].level > level:
                end += 1
            deeper = self._list(items[at + 1 : end], level + 1) if end > at + 1 else ""
            parts.append(f"<li><p>{_inline(items[at].runs)}</p>{deeper}</li>")
            at = end
        tag = "ol" if ordered else "ul"
        return f"<{tag}>{''.join(parts)}</{tag}>"

    def _table(self, paragraphs: list[RtfParagraph]) -> Iterator[str]:
        rows: list[list[str]] = [[]]
        cell: list[str] = []
        count = 0
        for one in paragraphs:
            if inside := _inline(one.runs):
                cell.append(inside)
            if one.cell:
                rows[-1].append("<br>".join(cell))
                cell, count = [], count + 1
            if one.row:
                rows.append([])
        if count > MOST_CELLS:
            self._state.left_out(f"a table with {count:,} cells: too large")
            return
        filled = [row for row in rows if row]
        if len(filled) == 1 and len(filled[0]) == 1:
            yield f"<p>{filled[0][0]}</p>"
        elif filled:
            cells = ("".join(f"<td>{one}</td>" for one in row) for row in filled)
            yield f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _words(paragraph: RtfParagraph) -> str:
    return _whole("".join(run.text for run in paragraph.runs)).strip()


def _whole(text: str) -> str:
    """`text`, with characters that RTF writes as two halves (surrogates) joined."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _inline(runs: Iterable[FormattedRun]) -> str:
    parts: list[str] = []
    for run in _merged(runs):
        if run.note:
            parts.append(f'<sup><a id="ref{run.note}" href="#fn{run.note}">{run.note}</a></sup>')
        elif run.picture:
            parts.append(f'<img src="{run.picture}">')
        else:
            inside = escape(_whole(run.text)).replace("\n", "<br>")
            for tag in (one for one in _ORDER if one in run.looks and run.text.strip()):
                inside = f"<{tag}>{inside}</{tag}>"
            if run.url and run.url != "note":
                inside = f'<a href="{escape(run.url)}">{inside}</a>'
            parts.append(inside)
    return "".join(parts).strip()


def _merged(runs: Iterable[FormattedRun]) -> Iterator[FormattedRun]:
    """`runs`, with neighbours of the same style joined."""
    before: FormattedRun | None = None
    for run in runs:
        plain = not (run.note or run.picture)
        alike = before and plain and (before.looks, before.url) == (run.looks, run.url)
        if before and alike and not (before.note or before.picture):
            before = FormattedRun(before.text + run.text, run.looks, run.url)
        else:
            if before:
                yield before
            before = run
    if before:
        yield before
