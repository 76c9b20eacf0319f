"""The headings of an article as a reading system can walk them."""

from __future__ import annotations

from typing import Any

from syndicate.article import Block, Heading
from syndicate.article.blocks import Blocks
from syndicate.article.text import plain


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
            if not plain(block.content).strip():
                return None
            while self._open and self._open[-1] >= block.level:
                self._open.pop()
            self._open.append(block.level)
            level = min(1 + len(self._open), 6)
            return block if level == block.level else block.model_copy(update={"level": level})
        changed: dict[str, Any] = {}
        for name in ("blocks", "items", "pairs", "answer"):
            inside = getattr(block, name, None)
            if inside:
                new = tuple(filter(None, map(self._levelled, inside)))
                if new != inside:
                    changed[name] = new
        return block.model_copy(update=changed) if changed else block
