"""What the module for `:::` boxes is given: a reader for whatever is inside the box.

`blocks.py` passes itself in, so that a box can hold anything and no module has to import the one
that imports it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from syndicate.article import Callout
from syndicate.article.blocks import Blocks
from syndicate.article.inlines import Content
from syndicate.readers.copy import Copy
from syndicate.readers.markdown.syntax import SyntaxNode
from syndicate.readers.prose import Part


class NodeReader(Protocol):
    """Reads the nodes of a Markdown tree."""

    copy: Copy

    def blocks(self, nodes: Iterable[SyntaxNode]) -> Blocks:
        """The blocks of `nodes`, questions and answers gathered, captions given to tables."""

    def parts(self, node: SyntaxNode) -> Iterable[Part]:
        """What `node` is, questions and answers still apart."""

    def content(self, node: SyntaxNode) -> Content:
        """The inlines of a paragraph, heading or cell."""

    def paragraph(self, nodes: Sequence[SyntaxNode], line: int) -> list[Part]:
        """What a paragraph of `nodes` is, which begins at `line` of the file."""

    def cited(self, nodes: Sequence[SyntaxNode]) -> tuple[Blocks, Content]:
        """The blocks of `nodes`, and who is named in their last line after a dash."""

    def callout(self, word: str, label: Content, blocks: Blocks) -> Callout:
        """A callout of the kind that `word` names."""

    def line(self, node: SyntaxNode) -> int:
        """The line of the file at which `node` begins."""
