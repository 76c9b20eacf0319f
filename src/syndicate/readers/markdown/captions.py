"""Captions and attributions in a paragraph, or a table row, of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from syndicate.article import Block, Emphasis, Figure, Quote, Table
from syndicate.article.inlines import Content
from syndicate.article.text import plain
from syndicate.readers.prose import (
    caption_and_credit,
    is_blank_prose,
    name_after_dash,
    prose_without_start,
    sole_link,
)
from syndicate.readers.reader_state import ReaderState, shortened_for_note
from syndicate.readers.vocabulary import TABLE

LONGEST_CAPTION = 300
LONGEST_NAME = 80
_MARKED = re.compile(rf"(?:(?:{TABLE})\s*)?[:：]\s+", re.IGNORECASE)
_NUMBERED = re.compile(rf"(?:{TABLE})\s+\d+[a-z]?\s*[.:：–—]\s+\S", re.IGNORECASE)


def is_numbered_markdown_caption(content: Content) -> bool:
    """Whether `content`, right before a table, is its caption ("Table 2. Fares")."""
    words = plain(content)
    return bool(_NUMBERED.match(words)) and len(words) <= LONGEST_CAPTION


def caption_in_last_row(rows: Sequence[Sequence[Content]]) -> Content:
    """The caption in the last of `rows`, if it became a row for lack of an empty line; else ()."""
    if len(rows) < 2 or not rows[-1] or not all(map(is_blank_prose, rows[-1][1:])):
        return ()
    first = rows[-1][0]
    return _table_caption(first) if len(rows[-1]) > 1 else ()


def with_markdown_caption(
    before: object, content: Content, state: ReaderState, line: int
) -> Block | None:
    """`before` with the `content` of the paragraph after it as its caption or attribution; None if
    the paragraph is something else."""
    match before:
        case Table(caption=()):
            caption = _table_caption(content)
            return before.model_copy(update={"caption": caption}) if caption else None
        case Figure(caption=()) if _is_stressed(content):
            state.guessed(f"the caption {shortened_for_note(plain(content))!r}", line)
            stressed = content[0]
            words, credit = caption_and_credit(getattr(stressed, "content", ()))
            return before.model_copy(update={"caption": words, "credit": credit or before.credit})
        case Quote(cite=()) if (cite := name_after_dash(content)) and _is_name(cite):
            state.guessed(f"the quote by {shortened_for_note(plain(cite))!r}", line)
            link = sole_link(cite)
            return before.model_copy(
                update={"cite": link.content, "url": link.url} if link else {"cite": cite}
            )
    return None


def _table_caption(content: Content) -> Content:
    if _NUMBERED.match(plain(content)) and len(plain(content)) <= LONGEST_CAPTION:
        return content
    return prose_without_start(content, _MARKED) or ()


def _is_stressed(content: Content) -> bool:
    return (
        len(content) == 1
        and isinstance(content[0], Emphasis)
        and len(plain(content)) <= LONGEST_CAPTION
    )


def _is_name(content: Content) -> bool:
    words = plain(content)
    return (
        len(words) <= LONGEST_NAME
        and not words.endswith((".", "!", "?"))
        and words[:1].isupper()
        and "\n" not in words
    )
