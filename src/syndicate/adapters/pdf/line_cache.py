"""A cache of typeset lines, so that WeasyPrint does not set the same line twice.

WeasyPrint sets columns several times until they are level. Each time it passes the same words at
the same width to Pango, builds the same line, and asks for the line height of the style. The
results are cached while one document is set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

# Characters. A cached line contains the rest of its paragraph, so the memory for a paragraph grows
# with the square of its length.
_LONGEST = 2000


@contextmanager
def cached_line_breaks() -> Iterator[None]:
    """Let WeasyPrint reuse lines of the document that is set within this context."""
    from weasyprint.layout import inline, preferred

    line, split, strut = inline.get_next_linebox, inline.split_first_line, inline.strut
    inline.get_next_linebox = _set_once(line)
    inline.split_first_line = preferred.split_first_line = _broken_once(split)
    inline.strut = _measured_once(strut)
    try:
        yield
    finally:
        inline.get_next_linebox = line
        inline.split_first_line = preferred.split_first_line = split
        inline.strut = strut


def _set_once(get_next_linebox: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[tuple[object, ...], tuple[Any, ...]] = {}

    def next_line(context: Any, source: Any, position_y: float, *rest: Any) -> Any:
        _, skip_stack, block, _, _, first_letter_style, first_line_style = rest
        if context.excluded_shapes or first_letter_style or first_line_style:
            return get_next_linebox(context, source, position_y, *rest)
        key = (id(source), repr(skip_stack), block.width, source.text_indent)
        x = block.content_box_x()
        # A line that contains a page number gets new children when that number changes.
        if key in known and known[key][1] is source.children:
            _, _, line, resume_at, left = known[key]
            line = _copied(line)
            line.translate(x - left, position_y - line.position_y)
            return line, resume_at
        line, resume_at = get_next_linebox(context, source, position_y, *rest)
        if line and not context.excluded_shapes and _is_plain(line):
            known[key] = (source, source.children, _copied(line), resume_at, x)
        return line, resume_at

    return next_line


def _is_plain(line: Any) -> bool:
    """Whether a line is only text: no note, picture, leader, page number or float."""
    from weasyprint.formatting_structure import boxes

    return all(
        type(box) in (boxes.LineBox, boxes.InlineBox, boxes.TextBox)
        and not (box.footnote or box.is_leader or box.missing_link)
        for box in line.descendants()
    )


def _copied(line: Any) -> Any:
    """A copy of a line that can be moved and drawn independently."""
    copied = line.deepcopy()
    for box in copied.descendants():
        if hasattr(box, "pango_layout"):
            box.pango_layout = copy(box.pango_layout)
    return copied


def _broken_once(split: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[tuple[object, ...], tuple[Any, ...]] = {}

    def split_first_line(text: str, style: Any, context: Any, *rest: Any, **more: Any) -> Any:
        if len(text) > _LONGEST:
            return split(text, style, context, *rest, **more)
        # The key is the style's id(); storing the style keeps another object from reusing that id.
        key = (text, id(style), *rest, *more.items())
        found = known.get(key)
        if found is None:
            found = known[key] = (style, *split(text, style, context, *rest, **more))
        _, layout, *line = found
        # Drawing a line changes its layout.
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
