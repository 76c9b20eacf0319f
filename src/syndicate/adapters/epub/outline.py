"""The headings of an article as a reading system can walk them."""

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

# In what a heading may stand, and under which name.
_INSIDE: dict[type[Node], str] = {
    Callout: "blocks",
    FAQ: "pairs",
    Footnote: "blocks",
    List: "items",
    ListItem: "blocks",
    QuestionAnswer: "answer",
    Quote: "blocks",
}


class Outline:
    """Gives headings the level at which they stand: none skipped, none empty (WCAG 2.2, 1.3.1).

    The first is 2, below the headline; a heading that was deeper than the one before it is one
    level deeper, whatever numbers their author took.
    """

    def __init__(self) -> None:
        self._open: list[int] = []

    def of(self, blocks: Blocks) -> Blocks:
        """`blocks` with their headings so, in whatever they stand."""
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
        """`heading` at its level, None if it says nothing."""
        if not plain(heading.content).strip():
            return None
        while self._open and self._open[-1] >= heading.level:
            self._open.pop()
        self._open.append(heading.level)
        level = min(1 + len(self._open), 6)
        return heading if level == heading.level else heading.model_copy(update={"level": level})
