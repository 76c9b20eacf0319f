"""Walks through all parts of an article, at any depth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syndicate.article.values import Node


def nodes_in(inside: Iterable[object]) -> Iterator[Node]:
    """Each node in `inside` (blocks or inlines), followed by the nodes within it."""
    for node in inside:
        if isinstance(node, Node):
            yield node
            for name in type(node).model_fields:
                value = getattr(node, name)
                if isinstance(value, tuple):
                    yield from nodes_in(value)
                elif isinstance(value, Node):
                    yield from nodes_in((value,))
        elif isinstance(node, tuple):  # the cells of a table's row
            yield from nodes_in(node)
