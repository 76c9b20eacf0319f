"""Plain text as the content of blocks."""

from __future__ import annotations

from syndicate.article import LineBreak
from syndicate.article.inlines import Content, Inline
from syndicate.readers.prose import linked


def content_of(text: str) -> Content:
    """`text` with its URLs as links and with its line breaks."""
    parts: list[Inline] = []
    for line in text.split("\n"):
        if parts:
            parts.append(LineBreak())
        parts.extend(linked(line.strip()))
    return tuple(parts)
