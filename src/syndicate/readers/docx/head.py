"""The head of a Word file: title, subtitle, byline and date, recognised by style or wording."""

from __future__ import annotations

from typing import Any

from syndicate.article import Contributor, Table
from syndicate.article.text import plain
from syndicate.article.values import one_line
from syndicate.readers.byline import authors_in
from syndicate.readers.docx.body import docx_headline
from syndicate.readers.docx.lines import DocxLine
from syndicate.readers.prose import is_blank_prose, reads_like_headline
from syndicate.readers.reader_state import ReaderState, shortened_for_note

_LOOK_AHEAD = 4


def take_docx_head(
    lines: list[DocxLine | Table], stated: str | None, state: ReaderState, beside: str | None = None
) -> tuple[dict[str, Any], list[DocxLine | Table]]:
    """The metadata in the first of `lines`, and the other lines. `stated` is the title in the
    file's properties, used if no style marks a title. `beside` is the title in the sidecar, which
    has priority: then a first line is only left out if it reads like a headline."""
    kept = [
        line
        for line in lines
        if isinstance(line, Table) or line.figures or not is_blank_prose(line.content)
    ]
    found: dict[str, Any] = {}
    text = docx_headline(kept[0]) or "" if kept else ""
    styled = any(
        isinstance(line, DocxLine) and (line.part == "title" or line.heading) for line in kept
    )
    as_text = beside and not styled and not reads_like_headline(text)
    rest = kept if as_text else _titled(kept, stated, found, state)
    above: list[DocxLine | Table] = []
    for number, line in enumerate(rest[:_LOOK_AHEAD]):
        if not (isinstance(line, DocxLine) and _signs(line, found, state)):
            above.append(line)
            if isinstance(line, Table) or (line.heading or len(plain(line.content)) > 200):
                return found, above + rest[number + 1 :]
    return found, above + rest[_LOOK_AHEAD:]


def _titled(
    lines: list[DocxLine | Table], stated: str | None, found: dict[str, Any], state: ReaderState
) -> list[DocxLine | Table]:
    """Put the title into `found`. Returns the lines after it."""
    texts = [docx_headline(line) for line in lines]
    parts = [line.part if isinstance(line, DocxLine) else None for line in lines]
    levels = [line.heading if isinstance(line, DocxLine) else None for line in lines]
    first = next((number for number, text in enumerate(texts) if text), None)
    if "title" in parts[:10] and texts[parts.index("title")]:
        at: int | None = parts.index("title")
    elif first is not None and levels[first]:
        at = first
    elif stated:
        at = next((n for n, text in enumerate(texts[:3]) if text == stated), None)
        found["title"] = stated
    else:
        at = first
        if first is not None:
            state.guessed(
                f"the headline {shortened_for_note(texts[first] or '')!r}, from the first line"
            )
    if at is None:
        return lines
    found.setdefault("title", texts[at])
    return [*lines[:at], *lines[at + 1 :]]


def _signs(line: DocxLine, found: dict[str, Any], state: ReaderState) -> bool:
    """Whether `line` is a subtitle, a byline or a date; if so, it is put into `found`."""
    text = one_line(plain(line.content))
    if line.part == "subtitle" and "subtitle" not in found:
        found["subtitle"] = text
        return True
    if line.heading or line.figures or line.depth is not None or len(text) > 160:
        return False
    authors = authors_in(text)
    if line.part == "byline":
        found["contributors"] = authors or (Contributor(name=text),)
        return True
    if authors and "contributors" not in found:
        found["contributors"] = authors
        state.guessed(f"the byline {shortened_for_note(text)!r}")
        return True
    if any(character.isdigit() for character in text):
        try:
            found["published"] = state.source.moment(text, state.language)
        except ValueError:
            return False
        state.guessed(f"the date in {shortened_for_note(text)!r}")
        return True
    return False
