"""Everything that stands inside an article, whatever it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syndicate.article.values import Node


def nodes(inside: Iterable[object]) -> Iterator[Node]:
    """Each node of `inside` (blocks or inlines) and, right after it, those within it."""
    for node in inside:
        if isinstance(node, Node):
            yield node
            for name in type(node).model_fields:
                value = getattr(node, name)
                if isinstance(value, tuple):
                    yield from nodes(value)
                elif isinstance(value, Node):
                    yield from nodes((value,))
        elif isinstance(node, tuple):  # the cells of a table's row
            yield from nodes(node)
