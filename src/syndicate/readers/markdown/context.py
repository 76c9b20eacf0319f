"""The interface that the module for `:::` boxes uses to read what is inside a box.

`blocks.py` passes itself in. So a box can contain anything, without a circular import.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from syndicate.article import Callout
from syndicate.article.blocks import Blocks
from syndicate.article.inlines import Content
from syndicate.readers.markdown.syntax import SyntaxNode
from syndicate.readers.prose import Part
from syndicate.readers.reader_state import ReaderState


class MarkdownNodeReader(Protocol):
    """Reads the nodes of a Markdown tree."""

    state: ReaderState

    def blocks(self, nodes: Iterable[SyntaxNode]) -> Blocks:
        """The blocks of `nodes`; questions and answers become FAQs, tables have their captions."""

    def parts(self, node: SyntaxNode) -> Iterable[Part]:
        """The parts of `node`; questions and answers are still separate."""

    def content(self, node: SyntaxNode) -> Content:
        """The inlines of a paragraph, heading or cell."""

    def paragraph(self, nodes: Sequence[SyntaxNode], line: int) -> list[Part]:
        """The parts of a paragraph of `nodes` that begins at `line` of the file."""

    def cited(self, nodes: Sequence[SyntaxNode]) -> tuple[Blocks, Content]:
        """The blocks of `nodes`, and the name after a dash in their last line."""

    def callout(self, word: str, label: Content, blocks: Blocks) -> Callout:
        """A callout of the kind called `word`."""

    def line(self, node: SyntaxNode) -> int:
        """The line of the file where `node` begins."""
