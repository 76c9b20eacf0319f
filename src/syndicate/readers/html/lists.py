"""Lists: bulleted, numbered, of tasks, of definitions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from syndicate.article import Block, List, ListItem, Paragraph, Strong, Text
from syndicate.article.blocks import Blocks
from syndicate.article.values import one_line
from syndicate.readers.html.tags import SILENT
from syndicate.readers.prose import Placed

if TYPE_CHECKING:
    from syndicate.readers.html.blocks import Body

MOST_NESTED = 30
"""Lists and quotes inside one another; what stands deeper stays, as paragraphs."""


def listed(body: Body, element: HtmlElement) -> Iterable[Placed]:
    """A `ul` or `ol`; without an item it is a box of whatever it holds."""
    if not any(child.tag in ("li", "ul", "ol") for child in element):
        yield from body.inside(element)
        return
    items = [*_stray(element.text)]
    for child in element:
        _add(body, child, items)
        items += _stray(child.tail)
    if items:
        start = element.get("start") or ""
        first = int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
        made = List(ordered=element.tag == "ol", start=first, items=tuple(items))
        yield made, element.sourceline


def _add(body: Body, child: HtmlElement, items: list[ListItem]) -> None:
    """Add what `child` of a list holds to its `items`."""
    if not isinstance(child.tag, str) or child in body.taken or child.tag in SILENT:
        return
    if child in body.marks.notes:
        body.footnote(child)
        return
    blocks = _loose(body, child) if child.tag in ("ul", "ol") else body.blocks(child)
    if not blocks:
        return
    if child.tag != "li" and items:
        items[-1] = items[-1].model_copy(update={"blocks": (*items[-1].blocks, *blocks)})
    else:
        items.append(ListItem(blocks=blocks, checked=_checked(child)))


def _stray(text: str | None) -> Iterator[ListItem]:
    """Words that stand between the items of a list, as an item of their own."""
    if text and (line := one_line(text)):
        yield ListItem(blocks=(Paragraph(content=(Text(text=line),)),))


def _loose(body: Body, element: HtmlElement) -> Blocks:
    body.nested += 1
    made = listed(body, element) if body.nested < MOST_NESTED else body.inside(element)
    blocks = tuple(block for block, _ in made)
    body.nested -= 1
    return blocks


def definitions(body: Body, element: HtmlElement) -> Iterable[Placed]:
    """A definition list as a list whose items begin with the term in bold."""
    items: list[list[Block]] = []
    pairs = [
        inner
        for child in element
        if isinstance(child.tag, str)
        for inner in (child if child.tag == "div" else (child,))
    ]
    for child in pairs:
        if child.tag == "dt":
            if content := body.content(child):
                items.append([Paragraph(content=(Strong(content=content),))])
        elif blocks := body.blocks(child):
            if items:
                items[-1].extend(blocks)
            else:
                items.append(list(blocks))
    if items:
        made = List(items=tuple(ListItem(blocks=tuple(item)) for item in items))
        yield made, element.sourceline


def _checked(element: HtmlElement) -> bool | None:
    box = next((i for i in element.iter("input") if i.get("type") == "checkbox"), None)
    return None if box is None else box.get("checked") is not None
