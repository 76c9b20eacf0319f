"""Collects the text of one paragraph, with white space collapsed as in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterable

from syndicate.article import LineBreak, Text
from syndicate.article.inlines import Content, Inline
from syndicate.article.text import plain
from syndicate.readers.prose import is_blank_prose, joined_prose, trimmed_prose

_SPACE = re.compile(r"[ \t\n\r\f]+")
# Hints to a browser where a line may break. Other channels would print or count them.
_HINTS = re.compile("[\u00ad\u200b\u2060\ufeff]")


class HTMLParagraph:
    """Collects the inlines of a paragraph; `begin` and `end` bracket those of an element."""

    def __init__(self) -> None:
        self._open: list[list[Inline]] = [[]]
        self._after_space = True

    def text(self, text: str | None) -> None:
        """Characters between tags."""
        if not text:
            return
        if not text.isascii():
            text = _HINTS.sub("", text)
        text = _SPACE.sub(" ", text)
        if self._after_space:
            text = text.lstrip(" ")
        if text:
            self._open[-1].append(Text(text=text))
            self._after_space = text[-1] == " "

    def add(self, inline: Inline) -> None:
        """A whole inline."""
        self._open[-1].append(inline)
        self._after_space = isinstance(inline, LineBreak)

    def begin(self) -> None:
        """Start an element."""
        self._open.append([])

    def end(self) -> tuple[Content, bool]:
        """End the element. Returns its content, and whether a space was removed from its end."""
        content = joined_prose(self._open.pop())
        if content and isinstance(last := content[-1], Text) and last.text.endswith(" "):
            bare = last.text.rstrip(" ")
            return (*content[:-1], *((Text(text=bare),) if bare else ())), True
        return content, False

    def close(self, inlines: Iterable[Inline], spaced: bool) -> None:
        """Add the inlines that an element became, and the space that was removed from its end."""
        self._open[-1].extend(inlines)
        self._after_space = False
        if spaced:
            self._open[-1].append(Text(text=" "))
            self._after_space = True

    def take(self) -> Content:
        """Everything collected so far; the run is empty afterwards."""
        content = joined_prose(self._open[0])
        self._open, self._after_space = [[]], True
        return content

    @property
    def last(self) -> str:
        """The characters of the last inline."""
        return plain((self._open[-1][-1],)) if self._open[-1] else ""

    @property
    def blank(self) -> bool:
        """Whether nothing visible has been collected so far."""
        return all(is_blank_prose(tuple(parts)) for parts in self._open)


def paragraphs_at_breaks(content: Content) -> list[Content]:
    """`content` split at two or more line breaks in a row, without blank parts."""
    if not content:
        return []
    if not any(isinstance(inline, LineBreak) for inline in content):
        whole = trimmed_prose(content)
        return [] if is_blank_prose(whole) else [whole]
    parts: list[list[Inline]] = [[]]
    breaks = 0
    for inline in content:
        if isinstance(inline, LineBreak):
            breaks += 1
            continue
        if isinstance(inline, Text) and not inline.text.strip() and breaks:
            continue
        if breaks > 1:
            parts.append([])
        elif breaks and parts[-1]:
            parts[-1].append(LineBreak())
        breaks = 0
        parts[-1].append(inline)
    return [whole for part in parts if not is_blank_prose(whole := _tidy(tuple(part)))]


def _tidy(content: Content) -> Content:
    """`content` without white space at its ends and before its line breaks."""
    parts: list[Inline] = []
    for inline in trimmed_prose(content):
        if isinstance(inline, LineBreak) and parts and isinstance(last := parts[-1], Text):
            parts[-1] = Text(text=last.text.rstrip(" "))
        parts.append(inline)
    return tuple(parts)
