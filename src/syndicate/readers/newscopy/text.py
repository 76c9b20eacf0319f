"""Plain text as the content of blocks."""

from __future__ import annotations

from syndicate.article import LineBreak
from syndicate.article.inlines import Content, Inline
from syndicate.readers.prose import with_urls_linked


def newscopy_content(text: str) -> Content:
    """`text` with its URLs as links and with its line breaks."""
    parts: list[Inline] = []
    for line in text.split("\n"):
        if parts:
            parts.append(LineBreak())
        parts.extend(with_urls_linked(line.strip()))
    return tuple(parts)
