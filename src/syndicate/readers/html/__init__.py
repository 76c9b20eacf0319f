"""HTML: whole pages, and fragments in which everything is content.

The article of a page is the element with most of the text that reads like an article. Boilerplate
inside it, recognised by tag, class or words, is left out with a note. Title, authors and dates come
from the headline, byline and date that readers see and from JSON-LD, OpenGraph and `meta` elements;
each choice is a guess with a note. Relative addresses are resolved against `<base>`, the address
that the page was fetched from, or the address that it states as its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from syndicate.article.blocks import Blocks
from syndicate.article.inlines import Content
from syndicate.readers.contract import Note, Reader, Reading, Source
from syndicate.readers.reader_state import ReaderState


class HTMLReader(Reader):
    """HTML and XHTML pages, saved or fetched; one article per page."""

    suffixes: ClassVar[tuple[str, ...]] = (".html", ".htm", ".xhtml")
    streams: ClassVar[bool] = True

    def read(self, source: Source) -> Iterator[Reading]:
        """The article in `source`.

        Raises:
            SourceError: there is no article or it has no title, or the page is binary, too large or
                nested too deeply.
        """
        from syndicate.readers.html.page.page import read_page

        yield read_page(ReaderState(source, source.publication.language))


def blocks_of_fragment(
    fragment: str, *, base: str | None = None, picture: Callable[[str], str | None] | None = None
) -> tuple[Blocks, tuple[Note, ...]]:
    """The blocks of a clean HTML `fragment`: every element is content, footnotes come last.

    Args:
        base: the http(s) URL that relative addresses are resolved against; without it they
            stay as written.
        picture: turns the relative address of a picture into its `src` in the article, or None if
            it is unsafe; without it these addresses stay as written.

    Returns:
        The blocks, and notes on what was guessed or left out; lines count from 1 in the fragment.
        A fragment that is nested thousands of levels deep has no blocks and one note.
    """
    from syndicate.readers.html.elements.blocks import HTMLBlockReader
    from syndicate.readers.html.tree import TooDeepError, parse_html

    try:
        root = parse_html(fragment).body
    except TooDeepError:
        return (), (Note("left out", "a fragment nested too deeply"),)
    body = HTMLBlockReader(root, base=base, picture=picture)
    placed = body.read([root])
    return tuple(block for block, _ in placed), tuple(body.notes)


def content_of_fragment(fragment: str, *, base: str | None = None) -> Content:
    """A line of HTML (a title, a caption) as inlines, with line breaks between its blocks."""
    from syndicate.readers.html.elements.blocks import HTMLBlockReader
    from syndicate.readers.html.tree import TooDeepError, parse_html

    try:
        root = parse_html(fragment).body
    except TooDeepError:
        return ()
    return HTMLBlockReader(root, base=base).content(root)
