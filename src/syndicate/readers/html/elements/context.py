"""What the module for one kind of element is given: a reader for whatever is inside the element.

`blocks.py` passes itself in, so that tables, lists or quotes can hold anything and no module has
to import the one that imports it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from lxml.html import HtmlElement

from syndicate.article.blocks import Blocks
from syndicate.article.inlines import Content
from syndicate.readers.html.elements.text_run import TextRun
from syndicate.readers.prose import Placed


@dataclass
class Marks:
    """`references` are the markers in the text, `notes` the elements they point at, by label."""

    references: dict[HtmlElement, str] = field(default_factory=dict)
    notes: dict[HtmlElement, str] = field(default_factory=dict)
    back: set[HtmlElement] = field(default_factory=set)


class ElementReader(Protocol):
    """Reads what is inside an element, and keeps account of the page as a whole."""

    run: TextRun
    """The paragraph that is being read."""
    pictures: list[Placed]
    """Pictures in that paragraph; they follow it."""
    taken: set[HtmlElement]
    """Elements that were read already."""
    holding: set[HtmlElement]
    """Elements with a block inside them."""
    marks: Marks
    language: str
    """The article's language: text in it needs no mention; "" if it is not known."""
    nested: int
    """How many elements that are blocks the present one is inside of."""

    def blocks(self, element: HtmlElement) -> Blocks:
        """The blocks inside `element`."""

    def inside(self, element: HtmlElement) -> list[Placed]:
        """The blocks inside `element`, with their lines."""

    def content(self, element: HtmlElement, skip: Iterable[HtmlElement] = ()) -> Content:
        """All of `element` but for `skip` as one run of text."""

    def footnote(self, element: HtmlElement) -> None:
        """Keep the note `element` for the end of the article."""

    def address(self, url: str | None, element: HtmlElement) -> str | None:
        """`url`, absolute if the page's address is known; None, with a note, if it is unsafe."""

    def picture(self, src: str, element: HtmlElement) -> str | None:
        """A picture's address as the article calls it; None, with a note, if it is unsafe."""

    def left_out(self, what: str, element: HtmlElement) -> None:
        """Note that `what` is in the source but not in the article."""
