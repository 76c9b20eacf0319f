"""Lines that were broken once are not broken again.

WeasyPrint sets columns several times until they come out level, hands the same words at the same
width to Pango each time, and asks for the height of a style's lines at each of them. The answers
are kept while one document is set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

# Characters. What is kept for a line holds the rest of its paragraph, which would add up to the
# square of the length of one without end.
_LONGEST = 2000


@contextmanager
def remembered() -> Iterator[None]:
    """Let WeasyPrint remember the lines of the one document that is set within this context."""
    from weasyprint.layout import inline, preferred

    split, strut = inline.split_first_line, inline.strut
    inline.split_first_line = preferred.split_first_line = _broken_once(split)
    inline.strut = _measured_once(strut)
    try:
        yield
    finally:
        inline.split_first_line = preferred.split_first_line = split
        inline.strut = strut


def _broken_once(split: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[tuple[object, ...], tuple[Any, ...]] = {}

    def split_first_line(
        text: str,
        style: Any,
        context: Any,
        max_width: float | None,
        justification_spacing: float,
        is_line_start: bool = True,
        minimum: bool = False,
    ) -> Any:
        rest = (style, context, max_width, justification_spacing, is_line_start, minimum)
        if len(text) > _LONGEST:
            return split(text, *rest)
        # A style is known by its identity, and kept with the answer so that no other takes it over.
        key = (text, id(style), max_width, justification_spacing, is_line_start, minimum)
        found = known.get(key)
        if found is None:
            found = known[key] = (style, *split(text, *rest))
        _, layout, *line = found
        # The drawn line changes its layout.
        return (copy(layout), *line)

    return split_first_line


def _measured_once(strut: Callable[[Any], tuple[float, float]]) -> Callable[[Any], Any]:
    known: dict[int, tuple[Any, tuple[float, float]]] = {}

    def measured(style: Any) -> tuple[float, float]:
        found = known.get(id(style))
        if found is None:
            found = known[id(style)] = (style, strut(style))
        return found[1]

    return measured
