"""An article's body in the order and groups in which it is printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import regex

from syndicate.article import (
    FAQ,
    Block,
    Callout,
    CallToAction,
    CodeBlock,
    Correction,
    Footnote,
    Gallery,
    Heading,
    Inline,
    Paragraph,
    Paywall,
    Related,
    Table,
    Text,
)
from syndicate.article.blocks import Blocks
from syndicate.article.inlines import Content
from syndicate.article.text import plain
from syndicate.article.walk import nodes_in

# A drop cap needs a paragraph that is taller than itself, and a script with capitals.
_OPENING = regex.compile(r"^([\p{Latin}\p{Greek}\p{Cyrillic}])((?:\p{L}|\p{M}|['’])*)")
_LONG_ENOUGH = 180
# Characters: the padding of a table cell, and the longest word and cell that widen a column.
_PADDING, _LONG_WORD, _LONG_CELL = 5, 24, 90


@dataclass(frozen=True)
class DropCap:
    """A first paragraph with a drop cap: `initial` + `rest` is its first word."""

    block: Paragraph
    initial: str
    rest: str
    content: Content


@dataclass(frozen=True)
class ColumnRun:
    """Blocks that are set together: in columns, across all columns, or as the panel of an FAQ."""

    place: Literal["columns", "across", "panel"]
    blocks: Blocks
    heading: Heading | None = None


@dataclass
class PrintedNotes:
    """The footnotes that have been set at the bottom of the page with their first reference."""

    placed: set[str] = field(default_factory=set)

    def place(self, footnotes: tuple[Footnote, ...], label: str) -> bool:
        """Whether the note called `label` goes at the bottom of this page.

        It does at its first reference if it consists of paragraphs; other notes are set at the end
        of the story.
        """
        note = next((note for note in footnotes if note.label == label), None)
        if note is None or label in self.placed:
            return False
        if not all(isinstance(block, Paragraph) for block in note.blocks):
            return False
        self.placed.add(label)
        return True


@dataclass(frozen=True)
class Composition:
    """The parts of a story for the page template: `runs`, then `end`, which ends in corrections.

    `last` is the paragraph with the end mark.
    """

    opening: DropCap | None
    runs: tuple[ColumnRun, ...]
    end: Blocks
    footnotes: tuple[Footnote, ...]
    last: Block | None
    notes: PrintedNotes


def compose_print(body: Blocks, line: int) -> Composition:
    """The composition of `body` for columns of about `line` characters."""
    apart = (Correction, Footnote)
    story: list[Block] = [block for block in body if not isinstance(block, apart)]
    end: list[Block] = []
    while story and isinstance(story[-1], (Related, CallToAction, Paywall)):
        end.insert(0, story.pop())
    if end and isinstance(end[0], Related) and story and isinstance(story[-1], Heading):
        end.insert(0, story.pop())
    corrections = [block for block in reversed(body) if isinstance(block, Correction)]
    corrections.sort(key=lambda correction: correction.date, reverse=True)
    return Composition(
        opening=_opening(story),
        runs=tuple(_runs(story, line)),
        end=(*end, *corrections),
        footnotes=tuple(block for block in body if isinstance(block, Footnote)),
        last=story[-1] if story and isinstance(story[-1], Paragraph) else None,
        notes=PrintedNotes(),
    )


def _opening(story: list[Block]) -> DropCap | None:
    block = next((block for block in story[:2] if not isinstance(block, Heading)), None)
    if not isinstance(block, Paragraph) or len(plain(block.content)) < _LONG_ENOUGH:
        return None
    first, *others = block.content
    found = _OPENING.match(first.text) if isinstance(first, Text) else None
    if not isinstance(first, Text) or not found:
        return None
    tail: list[Inline] = [Text(text=first.text[found.end() :])]
    return DropCap(block, found[1], found[2], (*tail, *others))


def _runs(story: list[Block], line: int) -> Iterator[ColumnRun]:
    """The runs of `story`, for columns of about `line` characters.

    A heading moves with the wide block after it, into the panel or across the columns. A callout
    before such a block is set across the columns too; otherwise it would be left alone at the
    bottom of a column.
    """
    column: list[Block] = []
    for block in story:
        if not _spans(block, line):
            column.append(block)
            continue
        heading = column.pop() if column and isinstance(column[-1], Heading) else None
        asides: list[Block] = []
        while column and isinstance(column[-1], Callout):
            asides.insert(0, column.pop())
        if column:
            yield ColumnRun("columns", tuple(column))
            column = []
        if asides:
            yield ColumnRun("across", tuple(asides))
        place: Literal["panel", "across"] = "panel" if isinstance(block, FAQ) else "across"
        yield ColumnRun(place, (block,), heading if isinstance(heading, Heading) else None)
    if column:
        yield ColumnRun("columns", tuple(column))


def _spans(block: Block, line: int) -> bool:
    match block:
        case FAQ() | Gallery():
            return True
        case Table():
            return sum(max(word, cell // 2) + _PADDING for word, cell in _needs(block)) > line
        case CodeBlock(text=text):
            return max(map(len, text.splitlines()), default=0) > line * 0.8
        case _:
            return False


def print_column_shares(table: Table) -> tuple[float, ...]:
    """The share of the full width, in per cent, that each column of `table` gets.

    With widths known in advance, even long tables are laid out quickly.
    """
    wanted = [word + (cell - word) / 2 + _PADDING for word, cell in _needs(table)]
    return tuple(round(100 * width / sum(wanted), 2) for width in wanted)


def _needs(table: Table) -> list[tuple[int, int]]:
    """The lengths of the longest word and the longest cell in each column, up to a limit."""
    rows = [row for row in (table.header, *table.rows) if row]
    needs = []
    for column in zip(*rows, strict=True):
        texts = [plain(cell) for cell in column]
        word = max((len(word) for text in texts for word in text.split()), default=1)
        needs.append((min(word, _LONG_WORD), min(max(map(len, texts)), _LONG_CELL)))
    return needs


def print_heading_levels(body: Blocks) -> dict[int, int]:
    """The level of each heading in `body` by its `id()`; at most one deeper than the last heading.

    ISO 14289-1, 7.4.2 forbids skipped levels, but authors may skip them.
    """
    levels: dict[int, int] = {}
    last = 1
    for node in nodes_in(body):
        if isinstance(node, Heading):
            last = min(node.level, last + 1)
            levels[id(node)] = last
    return levels
