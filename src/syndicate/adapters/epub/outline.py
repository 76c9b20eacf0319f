"""The headings of an article, with levels that a reading system can navigate."""

from __future__ import annotations

from syndicate.article import (
    FAQ,
    Block,
    Callout,
    Footnote,
    Heading,
    List,
    ListItem,
    QuestionAnswer,
    Quote,
)
from syndicate.article.blocks import Blocks
from syndicate.article.text import plain
from syndicate.article.values import Node

# The nodes that can contain headings, with the field that has their content.
_INSIDE: dict[type[Node], str] = {
    Callout: "blocks",
    FAQ: "pairs",
    Footnote: "blocks",
    List: "items",
    ListItem: "blocks",
    QuestionAnswer: "answer",
    Quote: "blocks",
}


class BookOutline:
    """Sets the levels of headings: none is skipped, and empty headings go (WCAG 2.2, 1.3.1).

    The first heading has level 2, below the headline. A heading that is deeper than the one before
    it becomes exactly one level deeper, whatever level its author chose.
    """

    def __init__(self) -> None:
        self._open: list[int] = []

    def of(self, blocks: Blocks) -> Blocks:
        """`blocks` with the levels set in all their headings, including nested ones."""
        found = (self._levelled(block) for block in blocks)
        return tuple(block for block in found if block is not None)

    def _levelled(self, block: Block) -> Block | None:
        if isinstance(block, Heading):
            return self._placed(block)
        name = _INSIDE.get(type(block))
        if name is None:
            return block
        inside = getattr(block, name)
        new = tuple(filter(None, map(self._levelled, inside)))
        return block if new == inside else block.model_copy(update={name: new})

    def _placed(self, heading: Heading) -> Heading | None:
        """`heading` with its level set; None if it is empty."""
        if not plain(heading.content).strip():
            return None
        while self._open and self._open[-1] >= heading.level:
            self._open.pop()
        self._open.append(heading.level)
        level = min(1 + len(self._open), 6)
        return heading if level == heading.level else heading.model_copy(update={"level": level})
