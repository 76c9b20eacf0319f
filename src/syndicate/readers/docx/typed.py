"""Lists typed by hand, with a sign or a number at the beginning of each line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from syndicate.article import LineBreak, Table
from syndicate.article.inlines import Content, Inline
from syndicate.article.text import plain
from syndicate.readers.docx.lines import DocxLine
from syndicate.readers.prose import prose_without_start, trimmed_prose
from syndicate.readers.reader_state import ReaderState, shortened_for_note

_SIGN = re.compile(
    r"(?:(?P<sure>[•◦‣▪▫●○■□◆◇➢➤►✓✔·\uf0b7\uf0a7\uf06e\uf0d8\uf0fc])|(?P<dash>[-–*]))\s+(?=\S)"
    r"|\(?(?P<number>\d{1,3})[.)]\s+(?=\S)"
)
_START = re.compile(r"\s*(?:" + _SIGN.pattern + r")")
DEEPER = 200
"""The extra indent, in twentieths of a point, of an item in a nested list."""


def with_typed_items(
    lines: list[DocxLine | Table], state: ReaderState
) -> Iterator[DocxLine | Table]:
    """`lines`, with typed lists as list items. A single line with a bullet is a list; dashes and
    numbers must continue on the next line, because any paragraph may begin with one."""
    parts = [part for line in lines for part in _split(line)]
    at = 0
    while at < len(parts):
        run = _run(parts, at)
        if not run:
            yield parts[at]
            at += 1
            continue
        state.guessed(f"the list that begins with {shortened_for_note(plain(run[0].content))!r}")
        yield from run
        at += len(run)


def _run(parts: list[DocxLine | Table], start: int) -> list[DocxLine]:
    """The items of the typed list that begins at `start`; [] if there is none."""
    items: list[DocxLine] = []
    sure = False
    indents: list[int] = []
    expected = 0
    for line in parts[start:]:
        found = _begun(line)
        if not isinstance(line, DocxLine) or not found:
            break
        number = int(found["number"]) if found["number"] else None
        if items and (number is not None) != items[0].ordered:
            break
        if number is not None and items and number != expected:
            break
        expected = (number or 0) + 1
        sure = sure or bool(found["sure"])
        while indents and line.indent < indents[-1] - DEEPER:
            indents.pop()
        if not indents or line.indent > indents[-1] + DEEPER:
            indents.append(line.indent)
        items.append(
            replace(
                line,
                content=prose_without_start(line.content, _START) or (),
                depth=min(len(indents) - 1, 9),
                ordered=number is not None,
                number=1 if number is None else number,
            )
        )
    return items if sure or len(items) > 1 else []


def _begun(line: DocxLine | Table) -> re.Match[str] | None:
    """The sign or number at the start of `line`, if it is running text that begins like an item."""
    if isinstance(line, Table) or line.heading or line.depth is not None or line.part is not None:
        return None
    found = _START.match(plain(line.content))
    return found if found and prose_without_start(line.content, _START) else None


def _split(line: DocxLine | Table) -> Iterator[DocxLine | Table]:
    """`line`; if the parts between its line breaks are items, one line for each part."""
    if isinstance(line, Table) or not any(isinstance(one, LineBreak) for one in line.content):
        yield line
        return
    parts = [replace(line, content=part, figures=()) for part in _between_breaks(line.content)]
    if sum(bool(_begun(part)) for part in parts) < 2:
        yield line
        return
    yield from parts[:-1]
    yield replace(parts[-1], figures=line.figures)


def _between_breaks(content: Content) -> Iterator[Content]:
    part: list[Inline] = []
    for inline in content:
        if isinstance(inline, LineBreak):
            yield trimmed_prose(tuple(part))
            part = []
        else:
            part.append(inline)
    yield trimmed_prose(tuple(part))
