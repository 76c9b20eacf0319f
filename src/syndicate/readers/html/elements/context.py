"""The interface that the modules for tables, lists and so on use to read what is inside an element.

`blocks.py` passes itself in. So tables, lists and quotes can contain anything, without a circular
import.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from lxml.html import HtmlElement

from syndicate.article.blocks import Blocks
from syndicate.article.inlines import Content
from syndicate.readers.html.elements.text_run import HTMLParagraph
from syndicate.readers.prose import Placed


@dataclass
class FootnoteMarks:
    """`references` are the markers in the text, `notes` the elements they link to, by label."""

    references: dict[HtmlElement, str] = field(default_factory=dict)
    notes: dict[HtmlElement, str] = field(default_factory=dict)
    back: set[HtmlElement] = field(default_factory=set)


class ElementReader(Protocol):
    """Reads what is inside an element, and keeps track of the page as a whole."""

    run: HTMLParagraph
    """The text of the current paragraph."""
    pictures: list[Placed]
    """Pictures in that paragraph; they are placed after it."""
    taken: set[HtmlElement]
    """Elements that have already been read."""
    holding: set[HtmlElement]
    """Elements that contain a block."""
    marks: FootnoteMarks
    language: str
    """The article's language, which is not marked on text; "" if it is not known."""
    nested: int
    """The number of block elements around the current element."""

    def blocks(self, element: HtmlElement) -> Blocks:
        """The blocks inside `element`."""

    def inside(self, element: HtmlElement) -> list[Placed]:
        """The blocks inside `element`, with their lines."""

    def content(self, element: HtmlElement, skip: Iterable[HtmlElement] = ()) -> Content:
        """All of `element` except `skip` as inlines."""

    def footnote(self, element: HtmlElement) -> None:
        """Save the footnote `element` for the end of the article."""

    def address(self, url: str | None, element: HtmlElement) -> str | None:
        """`url`, absolute if the page's address is known; None, with a note, if it is unsafe."""

    def picture(self, src: str, element: HtmlElement) -> str | None:
        """A picture's `src` in the article; None, with a note, if its address is unsafe."""

    def left_out(self, what: str, element: HtmlElement) -> None:
        """Note that `what` is in the source but not in the article."""
