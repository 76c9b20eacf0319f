"""HTML: whole pages, and fragments that are content throughout.

Of a page the element is taken that holds most of what reads like an article; what in it is the
page's own (by its tag, its class, its words) is left out, each with a note. Title, authors and
dates come from the headline, byline and date that readers see and from JSON-LD, OpenGraph and
`meta` elements; each choice is a guess with a note. Relative addresses are resolved against
`<base>`, the address the page was fetched from, or the one it calls its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from syndicate.article.blocks import Blocks
from syndicate.article.inlines import Content
from syndicate.readers.contract import Note, Reader, Reading, Source
from syndicate.readers.copy import Copy


class HTMLReader(Reader):
    """HTML and XHTML pages, saved or fetched; one article a page."""

    suffixes: ClassVar[tuple[str, ...]] = (".html", ".htm", ".xhtml")
    streams: ClassVar[bool] = True

    def read(self, source: Source) -> Iterator[Reading]:
        """The article in `source`.

        Raises:
            SourceError: there is none, or it has no title; it is binary, too large or nested
                too deeply.
        """
        from syndicate.readers.html.page.page import page

        yield page(Copy(source, source.publication.language))


def blocks_of(
    fragment: str, *, base: str | None = None, picture: Callable[[str], str | None] | None = None
) -> tuple[Blocks, tuple[Note, ...]]:
    """A clean HTML `fragment` as blocks; every element is content, footnotes come last.

    Args:
        base: the http(s) URL that relative addresses are resolved against; without it they
            stay as written.
        picture: from the relative address of a picture to what the article calls it, None if
            it is unsafe; without it they stay as written.

    Returns:
        The blocks, and what was guessed or left out; lines count from 1 in the fragment.
        Fragments nested thousands deep give no blocks and a note.
    """
    from syndicate.readers.html.elements.blocks import HTMLBlockReader
    from syndicate.readers.html.tree import TooDeepError, parse

    try:
        root = parse(fragment).body
    except TooDeepError:
        return (), (Note("left out", "a fragment nested too deeply"),)
    body = HTMLBlockReader(root, base=base, picture=picture)
    placed = body.read([root])
    return tuple(block for block, _ in placed), tuple(body.notes)


def content_of(fragment: str, *, base: str | None = None) -> Content:
    """A line of HTML (a title, a caption) as inlines; its blocks are parted by line breaks."""
    from syndicate.readers.html.elements.blocks import HTMLBlockReader
    from syndicate.readers.html.tree import TooDeepError, parse

    try:
        root = parse(fragment).body
    except TooDeepError:
        return ()
    return HTMLBlockReader(root, base=base).content(root)
