"""Turns lines into blocks: lists, quotes, code, figures with captions, headings, the head."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from syndicate.article import (
    Block,
    CodeBlock,
    Figure,
    Footnote,
    Gallery,
    Heading,
    List,
    ListItem,
    Paragraph,
    PullQuote,
    Quote,
    Table,
)
from syndicate.article.inlines import Content
from syndicate.article.text import plain
from syndicate.article.values import one_line
from syndicate.readers.docx.lines import DocxLine, DocxLines
from syndicate.readers.docx.runs import docx_without_bold, is_bold_in_docx
from syndicate.readers.docx.typed import with_typed_items
from syndicate.readers.prose import (
    caption_and_credit,
    is_blank_prose,
    name_after_dash,
    prose_without_start,
)
from syndicate.readers.reader_state import ReaderState, shortened_for_note

LONGEST_HEADLINE = 200
LONGEST_HEADING = 120
_TASK = re.compile(r"(?P<box>[☐☑☒])\s*")


def docx_blocks(lines: list[DocxLine | Table], state: ReaderState) -> tuple[Block, ...]:
    """The blocks of `lines`. If they have headings of level 1, all headings go down by one."""
    if not any(isinstance(line, DocxLine) and line.heading for line in lines):
        lines = list(_with_guessed_headings(lines, state))
    lines = list(with_typed_items(lines, state))
    levels = [line.heading for line in lines if isinstance(line, DocxLine) and line.heading]
    down = 1 if 1 in levels else 0
    return tuple(_Grouping(lines, state, down).blocks())


def docx_notes(document: Any, lines: DocxLines, state: ReaderState) -> Iterator[Block]:
    """The footnotes and endnotes that the text refers to, in the order of the references."""
    done: set[Any] = set()
    while waiting := [key for key in lines.labels if key not in done]:
        for key in waiting:
            done.add(key)
            try:
                note = document.notes.find_note(*key)
            except KeyError:
                state.left_out(f"the reference to note {lines.labels[key]}: it is not in the file")
                continue
            yield Footnote(
                label=lines.labels[key], blocks=docx_blocks(list(lines.of(note.body)), state)
            )


def _with_guessed_headings(
    lines: list[DocxLine | Table], state: ReaderState
) -> Iterator[DocxLine | Table]:
    """`lines` with headings. If no style marks headings, short bold paragraphs with text below them
    become headings; larger letters mean a higher level."""
    candidates = [
        number
        for number, line in enumerate(lines)
        if isinstance(line, DocxLine) and _looks_like_heading(line) and _leads(lines, number)
    ]
    sizes = sorted({lines[n].size or 0.0 for n in candidates}, reverse=True)  # type: ignore[union-attr]
    for number, line in enumerate(lines):
        if number in candidates and isinstance(line, DocxLine):
            state.guessed(
                f"the heading {shortened_for_note(plain(line.content))!r}, from its bold letters"
            )
            yield replace(line, heading=min(2 + sizes.index(line.size or 0.0), 4))
        else:
            yield line


def _looks_like_heading(line: DocxLine) -> bool:
    text = plain(line.content).strip()
    return (
        line.part is None
        and line.depth is None
        and is_bold_in_docx(line.content)
        and len(text) <= LONGEST_HEADING
        and "\n" not in text
        and not text.endswith((".", ",", ";", ":", "!", "…"))
    )


def _leads(lines: list[DocxLine | Table], number: int) -> bool:
    """Whether there is text that is not bold below line `number`."""
    for line in lines[number + 1 : number + 3]:
        if isinstance(line, Table):
            return True
        if not is_blank_prose(line.content):
            return not is_bold_in_docx(line.content) or _looks_like_heading(line)
    return False


class _Grouping:
    """Walks over lines and groups those that belong together."""

    def __init__(self, lines: list[DocxLine | Table], state: ReaderState, down: int) -> None:
        self._lines = [
            line
            for line in lines
            if isinstance(line, Table) or line.figures or not is_blank_prose(line.content)
        ]
        self._state = state
        self._down = down
        self._at = 0

    def blocks(self) -> Iterator[Block]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if isinstance(line, Table):
                self._at += 1
                caption = self._caption()
                yield line.model_copy(update={"caption": caption}) if caption else line
            elif line.depth is not None:
                yield self._list(line.depth)
            elif line.part == "contents":
                self._run(lambda one: one.part == "contents")
                self._state.left_out("the table of contents")
            elif line.part in ("quote", "pullquote"):
                yield self._quote(line.part)
            elif line.part == "code":
                run = self._run(lambda one: one.part == "code")
                yield CodeBlock(text="\n".join(plain(one.content) for one in run))
            else:
                self._at += 1
                yield from self._paragraph(line)

    def _paragraph(self, line: DocxLine) -> Iterator[Block]:
        if line.heading and not is_blank_prose(line.content):
            level = min(max(2, line.heading + self._down), 6)
            yield Heading(level=level, content=docx_without_bold(line.content))
        elif line.part == "caption" and isinstance(self._next(), Table):
            table = self._lines[self._at]
            assert isinstance(table, Table)
            self._lines[self._at] = table.model_copy(update={"caption": line.content})
        elif not is_blank_prose(line.content):
            yield Paragraph(content=line.content)
        if line.figures:
            yield self._figures(line)

    def _figures(self, line: DocxLine) -> Block:
        """The pictures of a paragraph with the caption below them."""
        figures = list(line.figures)
        while isinstance(following := self._next(), DocxLine) and following.figures:
            if not is_blank_prose(following.content):
                break
            figures += following.figures
            self._at += 1
        caption, credit = caption_and_credit(self._caption())
        if len(figures) == 1:
            return Figure.model_validate({**dict(figures[0]), "caption": caption, "credit": credit})
        if credit:
            figures = [figure.model_copy(update={"credit": credit}) for figure in figures]
        return Gallery(figures=tuple(figures), caption=caption)

    def _caption(self) -> Content:
        """The caption on the next line, by its style or because it ends in a credit; () if none."""
        following = self._next()
        if not isinstance(following, DocxLine) or following.heading or following.figures:
            return ()
        credited = len(plain(following.content)) < 400 and caption_and_credit(following.content)[1]
        if following.part == "caption" or credited:
            self._at += 1
            return following.content
        return ()

    def _next(self) -> DocxLine | Table | None:
        return self._lines[self._at] if self._at < len(self._lines) else None

    def _run(self, belongs: Callable[[DocxLine], bool]) -> list[DocxLine]:
        """The lines from the current one onwards that belong together."""
        run: list[DocxLine] = []
        while isinstance(line := self._next(), DocxLine) and belongs(line):
            run.append(line)
            self._at += 1
        return run

    def _quote(self, part: str) -> Block:
        run = self._run(lambda one: one.part == part)
        cite = name_after_dash(run[-1].content) if len(run) > 1 else None
        if cite is not None:
            run.pop()
        if part == "pullquote" and len(run) == 1:
            return PullQuote(content=run[0].content, cite=cite or ())
        return Quote(blocks=tuple(Paragraph(content=one.content) for one in run), cite=cite or ())

    def _list(self, depth: int) -> Block:
        """The list that begins at the current line, with deeper lists inside its items."""
        first = self._next()
        ordered = getattr(first, "ordered", False)
        start = getattr(first, "number", 1) if ordered else 1
        items: list[list[Block]] = []
        while isinstance(line := self._next(), DocxLine):
            deeper = line.depth is not None and line.depth > depth
            if line.part == "continued" and line.depth is None and items:
                self._at += 1
                items[-1].append(Paragraph(content=line.content))
            elif deeper and items and line.depth is not None:
                items[-1].append(self._list(line.depth))
            elif line.depth == depth and line.ordered == ordered:
                self._at += 1
                items.append([Paragraph(content=line.content)] if line.content else [])
                if line.figures:
                    items[-1].append(self._figures(line))
            else:
                break
        return List(ordered=ordered, start=start, items=tuple(_item(blocks) for blocks in items))


def _item(blocks: list[Block]) -> ListItem:
    """A list item; if it is a task, without its check box sign."""
    first = blocks[0] if blocks else None
    if isinstance(first, Paragraph) and (box := _TASK.match(plain(first.content))):
        rest = prose_without_start(first.content, _TASK)
        if rest:
            task = (Paragraph(content=rest), *blocks[1:])
            return ListItem(blocks=task, checked=box["box"] != "☐")
    return ListItem(blocks=tuple(blocks))


def docx_headline(line: DocxLine | Table) -> str | None:
    """The text of `line` if it could be a headline."""
    if isinstance(line, Table) or line.depth is not None:
        return None
    text = one_line(plain(line.content))
    return text if 0 < len(text) <= LONGEST_HEADLINE else None
